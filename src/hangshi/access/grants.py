"""Grants given, handed on for a time, and ended. The database refuses what these checks would, should two writers race."""

from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from hangshi.access import roles
from hangshi.access.models import Account, Grant
from hangshi.packs.models import Role
from hangshi.refusal import Refused

ONE_DAY = timedelta(days=1)
DEEPEST = 2  # a deputy may name a deputy, who may not
OTHER_OFFICE = "系统管理员、安全管理员、审计员须由三个人分别担任，也不能兼任业务角色；此人已有另一类授权，请先终止那一项或换一个人。"
SAID_BY_THE_DATABASE = {
    "access_grant_offices": Refused("grant.office", OTHER_OFFICE),
    "access_grant_chain": Refused("grant.chain", "委托层级过多，或又回到了委托人自己。"),
    "access_grant_wider": Refused("grant.wider", "委托不能超出自己的授权：单位、期限和权限都只能相等或更小。"),
    "access_grant_kept": Refused("grant.kept", "授权只能终止，不能改动；请终止后另行授权。"),
}


def longest() -> timedelta:
    """How long a delegation may last at most."""
    return timedelta(days=getattr(settings, "DELEGATION_DAYS", 90))


def standing(on: date) -> QuerySet[Grant]:
    """The grants in force on that day whose account is in use; a delegated one only as long as the grants it came from."""
    stands = Func(F("pk"), Value(on), function="grant_stands", output_field=BooleanField())
    return Grant.objects.alias(stands=stands).filter(stands=True)


@transaction.atomic
def give(
    account: Account,
    *,
    role: str,
    unit_id: int,
    path: str,
    since: date,
    until: date | None = None,
    actor: int | None = None,
) -> Grant:
    """The role over the unit (its id and its present path) and all below it. `actor` None: the operator. Raises `Refused`."""
    known = check_may_give(account, role=role, unit_id=unit_id, path=path, since=since, until=until, actor=actor)
    made = _unsaved(account, known, unit_id, path, since, until, actor)
    made.person_id = account.person_id
    return _saved(made)


def check_may_give(
    account: Account,
    *,
    role: str,
    unit_id: int,
    path: str,
    since: date,
    until: date | None = None,
    actor: int | None = None,
) -> Role:
    known = roles.find(role)
    _check_unit_and_dates(unit_id, path, since, until)
    if actor is not None and account.pk == actor:
        raise Refused("grant.own", "不能给自己授权，请由另一名安全管理员办理。")
    if known.scope == "households" and account.person_id is None:
        raise Refused("grant.person", f"{known.name}按本人结对的户授权，请先把账号“{account.name}”关联到人员。")
    _check_office(account, _office(known), since, until)
    return known


def _check_unit_and_dates(unit_id: int, path: str, since: date, until: date | None) -> None:
    if path.split("/")[-2:] != [str(unit_id), ""]:
        raise Refused("grant.path", "授权的单位与路径不符。")
    if until is not None and until < since:
        raise Refused("grant.dates", "授权的截止日早于起始日。")


def _check_office(account: Account, office: str, since: date, until: date | None) -> None:
    """One person holds the work or one of the three offices, whatever accounts they have. What is out of sight the database knows."""
    same = Q(account_id=account.pk)
    if account.person_id is not None:
        same |= Q(account__person_id=account.person_id)
    others = Grant.objects.filter(same).exclude(office=office).filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        others = others.filter(since__lte=until)
    if others.exists():
        raise Refused("grant.office", OTHER_OFFICE)


@transaction.atomic
def delegate(
    own: Grant,
    account: Account,
    *,
    role: str,
    unit_id: int,
    path: str,
    since: date,
    until: date,
    actor: int | None,
) -> Grant:
    """Hand on a part of one's own grant, at or below its unit, for a time. It ends when the grant it is a part of does. Raises `Refused`."""
    known = check_may_delegate(
        own, account, role=role, unit_id=unit_id, path=path, since=since, until=until, actor=actor
    )
    made = _unsaved(account, known, unit_id, path, since, until, actor)
    made.delegated_from, made.person_id = own, own.person_id
    return _saved(made)


def check_may_delegate(
    own: Grant, account: Account, *, role: str, unit_id: int, path: str, since: date, until: date, actor: int | None
) -> Role:
    known = roles.find(role)
    _check_unit_and_dates(unit_id, path, since, until)
    _check_role_is_part(roles.find(own.role), known)
    if own.account_id != actor:
        raise Refused("grant.not_own", "只能委托自己的授权。")
    if since < own.since or (own.until is not None and until > own.until):
        raise Refused("grant.wider", f"委托的期限须在自己授权的期限之内（{own.since}至{own.until or '长期'}）。")
    if until - since >= longest():
        raise Refused("grant.too_long", f"一次委托最长{longest().days}天。")
    if not standing(since).filter(pk=own.pk).exists():
        raise Refused("grant.ended", f"自己的这项授权在{since}不再有效，不能委托。")
    if not _reaches(own, unit_id, path, known.scope == "party", since):
        raise Refused("grant.wider", "只能委托本单位或下级单位的权限。")
    _check_chain(own, account)
    _check_office(account, "", since, until)
    return known


def _check_role_is_part(mine: Role, theirs: Role) -> None:
    if not mine.delegable:
        raise Refused("grant.not_delegable", f"“{mine.name}”的权限不能委托。")
    if theirs.scope != mine.scope or (mine.read_only and not theirs.read_only):
        raise Refused("grant.wider", f"“{mine.name}”不能委托“{theirs.name}”：两者的数据范围不同。")
    if more := sorted(set(theirs.permissions) - set(mine.permissions)):
        raise Refused("grant.wider", f"“{theirs.name}”有自己没有的权限：{'、'.join(more)}。")


def delegable_roles(own: Grant) -> list[Role]:
    """The roles that a part of this grant may have."""
    known = roles.pack().roles
    mine = known.get(own.role)
    return [it for it in known.values() if mine and _is_part(mine, it)]


def _is_part(mine: Role, theirs: Role) -> bool:
    try:
        _check_role_is_part(mine, theirs)
    except Refused:
        return False
    return True


def _check_chain(own: Grant, account: Account) -> None:
    """The grant and those it came from, as far as they are in sight; the database sees all of them."""
    above: Grant | None = own
    depth = 0
    while above is not None:
        depth += 1
        if depth > DEEPEST:
            raise Refused("grant.chain", f"委托最多{DEEPEST}级，这项授权不能再委托。")
        if above.account_id == account.pk:
            raise Refused("grant.chain", "不能委托给自己，也不能委托回委托人。")
        parent = above.delegated_from_id
        above = Grant.objects.filter(pk=parent).first() if parent else None


def _reaches(own: Grant, unit_id: int, path: str, party: bool, on: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT grant_reaches(g, %s, %s, %s, %s) FROM access_grant g WHERE g.id = %s",
            [unit_id, path, "party" if party else "place", on, own.pk],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@transaction.atomic
def end(given: Grant, *, on: date) -> Grant:
    """`on` is the last day of the grant; one that has not begun by then is removed, and what hangs on it. Raises `Refused`."""
    given = Grant.objects.select_for_update().get(pk=given.pk)
    check_may_end(given, on=on)
    if given.since > on:
        Grant.objects.filter(pk=given.pk)._raw_delete(
            given._state.db or "default"
        )  # the database takes along what hangs on it
        return given
    given.until = on
    given.save(update_fields=["until"])
    return given


def check_may_end(given: Grant, *, on: date) -> None:
    if given.since <= on and given.until is not None and given.until <= on:
        raise Refused("grant.ended", f"这项授权已于{given.until}终止。")


def _office(role: Role) -> str:
    return "" if role.group == "business" else role.group


def _unsaved(
    account: Account, role: Role, unit_id: int, path: str, since: date, until: date | None, actor: int | None
) -> Grant:
    return Grant(
        account=account,
        role=role.key,
        unit_id=unit_id,
        path=path,
        line="party" if role.scope == "party" else "place",
        office=_office(role),
        since=since,
        until=until,
        granted_by=actor,
    )


def _saved(made: Grant) -> Grant:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if constraint not in SAID_BY_THE_DATABASE:
            raise
        raise SAID_BY_THE_DATABASE[constraint] from error
    return made

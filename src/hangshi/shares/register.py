"""Shares decided on, allotted, passed on and returned. Each act locks the collective first and then checks every day, not only the last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from hangshi.access.append import spoken
from hangshi.activities.models import Activity
from hangshi.packs.books import Distribution, ShareKind
from hangshi.refusal import Refused
from hangshi.registry.models import Household, HouseholdStatus, Unit
from hangshi.registry.signing import collided, sign
from hangshi.registry.tree import in_force
from hangshi.shares import queries
from hangshi.shares.models import GROUNDS, Change, Holder, Line

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 12  # what the column holds
PASSED_ON = ("transfer", "inherit", "give")
Moves = Sequence[tuple[Holder | None, str, Decimal]]


@transaction.atomic
def decide(
    unit: Unit, rule: Distribution, *, total: Decimal, activity: Activity, note: str, on: date, actor: int | None
) -> Change:
    """Decide how many shares the collective has in all from the day `on`. Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    check_may_decide(unit, rule, total=total, activity=activity, on=on)
    more = total - queries.decided(unit, on=on)
    return _change(unit, "decide", [], on=on, note=note, actor=actor, activity=activity, decided=more)


def check_may_decide(unit: Unit, rule: Distribution, *, total: Decimal, activity: Activity, on: date) -> None:
    check_resolved(unit, rule, activity, on=on)
    _check_shares(total)
    if total == queries.decided(unit, on=on):
        raise Refused("shares.same", f"总股数已经是{total}股，没有变化。")


@transaction.atomic
def allot(
    unit: Unit,
    rule: Distribution,
    kind: ShareKind,
    given: Mapping[Household, Decimal],
    *,
    groups: Mapping[Household, str],
    activity: Activity,
    note: str,
    on: date,
    actor: int | None,
) -> Change:
    """配股: give each household so many shares of the kind. `groups`: the villagers' group of those where it is said. Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    check_may_allot(unit, rule, kind, given, activity=activity, on=on)
    holders = _holders(unit, list(given), groups, actor)
    moves = [(holders[household.pk], kind.key, shares) for household, shares in given.items()]
    return _change(unit, "allot", moves, on=on, note=note, actor=actor, activity=activity)


def check_may_allot(
    unit: Unit,
    rule: Distribution,
    kind: ShareKind,
    given: Mapping[Household, Decimal],
    *,
    activity: Activity,
    on: date,
) -> None:
    check_resolved(unit, rule, activity, on=on)
    if kind.holder != "household":
        raise Refused("shares.holder", f"{kind.name}由集体持有，不配给农户。")
    if not given:
        raise Refused("shares.nobody", "没有写明配给哪些户。")
    for shares in given.values():
        _check_shares(shares)
    if kind.statuses:
        fit = HouseholdStatus.objects.filter(in_force(on), household__in=given, status__in=kind.statuses)
        known = set(fit.values_list("household_id", flat=True))
        if wrong := [it for it in given if it.pk not in known]:
            names = "、".join(f"{it.number}（{it.head}）" for it in wrong[:5])
            raise Refused("shares.status", f"{len(wrong)}户在{on}不是{kind.name}可以配给的户：{names}。没有配股。")


@transaction.atomic
def keep(
    unit: Unit,
    rule: Distribution,
    kind: ShareKind,
    *,
    shares: Decimal,
    activity: Activity,
    note: str,
    on: date,
    actor: int | None,
) -> Change:
    """Let the collective itself hold so many shares of the kind (集体股). Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    check_may_keep(unit, rule, kind, shares=shares, activity=activity, on=on)
    return _change(unit, "allot", [(None, kind.key, shares)], on=on, note=note, actor=actor, activity=activity)


def check_may_keep(
    unit: Unit, rule: Distribution, kind: ShareKind, *, shares: Decimal, activity: Activity, on: date
) -> None:
    check_resolved(unit, rule, activity, on=on)
    if kind.holder != "collective":
        raise Refused("shares.holder", f"{kind.name}配给农户，不由集体持有。")
    _check_shares(shares)


@transaction.atomic
def pass_on(
    unit: Unit,
    kind: ShareKind,
    *,
    giver: Household,
    taker: Household,
    shares: Decimal,
    ground: str,
    note: str,
    on: date,
    actor: int | None,
    group: str = "",
) -> Change:
    """Transfer, inheritance or gift from one household to another; the total stays. Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    check_may_pass_on(kind, giver=giver, taker=taker, shares=shares, ground=ground, note=note)
    gives = _holding(unit, giver)
    takes = _holders(unit, [taker], {taker: group} if group else {}, actor)[taker.pk]
    moves = [(gives, kind.key, -shares), (takes, kind.key, shares)]
    return _change(unit, ground, moves, on=on, note=note, actor=actor)


def check_may_pass_on(
    kind: ShareKind, *, giver: Household, taker: Household, shares: Decimal, ground: str, note: str
) -> None:
    if ground not in PASSED_ON:
        raise Refused("shares.ground", f"请从{'、'.join(GROUNDS[it] for it in PASSED_ON)}中选择事由。")
    if kind.holder != "household":
        raise Refused("shares.holder", f"{kind.name}由集体持有，不能转让。")
    if giver.pk == taker.pk:
        raise Refused("shares.one_household", "出让和受让的是同一户；户内人口变动不改变本户的股份。")
    _check_shares(shares)
    if not note.strip():
        raise Refused("shares.note", "请写明依据的协议、公证书或其他文书。")


@transaction.atomic
def withdraw(
    unit: Unit,
    rule: Distribution,
    kind: ShareKind,
    *,
    household: Household,
    shares: Decimal,
    activity: Activity,
    note: str,
    on: date,
    actor: int | None,
) -> Change:
    """退回集体: the shares are allotted to nobody from then on; the decided total stays. Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    check_resolved(unit, rule, activity, on=on)
    _check_shares(shares)
    moves = [(_holding(unit, household), kind.key, -shares)]
    return _change(unit, "withdraw", moves, on=on, note=note, actor=actor, activity=activity)


@transaction.atomic
def reverse(change: Change, *, reason: str, on: date, actor: int | None) -> Change:
    """冲销: a counter-change on the day `on`; what remains must keep every rule. Raises `Refused`."""
    sign(actor)
    unit = _locked(change.unit)
    check_may_reverse(change, reason=reason, on=on)
    moves = [(it.holder, it.kind, -it.shares) for it in change.lines.select_related("holder").order_by("pk")]
    return _change(
        unit, change.ground, moves, on=on, note=reason, actor=actor, decided=-change.decided, reverses=change
    )


def check_may_reverse(change: Change, *, reason: str, on: date) -> None:
    if change.reverses_id is not None or Change.objects.filter(reverses=change).exists():
        raise Refused("shares.reversed", "此笔已经冲销，或者本身就是冲销。")
    if on < change.day:
        raise Refused("shares.dates", f"冲销日期不能早于原来的日期{change.day}。")
    if not reason.strip():
        raise Refused("shares.note", "冲销须说明理由。")


def check_resolved(unit: Unit, rule: Distribution, activity: Activity, *, on: date) -> None:
    """Only a meeting of the collective itself that resolved something, held by that day, decides on its shares and earnings."""
    if unit.kind not in rule.of:
        raise Refused("shares.unit", f"“{unit}”不是按“{rule.name}”登记股份的集体。")
    if not queries.resolutions(unit, rule).filter(pk=activity.pk).exists():
        raise Refused("shares.meeting", "依据的须是本集体的成员（代表）大会，并且议题写有决议。")
    if on < activity.day:
        raise Refused("shares.dates", f"日期不能早于会议日期{activity.day}。")


def check_together(unit: Unit) -> None:
    """On no day does anybody hold less than nothing of a kind, or all together more than was decided."""
    lines = Line.objects.filter(change__unit=unit).order_by("change__day", "pk")
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in lines.select_related("change", "holder__household"):
        by_day[line.change.day].append(line)
    totals = dict(Change.objects.filter(unit=unit).values_list("pk", "decided"))
    days = Change.objects.filter(pk__in=totals).values_list("day", "pk").order_by("day")
    decided: dict[date, Decimal] = defaultdict(Decimal)
    for day, pk in days:
        decided[day] += totals[pk]
    held: dict[tuple[Holder | None, str], Decimal] = defaultdict(Decimal)
    whole = Decimal(0)
    for day in sorted({*by_day, *decided}):
        whole += decided.get(day, Decimal(0))
        for line in by_day.get(day, ()):
            held[line.holder, line.kind] += line.shares
        _check_day(day, held, whole)


def _check_day(day: date, held: Mapping[tuple[Holder | None, str], Decimal], whole: Decimal) -> None:
    for (holder, _), shares in held.items():
        if shares < 0:
            who = f"{holder.household.number}（{holder.household.head}）" if holder else "集体"
            raise Refused("shares.short", f"到{day}，{who}的这一股种不够，还差{-shares}股；没有登记。")
    if (issued := sum(held.values(), Decimal(0))) > whole:
        raise Refused("shares.over", f"到{day}，配出的合计{issued}股，多于确定的总股数{whole}股；没有登记。")


def _check_shares(shares: Decimal) -> None:
    if not shares.is_finite() or not 0 < shares < LIMIT or shares != shares.quantize(CENT):
        raise Refused("shares.amount", "股数必须大于零，最多两位小数。")


def _change(
    unit: Unit,
    ground: str,
    moves: Moves,
    *,
    on: date,
    note: str,
    actor: int | None,
    activity: Activity | None = None,
    decided: Decimal = Decimal(0),
    reverses: Change | None = None,
) -> Change:
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("shares.unit_ended", f"“{unit}”在{on}不在存续期内。")
    try:
        with spoken(), transaction.atomic():
            change = Change.objects.create(
                unit=unit,
                path=unit.path,
                ground=ground,
                day=on,
                decided=decided,
                activity=activity,
                note=note.strip()[:200],
                reverses=reverses,
                recorded_by=actor,
            )
            Line.objects.bulk_create(
                Line(change=change, path=unit.path, holder=holder, kind=kind, shares=shares)
                for holder, kind, shares in moves
            )
    except IntegrityError as error:
        raise collided(error, Refused("shares.reversed", "此笔已经冲销。")) from error
    check_together(unit)
    return change


def _holding(unit: Unit, household: Household) -> Holder:
    found = Holder.objects.filter(unit=unit, household=household).first()
    if found is None:
        raise Refused("shares.short", f"{household.number}（{household.head}）没有“{unit}”的股份。")
    return found


def _holders(
    unit: Unit, households: Sequence[Household], groups: Mapping[Household, str], actor: int | None
) -> dict[int, Holder]:
    """Household id → its holder, made where there is none; a group that is said replaces the one known."""
    known = {it.household_id: it for it in Holder.objects.filter(unit=unit, household__in=households)}
    fresh = [
        Holder(unit=unit, path=unit.path, household=it, group=groups.get(it, ""), recorded_by=actor)
        for it in households
        if it.pk not in known
    ]
    moved = [
        known[it.pk] for it in households if it.pk in known and groups.get(it, known[it.pk].group) != known[it.pk].group
    ]
    for holder in moved:
        holder.group = next(group for it, group in groups.items() if it.pk == holder.household_id)
    Holder.objects.bulk_update(moved, ["group"])
    return known | {it.household_id: it for it in Holder.objects.bulk_create(fresh)}


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)

"""Changes of persons, households and memberships, each on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from hangshi.refusal import Refused
from hangshi.registry import identity
from hangshi.registry.models import Household, HouseholdMember, HouseholdStatus, Membership, Person, Unit
from hangshi.registry.search import write_tokens
from hangshi.registry.signing import collided, next_id, sign
from hangshi.registry.tree import ONE_DAY


@transaction.atomic
def register_person(
    unit: Unit,
    *,
    name: str,
    on: date,
    actor: int | None,
    number: object = None,
    cadre: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Person:
    """A person of the unit (where they live, or work). `number` is the identity number as typed; it says birth date and sex.

    Raises `Refused` for a bad number, and for one that is registered already.
    """
    sign(actor)
    if not name.strip():
        raise Refused("person.name", "姓名不能为空。")
    person = Person(
        pk=next_id("person"), unit=unit, path=unit.path, name=name.strip(), cadre=cadre, extra=dict(extra or {})
    )
    if number not in (None, ""):
        _identify(person, number, on)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("person.known", "此公民身份号码已登记在册，请查找该人员后办理转入。")) from error
    write_tokens("person", person)
    return person


def _identify(person: Person, number: object, on: date) -> None:
    read = identity.read(number)
    if read.born > on:
        raise Refused("identity.born", "公民身份号码中的出生日期晚于登记日。")
    person.born, person.sex = read.born, read.sex
    person.id_sealed, person.id_index = identity.seal(read.number, row=person.pk), identity.index(read.number)


@transaction.atomic
def correct(
    person: Person,
    *,
    on: date,
    actor: int | None,
    name: str | None = None,
    number: object = None,
    sex: str | None = None,
    born: date | None = None,
    cadre: str | None = None,
) -> Person:
    """Put right what was recorded wrongly; None leaves a field as it is, and the earlier version is kept. A number says sex and birth date.

    Raises `Refused` for a bad number, one that is registered already, and where number, sex and birth date would disagree.
    """
    sign(actor)
    person = _locked(person)
    check_may_correct(person, number=number, on=on, name=name, sex=sex, born=born, cadre=cadre)
    for field, value in (("name", name), ("sex", sex), ("born", born), ("cadre", cadre)):
        if value is not None:
            setattr(person, field, value.strip() if isinstance(value, str) else value)
    if number not in (None, ""):
        _identify(person, number, on)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise collided(error, Refused("person.known", "此公民身份号码已登记在另一人名下，请先核实。")) from error
    if name is not None:
        write_tokens("person", person)
    return person


def check_may_correct(
    person: Person,
    *,
    number: object,
    on: date,
    name: str | None = None,
    sex: str | None = None,
    born: date | None = None,
    cadre: str | None = None,
) -> None:
    if all(it in (None, "") for it in (number, sex, born, cadre)) and name is None:
        raise Refused("person.same", "没有填写要更正的内容。")
    if name is not None and not name.strip():
        raise Refused("person.name", "姓名不能为空。")
    if sex not in (None, "", "男", "女"):
        raise Refused("person.sex", "性别应填男或女。")
    if born is not None and born > on:
        raise Refused("identity.born", "出生日期晚于办理日。")
    if (sex or born) and (number not in (None, "") or person.id_sealed is not None):
        raise Refused("person.number_says", "该人员登记有公民身份号码，性别和出生日期以号码为准；请更正号码。")


@transaction.atomic
def register_household(
    unit: Unit,
    *,
    number: str,
    head: str,
    status: str,
    on: date,
    actor: int | None,
    ground: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Household:
    """A household of the unit with its first status. Raises `Refused` when the number is taken."""
    sign(actor)
    household = Household(unit=unit, path=unit.path, number=number.strip(), head=head.strip(), extra=dict(extra or {}))
    if not household.number or not household.head:
        raise Refused("household.name", "户编号和户主姓名必须填写。")
    try:
        with transaction.atomic():
            household.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("household.known", f"户编号{number}已经使用。")) from error
    HouseholdStatus.objects.create(
        household=household, unit=unit, path=unit.path, status=status, ground=ground, since=on
    )
    return household


@transaction.atomic
def set_status(household: Household, *, status: str, on: date, actor: int | None, ground: str = "") -> HouseholdStatus:
    """The household counts as `status` from that day on; its status before ends the day before. Raises `Refused`."""
    sign(actor)
    household = Household.objects.select_for_update().select_related("unit").get(pk=household.pk)
    check_may_set_status(household, status=status, on=on)
    household.statuses.filter(until=None).update(until=on - ONE_DAY)
    return HouseholdStatus.objects.create(
        household=household, unit=household.unit, path=household.path, status=status, ground=ground, since=on
    )


def check_may_set_status(household: Household, *, status: str, on: date) -> None:
    if household.statuses.filter(since__gte=on).exists() or household.statuses.filter(until__gte=on).exists():
        raise Refused("household.later", f"{household}在{on}或之后已有状态变更，请按时间先后办理。")
    if household.statuses.filter(until=None, status=status).exists():
        raise Refused("household.same", f"{household}已经是这一状态。")


@transaction.atomic
def enter_household(
    person: Person, household: Household, *, relation: str, on: date, actor: int | None
) -> HouseholdMember:
    """The person lives in the household from that day on. Raises `Refused` while they live in another."""
    sign(actor)
    person = _locked(person)
    if person.households.filter(until=None).exists() or person.households.filter(until__gte=on).exists():
        raise Refused("household.member", f"{person}在{on}仍在其他户中，请先办理迁出。")
    return HouseholdMember.objects.create(
        household=household, person=person, path=household.path, relation=relation, since=on
    )


@transaction.atomic
def leave_household(person: Person, *, on: date, actor: int | None) -> None:
    """`on` is the last day in the household. Raises `Refused` when the person is in none."""
    sign(actor)
    if not _locked(person).households.filter(until=None, since__lte=on).update(until=on):
        raise Refused("household.no_member", f"{person}在{on}不在任何户中。")


@transaction.atomic
def join(
    person: Person, branch: Unit, *, on: date, actor: int | None, status: str = "probationary", category: str
) -> Membership:
    """A member of the branch from that day on. Raises `Refused` when the person is in a branch on that day or later."""
    sign(actor)
    person = _locked(person)
    check_may_join(person, branch, on=on)
    return _join(person, branch, on, status, category)


def check_may_join(person: Person, branch: Unit, *, on: date) -> None:
    _check_branch(branch, on)
    if person.memberships.filter(until=None).exists() or person.memberships.filter(until__gte=on).exists():
        raise Refused("membership.taken", f"{person}的组织关系在{on}已在一个党支部，应办理转接。")


@transaction.atomic
def transfer(person: Person, branch: Unit, *, on: date, actor: int | None, category: str | None = None) -> Membership:
    """From that day on a member of `branch`; the day before is the last in the branch before. Raises `Refused`."""
    sign(actor)
    person = _locked(person)
    before = check_may_transfer(person, branch, on=on)
    before.until, before.end_reason = on - ONE_DAY, "transfer"
    before.save(update_fields=["until", "end_reason"])
    return _join(person, branch, on, before.status, category or before.category)


def check_may_transfer(person: Person, branch: Unit, *, on: date) -> Membership:
    _check_branch(branch, on)
    open_one = _open_membership(person)
    if open_one.unit_id == branch.pk:
        raise Refused("membership.same", f"{person}的组织关系已在“{branch}”。")
    if open_one.since >= on:
        raise Refused("membership.later", f"{person}自{open_one.since}起才在现支部，转接日期应在此之后。")
    return open_one


@transaction.atomic
def confirm(person: Person, *, on: date, actor: int | None) -> Membership:
    """A probationary member becomes a full one from that day on. Raises `Refused` for anybody else."""
    sign(actor)
    before = _open_membership(_locked(person))
    if before.status != "probationary" or before.since >= on:
        raise Refused("membership.confirm", f"{person}在{on}不是预备党员，不能转正。")
    before.until, before.end_reason = on - ONE_DAY, "confirmed"
    before.save(update_fields=["until", "end_reason"])
    return _join(person, before.unit, on, "full", before.category)


@transaction.atomic
def leave(person: Person, *, on: date, reason: str, actor: int | None) -> Membership:
    """`on` is the last day of membership. Raises `Refused` when there is none to end."""
    sign(actor)
    open_one = _open_membership(_locked(person))
    if open_one.since > on:
        raise Refused("membership.later", f"{person}自{open_one.since}起才在现支部，终止日期不能早于此日。")
    open_one.until, open_one.end_reason = on, reason
    open_one.save(update_fields=["until", "end_reason"])
    return open_one


def _open_membership(person: Person) -> Membership:
    found = person.memberships.filter(until=None).select_related("unit").first()
    if found is None:
        raise Refused("membership.none", f"{person}现在没有组织关系。")
    return found


def _join(person: Person, branch: Unit, on: date, status: str, category: str) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                person=person, unit=branch, path=branch.path, since=on, status=status, category=category
            )
    except IntegrityError as error:
        refusal = Refused("membership.taken", f"{person}的组织关系在此期间已在一个党支部，应办理转接。")
        raise collided(error, refusal) from error


def _check_branch(branch: Unit, on: date) -> None:
    if branch.kind != "branch":
        raise Refused("membership.branch", f"“{branch}”不是党支部，不能接收组织关系。")
    if branch.since > on or branch.until is not None:
        raise Refused("membership.branch_ended", f"“{branch}”在{on}不在存续期内。")


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)

"""交接: one duty ends, the successor's begins the day after, and what the bearer had open in cases there goes along."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hangshi.cases.passing import pass_on
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.registry.queries import names_of
from hangshi.registry.tree import ONE_DAY


@dataclass(frozen=True)
class Handed:
    """The successor's duty, and how many seats and measures went along."""

    duty: Duty
    seats: int
    measures: int


@transaction.atomic
def hand_over(pack: Pack, duty: Duty, *, to: Person, last: date, reason: str, actor: int | None) -> Handed:
    """`last` is the day on which the bearer has it for the last time. All or nothing. Raises `Refused`."""
    duty = Duty.objects.select_related("unit", "target_unit", "household", "target_person").get(pk=duty.pk)
    bearer, kind = check_may_hand_over(pack, duty, to=to), pack.kinds.duty[duty.kind]
    duties.end(kind, duty, on=last, reason=reason, actor=actor)
    target = duty.target_unit or duty.household or duty.target_person
    if target is None:
        raise Refused("duty.target", f"{kind.name}的责任对象不对。")
    made = duties.assign(kind, bearer=to, target=target, on=last + ONE_DAY, unit=duty.unit, role=duty.role, actor=actor)
    named = names_of([bearer])
    note = f"经办由{named[bearer].name if bearer in named else '原责任人'}移交{to.name}"
    went = pass_on(pack.kinds.case, bearer, to, duty.unit, last=last, note=note, actor=actor)
    return Handed(made, len(went.seats), len(went.measures))


def check_may_hand_over(pack: Pack, duty: Duty, *, to: Person | None = None) -> int:
    """The id of whose duty it is, who may be out of sight. `to` None: whether anybody could take it over at all."""
    if duty.kind not in pack.kinds.duty:
        raise Refused("duty.kind", "这类责任已不在现行的规定里，请联系管理员。")
    if duty.bearer_id is None:
        raise Refused("duty.handover", "只有个人承担的责任可以交接；单位承担的，请结束后另行登记。")
    if to is not None and to.pk == duty.bearer_id:
        raise Refused("duty.same", f"接任的也是{to.name}，不必交接。")
    return duty.bearer_id

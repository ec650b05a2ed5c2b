"""An item reported by the unit that answers for it, and verified or returned by its superior."""

from datetime import date

from django.db import transaction

from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.packs.duty_lists import DutyList
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.responsibility.queries import catalogue

REPORTED, VERIFIED, BACK = "reported", "verified", "open"


@transaction.atomic
def report(
    pack: Pack, it: DutyList, unit: Unit, item: str, *, by: Unit, note: str, on: date, actor: int | None
) -> Case:
    """自报: what was done about the item, and where that is seen. The case of the year is opened, or taken up again after a return."""
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # of two who report one item, the second is told
    kind = pack.kinds.case[it.case]
    name = check_may_report(pack, it, unit, item, by=by, note=note, on=on)
    case = _of_year(it, unit, item, on.year)
    if case is None:
        case = cases.open_case(kind, unit=unit, title=f"{on.year}年{name}", ground=item, on=on, actor=actor)
    return cases.move(kind, case, to=REPORTED, on=on, actor=actor, note=note)


def check_may_report(pack: Pack, it: DutyList, unit: Unit, item: str, *, by: Unit, note: str, on: date) -> str:
    """The name of the item."""
    if by.pk != unit.pk:
        raise Refused("responsibility.own", f"“{unit}”的责任清单由“{unit}”自己报。")
    if unit.kind not in pack.kinds.case[it.case].unit_kinds:
        raise Refused("responsibility.kind", f"“{unit}”不在“{it.name}”的责任单位之列。")
    found = catalogue(pack, it, on.year)
    if found is None or item not in found.grounds:
        raise Refused("responsibility.item", f"{on.year}年的“{it.name}”里没有这一项。")
    if not note.strip():
        raise Refused("responsibility.note", "请写明做了什么、在哪里看得到；有记录印证的，也请写一句。")
    case = _of_year(it, unit, item, on.year)
    if case is not None and case.stage in (REPORTED, VERIFIED):
        said = "正在等核实" if case.stage == REPORTED else f"已于{case.closed_on}核实"
        raise Refused("responsibility.again", f"“{found.grounds[item]}”今年已经报过，{said}。")
    return found.grounds[item]


@transaction.atomic
def verify(pack: Pack, case: Case, *, by: Unit, good: bool, note: str, on: date, actor: int | None) -> Case:
    """核实 by a unit above: it holds, or it goes back with a reason. Raises `Refused`."""
    case = cases.locked(case)
    check_may_verify(case, by=by, good=good, note=note, actor=actor)
    kind = pack.kinds.case[case.kind]
    if good:
        return cases.close(kind, case, to=VERIFIED, verdict="属实", on=on, actor=actor, note=note)
    return cases.move(kind, case, to=BACK, on=on, actor=actor, note=note)


def check_may_verify(case: Case, *, by: Unit, good: bool, note: str, actor: int | None) -> None:
    if by.pk == case.unit_id or not case.path.startswith(by.path):
        raise Refused("responsibility.superior", "自己报的由上级核实，不能自己核实。")
    if case.stage != REPORTED:
        raise Refused("responsibility.state", f"“{case.title}”现在没有待核实的自报。")
    last = case.steps.filter(after=REPORTED).order_by("-pk").first()
    if actor is not None and last is not None and last.recorded_by == actor:
        raise Refused("responsibility.reporter", "自报是您填的，须由别人核实。")
    if not good and not note.strip():
        raise Refused("responsibility.reason", "退回须说明哪里不属实、要补什么。")


def _of_year(it: DutyList, unit: Unit, item: str, year: int) -> Case | None:
    return Case.objects.filter(kind=it.case, unit=unit, ground=item, opened_on__year=year).order_by("-pk").first()

"""What hangs on a case: who has a part in it, the measures, the evidence."""

import re
from datetime import date

from django.db import transaction
from django.db.models import Q

from hangshi.cases.models import Case, Evidence, Measure, Seat
from hangshi.cases.services import check_workable, locked
from hangshi.packs.models import CaseKind
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import sign
from hangshi.registry.tree import ONE_DAY

Bearer = Person | Unit
SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def _bearer(bearer: Bearer) -> dict[str, Bearer]:
    return {"person" if isinstance(bearer, Person) else "unit": bearer}


@transaction.atomic
def take_seat(kind: CaseKind, case: Case, *, seat: str, bearer: Bearer, on: date, actor: int | None) -> Seat:
    """The person or the unit has that part in the case from that day on. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_take_seat(kind, case, seat=seat, bearer=bearer, on=on)
    return Seat.objects.create(case=case, path=case.path, seat=seat, since=on, recorded_by=actor, **_bearer(bearer))


def check_may_take_seat(kind: CaseKind, case: Case, *, seat: str, bearer: Bearer, on: date) -> None:
    if case.closed_on:
        raise Refused("case.closed", f"“{case.title}”已于{case.closed_on}办结，不能再变动。")
    if seat not in kind.seats:
        raise Refused("case.seat", f"{kind.name}没有“{seat}”这一席位。")
    said = kind.seats[seat]
    if isinstance(bearer, Person) != (said.bearer == "person"):
        raise Refused("case.seat_bearer", f"“{said.name}”应由{'个人' if said.bearer == 'person' else '单位'}担任。")
    if on < case.opened_on:
        raise Refused("case.dates", f"日期早于立项日期{case.opened_on}。")
    held = case.seats.filter(Q(until=None) | Q(until__gte=on), seat=seat)
    if held.filter(**_bearer(bearer)).exists():
        raise Refused("case.seat_same", f"“{bearer}”已经担任“{said.name}”。")
    if said.most is not None and held.count() >= said.most:
        raise Refused("case.seat_full", f"“{said.name}”已经有人担任，请先结束原来的。")


@transaction.atomic
def leave_seat(kind: CaseKind, held: Seat, *, on: date, actor: int | None) -> Seat:
    """`on` is the last day. Raises `Refused`."""
    sign(actor)
    held = Seat.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if held.until is not None:
        raise Refused("case.seat_ended", f"这一席位已于{held.until}结束。")
    if on < held.since:
        raise Refused("case.dates", f"此席位自{held.since}开始，不能在此之前结束。")
    held.until = on
    held.save(update_fields=["until"])
    return held


def replace_seat(kind: CaseKind, held: Seat, *, bearer: Bearer, on: date, actor: int | None) -> Seat:
    """The bearer takes over on that day; the one before had it to the day before. All or nothing. Raises `Refused`."""
    with transaction.atomic():
        leave_seat(kind, held, on=on - ONE_DAY, actor=actor)
        return take_seat(kind, held.case, seat=held.seat, bearer=bearer, on=on, actor=actor)


@transaction.atomic
def plan_measure(
    case: Case, *, text: str, bearer: Bearer, on: date, actor: int | None, due_on: date | None = None
) -> Measure:
    """A measure that the person or the unit answers for. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_plan(case, text=text, on=on, due_on=due_on)
    return Measure.objects.create(
        case=case, path=case.path, text=text.strip(), due_on=due_on, recorded_by=actor, **_bearer(bearer)
    )


def check_may_plan(case: Case, *, text: str, on: date, due_on: date | None) -> None:
    check_workable(case, on)
    if not text.strip():
        raise Refused("measure.text", "请写明措施内容。")
    if due_on is not None and due_on < case.opened_on:
        raise Refused("measure.due", f"措施的期限早于立项日期{case.opened_on}。")


@transaction.atomic
def finish_measure(measure: Measure, *, result: str, on: date, actor: int | None) -> Measure:
    """The measure is done on that day, with this result. Raises `Refused`."""
    sign(actor)
    measure = _locked(measure)
    if measure.done_on:
        raise Refused("measure.done", f"这条措施已于{measure.done_on}完成。")
    if not result.strip():
        raise Refused("measure.result", "请写明完成情况。")
    measure.done_on, measure.result = on, result.strip()
    measure.save(update_fields=["done_on", "result"])
    return measure


@transaction.atomic
def check_on_return(measure: Measure, *, holds: bool, finding: str, on: date, actor: int | None) -> Measure:
    """回访: the measure still holds, or it is open again and the finding says why. Raises `Refused`."""
    sign(actor)
    measure = _locked(measure)
    if not measure.done_on:
        raise Refused("measure.open", "这条措施还没有完成，不能回访。")
    if on < measure.done_on:
        raise Refused("measure.dates", f"回访日期早于完成日期{measure.done_on}。")
    if not finding.strip():
        raise Refused("measure.finding", "请写明回访情况。")
    measure.finding = finding.strip()
    measure.done_on, measure.checked_on = (measure.done_on, on) if holds else (None, None)
    measure.save(update_fields=["done_on", "checked_on", "finding"])
    return measure


@transaction.atomic
def file_evidence(
    kind: CaseKind, case: Case, *, evidence: str, name: str, on: date, actor: int | None, sha256: str = ""
) -> Evidence:
    """One piece of the evidence that the kind lists; `sha256` names the file kept under it. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_file(kind, case, evidence=evidence, name=name, on=on, sha256=sha256)
    return Evidence.objects.create(
        case=case, path=case.path, evidence=evidence, name=name.strip(), sha256=sha256, day=on, recorded_by=actor
    )


def check_may_file(kind: CaseKind, case: Case, *, evidence: str, name: str, on: date, sha256: str = "") -> None:
    if case.closed_on:
        raise Refused("case.closed", f"“{case.title}”已于{case.closed_on}办结，不能再变动。")
    if evidence not in kind.evidence:
        raise Refused("case.evidence_kind", f"{kind.name}的证据只有：{'、'.join(kind.evidence.values())}。")
    if not name.strip():
        raise Refused("case.evidence_name", "请写明材料名称。")
    if sha256 and not SHA256.match(sha256):
        raise Refused("case.evidence_file", "材料文件不对，请重新上传。")


def _locked(measure: Measure) -> Measure:
    """The measure of a case that is still worked on, both locked, the case first as every other writer does."""
    case = locked(measure.case)
    if case.closed_on:
        raise Refused("case.closed", f"“{case.title}”已于{case.closed_on}办结，不能再变动。")
    return Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)

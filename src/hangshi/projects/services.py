"""A project opened, its money booked step by step, accepted, closed. Each act locks the project first, so that two cannot pass one bound."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from hangshi.access.append import spoken
from hangshi.projects import course
from hangshi.projects.models import Line, Project
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer, sign

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 16  # what the column holds
MOST_STAGES = 20
MONEY = ("budget", "allocated", "paid", "spent")


@transaction.atomic
def open_project(unit: Unit, *, title: str, stages: int, on: date, actor: int | None, standard: str = "") -> Project:
    """`stages`: in how many payments it will be paid, 1 to 20. Raises `Refused`."""
    sign(actor)
    check_may_open(unit, title=title, stages=stages, on=on)
    with spoken():
        return Project.objects.create(
            unit=unit,
            path=unit.path,
            title=title.strip(),
            stages=stages,
            standard=standard,
            opened_on=on,
            recorded_by=actor,
        )


def check_may_open(unit: Unit, *, title: str, stages: int, on: date) -> None:
    if not title.strip():
        raise Refused("project.title", "请写明项目名称。")
    if not 1 <= stages <= MOST_STAGES:
        raise Refused("project.stages", f"拨付的期数应是1到{MOST_STAGES}。")
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("project.unit_ended", f"“{unit}”在{on}不在存续期内。")


@transaction.atomic
def book(project: Project, *, step: str, amount: Decimal, on: date, by: Signer, note: str, sha256: str = "") -> Line:
    """Book yuan at a step of `MONEY`; a payment is of the next stage. `sha256`: the voucher, without which nothing is spent. Raises `Refused`."""
    sign(by.account)
    project = _locked(project)
    line = _line(project, step, amount, on, by, note, sha256)
    check_may_book(project, line)
    with spoken():
        line.save(force_insert=True)
    return line


def check_may_book(project: Project, line: Line) -> None:
    _check_open(project, line.day)
    if line.step not in MONEY:
        raise Refused("project.step", "请从预算、下达、拨付、支出中选择一项。")
    if not line.amount.is_finite() or not 0 < line.amount < LIMIT or line.amount != line.amount.quantize(CENT):
        raise Refused("project.amount", "金额必须大于零，最多两位小数；要撤销已登记的，请冲销。")
    if line.step == "spent" and not line.sha256:
        raise Refused("project.voucher", "支出要附凭证（照片或PDF）；没有凭证的，不能登记支出。")
    if line.step == "paid" and line.stage > project.stages:
        raise Refused("project.stages_paid", f"分{project.stages}期拨付，已经拨完，不能再拨。")
    if not line.note:
        raise Refused("project.note", "请写明文号、收款方或用途。")
    _check_together(project, [*project.lines.order_by("pk"), line])


@transaction.atomic
def accept(project: Project, *, on: date, by: Signer, note: str, sha256: str = "") -> Line:
    """验收 by somebody who has paid nothing of it; `note` says what was found, `sha256` is the report. Raises `Refused`."""
    sign(by.account)
    project = _locked(project)
    line = _line(project, "accepted", Decimal(0), on, by, note, sha256)
    check_may_accept(project, line)
    with spoken():
        line.save(force_insert=True)
    return line


def check_may_accept(project: Project, line: Line) -> None:
    _check_open(project, line.day)
    lines = list(project.lines.order_by("pk"))
    if course.standing(lines, "accepted"):
        raise Refused("project.accepted", "项目已经验收；要重新验收，请先冲销原来的验收。")
    if not course.sums(lines)["allocated"]:
        raise Refused("project.nothing", "项目还没有下达资金，不能验收。")
    if not line.note:
        raise Refused("project.note", "请写明验收意见。")
    _check_together(project, [*lines, line])


@transaction.atomic
def undo(line: Line, *, on: date, by: Signer, reason: str) -> Line:
    """冲销: book the negative amount on the day `on`; what remains must keep every rule. Raises `Refused`."""
    sign(by.account)
    project = _locked(line.project)
    back = _line(project, line.step, -line.amount, on, by, reason, "")
    back.stage, back.reverses = line.stage, line
    check_may_undo(project, back)
    with spoken():
        back.save(force_insert=True)
    return back


def check_may_undo(project: Project, back: Line) -> None:
    _check_open(project, back.day)
    line, lines = back.reverses, list(project.lines.order_by("pk"))
    if line is None or line not in course.standing(lines, line.step):
        raise Refused("project.reversed", "此笔已经冲销，或者本身就是冲销。")
    if back.day < line.day:
        raise Refused("project.dates", f"冲销日期不能早于原来的日期{line.day}。")
    if not back.note:
        raise Refused("project.note", "冲销须说明理由。")
    if line.step == "paid" and line.stage != len(course.standing(lines, "paid")):
        raise Refused("project.stage_order", "请从最后拨付的一期起冲销。")
    _check_together(project, [*lines, back])


@transaction.atomic
def close(project: Project, *, on: date, by: Signer) -> Project:
    """办结: accepted, every stage paid, every yuan of it spent with vouchers. Raises `Refused`."""
    sign(by.account)
    project = _locked(project)
    check_may_close(project, on=on)
    project.closed_on = on
    with spoken():
        project.save(update_fields=["closed_on"])
    return project


def check_may_close(project: Project, *, on: date) -> None:
    _check_open(project, on)
    lines = list(project.lines.order_by("pk"))
    course.check_ready_to_close(project, lines)
    if on < (latest := max(it.day for it in lines)):
        raise Refused("project.dates", f"办结日期不能早于最后一笔的日期{latest}。")


def _check_open(project: Project, on: date) -> None:
    if project.closed_on:
        raise Refused("project.closed", f"“{project}”已于{project.closed_on}办结，不能再变动。")
    if on < project.opened_on:
        raise Refused("project.dates", f"日期早于立项日期{project.opened_on}。")


def _check_together(project: Project, lines: list[Line]) -> None:
    course.check_bounds(lines)
    course.check_accepted_before_last(project, lines)


def _line(project: Project, step: str, amount: Decimal, on: date, by: Signer, note: str, sha256: str) -> Line:
    paid = len(course.standing(list(project.lines.all()), "paid"))
    return Line(
        project=project,
        path=project.path,
        step=step,
        stage=paid + 1 if step == "paid" else 0,
        amount=amount,
        day=on,
        note=note.strip(),
        sha256=sha256,
        accounts=sorted(by.accounts),
        persons=sorted(by.persons),
        recorded_by=by.account,
    )


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)

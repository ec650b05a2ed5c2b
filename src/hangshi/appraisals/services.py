"""Rounds opened, reported, checked, computed, shown, objected to, fixed. Each step locks the round first."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from hangshi.appraisals import compute, effects
from hangshi.appraisals.locks import wait_for
from hangshi.appraisals.models import Objection, Round, Sheet
from hangshi.appraisals.queries import criterion_of, objections_until, open_objections, scheme_of, waiting
from hangshi.packs.schemes import Edition, Scheme
from hangshi.refusal import Refused
from hangshi.registry.models import Membership, Unit
from hangshi.registry.signing import sign

STATES = {
    "open": "自评中",
    "checking": "核查评分",
    "computed": "已计算",
    "shown": "已反馈",
    "fixed": "已定档",
    "used": "已运用",
}


@dataclass(frozen=True)
class Step:
    """From one of `leave` to `enter`."""

    name: str
    leave: tuple[str, ...]
    enter: str


STEPS = {
    "check": Step("结束自评，开始核查", ("open",), "checking"),
    "compute": Step("冻结输入并计算", ("checking", "computed"), "computed"),
    "show": Step("反馈被考评方", ("computed",), "shown"),
    "reopen": Step("退回核查", ("computed", "shown"), "checking"),
    "fix": Step("定档", ("shown",), "fixed"),
    "use": Step("提出结果运用建议", ("fixed",), "used"),
}


@transaction.atomic
def open_round(
    scheme: Scheme, *, unit: Unit, title: str, first: date, last: date, on: date, actor: int | None
) -> Round:
    """Begin a round over the days `first` to `last` with the edition in force on `last`, and a sheet for each subject there on that day."""
    sign(actor)
    edition = check_may_open(scheme, unit=unit, title=title, first=first, last=last)
    kept = scheme.model_copy(update={"editions": [edition]})
    round_ = Round.objects.create(
        scheme=scheme.key,
        edition=edition.digest(),
        definition=kept.model_dump_json(),
        title=title.strip(),
        unit=unit,
        path=unit.path,
        first=first,
        last=last,
        opened_on=on,
        recorded_by=actor,
    )
    made = Sheet.objects.bulk_create(_subjects(scheme, round_), batch_size=1000)
    if not made:
        raise Refused("appraisal.nobody", f"“{unit}”在{last}没有这个办法考评的对象，没有启动。")
    round_.subjects = len(made)
    round_.save(update_fields=["subjects"])
    return round_


def check_may_open(scheme: Scheme, *, unit: Unit, title: str, first: date, last: date) -> Edition:
    """The edition that would be used."""
    if not title.strip():
        raise Refused("appraisal.title", "请填写考评名称。")
    if first > last:
        raise Refused("appraisal.dates", "考评起始日不能晚于截止日。")
    edition = scheme.edition(last)
    if edition is None:
        raise Refused("appraisal.edition", f"“{scheme.name}”在{last}还没有生效的版本。")
    if scheme.subject == "person" and unit.kind not in scheme.unit_kinds:
        raise Refused("appraisal.branch", "对党员的考评由党支部启动，结果只给本人和支部看。")
    return edition


def _subjects(scheme: Scheme, round_: Round) -> list[Sheet]:
    there = Q(until=None) | Q(until__gte=round_.last)
    if scheme.subject == "person":
        members = Membership.objects.filter(there, unit=round_.unit, since__lte=round_.last).order_by("person_id")
        persons = members.values_list("person_id", flat=True).distinct()
        return [Sheet(round=round_, unit=round_.unit, path=round_.path, person_id=person) for person in persons]
    below = Q(path__gte=round_.path, path__lt=round_.path[:-1] + "0")
    units = list(Unit.objects.filter(there, below, kind__in=scheme.unit_kinds, since__lte=round_.last).order_by("path"))
    return [
        Sheet(round=round_, unit=it, path=it.path, peers=group)
        for it, group in zip(units, _peers(scheme, units), strict=True)
    ]


def _peers(scheme: Scheme, units: list[Unit]) -> list[str]:
    """Whom each is compared with: the unit of the kind `within` above it, then its kind or field."""
    above: set[int] = set()
    if scheme.within:
        above = set(Unit.objects.filter(kind=scheme.within).values_list("pk", flat=True))
    groups = []
    for it in units:
        over = next((part for part in it.path.split("/") if part and int(part) in above), "") if scheme.within else ""
        like = {"kind": it.kind, "field": str(it.extra.get("field", "")), "all": ""}[scheme.peers]
        groups.append(f"{over}:{like}")
    return groups


@transaction.atomic
def step(round_: Round, name: str, *, on: date, actor: int | None, reason: str = "") -> Round:
    """Take the round one step on (or back, with a reason). Raises `Refused`."""
    sign(actor)
    wait_for(round_, alone=True)
    round_ = Round.objects.select_for_update(of=("self",)).select_related("unit").get(pk=round_.pk)
    check_may_step(round_, name, on=on, reason=reason)
    round_.state = STEPS[name].enter
    if name == "compute":
        round_.digest, round_.computed_on = compute.freeze_and_compute(round_), on
    elif name == "show":
        round_.shown_on = on
    elif name == "reopen":
        round_.reason, round_.shown_on = reason.strip(), None
        Objection.objects.filter(sheet__round=round_, upheld=True).update(settled=True)
    elif name == "fix":
        round_.fixed_on = on
    elif name == "use":
        effects.propose(round_, actor=actor)
    round_.save()
    return round_


def check_may_step(round_: Round, name: str, *, on: date, reason: str = "") -> None:
    if name not in STEPS or round_.state not in STEPS[name].leave:
        raise Refused("appraisal.step", f"“{round_}”现在是“{STATES[round_.state]}”，不能办理这一步。")
    if Sheet.objects.filter(round=round_).count() != round_.subjects:
        raise Refused("appraisal.partial", "您看不到这次考评的全部考评表，不能办理；对党员的考评由所在支部办理。")
    if on < max(day for day in (round_.opened_on, round_.computed_on, round_.shown_on) if day):
        raise Refused("appraisal.day", "办理日期不能早于上一步。")
    if name == "compute" and on < round_.last:
        raise Refused("appraisal.early", f"考评期到{round_.last}才结束，之后才能计算。")
    if name == "show" and (left := waiting(round_)):
        raise Refused("appraisal.waits", f"还有{left}张考评表缺评分或数据，补齐并重新计算后才能反馈；缺的不当作零分。")
    if name == "reopen" and not reason.strip():
        raise Refused("appraisal.reason", "退回核查须说明理由。")
    if name == "fix":
        _check_may_fix(round_, on)


def _check_may_fix(round_: Round, on: date) -> None:
    last = objections_until(round_, scheme_of(round_)[0])
    if last is not None and on <= last:
        raise Refused("appraisal.window", f"异议期到{last}为止，之后才能定档。")
    if open_objections(round_).exists():
        raise Refused("appraisal.objections", "还有异议没有答复，不能定档。")
    if Objection.objects.filter(sheet__round=round_, upheld=True, settled=False).exists():
        raise Refused("appraisal.upheld", "有成立的异议还没有更正：请退回核查，改正后重新计算、重新反馈。")


@transaction.atomic
def object_to(sheet: Sheet, *, text: str, on: date, actor: int | None, criterion: str = "") -> Objection:
    """Object to a result that was shown, or to one criterion of it. Raises `Refused`."""
    sign(actor)
    check_may_object(sheet, text=text, on=on, criterion=criterion)
    return Objection.objects.create(
        sheet=sheet, path=sheet.path, criterion=criterion, text=text.strip(), day=on, recorded_by=actor
    )


def check_may_object(sheet: Sheet, *, text: str, on: date, criterion: str = "") -> None:
    scheme, edition = scheme_of(sheet.round)
    last = objections_until(sheet.round, scheme)
    if sheet.round.state != "shown" or last is None:
        raise Refused("appraisal.not_shown", "考评结果反馈以后、定档以前才能提出异议。")
    if on > last:
        raise Refused("appraisal.late", f"异议期已于{last}结束。")
    if criterion and criterion_of(edition, criterion) is None:
        raise Refused("appraisal.criterion", "这个办法里没有这个项目。")
    if not text.strip():
        raise Refused("appraisal.text", "请写明对哪一项有异议、理由是什么。")


@transaction.atomic
def answer(objection: Objection, *, upheld: bool, text: str, on: date, actor: int | None) -> Objection:
    """Answer once, by somebody else than who objected. An upheld one must be corrected before the round is fixed."""
    sign(actor)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("sheet__round").get(pk=objection.pk)
    check_may_answer(objection, text=text, on=on, actor=actor)
    objection.upheld, objection.answer, objection.answered_on, objection.answered_by = upheld, text.strip(), on, actor
    objection.save(update_fields=["upheld", "answer", "answered_on", "answered_by"])
    return objection


def check_may_answer(objection: Objection, *, text: str, on: date, actor: int | None) -> None:
    if objection.upheld is not None:
        raise Refused("appraisal.answered", "这条异议已经答复。")
    if objection.sheet.round.state != "shown":
        raise Refused("appraisal.not_shown", "只有已反馈、未定档的考评才能答复异议。")
    if actor is not None and actor == objection.recorded_by:
        raise Refused("appraisal.own", "提出异议的人不能自己答复。")
    if on < objection.day:
        raise Refused("appraisal.day", f"答复日期不能早于提出日期{objection.day}。")
    if not text.strip():
        raise Refused("appraisal.text", "请写明答复。")

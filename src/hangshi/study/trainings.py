"""A training class from its plan to its certificates: quotas of units, people named within them, who was there."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Sum

from hangshi.packs.models import LearnerKind, Term
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import collided, sign
from hangshi.study.learners import WIDE, meant, reach, rule_of
from hangshi.study.models import Quota, Trainee, Training
from hangshi.study.services import check_dates

STATES = {"planned": "计划中", "open": "报名中", "held": "已办结", "called_off": "已取消"}
ATTENDED = {"named": "待登记", "present": "参训", "leave": "请假", "absent": "缺席"}


@transaction.atomic
def plan(
    kind: Term,
    *,
    unit: Unit,
    title: str,
    topic: str,
    learners: Sequence[str],
    kinds: Mapping[str, LearnerKind],
    since: date,
    until: date,
    seats: int,
    place: str = "",
    actor: int | None,
) -> Training:
    """Over the days `since` to `until`, both included. Raises `Refused`."""
    sign(actor)
    check_may_plan(title=title, topic=topic, since=since, until=until, seats=seats)
    return Training.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        wide=unit.kind == WIDE,
        title=title.strip(),
        topic=topic.strip(),
        learners=list(learners),
        rule=rule_of(learners, kinds),
        since=since,
        until=until,
        seats=seats,
        place=place.strip(),
        recorded_by=actor,
    )


def check_may_plan(*, title: str, topic: str, since: date, until: date, seats: int) -> None:
    check_dates(title, since, until)
    if not topic.strip():
        raise Refused("training.topic", "请填写培训主题。")
    if seats < 1:
        raise Refused("training.seats", "名额至少一个。")


@transaction.atomic
def allot(training: Training, *, unit: Unit, seats: int, actor: int | None) -> Quota:
    """Seats for a unit at or below the place of the class; given again, the new number holds. Raises `Refused`."""
    sign(actor)
    training = _held(training)
    known = Quota.objects.filter(training=training, unit=unit).first()
    check_may_allot(training, unit=unit, seats=seats, known=known)
    quota, _ = Quota.objects.update_or_create(
        training=training, unit=unit, defaults={"path": unit.path, "seats": seats}
    )
    return quota


def check_may_allot(training: Training, *, unit: Unit, seats: int, known: Quota | None) -> None:
    _check_state(training, "planned", "open")
    if not unit.path.startswith(reach(training.unit)):
        raise Refused("quota.unit", f"“{unit}”不在“{training.unit}”的范围内，不能分给名额。")
    if seats < 1:
        raise Refused("training.seats", "名额至少一个。")
    others = training.quotas.exclude(unit=unit).aggregate(all=Sum("seats", default=0))["all"]
    if others + seats > training.seats:
        raise Refused(
            "quota.over", f"共{training.seats}个名额，已分给别的单位{others}个，只剩{training.seats - others}个。"
        )
    if known and (named := known.trainees.count()) > seats:
        raise Refused("quota.named", f"“{unit}”已经报名{named}人，名额不能少于{named}个。")


@transaction.atomic
def step(training: Training, state: str, *, on: date, actor: int | None, reason: str = "") -> Training:
    """Open it for names, hold it to be over, or call it off with a reason. Raises `Refused`."""
    sign(actor)
    training = _held(training)
    check_may_step(training, state, on=on, reason=reason)
    training.state, training.reason = state, reason.strip()
    training.save(update_fields=["state", "reason"])
    return training


def check_may_step(training: Training, state: str, *, on: date, reason: str = "") -> None:
    if state not in ("open", "held", "called_off"):
        raise Refused("training.step", "没有这一步。")
    _check_state(training, *{"open": ("planned",), "held": ("open",), "called_off": ("planned", "open")}[state])
    if state == "open" and not training.quotas.exists():
        raise Refused("training.quotas", "还没有把名额分给单位，不能开始报名。")
    if state == "called_off" and not reason.strip():
        raise Refused("training.reason", "取消培训班须说明理由。")
    if state == "held":
        if training.until is not None and on < training.until:
            raise Refused("training.early", f"培训到{training.until}才结束，之后才能办结。")
        if waiting := training.trainees.filter(state="named").count():
            raise Refused("training.waiting", f"还有{waiting}人没有登记参训、请假或缺席。")


@transaction.atomic
def name(quota: Quota, *, person: Person, actor: int | None) -> Trainee:
    """Take a seat of the quota for somebody who is meant. Raises `Refused`."""
    sign(actor)
    quota = Quota.objects.select_for_update(of=("self",)).select_related("unit").get(pk=quota.pk)
    training = Training.objects.get(pk=quota.training_id)
    unit_id, path = check_may_name(quota, training, person=person)
    try:
        with transaction.atomic():
            return Trainee.objects.create(
                training=training,
                quota=quota,
                person=person,
                unit_id=unit_id,
                path=path,
                day=training.until or training.since,
                recorded_by=actor,
            )
    except IntegrityError as error:
        raise collided(error, Refused("trainee.known", f"{person}已经报名这个培训班。")) from error


def check_may_name(quota: Quota, training: Training, *, person: Person) -> tuple[int, str]:
    """The unit that the person learns with, and its path."""
    _check_state(training, "open")
    if (named := quota.trainees.count()) >= quota.seats:
        raise Refused("quota.full", f"“{quota.unit}”的{quota.seats}个名额已经报满（{named}人）。")
    found = meant(training.rule, quota.path, on=training.since).get(person.pk)
    if found is None:
        raise Refused("trainee.not_meant", f"{person}在{training.since}不是“{quota.unit}”的这类学习对象。")
    return found


@transaction.atomic
def take_back(trainee: Trainee, *, actor: int | None) -> None:
    """The seat is free again. Raises `Refused`."""
    sign(actor)
    trainee = Trainee.objects.select_for_update(of=("self",)).select_related("person").get(pk=trainee.pk)
    check_may_take_back(trainee, Training.objects.get(pk=trainee.training_id))
    trainee.delete()


def check_may_take_back(trainee: Trainee, training: Training) -> None:
    _check_state(training, "open")
    if trainee.state != "named":
        raise Refused("trainee.marked", f"{trainee.person}已经登记为{ATTENDED[trainee.state]}，不能退报。")


@transaction.atomic
def attend(
    trainee: Trainee, state: str, *, on: date, actor: int | None, reason: str = "", certificate: str = ""
) -> Trainee:
    """Present (with or without a certificate), on leave with a reason, or absent. It may be put right until the class is over. Raises `Refused`."""
    sign(actor)
    trainee = Trainee.objects.select_for_update(of=("self",)).select_related("training").get(pk=trainee.pk)
    check_may_attend(trainee.training, state, on=on, reason=reason, certificate=certificate)
    trainee.state, trainee.reason, trainee.certificate = state, reason.strip(), certificate.strip()
    trainee.save(update_fields=["state", "reason", "certificate"])
    return trainee


def check_may_attend(training: Training, state: str, *, on: date, reason: str = "", certificate: str = "") -> None:
    _check_state(training, "open")
    if state not in ("present", "leave", "absent"):
        raise Refused("trainee.state", "参训情况只能是参训、请假、缺席。")
    if on < training.since:
        raise Refused("training.not_begun", f"培训从{training.since}开始，之后才能登记参训情况。")
    if state == "leave" and not reason.strip():
        raise Refused("trainee.reason", "请假须填写事由。")
    if state != "leave" and reason.strip():
        raise Refused("trainee.reason_stray", "没有请假，不填请假事由。")
    if certificate.strip() and state != "present":
        raise Refused("trainee.certificate", "参训的人才有证书。")


def _held(training: Training) -> Training:
    """Locked; a unit below reads a class that it cannot lock, and finds none."""
    return Training.objects.select_for_update(of=("self",)).select_related("unit").get(pk=training.pk)


def _check_state(training: Training, *states: str) -> None:
    if training.state not in states:
        raise Refused("training.state", f"“{training}”{STATES[training.state]}，不能办理这一步。")

"""A recorded activity is checked and accepted by others, or sent back and corrected."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from hangshi.activities.models import Activity, Review
from hangshi.activities.services import Item, attend, check_attendance, check_number_only, write_agenda
from hangshi.outbox.services import tell
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.signing import sign

NAMES = {"recorded": "已登记", "checked": "已审核", "accepted": "已认定", "sent_back": "已退回"}
MOVES = {
    "checked": ("recorded",),
    "accepted": ("checked",),
    "sent_back": ("recorded", "checked"),
}


@transaction.atomic
def review(activity: Activity, *, to: str, on: date, actor: int, note: str = "") -> Activity:
    """`to`: checked, accepted or sent_back (with a note). Who recorded it does none of these. Raises `Refused`."""
    sign(actor)
    activity = _locked(activity)
    check_may_review(activity, to=to, actor=actor, note=note)
    _go(activity, to, on, actor, note)
    if to == "accepted":
        tell("activity.accepted", activity, on=on, actor=actor)
    return activity


def check_may_review(activity: Activity, *, to: str, actor: int, note: str = "") -> None:
    if to not in MOVES:
        raise Refused("activity.review", "请选择审核、认定或退回。")
    if activity.state not in MOVES[to]:
        raise Refused("activity.review_state", f"此次活动{NAMES[activity.state]}，现在不能这样办理。")
    if actor == activity.recorded_by:
        raise Refused("activity.own", "自己登记的活动由别人审核。")
    if to == "sent_back" and not note.strip():
        raise Refused("activity.note", "退回须说明理由。")


@transaction.atomic
def correct(
    kind: ActivityKind,
    activity: Activity,
    *,
    on: date,
    actor: int | None,
    topic: str | None = None,
    place: str | None = None,
    minutes: str | None = None,
    attendance: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
    present: int | None = None,
    agenda: Sequence[Item] | None = None,
) -> Activity:
    """Change what is given, and only that, before it is checked or after it was sent back; the day stays. Raises `Refused`."""
    sign(actor)
    activity = _locked(activity)
    if activity.state not in ("recorded", "sent_back"):
        raise Refused("activity.fixed", f"此次活动{NAMES[activity.state]}，要更正请先由审核人退回。")
    check_number_only(kind, topic, place, minutes, *(it.topic for it in agenda or ()))
    if attendance is None and present is not None:
        check_attendance(kind, dict(activity.attendances.values_list("person", "state")), present, {})
    for name, value in (("topic", topic), ("place", place), ("minutes", minutes), ("present", present)):
        if value is not None:
            setattr(activity, name, value)
    if attendance is not None:
        check_attendance(kind, attendance, present, reasons or {})
        activity.present = sum(state == "present" for state in attendance.values()) if present is None else present
        activity.attendances.all().delete()
        attend(activity, attendance, reasons or {})
    if agenda is not None:
        activity.agenda.all().delete()
        write_agenda(activity, agenda)
    activity.save(update_fields=["topic", "place", "minutes", "present"])
    _go(activity, "recorded", on, actor, "更正")
    return activity


def _go(activity: Activity, to: str, on: date, actor: int | None, note: str) -> None:
    before, activity.state = activity.state, to
    activity.save(update_fields=["state"])
    Review.objects.create(
        activity=activity, path=activity.path, before=before, after=to, day=on, note=note.strip(), recorded_by=actor
    )


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)

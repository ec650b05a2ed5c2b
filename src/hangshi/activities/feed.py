"""A unit's calendar as iCalendar text: what is planned, and what falls due. It names units and topics, never persons."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from hangshi.activities.models import Plan
from hangshi.activities.standing import Standing
from hangshi.packs.work import Requirement

CHINA = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def calendar_text(
    name: str,
    plans: Iterable[Plan],
    standings: Iterable[Standing],
    requirements: Mapping[str, Requirement],
    *,
    made_at: datetime,
) -> str:
    """The calendar called `name`; each entry has an id that stays, so that a phone changes it and does not add another."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hangshi//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for plan in plans:
        calendar.add_component(_planned(plan, made_at))
    for it in standings:
        if it.state in ("due", "overdue"):
            calendar.add_component(_due(it, requirements[it.requirement], made_at))
    return str(calendar.to_ical(), "utf-8")


def _planned(plan: Plan, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"plan-{plan.pk}@hangshi")
    event.add("dtstamp", made_at)
    event.add("summary", plan.topic)
    if plan.starts_at is None:
        event.add("dtstart", plan.day)
    else:
        starts = datetime.combine(plan.day, plan.starts_at, CHINA)
        event.add("dtstart", starts)
        event.add("dtend", starts + HOUR)
    if plan.place:
        event.add("location", plan.place)
    if plan.agenda:
        event.add("description", "\n".join(plan.agenda))
    return event


def _due(it: Standing, requirement: Requirement, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"due-{it.unit_id}-{it.requirement}-{it.first.isoformat()}@hangshi")
    event.add("dtstamp", made_at)
    event.add("summary", f"{'已逾期' if it.state == 'overdue' else '到期'}：{requirement.name}（{it.unit}）")
    event.add("dtstart", it.due)
    event.add("description", f"依据：{requirement.source}")
    return event

"""日历和活动计划: what is due and planned in a month, a plan and what is done with it, and addresses for phones."""

from contextlib import ExitStack
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hangshi.activities import queries
from hangshi.activities.feed import calendar_text
from hangshi.activities.models import Plan
from hangshi.activities.standing import standing
from hangshi.notices import feeds
from hangshi.notices.models import Feed
from hangshi.web import here, period, places, schedule, sent, words
from hangshi.web.acts import plans
from hangshi.web.forms import Form
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission, public
from hangshi.web.views.acts import scene_of

MOST = 50
COMING = 12  # months of a calendar address: these and the present one


@permission("records.read")
def show(request: PersonRequest) -> HttpResponse:
    today, unit = period.today(request.units), places.asked(request.GET, request.unit)
    month, rules = schedule.Month.of(request.GET.get("month", ""), today), words.pack().requirements
    reaches = here.reaches("requirement", rules)
    standings = standing(unit, rules.values(), month.first, month.last, today=today, reaches=reaches)
    planned = below(queries.plans(month.first, month.last), unit).select_related("unit")
    context = {
        "unit": unit,
        "above": places.above(unit),
        "month": month,
        "today": today,
        "tallies": schedule.tallies(standings, rules, most=MOST),
        "plans": planned[:MOST],
        "states": plans.STATES,
        "may": "activity.write" in request.permissions and bool(plans.kinds(unit)),
        "feeds": feeds.living(request.account.pk),
    }
    return render(request, "calendar.html", context)


@require_http_methods(["GET", "POST"])
@permission("activity.write")
def new(request: PersonRequest) -> HttpResponse:
    """A plan of the unit of `?unit=`, else of one's own."""
    unit, scene = places.asked(request.GET, request.unit), scene_of(request)
    form = Form(plans.fields(scene, unit), sent.posted(request), request.GET.dict())
    closed = not plans.kinds(unit)
    return sent.form_page(
        request,
        form,
        lambda said: plans.make(scene, unit, said),
        title="计划一次活动",
        back=f"/calendar/?unit={unit.pk}",
        heading="日历",
        scene={"unit": unit},
        closed=closed,
    )


@permission("records.read")
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Plan.objects.select_related("unit"), pk=pk)
    may = "activity.write" in request.permissions
    changes = [(key, it) for key, it in plans.CHANGES.items() if may and found.state in it.states]
    agenda = {f"agenda.{number}.topic": topic for number, topic in enumerate(found.agenda, 1)}
    context = {
        "agenda": agenda,
        "plan": found,
        "changes": changes,
        "states": plans.STATES,
        "may": may and found.state in plans.OPEN,
    }
    return render(request, "plan.html", context)


@require_http_methods(["GET", "POST"])
@permission("activity.write")
def change(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = plans.CHANGES.get(name)
    if it is None:
        raise Http404
    found, scene = get_object_or_404(Plan.objects.select_related("unit"), pk=pk), scene_of(request)
    form = Form(it.fields(scene), sent.posted(request), request.GET.dict())
    closed = request.method == "GET" and found.state not in it.states
    more: dict[str, Any] = {"title": it.title, "back": f"/plans/{pk}/", "heading": found.topic, "closed": closed}
    return sent.form_page(request, form, lambda said: it.run(scene, found, said), **more)


@require_POST
@permission("records.read")
def subscribe(request: PersonRequest) -> HttpResponse:
    """A new address of the unit's calendar, shown once."""
    _, secret = feeds.make(request.grant, places.asked(request.GET, request.unit))
    return render(request, "feed.html", {"address": request.build_absolute_uri(f"/feeds/{secret}.ics")})


@require_POST
@permission("records.read")
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    feeds.revoke(get_object_or_404(Feed, pk=pk, account=request.account.pk))
    return redirect("calendar")


@require_safe
@public("a phone's calendar cannot sign in: the address itself is the key, and shows units and topics, never persons")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What is planned and what is due, from this month on; 404 for an address that is not good any more."""
    now = timezone.localtime()
    with ExitStack() as stack:
        found = stack.enter_context(feeds.opened(secret, on=now.date()))
        if found is None:
            raise Http404
        _, unit = found
        first = schedule.Month.of("", now.date()).first
        last = date_after(first, COMING)
        rules = words.pack().requirements
        planned = below(queries.plans(first, last), unit)
        end, reaches = schedule.Month(first).last, here.reaches("requirement", rules)
        standings = standing(unit, rules.values(), first, end, today=now.date(), reaches=reaches)
        text = calendar_text(f"{unit.name} 组织生活", planned, standings[:500], rules, made_at=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def date_after(first: date, months: int) -> date:
    """The last day of the month that lies so many months after the first."""
    month = schedule.Month(first)
    for _ in range(months):
        month = month.following
    return month.last

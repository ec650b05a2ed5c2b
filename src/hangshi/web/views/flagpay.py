"""红旗报酬: what is owed for a month and what changed, the sheets and what is done to them, what was never paid."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from hangshi.appraisals.models import Raise
from hangshi.flagpay import due, services
from hangshi.flagpay.models import PaySheet
from hangshi.registry.models import Unit
from hangshi.web import desk, names, paying, period, personal, places, sent, telling, words, workbook
from hangshi.web.acts.shape import allowed
from hangshi.web.delicate import delicate
from hangshi.web.fields import Field
from hangshi.web.forms import Form
from hangshi.web.jinja import url
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE, SHEETS = 50, 24
REASON = Field("reason", "理由", "area", True, longest=200)


@dataclass(frozen=True)
class Act:
    """What is done to a sheet: under which permission, and whether the service lets it pass now."""

    title: str
    permission: str
    icon: str
    tells: str
    run: Callable[[PersonRequest, PaySheet, dict[str, Any]], PaySheet]
    offered: Callable[[PersonRequest, PaySheet], bool]
    fields: tuple[Field, ...] = ()


def _approve(request: PersonRequest, sheet: PaySheet, said: dict[str, Any]) -> PaySheet:
    seen, on = request.GET.get("seen", ""), period.today(request.units)
    return services.approve(words.pack(), sheet, seen=seen, on=on, by=desk.signer(request))


def _post(request: PersonRequest, sheet: PaySheet, said: dict[str, Any]) -> PaySheet:
    return services.post(words.pack(), sheet, on=period.today(request.units), by=desk.signer(request))


def _cancel(request: PersonRequest, sheet: PaySheet, said: dict[str, Any]) -> PaySheet:
    return services.cancel(sheet, reason=said["reason"], by=desk.signer(request))


ACTS = {
    "approve": Act(
        "审核通过", "appraisals.write", "check", "制表人以外的人审核。审核以后红旗、任职、标准有变动的，不能入账，要重新制表。", _approve,
        lambda request, it: allowed(services.check_may_approve, it, by=desk.signer(request)),
    ),
    "post": Act(
        "入账", "entry.write", "coin", "逐人逐面红旗记入台账，写明依据。入账以后不能修改，记错了的逐笔冲销。", _post,
        lambda request, it: allowed(services.check_may_post, it, on=period.today(request.units)),
    ),
    "cancel": Act(
        "作废", "entry.write", "x", "作废以后可以重新制表。", _cancel,
        lambda request, it: allowed(services.check_may_cancel, it, reason="-"), (REASON,),
    ),
}  # fmt: skip


@permission("people.restricted")
def index(request: PersonRequest) -> HttpResponse:
    """The month at the unit: each person with the flags behind the sum, and the sheets of the unit and below it."""
    unit, month = places.asked(request.GET, request.unit), _month(request)
    before = paying.month_before(month)
    found = due.due(words.pack(), unit, [before, month])
    now = [it for it in found if it.month == month]
    had = due.posted(unit, [month])
    rows = paying.rows(now, [it for it in found if it.month == before], had)
    context: dict[str, Any] = {"unit": unit, "above": places.above(unit), "month": month, "states": services.STATES}
    context["page"] = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    context["totals"] = _totals(now, had) | {"before": paying.total(it for it in found if it.month == before)}
    context["sheets"] = below(PaySheet.objects.select_related("unit"), unit).order_by("-month", "-pk")[:SHEETS]
    context["may"] = "entry.write" in request.permissions and any(it.key not in had for it in now)
    return render(request, "flag_pay.html", context)


def _totals(found: list[due.Due], had: dict[due.Key, Raise]) -> dict[str, Any]:
    return {
        "people": len({it.person for it in found}),
        "due": paying.total(found),
        "missing": paying.total(it for it in found if it.key not in had),
        "unrated": sum(it.amount is None for it in found),
    }


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def draw(request: PersonRequest) -> HttpResponse:
    unit, month = places.asked(request.GET, request.unit), _month(request)
    lines = due.unpaid(words.pack(), unit, [month])
    form = Form([], sent.posted(request), {})

    def drawn(said: dict[str, Any]) -> PaySheet:
        on = period.today(request.units)
        return services.draw(words.pack(), unit, month=month, on=on, by=desk.signer(request))

    back = url("flag_pay", unit=unit.pk, month=month)
    tells = f"{month:%Y年%m月}应付未入账{len({it.person for it in lines})}人、{len(lines)}笔，合计{paying.total(lines):,.2f}元。制表以后由另一人审核。"
    more: dict[str, Any] = {"title": "制表", "button": "制表", "back": back, "tells": tells}
    return sent.form_page(request, form, drawn, heading=f"{unit.name}红旗报酬", **more)


@permission("people.restricted")
def sheet(request: PersonRequest, pk: int) -> HttpResponse:
    """A sheet as it was drawn, with the difference to the month before, and what may be done to it."""
    found = _sheet(pk)
    lines = [due.read(found.month, it) for it in found.lines]
    month_before = paying.month_before(found.month)
    people = {(it.unit, it.person) for it in lines}
    before = due.due(words.pack(), found.unit, [month_before])
    had = due.posted(found.unit, [found.month]) if found.state == "posted" else {}
    rows = paying.rows(lines, [it for it in before if (it.unit, it.person) in people], had)
    known = names.accounts([found.drawn_by, found.approved_by, found.posted_by])
    context: dict[str, Any] = {"sheet": found, "state": services.STATES[found.state], "lines": len(lines)}
    context["page"] = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    acted = (found.drawn_by, found.approved_by, found.posted_by)
    context["by"] = {pk: known.get(pk, telling.OUTSIDE) if pk else "系统" for pk in acted}
    context["people"] = len(people)
    context["acts"] = [
        (key, it) for key, it in ACTS.items() if it.permission in request.permissions and it.offered(request, found)
    ]
    context["may_reverse"] = "entry.write" in request.permissions
    return render(request, "flag_pay_sheet.html", context)


@require_http_methods(["GET", "POST"])
@permission("people.restricted")  # each act asks for a permission of its own
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None:
        raise Http404
    found = _sheet(pk)
    if it.permission not in request.permissions:
        raise PermissionDenied
    form = Form(it.fields, sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": it.title, "back": telling.address(found), "heading": f"{found.unit.name}{found}"}
    more |= {
        "tells": it.tells,
        "button": it.title,
        "closed": request.method == "GET" and not it.offered(request, found),
    }
    return sent.form_page(request, form, partial(it.run, request, found), **more)


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def reverse(request: PersonRequest, pk: int) -> HttpResponse:
    """Undo one line that was posted."""
    raised = get_object_or_404(Raise.objects.select_related("honour__sheet__unit", "entry"), pk=pk)
    form = Form([REASON], sent.posted(request), {})

    def undo(said: dict[str, Any]) -> Unit:
        services.reverse(raised, reason=said["reason"], on=period.today(request.units), actor=request.account.pk)
        return raised.honour.sheet.unit

    back = url("flag_pay", unit=raised.honour.sheet.unit_id, month=raised.month)
    tells = "另记一笔相反的金额，原来的一笔留着。仍然应付的，可以为这个月再制一张表。"
    more: dict[str, Any] = {"title": "冲销", "back": back, "heading": raised.entry.note, "tells": tells}
    return sent.form_page(request, form, undo, then=lambda unit: back, **more)


@permission("people.restricted")
def gaps(request: PersonRequest) -> HttpResponse:
    """应付未付: for each month of the year so far what a held flag should have paid and no posting says."""
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    year = _year(request.GET.get("year", ""), today)
    months = due.months_of(date(year, 1, 1), min(today, date(year, 12, 31)))
    found = due.unpaid(words.pack(), unit, months)
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    known = names.persons([it.person for it in page.object_list])
    context: dict[str, Any] = {"unit": unit, "above": places.above(unit), "year": year, "page": page}
    context["lines"] = [(it, known.get(it.person, telling.OUTSIDE), paying.role(it)) for it in page.object_list]
    by_month = [(month, [it for it in found if it.month == month]) for month in months]
    context["months"] = [
        (month, len({it.person for it in lines}), paying.total(lines)) for month, lines in by_month if lines
    ]
    return render(request, "flag_pay_gaps.html", context | {"total": paying.total(found)})


@permission("records.export")
@delicate
def workbook_of(request: PersonRequest, pk: int) -> FileResponse:
    found = _sheet(pk)
    lines = [due.read(found.month, it) for it in found.lines]
    title = f"{found}表-{found.unit.name}（{services.STATES[found.state]}）"
    says = personal.exported(request, len(lines), table="pay_sheet", what="flag_pay", unit=found.unit_id, of=title)
    return workbook.answer(title, paying.HEAD, paying.cells(lines), says=says, totals=(len(paying.HEAD) - 1,))


def _sheet(pk: int) -> PaySheet:
    return get_object_or_404(PaySheet.objects.select_related("unit"), pk=pk)


def _month(request: PersonRequest) -> date:
    """The first day of the month of `?month=`, any day of it; else of the present one."""
    day = period.parsed(request.GET.get("month")) or period.today(request.units)
    return max(day, period.EARLIEST.replace(month=2)).replace(day=1)


def _year(text: str, today: date) -> int:
    """Of `?year=`, not after this one; else this one."""
    return int(text) if text.isascii() and text.isdecimal() and 1900 < int(text) <= today.year else today.year

"""材料报表: documents written and issued, issued ones held against the records of now, regular tables, the wall of a meeting room."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.access.once import digest, once
from hangshi.claims import texts
from hangshi.files import store
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.reports import layout, queries, services, tables, verify, workbook, writing
from hangshi.reports.models import Issue
from hangshi.reports.numbers import Desk
from hangshi.web import names, opened, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.opened import RECORDS
from hangshi.web.permissions import holds, permission
from hangshi.web.workbook import TYPE as XLSX

SHOWN = 50
WALL_SECONDS = 300


@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, days, pack = places.asked(request.GET, request.unit), period.asked(request.GET, request.units), words.pack()
    templates = [it for it in pack.templates.values() if not it.unit_kinds or unit.kind in it.unit_kinds]
    issued = queries.issued(unit)[:SHOWN]
    context = {"unit": unit, "days": days, "templates": templates, "tables": pack.tables.values(), "issued": issued}
    return render(request, "reports.html", context)


@permission("figures.read")
def report(request: PersonRequest, key: str) -> HttpResponse:
    """The report as it would read now; nothing is kept until it is issued."""
    written = _written(request, key)
    return render(request, "report.html", _context(request, written))


@permission("figures.read")
def docx(request: PersonRequest, key: str) -> HttpResponse:
    """A draft to work on; what is issued is made anew and kept."""
    written = _written(request, key)
    file = layout.build(written, site=_site(request), red=bool(request.GET.get("red")))
    return _file(file, f"{written.title}（草稿）.docx", store.DOCX)


@require_POST
@permission("reports.issue")
def issue(request: PersonRequest, key: str) -> HttpResponse:
    written, number, red = _written(request, key), request.POST.get("number", ""), bool(request.POST.get("red"))

    def done() -> dict[str, Any]:
        services.check_may_issue(written, number=number, seen=request.POST.get("seen", ""))
        file = layout.build(written, site=_site(request), red=red, number=number)
        made = services.issue(written, file, number=number, on=written.day, actor=request.account.pk)
        return {"address": reverse("report_issued", args=[made.pk])}

    try:
        said = {name: request.POST.get(name, "") for name in ("number", "red", "seen")} | request.GET.dict()
        token = request.POST.get("once", "")
        answer = once(request.account.pk, token, digest(said | {"report": key}), done).answer if token else done()
    except Refused as refused:
        context = _context(request, written) | {"error": refused.sentence, "number": number, "red": red}
        return render(request, "report.html", context, status=422)
    return redirect(answer["address"])


@permission("figures.read")
def issued(request: PersonRequest, pk: int) -> HttpResponse:
    """What was issued, each number held against the records of now."""
    it = get_object_or_404(Issue.objects.select_related("unit", "issued_by"), pk=pk)
    return render(request, "report_issued.html", _verified(request, verify.verify_issue(it, words.pack())))


@permission("figures.read")
def issued_file(request: PersonRequest, pk: int) -> HttpResponse:
    it = get_object_or_404(Issue, pk=pk)
    return _file(store.read(it.sha256), f"{it.title}.docx", store.DOCX)


@require_http_methods(["GET", "POST"])
@permission("figures.read")
def verify_file(request: PersonRequest) -> HttpResponse:
    """A file that was issued here, edited since or not."""
    if request.method == "GET":
        return render(request, "report_verify.html", {})
    try:
        name, data = _uploaded(request)
        found = verify.verify_file(name, data, words.pack())
    except Refused as refused:
        return render(request, "report_verify.html", {"error": refused.sentence}, status=422)
    return render(request, "report_issued.html", _verified(request, found) | {"name": name})


@permission("figures.read")
def table(request: PersonRequest, key: str) -> HttpResponse:
    desk = _desk(request)
    return render(request, "report_table.html", _table(request, key, desk))


@permission("figures.read")
def table_workbook(request: PersonRequest, key: str) -> HttpResponse:
    desk = _desk(request)
    made = _table(request, key, desk)["made"]
    file = workbook.of(made, unit=desk.unit.name, by=request.account.name, at=timezone.now())
    return _file(file, f"{desk.unit.name}{made.table.name}.xlsx", XLSX)


@permission("figures.read")
def wall(request: PersonRequest) -> HttpResponse:
    """The tables that packs put on the wall, one after the other or the one that is asked for; read anew every few minutes."""
    desk = _desk(request)
    shown = [it for it in desk.pack.tables.values() if it.wall]
    if not shown:
        raise Http404
    at = request.GET.get("page", "1")
    number = (int(at) - 1) % len(shown) if at.isdecimal() and len(at) < 6 else 0
    made = tables.filled(shown[number], desk)
    context = {
        "desk": desk,
        "made": made,
        "number": number + 1,
        "of": len(shown),
        "seconds": WALL_SECONDS,
        "now": timezone.now(),
    }
    return render(request, "wall.html", context)


def _desk(request: PersonRequest) -> Desk:
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    return Desk(words.pack(), unit, days.period, period.parsed(request.GET.get("tree")))


def _written(request: PersonRequest, key: str) -> writing.Written:
    desk = _desk(request)
    if key not in desk.pack.templates:
        raise Http404
    return writing.write(desk.pack.templates[key], desk, day=period.today(request.units))


def _context(request: PersonRequest, written: writing.Written) -> dict[str, Any]:
    desk = written.desk
    days = period.Days(desk.period.first, desk.period.last)
    may = "reports.issue" in request.permissions
    return {
        "written": written,
        "unit": desk.unit,
        "days": days,
        "may_issue": may,
        "once": get_random_string(24),
        "number": "",
    }


def _verified(request: PersonRequest, found: verify.Verified) -> dict[str, Any]:
    """Changed records of a restricted kind are for those who may read them: others see that the number moved, not by what."""
    pack = words.pack()
    shut = {
        it.number.index
        for it in found.findings
        if it.number.key in pack.indicators
        and opened.restricted(pack.indicators[it.number.key])
        and not holds(request.grant.role, "cases.restricted")
    }
    actors = names.accounts([change.by for it in found.findings for change in it.changes])
    return {
        "found": found,
        "issue": found.issue,
        "unit": found.issue.unit,
        "shut": shut,
        "actors": actors,
        "records": RECORDS,
    }


def _table(request: PersonRequest, key: str, desk: Desk) -> dict[str, Any]:
    if key not in desk.pack.tables:
        raise Http404
    made = tables.filled(desk.pack.tables[key], desk)
    days = period.Days(desk.period.first, desk.period.last)
    above: list[Unit] = list(places.above(desk.unit))
    return {"made": made, "unit": desk.unit, "days": days, "above": above, "shown": tables.shown}


def _uploaded(request: HttpRequest) -> tuple[str, bytes]:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("report.none", "请先选一个文件（docx）。")
    if (file.size or 0) > texts.LARGEST:
        raise Refused("report.size", f"文件超过 {texts.LARGEST // 2**20} MB，没有读入。请去掉图片后再上传。")
    return file.name or "", file.read()


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def _file(data: bytes, name: str, media: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response

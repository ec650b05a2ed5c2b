"""一表通: a superior's blank form is received, its columns are confirmed once, and from then on it fills itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.audit import services as audit
from hangshi.demands import fillings
from hangshi.forms import filling, layout, proposals, services
from hangshi.forms.models import Form
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import period, places, words
from hangshi.web.delicate import delicate
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.workbook import TYPE as XLSX

SHOWN = 100


@require_GET
@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    found = below(Form.objects.select_related("unit").defer("blank"), unit).order_by("-received_on", "-pk")[:SHOWN]
    return render(request, "forms.html", {"unit": unit, "forms": found, "may": _may_write(request)})


@require_http_methods(["GET", "POST"])
@permission("forms.write")
def new(request: PersonRequest) -> HttpResponse:
    context: dict[str, Any] = {"title": request.POST.get("title", ""), "most": layout.MOST_BYTES // 2**20}
    if request.method == "GET":
        return render(request, "form_new.html", context)
    try:
        made = _received(request)
    except Refused as refused:
        return render(request, "form_new.html", context | {"error": refused.sentence}, status=422)
    return redirect("form", pk=made.pk)


def _received(request: PersonRequest) -> Form:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("form.none", "请先选一个文件（xlsx）。")
    if (file.size or 0) > layout.MOST_BYTES:
        raise Refused("form.size", f"空白表超过 {layout.MOST_BYTES // 2**20} MB，没有收下。")
    return services.receive(
        request.unit, title=request.POST.get("title", ""), name=file.name or "", data=file.read(), on=period.today(request.units), actor=request.account.pk,
    )  # fmt: skip


@require_GET
@permission("figures.read")
def form(request: PersonRequest, pk: int) -> HttpResponse:
    it = get_object_or_404(Form.objects.select_related("unit"), pk=pk)
    return render(request, "form.html", _context(request, it, request.GET))


def _context(request: PersonRequest, it: Form, said: QueryDict) -> dict[str, Any]:
    unit, days, found = places.asked(said, request.unit), period.asked(said, request.units), services.layout_of(it)
    return {
        "form": it,
        "unit": unit,
        "days": days,
        "layout": found,
        "columns": [(it, proposals.candidates(words.pack(), it.label, found.title)) for it in found.columns]
        + [(it, proposals.candidates(words.pack(), it.label)) for it in found.cells],
        "chosen": services.suggested(words.pack(), it, found),
        "targets": proposals.targets(words.pack()),
        "kinds": filling.kinds_below(unit, days.period),
        "listed": bool(proposals.lists_of(it.mapping.values())),
        "may_export": holds(request.grant.role, "records.export"),
        "may": _may_write(request),
        "fills": "forms.fill" in request.permissions,
    }


@require_POST
@permission("forms.write")
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    it = get_object_or_404(Form.objects.select_related("unit"), pk=pk)
    mapping = _mapping(request.POST)
    try:
        services.confirm(words.pack(), it, mapping=mapping, on=period.today(request.units), actor=request.account.pk)
    except Refused as refused:
        context = _context(request, it, QueryDict()) | {"error": refused.sentence, "chosen": mapping}
        return render(request, "form.html", context, status=422)
    return redirect("form", pk=it.pk)


def _mapping(said: Mapping[str, Any]) -> dict[str, str]:
    """Letter → target, of the selects `column_<letter>`."""
    return {name.removeprefix("column_"): str(it) for name, it in said.items() if name.startswith("column_")}


@require_http_methods(["GET", "POST"])
@permission("figures.read")
def filled(request: PersonRequest, pk: int) -> HttpResponse:
    """To look at; posted by whoever fills forms, it is a filling and counts as one (减负)."""
    it = get_object_or_404(Form.objects.select_related("unit"), pk=pk)
    said = request.POST or request.GET
    unit, days, today = places.asked(said, request.unit), period.asked(said, request.units), period.today(request.units)
    kind = said.get("kind", "") or next(iter(filling.kinds_below(unit, days.period)), "")
    try:
        made = filling.fill(it, unit, days.period, kind, _address(request, days), on=today)
        if request.method == "POST" and "forms.fill" in request.permissions:
            fillings.downloaded(words.pack(), it, unit, days.period, made, on=today, actor=request.account.pk)
    except Refused as refused:
        return _not_filled(request, it, refused, said)
    return _file(made.data, f"{it.title}-{unit.name}-{days.last}.xlsx")


@require_GET
@permission("records.export")
@delicate
def filled_list(request: PersonRequest, pk: int) -> HttpResponse:
    """A form whose rows are records: names leave the system with it, so it is an export."""
    it = get_object_or_404(Form.objects.select_related("unit"), pk=pk)
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    address, today = _address(request, days), period.today(request.units)
    try:
        made = filling.fill_list(words.pack(), it, unit, days.period, address, partial(_record, request), on=today)
    except Refused as refused:
        return _not_filled(request, it, refused, request.GET)
    audit.note_first("export", table="form", row=pk, path=it.path, what="list", unit=unit.pk, rows=made.numbers)
    return _file(made.data, f"{it.title}-{unit.name}-{days.last}.xlsx")


def _address(request: PersonRequest, days: period.Days) -> filling.Address:
    def address(key: str, of: Unit) -> str:
        said = urlencode({"unit": str(of.pk), "from": str(days.first), "to": str(days.last)})
        return request.build_absolute_uri(f"{reverse('indicator', args=[key])}?{said}")

    return address


def _record(request: PersonRequest, register: str, pk: int) -> str:
    return request.build_absolute_uri(reverse("record", args=[register, pk]))


def _not_filled(request: PersonRequest, it: Form, refused: Refused, said: QueryDict) -> HttpResponse:
    return render(request, "form.html", _context(request, it, said) | {"error": refused.sentence}, status=422)


def _file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


def _may_write(request: PersonRequest) -> bool:
    return holds(request.grant.role, "forms.write")

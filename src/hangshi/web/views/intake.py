"""导入: a workbook is received, its columns are confirmed, what it would change is shown, and only then it is written."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.audit import services as audit
from hangshi.intake import limits, queries, reading, services, vault
from hangshi.intake.models import Intake
from hangshi.intake.targets import target, titles
from hangshi.refusal import Refused
from hangshi.web import asking, choices, columns, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission

LISTED = 50
STATES = {
    "received": ("待核对列", "bg-blue-lt"),
    "checked": ("待写入", "bg-yellow-lt"),
    "committed": ("已写入", "bg-green-lt"),
    "undone": ("已撤销", "bg-secondary-lt"),
}


@require_GET
@permission("intake.write")
def index(request: PersonRequest) -> HttpResponse:
    found = queries.of_account(request.account.pk)[:LISTED]
    return render(request, "intake.html", {"intakes": found, "titles": _titles(request), "states": STATES})


@require_http_methods(["GET", "POST"])
@permission("intake.write")
def new(request: PersonRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "titles": _titles(request),
        "chosen": (request.POST or request.GET).get("target", ""),
        "source": request.POST.get("source", ""),
        "unit_text": request.POST.get("unit", request.unit.name),
        "unit_id": request.POST.get("unit_id", str(request.unit.pk)),
        "sources": queries.sources(request.unit),
        "most": limits.MOST_BYTES // 2**20,
    }
    if request.method == "GET":
        return render(request, "intake_new.html", context)
    try:
        made = _received(request)
    except (Refused, choices.Unclear) as refused:
        return render(request, "intake_new.html", context | {"error": refused.sentence}, status=422)
    return redirect("intake_one", pk=made.pk)


def _received(request: PersonRequest) -> Intake:
    file, key = request.FILES.get("file"), request.POST.get("target", "")
    if file is None:
        raise Refused("intake.none", "请先选一个文件（xlsx、xls、ods 或 csv）。")
    if (file.size or 0) > limits.MOST_BYTES:
        raise Refused(
            "intake.size", f"文件超过 {limits.MOST_BYTES // 2**20} MB，没有读入。请按单位或年份拆成几个文件。"
        )
    if key not in _titles(request):
        raise Refused("intake.target", "请先选择导入到哪一册；列表中没有的，是您的身份不能登记的。")
    text = request.POST.get("unit", "").strip()
    unit = choices.resolve("unit", text, request.POST.get("unit_id", "")) if text else request.unit
    return services.receive(
        words.pack(), unit, target=key, source=request.POST.get("source", ""), name=file.name or "", data=file.read(), account=request.account.pk,
    )  # fmt: skip


@require_GET
@permission("intake.write")
def one(request: PersonRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk)
    context: dict[str, Any] = {
        "intake": intake,
        "states": STATES,
        "title": _titles(request).get(intake.target, intake.target),
        "job": asking.under_way(request, intake),
    }
    if intake.state == "received" or "columns" in request.GET:
        return render(request, "intake_match.html", context | _matching(intake, request.GET.get("sheet", "")))
    return render(request, "intake_one.html", context)


def _matching(intake: Intake, sheet: str = "") -> dict[str, Any]:
    aim = target(words.pack(), intake.target)
    found = services.columns(words.pack(), intake, sheet=sheet)
    matched = {it.field for it in found}
    return {
        "aim": aim,
        "columns": found,
        "sheet": sheet or intake.sheet,
        "sheets": reading.names(vault.read(intake.pk)),
        "missing": [it.name for it in aim.fields if it.required and it.key not in matched],
        "unmatched": [it.label for it in found if not it.field],
    }


@require_POST
@permission("intake.write")
def match(request: PersonRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk)
    try:
        mapping = columns.mapping(request.POST)
        services.match(
            words.pack(), intake, mapping=mapping, sheet=request.POST.get("sheet", ""), account=request.account.pk
        )
    except Refused as refused:
        context = {
            "intake": intake,
            "states": STATES,
            "title": _titles(request).get(intake.target, intake.target),
            "error": refused.sentence,
            "said": columns.chosen(request.POST),
        }
        return render(
            request, "intake_match.html", context | _matching(intake, request.POST.get("sheet", "")), status=422
        )
    return _asked(request, intake, "intake.check", f"检查：{intake}")


@require_POST
@permission("intake.write")
def commit(request: PersonRequest, pk: int) -> HttpResponse:
    intake, way = _own(request, pk), request.POST.get("way", "")
    if intake.state != "committed":
        services.check_may_commit(intake, way=way)
    return _asked(request, intake, "intake.commit", f"写入：{intake}", way=way)


@require_POST
@permission("intake.write")
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk)
    services.check_may_undo(intake)
    return _asked(request, intake, "intake.undo", f"撤销：{intake}")


@require_GET
@permission("intake.write")
@delicate
def refused(request: PersonRequest, pk: int) -> HttpResponse:
    """The refused rows, in a workbook shaped as the user's own; it holds what the user brought, and is noted as an export."""
    intake = _own(request, pk)
    found = services.marked(words.pack(), intake)
    audit.note_first(
        "export", table="intake", what="refused", unit=intake.unit_id, rows=intake.counts.get("refused", 0)
    )
    response = HttpResponse(found, content_type=workbook.TYPE)
    response["Content-Disposition"] = "attachment; filename=refused.xlsx"
    return response


def _asked(request: PersonRequest, intake: Intake, kind: str, title: str, **said: Any) -> HttpResponse:
    return asking.once(request, intake, kind, title, intake=intake.pk, **said)


def _titles(request: PersonRequest) -> dict[str, str]:
    return titles(words.pack(), partial(holds, request.grant.role))


def _own(request: PersonRequest, pk: int) -> Intake:
    """One's own import, of a register that one may still write."""
    return get_object_or_404(queries.of_account(request.account.pk), pk=pk, target__in=list(_titles(request)))

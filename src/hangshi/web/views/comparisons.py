"""名单比对: an outside list is received, its columns are confirmed, and what it says is held against the register."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.audit import services as audit
from hangshi.intake import limits, reading
from hangshi.packs.rosters import OUTCOMES
from hangshi.refusal import Refused
from hangshi.rosters import erasing, held, lists, queries, services
from hangshi.rosters.models import Roster
from hangshi.rosters.services import STATES, Terms
from hangshi.web import asking, choices, columns, names, period, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

LISTED = 100
KEPT = 90  # days proposed
STAGES = {
    "received": ("待核对列", "bg-blue-lt"),
    "compared": ("已比对", "bg-green-lt"),
    "erased": ("已清除，只留数量", "bg-secondary-lt"),
}


@require_GET
@permission("rosters.write")
def index(request: PersonRequest) -> HttpResponse:
    found = list(queries.below(request.unit)[:LISTED])
    people = names.accounts([it.account_id for it in found])
    return render(request, "comparisons.html", {"rosters": found, "stages": STAGES, "people": people})


@require_http_methods(["GET", "POST"])
@permission("rosters.write")
def new(request: PersonRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "comparison_new.html", _form(request))
    try:
        made = _received(request)
    except (Refused, choices.Unclear) as refused:
        return render(request, "comparison_new.html", _form(request) | {"error": refused.sentence}, status=422)
    return redirect("comparison", pk=made.pk)


def _form(request: PersonRequest) -> dict[str, Any]:
    """What was typed, else what is proposed: the kind's holder and legal ground stand ready to be taken over."""
    today = timezone.localdate()
    kind = (request.POST or request.GET).get("kind", "")
    chosen = words.pack().rosters.get(kind)
    proposed = {
        "kind": kind, "holder": chosen.holder if chosen else "", "basis": chosen.basis if chosen else "", "purpose": "",
        "as_of": period.today(request.units).isoformat(), "expires_on": (today + timedelta(days=KEPT)).isoformat(),
        "unit": request.unit.name, "unit_id": str(request.unit.pk),
    }  # fmt: skip
    typed = {key: request.POST.get(key, value) for key, value in proposed.items()}
    return {"typed": typed, "kinds": words.pack().rosters, "chosen": chosen, "most": limits.MOST_BYTES // 2**20}


def _received(request: PersonRequest) -> Roster:
    file, said = request.FILES.get("file"), request.POST
    if file is None:
        raise Refused("roster.none", "请先选一个文件（xlsx、xls、ods 或 csv）。")
    if (file.size or 0) > limits.MOST_BYTES:
        raise Refused("roster.size", f"文件超过 {limits.MOST_BYTES // 2**20} MB，没有读入。请拆成几个文件。")
    text = said.get("unit", "").strip()
    unit = choices.resolve("unit", text, said.get("unit_id", "")) if text else request.unit
    terms = Terms(
        said.get("holder", ""), said.get("purpose", ""), said.get("basis", ""), _day(said.get("as_of")), _day(said.get("expires_on")),
    )  # fmt: skip
    return services.receive(
        words.pack(), unit, kind=said.get("kind", ""), terms=terms, name=file.name or "", data=file.read(), on=timezone.localdate(), account=request.account.pk,
    )  # fmt: skip


def _day(text: str | None) -> date:
    found = period.parsed(text)
    if found is None:
        raise Refused("roster.days", "请填写名单日期和保存期限。")
    return found


@require_GET
@permission("rosters.write")
def one(request: PersonRequest, pk: int) -> HttpResponse:
    roster = own(request, pk)
    if roster.state == "received":
        return render(request, "comparison_match.html", _matching(request, roster, request.GET.get("sheet", "")))
    return render(request, "comparison.html", _compared(request, roster))


def _matching(request: PersonRequest, roster: Roster, sheet: str) -> dict[str, Any]:
    kind = lists.kind_of(words.pack(), roster.kind)
    found = services.columns(words.pack(), roster, sheet=sheet)
    return {
        "roster": roster,
        "kind": kind,
        "aim": lists.target(kind),
        "columns": found,
        "sheet": sheet or roster.sheet,
        "sheets": reading.names(held.read(roster.pk)),
        "unmatched": [it.label for it in found if not it.field],
        "job": asking.under_way(request, roster),
    }


def _compared(request: PersonRequest, roster: Roster) -> dict[str, Any]:
    kind = words.pack().rosters.get(roster.kind)
    standing = roster.state == "compared"
    earlier = queries.before(roster)
    both = earlier is not None and earlier.state == "compared" and standing
    return {
        "roster": roster,
        "kind": kind,
        "stages": STAGES,
        "words": STATES,
        "outcomes": OUTCOMES,
        "tallies": queries.tallies(roster, kind) if kind else [],
        "earlier": earlier,
        "changes": _changes(roster, earlier) if both and earlier else None,
        "by": names.accounts([roster.account_id]).get(roster.account_id, ""),
        "file": not roster.file_gone,
    }


def _changes(roster: Roster, earlier: Roster) -> list[tuple[str, str, int]]:
    come, gone = queries.come(roster, earlier), queries.gone(roster, earlier)
    return [("come", "新上名单", come.count()), ("gone", "不再在名单上", gone.count())]


@require_POST
@permission("rosters.write")
def match(request: PersonRequest, pk: int) -> HttpResponse:
    """The columns are confirmed, and the comparison begins."""
    roster = own(request, pk)
    sheet = request.POST.get("sheet", "")
    try:
        mapping = columns.mapping(request.POST)
        services.match(words.pack(), roster, mapping=mapping, sheet=sheet, account=request.account.pk)
    except Refused as refused:
        if roster.state != "received":
            raise
        context = {"error": refused.sentence, "said": columns.chosen(request.POST)}
        return render(request, "comparison_match.html", _matching(request, roster, sheet) | context, status=422)
    return asking.once(request, roster, "rosters.compare", f"比对：{roster.title}", roster=roster.pk)


@require_GET
@permission("rosters.write")
@delicate
def faults(request: PersonRequest, pk: int) -> HttpResponse:
    """The rows that could not be read or are doubtful, in a workbook shaped as the user's own; noted as an export."""
    roster = own(request, pk)
    found = services.marked(words.pack(), roster)
    rows = roster.counts.get("faulty", 0)
    audit.note_first("export", table="roster", what="faults", unit=roster.unit_id, rows=rows, roster=roster.pk)
    response = HttpResponse(found, content_type=workbook.TYPE)
    response["Content-Disposition"] = "attachment; filename=faults.xlsx"
    return response


@require_POST
@permission("rosters.write")
def erase(request: PersonRequest, pk: int) -> HttpResponse:
    erasing.erase(own(request, pk), account=request.account.pk)
    return redirect("comparison", pk=pk)


def own(request: PersonRequest, pk: int) -> Roster:
    """A list compared at one's unit or below it; one of a unit above is not found."""
    return get_object_or_404(queries.below(request.unit), pk=pk)

"""数据体检: which rules are not kept at one's unit, where, and the rows that say so."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from hangshi.indicators.opened import Rows
from hangshi.packs.checks import Check
from hangshi.standards import queries
from hangshi.standards.models import Finding
from hangshi.web import opened, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    tallies = queries.tallies(unit, words.pack())
    return render(request, "findings.html", {"unit": unit, "tallies": tallies, "above": places.above(unit)})


@permission("records.read")
def check(request: PersonRequest, key: str) -> HttpResponse:
    """The open findings of one check, fifty a page."""
    it, unit = _known(key), places.asked(request.GET, request.unit)
    pages = Paginator(queries.open_findings(unit, key), SIZE)
    page = pages.get_page(request.GET.get("page"))
    found = list(page.object_list)
    names = queries.named(found)
    lines = [(finding, names.get(finding.pk, "（不在您的范围内）"), queries.sentence(it, finding)) for finding in found]
    return render(
        request,
        "findings_check.html",
        {"check": it, "unit": unit, "lines": lines, "page": page, "bound": _bound(it), "above": places.above(unit)},
    )


@permission("records.read")
def finding(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Finding.objects.select_related("unit"), pk=pk)
    it = _known(found.check_key)
    on = found.closed_on or period.today(request.units)
    rows = queries.rows(it, found, words.pack(), on)
    name = queries.named([found]).get(found.pk, "（不在您的范围内）")
    context = {"finding": found, "check": it, "name": name, "sentence": queries.sentence(it, found), "on": on}
    context |= {"rows": rows, "head": _head(it, rows), "shown": opened.shown_of(_fact(it), rows), "bound": _bound(it)}
    return render(request, "finding.html", context | {"address": _address(found)})


def _known(key: str) -> Check:
    found: Check | None = words.pack().checks.get(key)
    if found is None:
        raise Http404
    return found


def _fact(it: Check) -> str:
    return it.has.fact if it.has is not None else it.of


def _head(it: Check, rows: Rows) -> list[str]:
    return opened.head_of(_fact(it), rows)


def _address(found: Finding) -> str:
    form = {"unit": "/units/{}/", "person": "/records/persons/{}/", "household": "/records/households/{}/"}
    return form[found.about].format(found.subject)


def _bound(it: Check) -> str:
    """The bound in words, with the days from which its amounts hold."""
    if it.years is not None:
        parts = [("至少", it.years.least), ("至多", it.years.most)]
        return "、".join(f"{word}{years}年" for word, years in parts if years is not None)
    values = words.pack().standards[it.standard].values if it.standard else it.amount
    word = {"least": "不少于", "most": "不超过", "exact": "恰好"}[it.bound]
    return "；".join(f"{value.since}起{word}{value.amount:f}" for value in values)

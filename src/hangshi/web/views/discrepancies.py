"""What a comparison came to, row by row and finding by finding: read on record, judged by a person, opened as clues."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.audit import services as audit
from hangshi.packs.rosters import OUTCOMES, RosterRule
from hangshi.refusal import Refused
from hangshi.rosters import clues, lists, queries, services
from hangshi.rosters.models import Finding, Roster, Row
from hangshi.web import period, personal, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.comparisons import own

LISTED = 50
WORDS = {"possible": "可能是在册的人", "unmatched": "未对应的行", "come": "新上名单", "gone": "不再在名单上"}
HEAD = ("所在单位", "姓名", "户主", "比对情形", "线索编号", "线索阶段")


@require_GET
@permission("rosters.write")
def rows(request: PersonRequest, pk: int, state: str) -> HttpResponse:
    """Rows of one sort. What the list says of them is shown only after it is on record who looks."""
    roster = own(request, pk)
    page = _page(request, _rows(roster, state))
    return render(request, "comparison_rows.html", _shown(roster, state, page))


def _rows(roster: Roster, state: str) -> "QuerySet[Row]":
    if state in ("possible", "unmatched"):
        return queries.rows(roster, state)
    earlier = queries.before(roster)
    if state not in WORDS or earlier is None:
        raise Http404
    return queries.come(roster, earlier) if state == "come" else queries.gone(roster, earlier)


def _page(request: PersonRequest, found: "QuerySet[Any]") -> "Page[Any]":
    return Paginator(found, LISTED).get_page(request.GET.get("page"))


def _shown(roster: Roster, state: str, page: "Page[Row]") -> dict[str, Any]:
    shown = list(page.object_list)
    audit.note_first("roster_read", table="roster", row=roster.pk, path=roster.path, what=state, rows=len(shown))
    kind = words.pack().rosters.get(roster.kind)
    labels = {"name": "姓名", "born": "出生日期", "unit": "村（社区）"}
    labels |= {key: it.name for key, it in kind.columns.items()} if kind else {}
    said = queries.said(shown)
    told = {pk: "，".join(f"{labels.get(key, key)} {text}" for key, text in it.items()) for pk, it in said.items()}
    return {"roster": roster, "state": state, "heading": WORDS[state], "page": page, "rows": shown, "told": told}


@require_POST
@permission("rosters.write")
def judge(request: PersonRequest, pk: int, row: int) -> HttpResponse:
    roster = own(request, pk)
    found = get_object_or_404(Row.objects.select_related("roster"), pk=row, roster=roster)
    same = {"yes": True, "no": False}.get(request.POST.get("same", ""))
    if same is None:
        raise Refused("roster.verdict", "请选择：是这个人，或不是。")
    services.judge(words.pack(), found, same=same, account=request.account.pk)
    return redirect("comparison_rows", pk=pk, state="possible")


@require_http_methods(["GET", "POST"])
@permission("rosters.write")
def findings(request: PersonRequest, pk: int, rule: str) -> HttpResponse:
    """What one rule found; posted, clues are opened for those chosen or for all."""
    roster = own(request, pk)
    said = _rule(roster, rule)
    if request.method == "GET":
        return render(request, "comparison_findings.html", _found(request, roster, rule, said))
    try:
        opened = clues.open_clues(
            words.pack(), roster, rule=rule, chosen=_chosen(request), on=period.today(request.units), account=request.account.pk
        )  # fmt: skip
    except Refused as refused:
        context = _found(request, roster, rule, said) | {"error": refused.sentence}
        return render(request, "comparison_findings.html", context, status=422)
    address = reverse("comparison_findings", kwargs={"pk": pk, "rule": rule})
    return redirect(f"{address}?{urlencode({'opened': opened})}")


def _rule(roster: Roster, rule: str) -> RosterRule:
    found: RosterRule | None = lists.kind_of(words.pack(), roster.kind).rules.get(rule)
    if found is None:
        raise Http404
    return found


def _chosen(request: PersonRequest) -> list[int] | None:
    """None: all that wait. An id that is none is passed over: it names no finding."""
    if request.POST.get("which") == "all":
        return None
    said = request.POST.getlist("chosen")
    return [int(it) for it in said if it.isascii() and it.isdecimal() and len(it) < 19]


def _found(request: PersonRequest, roster: Roster, rule: str, said: RosterRule) -> dict[str, Any]:
    found = queries.findings(roster, rule)
    page = _page(request, found)
    shown, opened = list(page.object_list), request.GET.get("opened", "")
    audit.note_first("roster_read", table="roster", row=roster.pk, path=roster.path, what=rule, rows=len(shown))
    return {
        "roster": roster, "rule": said, "key": rule, "outcome": OUTCOMES[said.expects], "page": page, "findings": shown,
        "waiting": found.filter(case=None).count(), "opened": opened if opened.isascii() and opened.isdecimal() and len(opened) < 8 else "",
    }  # fmt: skip


@require_GET
@permission("rosters.write")
@delicate
def export(request: PersonRequest, pk: int, rule: str) -> FileResponse:
    """The findings of a rule with the names masked: whoever looks into one opens the clue."""
    roster = own(request, pk)
    said = _rule(roster, rule)
    found = queries.findings(roster, rule)
    title = f"{roster.title}-{OUTCOMES[said.expects]}-待核实"
    says = personal.exported(
        request, personal.counted(found), table="roster_finding", what=rule, unit=roster.unit_id, of=roster.unit.name
    )
    return workbook.answer(title, HEAD, _lines(found), says=says)


def _lines(found: "QuerySet[Finding]") -> Iterator[tuple[object, ...]]:
    for it in found.iterator(chunk_size=2000):
        home = masked(it.household.head) if it.household else ""
        number, stage = (it.case.pk, words.stage_name(it.case.kind, it.case.stage)) if it.case else (None, "")
        yield it.unit.name, masked(it.person.name), home, it.title, number, stage


def masked(name: str) -> str:
    """The surname, and a star for each further character."""
    return name[:1] + "*" * (len(name) - 1)

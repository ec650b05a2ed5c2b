"""核对材料: a report is uploaded, its numbers are held against the records, and it is shown with marks. Nothing of it is kept."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.claims import arithmetic, marked, queries, services, texts, verdicts
from hangshi.claims.extract import extract
from hangshi.refusal import Refused
from hangshi.web import period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = ("工作综述", "述职报告", "经验材料", "其他")


@dataclass(frozen=True)
class Checked:
    name: str
    raw: str
    verdicts: list[verdicts.Verdict]


@require_http_methods(["GET", "POST"])
@permission("figures.read")
def check(request: PersonRequest) -> HttpResponse:
    days, unit = period.asked(request.GET, request.units), places.asked(request.GET, request.unit)
    kind = request.POST.get("kind", KINDS[0])[:40]
    context: dict[str, Any] = {"days": days, "unit": unit, "kinds": KINDS, "kind": kind, "day": days.last}
    if request.method == "GET":
        return render(request, "claims.html", context)
    try:
        day = period.parsed(request.POST.get("on")) or days.last
        context["day"] = day
        desk = verdicts.Desk(words.pack(), unit, day, queries.confirmed(unit, kind))
        checked = _checked(request, desk)
    except Refused as refused:
        return render(request, "claims.html", context | {"error": refused.sentence}, status=422)
    if request.POST.get("as") == "docx":
        return _download(checked)
    return render(request, "claims.html", context | _found(checked))


def _checked(request: HttpRequest, desk: verdicts.Desk) -> Checked:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("report.none", "请先选一个文件（txt、docx、html 或 pdf）。")
    if (file.size or 0) > texts.LARGEST:
        raise Refused("report.size", f"文件超过 {texts.LARGEST // 2**20} MB，没有读入。请去掉图片或分开上传。")
    name = file.name or ""
    raw = texts.read(name, file.read())
    return Checked(name, raw, verdicts.check(extract(raw), raw, desk))


def _found(checked: Checked) -> dict[str, Any]:
    counts = {word: sum(it.word == word for it in checked.verdicts) for word in verdicts.WORDS}
    wrong = arithmetic.contradictions([it.claim for it in checked.verdicts], checked.raw)
    return {
        "name": checked.name,
        "pieces": marked.pieces(checked.raw, checked.verdicts),
        "verdicts": checked.verdicts,
        "counts": counts,
        "wrong": wrong,
    }


def _download(checked: Checked) -> HttpResponse:
    response = HttpResponse(marked.annotated(checked.raw, checked.verdicts), content_type=DOCX)
    response["Content-Disposition"] = "attachment; filename=checked.docx"
    return response


@require_POST
@permission("visit.write")
def bind(request: PersonRequest) -> HttpResponse:
    """A person says which definition a number means; the answer is a fragment that stands in the button's place."""
    unit = places.asked(request.GET, request.unit)
    made = services.confirm(
        words.pack(),
        unit=unit,
        report_kind=request.POST.get("kind", ""),
        subject=request.POST.get("subject", ""),
        measure=request.POST.get("measure", ""),
        definition=request.POST.get("definition", ""),
        on=period.today(request.units),
        actor=request.account.pk,
    )
    return render(request, "_claim_bound.html", {"made": made})

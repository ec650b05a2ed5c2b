"""事项看板、批次、逾期与催办、提醒函."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from hangshi.calendar.days import working_days
from hangshi.cases import queries
from hangshi.cases.models import Case, Urging
from hangshi.packs.models import CaseKind
from hangshi.registry.tree import ONE_DAY
from hangshi.web import board, desk, here, period, places, sent, words
from hangshi.web.acts import pressing
from hangshi.web.forms import Form
from hangshi.web.jinja import url
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.acts import scene_of

MOST = 100


@permission("records.read")
def show(request: PersonRequest) -> HttpResponse:
    """The kind of `?kind=`, else the latest that has open cases below the unit; a restricted one only where it is asked for."""
    unit, kinds = places.asked(request.GET, request.unit), _kinds(request)
    kind = _asked(request, kinds, unit)
    today, batch, late = period.today(request.units), request.GET.get("batch", "")[:40], request.GET.get("late") == "1"
    context: dict[str, Any] = {"unit": unit, "kinds": kinds, "kind": kind, "shown": board.SHOWN}
    context |= {"above": places.above(unit), "today": today, "batch": batch, "late": late}
    context["columns"] = board.columns(kind, unit, batch=batch, late=today if late else None) if kind else []
    context["batches"] = board.batch_names(kind, unit) if kind else []
    return render(request, "board.html", context)


@permission("records.read")
def batches(request: PersonRequest) -> HttpResponse:
    """挂牌销号: for each batch of each kind how many were listed and how many struck off."""
    today, unit = period.today(request.units), places.asked(request.GET, request.unit)
    found = [(kind, list(below(queries.batches(key, today), unit))) for key, kind in _kinds(request).items()]
    return render(request, "batches.html", {"unit": unit, "found": [it for it in found if it[1]], "today": today})


@require_http_methods(["GET", "POST"])
@permission("case.write")
def batch_new(request: PersonRequest, key: str) -> HttpResponse:
    """Several cases of a kind into one batch (挂牌): those of `?stage=`, else of any stage."""
    kind, unit = _kinds(request).get(key), places.asked(request.GET, request.unit)
    if kind is None:
        raise Http404
    scene = scene_of(request, kind=kind)
    found = list(board.unlisted(kind, unit, scene.today, stage=request.GET.get("stage", ""))[: MOST + 1])
    tells = f"只列期限最近的{MOST}件，其余的分次挂牌。" if len(found) > MOST else ""
    tells = tells if found else f"没有可以列入的{kind.name}：都已经列入批次、已经办结，或者正在中止。"
    form = Form(pressing.batch_fields(scene, found[:MOST]), sent.posted(request), request.GET.dict())
    return sent.form_page(
        request,
        form,
        lambda said: pressing.list_all(scene, found, said),
        then=lambda case: url("board", kind=key, batch=case.batch, unit=unit.pk),
        title="列入批次",
        back=url("board", kind=key, unit=unit.pk),
        heading=kind.name,
        tells=tells,
    )


@permission("records.read")
def overdue(request: PersonRequest) -> HttpResponse:
    today, unit = period.today(request.units), places.asked(request.GET, request.unit)
    found = board.to_urge(list(_kinds(request).values()), unit, today, most=MOST)
    context = {"unit": unit, "found": found, "today": today, "most": MOST, "above": places.above(unit)}
    return render(request, "overdue.html", context)


@permission("records.read")
def letter(request: PersonRequest, pk: int) -> HttpResponse:
    """An urging as a page to print."""
    cases = Case.objects.exclude(kind__in=desk.hidden(request))
    found = get_object_or_404(Urging.objects.select_related("case__unit").filter(case__in=cases), pk=pk)
    kind = words.pack().kinds.case.get(found.case.kind)
    levels = {it.key: it.name for it in kind.escalations} if kind else {}
    context: dict[str, Any] = {
        "urging": found,
        "case": found.case,
        "kind": kind,
        "level": levels.get(found.level, found.level),
        "days": (found.day - found.due_on).days,
        "working": working_days(found.due_on + ONE_DAY, found.day),
        "measures": found.case.measures.filter(done_on=None).select_related("person", "unit").order_by("pk"),
    }
    return render(request, "letter.html", context)


def _kinds(request: PersonRequest) -> dict[str, CaseKind]:
    closed = desk.hidden(request)
    known = here.only("kind.case", words.pack().kinds.case, request.unit)
    return {key: it for key, it in known.items() if key not in closed}


def _asked(request: PersonRequest, kinds: dict[str, CaseKind], unit: Any) -> CaseKind | None:
    key = request.GET.get("kind", "")
    if key:
        if key not in kinds:
            raise Http404
        return kinds[key]
    open_to_all = [key for key, kind in kinds.items() if not kind.restricted]
    rows = below(Case.objects.filter(closed_on=None, kind__in=open_to_all), unit)
    first = rows.order_by("-opened_on").values_list("kind", flat=True).first()
    return kinds[first] if first else next(iter(kinds.values()), None)

"""股份: the collectives with a register, one register on a day, its changes, and what is done to it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hangshi.packs.books import Distribution
from hangshi.registry.models import Unit
from hangshi.shares import queries
from hangshi.shares.models import GROUNDS, Change
from hangshi.web import period, places, sent, words
from hangshi.web.acts.shares import ACTS, Asked, undo_fields, undone
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50


def rule_of(unit: Unit) -> Distribution | None:
    """The pack's first rule for such a unit; None: it is no collective."""
    return next((it for it in words.pack().distributions.values() if unit.kind in it.of), None)


def collective(pk: int) -> tuple[Unit, Distribution]:
    """The unit of that number, if it is a collective in sight; else 404."""
    unit = get_object_or_404(Unit, pk=pk)
    rule = rule_of(unit)
    if rule is None:
        raise Http404
    return unit, rule


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    kept = [it for rule in words.pack().distributions.values() for it in queries.collectives(unit, rule)]
    context: dict[str, Any] = {"unit": unit, "above": places.above(unit), "may": "entry.write" in request.permissions}
    context |= {"page": Paginator(kept, SIZE).get_page(request.GET.get("page")), "own": rule_of(unit) is not None}
    context["dividends"] = list(queries.dividends(unit)[:SIZE])
    return render(request, "shares.html", context)


@permission("records.read")
def register(request: PersonRequest, pk: int) -> HttpResponse:
    """Who holds what on the day of `?on=`, today if none is said; below it the changes."""
    unit, rule = collective(pk)
    day = period.parsed(request.GET.get("on")) or period.today(request.units)
    found = queries.held(unit, on=day)
    sums, total = queries.by_kind(found), queries.decided(unit, on=day)
    names = words.options("share")
    context: dict[str, Any] = {
        "unit": unit, "rule": rule, "day": day, "above": places.above(unit), "grounds": GROUNDS, "total": total,
        "sums": [(key, names.get(key, key), sums[key]) for key in sorted(sums, key=list(names).index)],
        "left": total - sum(sums.values()), "households": sum(it.holder is not None for it in found),
        "held": Paginator(found, SIZE).get_page(request.GET.get("page")), "names": names,
        "changes": list(queries.changes(unit)[:SIZE]), "dividends": list(queries.dividends(unit)[:SIZE]),
    }  # fmt: skip
    context["acts"] = list(ACTS.items()) if "entry.write" in request.permissions else []
    return render(request, "share_register.html", context)


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None:
        raise Http404
    unit, rule = collective(pk)
    asked = Asked(unit, rule, period.today(request.units))
    form = Form(it.fields(asked), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": it.title, "back": _address(unit.pk), "heading": unit.name, "tells": it.tells}
    more["then"] = lambda change: _address(unit.pk)
    return sent.form_page(request, form, lambda said: it.run(asked, request.account.pk, said), **more)


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(Change.objects.select_related("unit", "activity"), pk=pk)
    form = Form(undo_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": f"冲销{GROUNDS[change.ground]}", "back": _address(change.unit_id)}
    more |= {"heading": change.unit.name, "tells": "原来的一笔留着，另记一笔相反的。"}
    more["then"] = lambda made: _address(change.unit_id)
    return sent.form_page(request, form, lambda said: undone(change, request.account.pk, said), **more)


def _address(unit: int) -> str:
    return reverse("share_register", args=[unit])

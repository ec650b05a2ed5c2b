"""报表目录: which forms are demanded of whom, what each costs, which items are asked twice; and a demand from its proposal to its end."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.approvals import queries as approvals
from hangshi.demands import costs, judging, likeness, queries, services
from hangshi.demands.approving import TABLE
from hangshi.demands.models import EVERY, STATES, Demand, Item
from hangshi.forms import proposals
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import desk, names, period, places, sent, words
from hangshi.web.acts.demands import ACTS, APPROVE, Doer, new_fields, numbered, proposed
from hangshi.web.forms import Form
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50
TABS = {"use": "在用", "open": "起草、待审定", "over": "到期、停用、未通过"}


@require_GET
@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, today, tab = (
        places.asked(request.GET, request.unit),
        period.today(request.units),
        request.GET.get("tab", "use"),
    )
    if tab not in TABS:
        raise Http404
    page = Paginator(queries.counted(_tabs(unit, tab, today)), SIZE).get_page(request.GET.get("page"))
    context = {
        "unit": unit, "above": places.above(unit), "tab": tab, "tabs": TABS, "states": STATES, "every": EVERY,
        "page": page, "units": _units(page), "may": "forms.write" in request.permissions, "today": today,
    }  # fmt: skip
    return render(request, "demands.html", context)


def _tabs(unit: Unit, tab: str, today: date) -> QuerySet[Demand]:
    around = queries.around(unit)
    in_use = queries.asked_on(around, today)
    if tab == "use":
        return in_use.order_by("until", "pk")
    proposed_ones = around.filter(state__in=("draft", "asked"))
    if tab == "open":
        return proposed_ones.order_by("-pk")
    return around.exclude(pk__in=in_use).exclude(pk__in=proposed_ones).order_by("-until", "-pk")


@require_http_methods(["GET", "POST"])
@permission("forms.write")
def new(request: PersonRequest) -> HttpResponse:
    """On the unit asked for and all below it, one's own if none is."""
    unit = places.asked(request.GET, request.unit)
    form = Form(new_fields(unit, period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": "提出要表", "back": reverse("demands"), "heading": unit.name, "then": _address}
    more["tells"] = "先看目录里有没有一样的。保存后是草稿，核对各项、看过用时和相近的项以后再送审。"
    return sent.form_page(request, form, lambda said: proposed(unit, request.account.pk, said), **more)


@require_GET
@permission("figures.read")
def demand(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Demand.objects.select_related("into", "renews"), pk=pk)
    return render(request, "demand.html", _context(request, found))


def _context(request: PersonRequest, found: Demand) -> dict[str, Any]:
    pack, by = words.pack(), _doer(request)
    mine = _is_mine(request, found)
    draft = found.state == "draft" and mine and "forms.write" in request.permissions
    items = list(found.items.order_by("number"))
    acts = [
        (key, it) for key, it in ACTS.items() if mine and it.permission in request.permissions and it.may(found, by)
    ]
    return {
        "demand": found, "unit_name": _units([found])[found.unit_id], "states": STATES, "every": EVERY,
        "today": by.today, "targets": proposals.targets(pack), "draft": draft, "mine": mine, "acts": acts,
        "items": [(it, proposals.candidates(pack, it.label) if draft else []) for it in items],
        "unused": [it.label for it in items if not it.target and costs.known_already(pack, it.label)],
        "cost": costs.cost(pack, found, on=by.today), "standard": pack.standards.get(costs.RATE),
        "pairs": likeness.pairs(pack, found) if mine else [], "judges": mine and "forms.write" in request.permissions,
        "collects": found.state in queries.IN_USE, "fills": _may_fill(request, found, by.today),
        "approval": approvals.of_record(TABLE, found.pk).first(),
    }  # fmt: skip


@require_POST
@permission("forms.write")
def choose(request: PersonRequest, pk: int) -> HttpResponse:
    """Which items the system fills: the selects `item_<number>`."""
    found = _mine(request, pk)
    services.choose(words.pack(), found, targets=numbered(request.POST), actor=request.account.pk)
    return redirect(_address(found))


@require_POST
@permission("forms.write")
def judge(request: PersonRequest, pk: int) -> HttpResponse:
    """Of an item of this demand and one of another: `item`, `other`, `same` 1 or 0, `reason`."""
    found = _mine(request, pk)
    item, other = (_item(request, request.POST.get(name, "")) for name in ("item", "other"))
    if item.demand_id != found.pk or request.POST.get("same") not in ("0", "1"):
        raise Http404
    try:
        judging.judge(
            item, other, same=request.POST["same"] == "1", reason=request.POST.get("reason", ""),
            on=period.today(request.units), actor=request.account.pk,
        )  # fmt: skip
    except Refused as refused:
        context = _context(request, found) | {"error": refused.sentence, "wrong": (item.pk, other.pk)}
        return render(request, "demand.html", context, status=422)
    return redirect(f"{_address(found)}#like")


def _item(request: PersonRequest, said: str) -> Item:
    """Of a demand on one's own unit or below it: with an item asked from above it is for those above to compare."""
    pk = int(said) if said.isdecimal() and len(said) < 18 else 0
    found: Item = get_object_or_404(below(Item.objects.all(), request.unit), pk=pk)
    return found


@require_http_methods(["GET", "POST"])
@permission("forms.write")
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    return _acted(request, pk, name)


@require_http_methods(["GET", "POST"])
@permission(APPROVE)
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, "merge")


def _acted(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None or it.permission not in request.permissions:
        raise Http404
    found, by = _mine(request, pk), _doer(request)
    form = Form(it.fields(found, by), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": it.title, "back": _address(found), "heading": found.title, "then": _address}
    more |= {"tells": it.tells, "closed": request.method == "GET" and not it.may(found, by)}
    return sent.form_page(request, form, lambda said: it.run(found, by, said), **more)


def _units(found: Iterable[Demand]) -> dict[int, str]:
    """What the unit of each is called: one that stands above the scope is seen by its name alone."""
    over, ids = names.above(), {it.unit_id for it in found}
    seen = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))
    above = {it.unit_id: "".join(over[it.path.count("/") - 1 :][:1]) for it in found}
    return above | seen


def _mine(request: PersonRequest, pk: int) -> Demand:
    """One that is asked at one's own unit or below it; what is asked from above is read only."""
    found: Demand = get_object_or_404(below(Demand.objects.select_related("unit"), request.unit), pk=pk)
    return found


def _is_mine(request: PersonRequest, found: Demand) -> bool:
    return below(Demand.objects.filter(pk=found.pk), request.unit).exists()


def _may_fill(request: PersonRequest, found: Demand, today: date) -> bool:
    return "forms.fill" in request.permissions and queries.asked_on(Demand.objects.filter(pk=found.pk), today).exists()


def _doer(request: PersonRequest) -> Doer:
    return Doer(desk.signer(request), period.today(request.units))


def _address(found: Demand) -> str:
    return reverse("demand", args=[found.pk])

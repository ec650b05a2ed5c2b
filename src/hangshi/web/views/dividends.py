"""收益分配: a year's earnings distributed by shares, from the books down to each household; the list by group; what is not paid yet."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hangshi.shares import dividends, queries
from hangshi.shares.dividends import STATES
from hangshi.shares.models import Dividend, Part
from hangshi.web import desk, names, period, personal, sent, telling, workbook
from hangshi.web.acts import shares as register
from hangshi.web.acts.dividends import ACTS, new_fields, proposed, rule
from hangshi.web.delicate import delicate
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.shares import collective

HEAD = ("村民小组", "户编号", "户主", "股数", "每股（元）", "金额（元）", "签收")


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def new(request: PersonRequest, pk: int) -> HttpResponse:
    unit, it = collective(pk)
    asked = register.Asked(unit, it, period.today(request.units))
    form = Form(new_fields(asked), sent.posted(request), request.GET.dict())
    tells = "先提留，剩下的按股分到各户，精确到分；提出以后由另一人核对、审核，通过了才入账。"
    more: dict[str, Any] = {"title": "提出分配方案", "back": reverse("share_register", args=[pk]), "heading": unit.name}
    more |= {"tells": tells, "then": _address}
    return sent.form_page(request, form, lambda said: proposed(asked, desk.signer(request), said), **more)


@permission("records.read")
def dividend(request: PersonRequest, pk: int) -> HttpResponse:
    """How the amount came about and each household's part, by group; `only=unpaid` leaves those that have not been paid."""
    found = _found(pk)
    parts, unpaid = queries.parts(found), queries.unpaid(queries.parts(found))
    each, waiting = dividends.per_share(found), set(unpaid.values_list("pk", flat=True))
    lines = list(parts)
    left = found.pool - sum((dividends.plain(it, each) for it in found.parts.all()), Decimal(0))
    reserves = {it.key: it.name for it in rule(found).reserves}
    known = names.accounts([found.proposed_by, *([found.decided_by] if found.decided_by else [])])
    context: dict[str, Any] = {
        "it": found, "state": STATES[found.state], "each": each, "left": left, "only": request.GET.get("only", ""),
        "reserves": [(reserves.get(key, key), Decimal(amount)) for key, amount in found.reserves.items()],
        "own": found.parts.filter(holder=None).first(), "waiting": waiting, "households": len(lines),
        "groups": _groups([it for it in lines if not request.GET.get("only") or it.pk in waiting], each),
        "who": [known.get(it or 0, telling.OUTSIDE) for it in (found.proposed_by, found.decided_by)],
        "owed": sum((it.amount for it in lines if it.pk in waiting), Decimal(0)),
    }  # fmt: skip
    may = "entry.write" in request.permissions
    context["acts"] = [(key, act) for key, act in ACTS.items() if may and act.state == found.state]
    context["exports"] = "records.export" in request.permissions
    return render(request, "dividend.html", context)


def _groups(lines: list[Part], each: Decimal) -> list[tuple[str, list[tuple[Part, Decimal]], Decimal]]:
    """Group → its parts, each with what it gets of the remainder, and their sum."""
    found = []
    for name, members in groupby(lines, key=lambda it: it.holder.group if it.holder else ""):
        parts = [(it, it.amount - dividends.plain(it, each)) for it in members]
        found.append((name, parts, sum((it.amount for it, _ in parts), Decimal(0))))
    return found


@permission("records.export")
@delicate
def sheet(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The list as it is hung out and signed: by group, with names and amounts and nothing else of anybody."""
    found = _found(pk)
    each, lines = dividends.per_share(found), list(queries.parts(found))
    rows = (
        (it.holder.group, it.holder.household.number, it.holder.household.head, it.shares, each, it.amount, "")
        for it in lines
        if it.holder is not None
    )
    title = f"{found.unit.name}{found.year}年分红名单（{STATES[found.state]}）"
    says = personal.exported(request, len(lines), table="share_part", what="dividend", unit=found.unit_id, of=title)
    return workbook.answer(title, HEAD, rows, says=says, totals=(3, 5))


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None:
        raise Http404
    found = _found(pk)
    form = Form(it.fields(found, period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {
        "title": it.title,
        "back": _address(found),
        "heading": f"{found.unit.name}{found.year}年收益分配",
    }
    more |= {"tells": it.tells, "closed": request.method == "GET" and found.state != it.state}

    def do(said: dict[str, Any]) -> Dividend:
        it.run(found, desk.signer(request), said)
        return found

    return sent.form_page(request, form, do, then=_address, **more)


def _found(pk: int) -> Dividend:
    return get_object_or_404(Dividend.objects.select_related("unit", "activity"), pk=pk)


def _address(found: Dividend) -> str:
    return reverse("dividend", args=[found.pk])

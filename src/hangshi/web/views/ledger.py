"""账本: the books of a unit, and one of them entry by entry with its running balance."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from hangshi.entitlements import queries as entitlements
from hangshi.ledger import chains, queries, tiers
from hangshi.packs.models import EntryKind
from hangshi.registry.models import Unit
from hangshi.web import period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50
SOON = 90  # days within which the end of a contract is announced
BASIS = {"gross": "毛收入，不扣成本", "net": "纯收入，已扣成本"}
ACCOUNTING = {"cash": "收付实现制，按实际收付", "accrual": "权责发生制，按应收应付"}


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    """Every book of the packs, with what was booked over the days; of a standing one, what is in force on the last."""
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    sums = queries.books(unit, days.first, days.last)
    books = []
    for key, kind in words.pack().kinds.entry.items():
        amount = (
            queries.total(queries.below(queries.standing_on(days.last, kind=key), unit))
            if kind.standing
            else sums.get(key)
        )
        books.append((kind, amount, words.MEASURES[kind.unit]))
    context = {
        "unit": unit,
        "above": places.above(unit),
        "days": days,
        "books": books,
        "tiers": words.pack().tiers.values(),
        "chains": words.pack().chains.values(),
    }
    restricted = "people.restricted" in request.permissions
    context["flag_pay"] = restricted and any(it.rises for form in words.pack().schemes.values() for it in form.effects)
    context["entitlements"] = words.pack().entitlements.values() if restricted else ()
    return render(request, "ledger.html", context)


@permission("records.read")
def book(request: PersonRequest, key: str) -> HttpResponse:
    """One book over the days: what was there before, each entry with the balance after it, what is there at the end.

    Of a standing one what is in force on the last day; `booked` shows its entries all the same.
    """
    kind = _kind(key)
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    if kind.standing and not request.GET.get("booked"):
        return _standing(request, kind, unit, days)
    account = queries.account(key, unit, days.first, days.last)
    page = Paginator(queries.running(key, unit, days.first, days.last), SIZE).get_page(request.GET.get("page"))
    lines = [(it, account.before + it.run) for it in page.object_list]
    context = {"kind": kind, "unit": unit, "above": places.above(unit), "days": days, "account": account}
    return render(request, "book.html", context | {"page": page, "lines": lines, "measure": words.MEASURES[kind.unit]})


def _standing(request: PersonRequest, kind: EntryKind, unit: Unit, days: period.Days) -> HttpResponse:
    """The contracts in force on the last of the days, each once; `ending` leaves those that end within the next days."""
    found, soon = queries.terms(kind.key, unit, on=days.last), days.last + timedelta(days=SOON)
    listed = found.filter(until__lte=soon) if request.GET.get("ending") else found
    context = {"kind": kind, "unit": unit, "above": places.above(unit), "days": days, "soon": SOON, "last": soon}
    context |= {"total": queries.total(found), "page": Paginator(listed, SIZE).get_page(request.GET.get("page"))}
    context |= {"ending": found.filter(until__lte=soon).count(), "measure": words.MEASURES[kind.unit]}
    return render(request, "standing.html", context)


@permission("records.read")
def tier(request: PersonRequest, key: str) -> HttpResponse:
    """How many units stand in which tier, by which modes and sources, and what is missing to each target."""
    it = words.pack().tiers.get(key)
    if it is None:
        raise Http404
    unit, days, kind = (
        places.asked(request.GET, request.unit),
        period.asked(request.GET, request.units),
        _kind(it.entry),
    )
    found = tiers.standings(it, unit, days.first, days.last)
    context = {"tier": it, "kind": kind, "unit": unit, "above": places.above(unit), "days": days, "found": found}
    context |= {"bands": tiers.bands(it, found), "reached": list(tiers.reached(it, found)), "basis": _basis(kind)}
    context["parts"] = [
        (title, names, tiers.by_source(kind.key, unit, days.first, days.last, field=field))
        for title, field, names in _parts(kind)
    ]
    return render(request, "tier.html", context | {"measure": words.MEASURES[kind.unit]})


@permission("records.read")
def chain(request: PersonRequest, key: str) -> HttpResponse:
    """How far the money has come at each unit, beside the standard; `only=open` leaves out where all is in order."""
    it = words.pack().chains.get(key)
    if it is None:
        raise Http404
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    found = chains.lines(it, unit, days.first, days.last, words.pack().standards)
    open_ = [line for line in found if line.exceeding or (line.lacking or 0) > 0]
    page = Paginator(open_ if request.GET.get("only") else found, SIZE).get_page(request.GET.get("page"))
    context = {"it": it, "unit": unit, "above": places.above(unit), "days": days, "page": page, "open": len(open_)}
    context |= {"steps": [_kind(step) for step in it.steps], "totals": chains.totals(it, found)}
    return render(request, "chain.html", context)


def _parts(kind: EntryKind) -> list[tuple[str, str, dict[str, str]]]:
    """What the book is split by: its sources, and each extra field that is a choice."""
    split = [("按来源", "source", dict(kind.sources))] if kind.sources else []
    return split + [
        (f"按{it.name}", field, dict(it.choices)) for field, it in kind.fields.items() if it.type == "choice"
    ]


def _basis(kind: EntryKind) -> str:
    """The 口径 of the book in words."""
    parts = (BASIS.get(kind.basis, ""), ACCOUNTING.get(kind.accounting, ""))
    return "、".join(filter(None, parts))


@permission("people.restricted")
def entitlement(request: PersonRequest, key: str) -> HttpResponse:
    """Who is owed what for a month or a year and what is missing; those that are settled are left out unless asked for."""
    it = words.pack().entitlements.get(key)
    if it is None:
        raise Http404
    unit, day = (
        places.asked(request.GET, request.unit),
        period.parsed(request.GET.get("month")) or period.today(request.units),
    )
    found = entitlements.owed(it, unit, day)
    listed = found if request.GET.get("all") else entitlements.gaps(found)
    page = Paginator(listed, SIZE).get_page(request.GET.get("page"))
    context = {
        "it": it,
        "unit": unit,
        "above": places.above(unit),
        "month": entitlements.month_of(day)[0],
        "span": f"{day:%Y}年" if it.every == "year" else f"{day:%Y年%m月}",
        "page": page,
    }
    context |= {"totals": entitlements.totals(found), "roles": words.pack().kinds.duty[it.duty].roles}
    return render(request, "entitlement.html", context)


def _kind(key: str) -> EntryKind:
    found = words.pack().kinds.entry.get(key)
    if found is None:
        raise Http404
    return found

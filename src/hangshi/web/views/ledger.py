"""账本: the books of a unit, and one of them entry by entry with its running balance."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from hangshi.ledger import queries
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from hangshi.web import period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    """Every book of the packs, with what was booked over the days; of a standing one, what is in force on the last."""
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    sums = queries.books(unit, days.first, days.last)
    books = []
    for key, kind in words.pack().kinds.entry.items():
        amount = queries.total(queries.below(queries.standing_on(days.last, kind=key), unit)) if kind.standing else sums.get(key)
        books.append((kind, amount, words.MEASURES[kind.unit]))
    return render(request, "ledger.html", {"unit": unit, "above": places.above(unit), "days": days, "books": books})


@permission("records.read")
def book(request: PersonRequest, key: str) -> HttpResponse:
    """One book over the days: what was there before, each entry with the balance after it, what is there at the end."""
    kind = _kind(key)
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    account = queries.account(key, unit, days.first, days.last)
    page = Paginator(queries.running(key, unit, days.first, days.last), SIZE).get_page(request.GET.get("page"))
    lines = [(it, account.before + _run(it)) for it in page.object_list]
    context = {"kind": kind, "unit": unit, "above": places.above(unit), "days": days, "account": account}
    return render(request, "book.html", context | {"page": page, "lines": lines, "measure": words.MEASURES[kind.unit]})


def _run(entry: Entry) -> Decimal:
    return entry.run  # type: ignore[attr-defined, no-any-return]  # annotated by `running`


def _kind(key: str) -> EntryKind:
    found = words.pack().kinds.entry.get(key)
    if found is None:
        raise Http404
    return found

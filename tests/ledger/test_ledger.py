from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger import queries, services
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of

DAY, LAST = date(2017, 7, 1), date(2017, 12, 31)
BENEFIT = EntryKind(key="benefit", name="群众受益", unit="yuan", sources={"rent": "租金", "wage": "工资"})
LAND = EntryKind(key="land_contract", name="土地流转", unit="mu", standing=True)
INCOME = EntryKind(key="household_income", name="户人均收入", unit="yuan", subject="household", once_a="year")


def book(land: SimpleNamespace, kind: EntryKind = BENEFIT, **given: object) -> Entry:
    common = {"unit": land.bay, "amount": Decimal("100.50"), "on": DAY, "actor": 7}
    return services.book(kind, **(common | ({"source": "rent"} if kind is BENEFIT else {}) | given))


def test_a_reversal_takes_the_amount_off_and_leaves_the_entry(land: SimpleNamespace) -> None:
    entry = book(land)
    back = services.reverse(entry, on=LAST, reason="重复入账", actor=8)
    assert (back.amount, back.reverses_id, back.path, back.recorded_by) == (
        Decimal("-100.50"),
        entry.pk,
        land.bay.path,
        8,
    )
    assert Entry.objects.get(pk=entry.pk).amount == Decimal("100.50")
    assert queries.total(queries.booked(DAY, LAST, kind="benefit")) == 0
    assert queries.total(queries.booked(DAY, date(2017, 12, 30), kind="benefit")) == Decimal("100.50")


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [(date(2017, 6, 30), "错", "entry.dates"), (LAST, " ", "entry.reason"), (LAST, "错", None)],
)
def test_how_an_entry_is_reversed(land: SimpleNamespace, on: date, reason: str, code: str | None) -> None:
    assert refusal_of(services.reverse, book(land), on=on, reason=reason, actor=None) == code


def test_an_entry_is_reversed_once_and_a_reversal_never(land: SimpleNamespace) -> None:
    entry = book(land)
    back = services.reverse(entry, on=LAST, reason="错", actor=None)
    assert refusal_of(services.reverse, entry, on=LAST, reason="错", actor=None) == "entry.reversed"
    assert refusal_of(services.reverse, back, on=LAST, reason="错", actor=None) == "entry.reversal"


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (BENEFIT, {"amount": 0}, "entry.amount"),
        (BENEFIT, {"amount": Decimal(-1)}, "entry.amount"),
        (BENEFIT, {"amount": Decimal("NaN")}, "entry.amount"),
        (BENEFIT, {"amount": Decimal("0.001")}, "entry.cents"),
        (BENEFIT, {"source": "gift"}, "entry.source"),
        (BENEFIT, {"since": DAY}, "entry.dates"),
        (BENEFIT, {"on": date(2015, 1, 1)}, "entry.unit_ended"),
        (LAND, {}, "entry.dates"),
        (LAND, {"since": LAST, "until": DAY}, "entry.dates"),
        (LAND, {"since": DAY, "until": LAST}, None),
        (INCOME, {}, "entry.subject"),
    ],
)
def test_what_is_refused(land: SimpleNamespace, kind: EntryKind, given: dict[str, object], code: str | None) -> None:
    assert refusal_of(book, land, kind, **given) == code


def test_a_standing_amount_counts_on_its_first_and_its_last_day(land: SimpleNamespace) -> None:
    book(land, LAND, since=DAY, until=LAST)
    days = (date(2017, 6, 30), DAY, LAST, date(2018, 1, 1))
    assert [queries.total(queries.standing_on(day, kind="land_contract")) for day in days] == [
        0,
        Decimal("100.50"),
        Decimal("100.50"),
        0,
    ]


def test_once_a_year_means_once_unless_it_was_reversed(land: SimpleNamespace, people: SimpleNamespace) -> None:
    first = book(land, INCOME, household=people.zhao)
    assert refusal_of(book, land, INCOME, household=people.zhao, on=LAST) == "entry.once"
    assert refusal_of(book, land, INCOME, household=people.zhao, on=date(2018, 1, 1)) is None
    services.reverse(first, on=LAST, reason="错", actor=None)
    assert refusal_of(book, land, INCOME, household=people.zhao, on=LAST) is None
    assert refusal_of(book, land, INCOME, unit=land.hill, household=people.zhao) == "entry.subject_unit"


def test_of_two_who_reverse_an_entry_at_once_one_does(committed: None) -> None:
    with acting(EVERYTHING):
        entry = services.book(LAND, unit=make("county", "示例县", None), amount=5, on=DAY, since=DAY, actor=None)
    results = at_once(lambda _: refusal_of(services.reverse, entry, on=LAST, reason="错", actor=None))
    with acting(EVERYTHING):
        assert (set(results), Entry.objects.count()) == ({None, "entry.reversed"}, 2)

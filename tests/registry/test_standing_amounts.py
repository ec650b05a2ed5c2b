"""A land contract outlives its village: a merger takes it along, and a village that has one is not closed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.ledger import queries, services
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from hangshi.registry import services as units
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper
from tests.land import FIRST, make
from tests.refusals import refusal_of

JUNE_30, JULY_1, NEXT_JUNE_30 = date(2017, 6, 30), date(2017, 7, 1), date(2018, 6, 30)
LAND = EntryKind(key="land_contract", name="土地流转", unit="mu", standing=True)
FUND = EntryKind(key="fund", name="经费", unit="yuan")


def contract(unit: Unit, mu: str, since: date, until: date | None) -> Entry:
    return services.book(LAND, unit=unit, amount=Decimal(mu), on=since, since=since, until=until, actor=None)


def land_of(unit: Unit, day: date) -> Decimal:
    """What is in force on that day at the unit and at all below it on today's tree."""
    path = Unit.objects.get(pk=unit.pk).path
    here = queries.standing_on(day, kind="land_contract").filter(path__gte=path, path__lt=upper(path))
    return queries.total(here)


def rows(unit: Unit) -> list[tuple[date, date, date | None, Decimal]]:
    return list(Entry.objects.filter(unit=unit).order_by("pk").values_list("day", "since", "until", "amount"))


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (None, "unit.left"),
        (JULY_1, "unit.left"),  # in force on the day after the unit's last
        (JUNE_30, None),  # its last day is the unit's
    ],
)
def test_a_unit_with_a_contract_in_force_is_not_closed(
    land: SimpleNamespace, until: date | None, code: str | None
) -> None:
    contract(land.ditch, "60", FIRST, until)
    assert refusal_of(units.close, land.ditch, on=JUNE_30, actor=None) == code


def test_the_refusal_names_the_contracts(land: SimpleNamespace) -> None:
    contract(land.ditch, "60", FIRST, None)
    with pytest.raises(Exception, match="“西沟村”还有1笔仍在生效的台账（如土地流转合同），请先转出或办结。"):
        units.close(land.ditch, on=JUNE_30, actor=None)


def test_what_was_booked_once_or_reversed_does_not_hold_a_unit(land: SimpleNamespace) -> None:
    services.book(FUND, unit=land.ditch, amount=500, on=FIRST, actor=None)
    services.reverse(contract(land.ditch, "60", FIRST, None), on=FIRST, reason="记错村", actor=None)
    assert refusal_of(units.close, land.ditch, on=JUNE_30, actor=None) is None


def test_a_merger_cuts_the_contract_and_goes_on_with_it(land: SimpleNamespace) -> None:
    contract(land.bay, "60", FIRST, NEXT_JUNE_30)
    units.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    assert rows(land.bay) == [(FIRST, FIRST, JUNE_30, Decimal("60.00"))]
    assert rows(land.hill) == [(JULY_1, JULY_1, NEXT_JUNE_30, Decimal("60.00"))]


def test_the_land_is_counted_once_on_every_day(land: SimpleNamespace) -> None:
    contract(land.bay, "60", FIRST, NEXT_JUNE_30)
    contract(land.hill, "40", FIRST, None)
    units.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    days = (JUNE_30, JULY_1, NEXT_JUNE_30, date(2018, 7, 1))
    assert [land_of(land.hill, day) for day in days] == [100, 100, 100, 40]
    assert [land_of(land.bay, day) for day in days] == [60, 0, 0, 0]


def test_a_contract_that_begins_on_the_day_only_changes_its_unit(land: SimpleNamespace) -> None:
    contract(land.bay, "60", JULY_1, None)
    units.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    assert rows(land.bay) == []
    assert rows(land.hill) == [(JULY_1, JULY_1, None, Decimal("60.00"))]


def test_a_contract_that_begins_later_holds_the_merger_up(land: SimpleNamespace) -> None:
    contract(land.bay, "60", date(2017, 8, 1), None)
    assert refusal_of(units.merge, [land.bay], into=land.hill, on=JULY_1, actor=None) == "unit.later"


def test_a_reversed_contract_stays_with_the_past_and_is_nothing(land: SimpleNamespace) -> None:
    services.reverse(contract(land.bay, "60", FIRST, None), on=FIRST, reason="记错村", actor=None)
    units.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    assert [row[3] for row in rows(land.bay)] == [Decimal("60.00"), Decimal("-60.00")]
    assert [rows(land.hill), land_of(land.hill, JULY_1)] == [[], 0]


def test_a_split_hands_the_contract_to_the_heir(land: SimpleNamespace) -> None:
    contract(land.ditch, "60", FIRST, None)
    assert refusal_of(units.split, land.ditch, names=["上沟村", "下沟村"], on=JULY_1, actor=None) == "unit.left"
    upper_village, lower_village = units.split(land.ditch, names=["上沟村", "下沟村"], heir=1, on=JULY_1, actor=None)
    assert [land_of(village, JULY_1) for village in (upper_village, lower_village)] == [0, 60]


def test_what_was_booked_once_stays_where_it_was_booked(land: SimpleNamespace) -> None:
    services.book(FUND, unit=land.bay, amount=500, on=JULY_1, actor=None)
    heir = make("village", "新村", land.east)
    units.merge([land.bay], into=heir, on=JULY_1, actor=None)
    assert list(Entry.objects.values_list("unit", "amount")) == [(land.bay.pk, Decimal("500.00"))]

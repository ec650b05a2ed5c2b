"""Tiers and targets of villages, contracts renewed without counting a day twice."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger import queries, services, tiers
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.packs.books import Target, Tier
from hangshi.registry.models import Unit
from tests.land import make
from tests.refusals import refusal_of
from tests.web.conftest import sign_in, town

__all__ = ["sign_in", "town"]

KINDS = load("base", "ankang").kinds.entry
INCOME, LAND = KINDS["collective_income"], KINDS["land_contract"]
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
RICH = Tier(
    key="rich",
    name="富裕村",
    entry="collective_income",
    of=["village"],
    bounds=[Decimal(it) for it in (0, 50_000, 300_000, 500_000, 1_000_000)],
    targets=[Target(at=Decimal(300_000), count=3), Target(at=Decimal(1_000_000), count=1)],
)


def income(unit: Unit, amount: str, on: date = LAST, mode: str = "rent") -> Entry:
    return services.book(INCOME, unit=unit, amount=Decimal(amount), on=on, actor=None, extra={"mode": mode})


@pytest.fixture
def villages(land: SimpleNamespace) -> SimpleNamespace:
    """Of six villages: 1,000,000.00 / 300,000.00 / 299,999.99 / 50,000.00 / 0.01 / nothing in 2020."""
    more = [make("village", name, land.west) for name in ("新村", "上村", "下村")]
    named = [land.bay, land.hill, land.ditch, *more]
    for unit, amount in zip(named, ("1000000", "300000", "299999.99", "50000", "0.01"), strict=False):
        income(unit, amount)
    income(more[2], "800000", date(2019, 12, 31))  # of another year
    return SimpleNamespace(land=land, all=named)


def test_each_village_is_in_one_tier_at_its_bound_in_the_higher(villages: SimpleNamespace):
    found = tiers.standings(RICH, villages.land.county, FIRST, LAST)
    assert [(it.low, it.high, it.units, it.amount) for it in tiers.bands(RICH, found)] == [
        (None, None, 1, Decimal("0.00")),
        (0, 50_000, 1, Decimal("0.01")),
        (50_000, 300_000, 2, Decimal("349999.99")),
        (300_000, 500_000, 1, Decimal("300000.00")),
        (500_000, 1_000_000, 0, Decimal("0.00")),
        (1_000_000, None, 1, Decimal("1000000.00")),
    ]


def test_a_target_nests_and_names_the_nearest_with_what_each_lacks(villages: SimpleNamespace):
    found = tiers.standings(RICH, villages.land.county, FIRST, LAST)
    three, one = tiers.reached(RICH, found)
    assert (three.units, three.gap, one.units, one.gap) == (2, 1, 1, 0)
    assert [(it.name, lacks) for it, lacks in three.nearest][:2] == [
        ("西沟村", Decimal("0.01")),
        ("新村", Decimal("250000.00")),
    ]


def test_the_targets_of_baoshan_are_100_50_and_15_villages(villages: SimpleNamespace):
    tier = load("base", "baoshan").tiers["rich_village"]
    found = tiers.standings(tier, villages.land.county, FIRST, LAST)
    said = [(str(it.target.at), it.target.count, it.units, it.gap) for it in tiers.reached(tier, found)]
    assert said == [("300000", 100, 2, 98), ("500000", 50, 1, 49), ("1000000", 15, 1, 14)]


def test_a_reversal_moves_a_village_down(villages: SimpleNamespace):
    services.reverse(Entry.objects.get(amount=300_000), on=LAST, reason="虚报", actor=None)
    found = tiers.standings(RICH, villages.land.east, FIRST, LAST)
    assert [(it.name, it.amount) for it in found] == [("东湾村", Decimal("1000000.00")), ("东坡村", Decimal("0.00"))]
    assert tiers.bands(RICH, found)[0].units == 1  # an empty shell again


def test_income_is_split_by_mode(land: SimpleNamespace):
    income(land.bay, "30.00", mode="rent")
    income(land.hill, "12.50", mode="share")
    income(land.hill, "5.00", mode="rent")
    split = tiers.by_source("collective_income", land.east, FIRST, LAST, field="mode")
    assert list(split.items()) == [("rent", Decimal("35.00")), ("share", Decimal("12.50"))]


def test_the_page_of_tiers_says_the_basis_and_counts_one_s_own(town, sign_in: Callable[[str], Client]):
    with acting(EVERYTHING):
        Unit.objects.update(extra={"report_day": "2020-12-31"})
        income(town["东湾村"], "60000.00")
        income(town["西沟村"], "70000.00")
    page = sign_in("zhen").get("/ledger/tiers/collective_income/").content.decode()
    assert "口径：毛收入，不扣成本、收付实现制" in page
    line = page.split("50,000元以上，不到 30万元")[1].split("</tr>")[0]
    assert ('data-label="单位数">1<' in line, "60,000" in line) == (True, True)
    assert sign_in("zhen").get("/ledger/tiers/nothing/").status_code == 404


class TestRenewal:
    @pytest.fixture
    def contract(self, land: SimpleNamespace) -> Entry:
        given = {"since": FIRST, "until": date(2024, 12, 31), "on": FIRST, "actor": None}
        return services.book(LAND, unit=land.bay, amount=Decimal("120.50"), **given)

    def renew(self, contract: Entry, since: date) -> Entry:
        return services.renew(
            LAND,
            contract,
            since=since,
            until=None,
            amount=Decimal("130.00"),
            on=date(2024, 1, 5),
            reason="续签",
            actor=None,
        )

    def test_no_day_counts_both(self, contract: Entry):
        self.renew(contract, date(2024, 2, 1))
        days = (FIRST, date(2024, 1, 31), date(2024, 2, 1), date(2024, 12, 31), date(2030, 1, 1))
        on = [queries.total(queries.standing_on(day, kind="land_contract")) for day in days]
        assert on == [Decimal(it) for it in ("120.50", "120.50", "130.00", "130.00", "130.00")]

    def test_after_its_end_the_earlier_contract_stays_as_it_is(self, contract: Entry):
        self.renew(contract, date(2025, 1, 1))
        assert Entry.objects.count() == 2

    def test_a_contract_is_renewed_once_and_not_back(self, contract: Entry):
        assert refusal_of(self.renew, contract, FIRST) == "entry.dates"
        self.renew(contract, date(2024, 2, 1))
        assert refusal_of(self.renew, contract, date(2024, 3, 1)) == "entry.reversed"

    def test_what_is_booked_once_is_not_renewed(self, land: SimpleNamespace):
        entry = income(land.bay, "5.00")
        given = {"since": LAST, "until": None, "amount": 5, "on": LAST, "reason": "续", "actor": None}
        assert refusal_of(services.renew, INCOME, entry, **given) == "entry.not_standing"

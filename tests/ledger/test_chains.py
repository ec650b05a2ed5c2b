"""Money on its way: budget, allocated, paid, spent, beside the standard of the year."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger import chains, services
from hangshi.packs import load
from hangshi.registry.models import Unit
from tests.web.conftest import party, sign_in, town

__all__ = ["party", "sign_in", "town"]

PACK = load("base", "ankang")
CHAIN = PACK.chains["party_work_fund"]
FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)


def book(step: str, unit: Unit, amount: str, on: date = date(2017, 3, 1)) -> None:
    services.book(PACK.kinds.entry[step], unit=unit, amount=Decimal(amount), on=on, actor=None)


@pytest.fixture
def funds(land: SimpleNamespace) -> SimpleNamespace:
    """东湾: 6000 → 6000 → 5000.50 → 5000.50. 东坡: a budget of 4000 only, and 4100 paid."""
    for step, amount in zip(CHAIN.steps, ("6000", "6000", "5000.50", "5000.50"), strict=True):
        book(step, land.bay_branch, amount)
    book("branch_fund_budget", land.hill_branch, "4000")
    book("branch_fund", land.hill_branch, "4100")
    book("branch_fund_budget", land.hill_branch, "9000", on=date(2018, 1, 1))  # of the next year
    return land


def test_each_unit_shows_every_step_and_what_it_lacks_to_the_standard(funds: SimpleNamespace):
    bay, hill = chains.lines(CHAIN, funds.county, FIRST, LAST, PACK.standards)
    assert [str(it) for it in bay.sums] == ["6000.00", "6000.00", "5000.50", "5000.50"]
    assert (bay.exceeding, str(bay.lacking)) == ([], "-1000.00")
    assert [str(it) for it in hill.sums] == ["4000.00", "0.00", "4100.00", "0.00"]
    assert (hill.exceeding, str(hill.lacking)) == ([2], "1000.00")
    assert [str(it) for it in chains.totals(CHAIN, [bay, hill])] == ["10000.00", "6000.00", "9100.50", "5000.50"]


def test_before_the_standard_nothing_is_lacking(funds: SimpleNamespace):
    line = chains.lines(CHAIN, funds.bay, date(2016, 1, 1), date(2016, 12, 31), PACK.standards)[0]
    assert (line.standard, line.lacking) == (None, None)


def test_the_page_marks_what_is_not_in_order(town, party, sign_in: Callable[[str], Client]):
    with acting(EVERYTHING):
        Unit.objects.filter(kind="township").update(extra={"report_day": "2017-10-31"})
        book("branch_fund_budget", town["东湾村党支部"], "4500.00")
        book("branch_fund_allocated", town["东湾村党支部"], "4600.00")
    page = sign_in("zhen").get("/ledger/chains/party_work_fund/?only=open").content.decode()
    for said in ("东湾村党支部", "党建工作经费下达多于党建工作经费预算", "预算低于标准 500"):
        assert said in page
    assert "西沟村党支部" not in page
    assert sign_in("zhen").get("/ledger/chains/nothing/").status_code == 404

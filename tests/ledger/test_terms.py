"""Contracts in force on a day: each once, whatever was renewed, corrected or undone; on the page with those that end soon."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger import queries, services
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry.models import Household, Unit
from tests.refusals import refusal_of
from tests.web.conftest import sign_in, town

__all__ = ["sign_in", "town"]
LAND = load("base").kinds.entry["land_contract"]
FIRST, LAST, RENEWED = date(2017, 1, 1), date(2017, 12, 31), date(2017, 7, 1)


def contract(unit: Unit, mu: str, since: date = FIRST, until: date | None = LAST, **more: Any) -> Entry:
    said = {"since": since, "until": until, "on": since, "actor": None} | more
    return services.book(LAND, unit=unit, amount=Decimal(mu), **said)


def renew(it: Entry, mu: str, since: date = RENEWED) -> Entry:
    given: dict[str, Any] = {"on": since, "reason": "续签", "actor": None, "until": None}
    return services.renew(LAND, it, since=since, amount=Decimal(mu), **given)


def in_force(unit: Unit, on: date) -> list[str]:
    return [f"{it.amount:f}" for it in queries.terms("land_contract", unit, on=on)]


@pytest.mark.parametrize(
    ("on", "mu"),
    [
        (date(2016, 12, 31), []),
        (FIRST, ["120.50"]),
        (date(2017, 6, 30), ["120.50"]),
        (RENEWED, ["130.00"]),
        (date(2030, 1, 1), ["130.00"]),
    ],
)
def test_a_renewed_contract_is_one_on_every_day(land: SimpleNamespace, on: date, mu: list[str]) -> None:
    renew(contract(land.bay, "120.50"), "130")
    assert in_force(land.county, on) == mu
    assert in_force(land.west, on) == []


def test_what_was_undone_or_corrected_is_listed_as_it_is_now(land: SimpleNamespace) -> None:
    wrong, gone = contract(land.bay, "10"), contract(land.bay, "20")
    services.correct(LAND, wrong, amount=Decimal(11), on=RENEWED, reason="写错", actor=None)
    services.reverse(gone, on=RENEWED, reason="没有签成", actor=None)
    assert in_force(land.bay, RENEWED) == ["11.00"]


def test_the_list_adds_up_to_what_the_book_has_in_force(land: SimpleNamespace) -> None:
    renew(contract(land.bay, "10"), "12.25")
    contract(land.hill, "30", until=None)
    services.reverse(contract(land.ditch, "5"), on=RENEWED, reason="没有签成", actor=None)
    for on, total in ((date(2017, 6, 30), "40.00"), (RENEWED, "42.25"), (date(2018, 1, 1), "42.25")):
        assert sum(it.amount for it in queries.terms("land_contract", land.county, on=on)) == Decimal(total)
        standing = queries.below(queries.standing_on(on, kind="land_contract"), land.county)
        assert queries.total(standing) == Decimal(total)


def test_the_soonest_to_end_comes_first_and_those_without_an_end_last(land: SimpleNamespace) -> None:
    for mu, until in (("1", None), ("2", LAST), ("3", RENEWED)):
        contract(land.bay, mu, until=until)
    assert in_force(land.bay, FIRST) == ["3.00", "2.00", "1.00"]


def test_a_contract_booked_anew_beside_the_one_it_renews_is_pointed_out(
    land: SimpleNamespace, people: SimpleNamespace
) -> None:
    first = contract(land.bay, "8", household=people.zhao)
    again = contract(land.bay, "8", since=RENEWED, household=people.zhao)
    other = contract(land.bay, "9", household=people.zhao)
    nobody = [contract(land.bay, "8") for _ in range(2)]  # no household is named: two parcels may be alike
    twins = {it.pk: it.twin for it in queries.terms("land_contract", land.bay, on=RENEWED)}
    assert twins == {first.pk: None, again.pk: first.pk, other.pk: None} | {it.pk: None for it in nobody}
    assert {it.pk: it.twin for it in queries.terms("land_contract", land.bay, on=FIRST)}[first.pk] is None


def test_a_renewal_of_what_is_undone_is_refused(land: SimpleNamespace) -> None:
    gone = contract(land.bay, "5")
    services.reverse(gone, on=RENEWED, reason="没有签成", actor=None)
    assert refusal_of(renew, gone, "6") == "entry.reversed"


@pytest.fixture
def signed(town: dict[str, Unit]) -> Unit:
    """东湾村 leases 8 mu of H1 twice over, one of them to 2017-12-31, and 20 mu without an end."""
    unit = town["东湾村"]
    with acting(EVERYTHING):
        home = Household.objects.get(number="H1")
        contract(unit, "8", household=home)
        contract(unit, "8", household=home, until=None)
        contract(unit, "20", until=None)
        contract(town["西沟村"], "500")
    return unit


def test_the_page_of_a_standing_book_lists_what_is_in_force(signed: Unit, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("zhen")
    page = client.get("/ledger/land_contract/?to=2017-10-31").content.decode()
    for said in ("2017-10-31 有效的，共 3 份", "36<", "请核对是否续签重复", "2017-01-01 至 长期", "李一"):
        assert said in page
    assert "500" not in page
    ending = client.get("/ledger/land_contract/?to=2017-10-31&ending=1").content.decode()
    assert ("到 2018-01-29 到期的，共 1 份" in ending, "2017-01-01 至 2017-12-31" in ending) == (True, True)
    assert "逐笔，共 3 笔" in client.get("/ledger/land_contract/?to=2017-10-31&booked=1").content.decode()

"""总览: few statements for what is seen first, the other figures in a block of their own, and links that keep their days."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hangshi.registry.models import Unit

SignIn = Callable[[str], Client]
DAYS = "from=2017-02-01&amp;to=2017-03-31"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_overview_costs_a_fixed_number_of_statements(sign_in: SignIn) -> None:
    client = sign_in("shi")
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/")
    assert len(seen) <= 18


def test_the_other_figures_come_in_a_block_and_by_a_link(sign_in: SignIn, town: dict[str, Unit]) -> None:
    client = sign_in("shi")
    page = body(client.get("/?from=2017-02-01&to=2017-03-31"))
    address = f"/indicators/?unit={town['city'].pk}&amp;{DAYS}"
    assert f'hx-get="{address}"' in page
    assert f'<a href="{address}">看全部' in page
    block = body(client.get(address.replace("&amp;", "&"), headers={"HX-Request": "true", "HX-Target": "figures"}))
    assert ("<html" in block, "主题党日次数" in block) == (False, True)


@pytest.mark.parametrize("key", ["theme_days", "attendance_rate", "land_mu"])
def test_the_units_are_ranked_by_the_figure_chosen(sign_in: SignIn, key: str) -> None:
    page = body(sign_in("shi").get(f"/?by={key}"))
    assert re.search(rf'<option value="{key}" selected>', page)
    assert f"/indicators/{key}/" in page


def test_an_unknown_figure_is_refused(sign_in: SignIn) -> None:
    answer = sign_in("shi").get("/?by=nonsense")
    assert (answer.status_code, "没有“nonsense”这个指标。" in body(answer)) == (400, True)


def test_the_days_go_along_to_the_pages_of_units(sign_in: SignIn, town: dict[str, Unit]) -> None:
    client, county = sign_in("shi"), town["county"].pk
    for address in ("/", "/indicators/visits/", f"/units/{town['city'].pk}/"):
        page = body(client.get(f"{address}?tab=children&from=2017-02-01&to=2017-03-31"))
        assert f"/units/{county}/?{DAYS}" in page, address


def test_the_tabs_of_a_unit_keep_its_days(sign_in: SignIn, town: dict[str, Unit]) -> None:
    page = body(sign_in("shi").get(f"/units/{town['county'].pk}/?from=2017-02-01&to=2017-03-31"))
    assert f"tab=children&amp;{DAYS}" in page


def test_what_is_recorded_from_a_units_list_is_recorded_there(sign_in: SignIn, town: dict[str, Unit]) -> None:
    village = town["东湾村"].pk
    for address in (f"/records/entries/?unit={village}", f"/units/{village}/?tab=entries"):
        assert f'href="/records/entries/new/?unit={village}"' in body(sign_in("shi").get(address)), address
    kinds = body(sign_in("shi").get(f"/records/entries/new/?unit={village}"))
    assert f'href="/records/entries/new/?unit={village}&amp;kind=collective_income"' in kinds


def test_clearing_the_filters_keeps_the_unit(sign_in: SignIn, town: dict[str, Unit]) -> None:
    village = town["东湾村"].pk
    page = body(sign_in("shi").get(f"/records/activities/?unit={village}&kind=visit"))
    assert f'href="/records/activities/?unit={village}">清空条件' in page

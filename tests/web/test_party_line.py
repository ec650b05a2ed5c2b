"""A secretary on the Party line: lists and pages of a committee below show what stands below it in the line."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry import tree
from hangshi.registry.models import Unit
from tests.web.conftest import JAN_1, PASSWORD

Town = dict[str, Unit]


@pytest.fixture
def line(town: Town, party: Any) -> Town:
    """汉滨区委 above 关庙镇党委 above 东湾村党支部; 西沟村党支部 directly below 汉滨区委. Two meetings in the one, one in the other."""
    kind = load("base", "ankang").kinds.unit["committee"]
    with acting(EVERYTHING):
        for name, place, above in (("汉滨区委", "county", None), ("关庙镇党委", "关庙镇", "汉滨区委")):
            town[name] = registry.create(kind, name=name, parent=town[place], on=JAN_1, actor=None)
            parent = town[above] if above else None
            registry.hang(town[name], line=tree.PARTY, parent=parent, on=JAN_1, actor=None)
        for branch, above in (("东湾村党支部", "关庙镇党委"), ("西沟村党支部", "汉滨区委")):
            registry.hang(town[branch], line=tree.PARTY, parent=town[above], on=JAN_1, actor=None)
        for branch, day, topic in (
            ("东湾村党支部", 3, "东一"),
            ("东湾村党支部", 4, "东二"),
            ("西沟村党支部", 5, "西一"),
        ):
            unit = town[branch]
            Activity.objects.create(kind="theme_day", unit=unit, path=unit.path, day=date(2017, 10, day), topic=topic)
        account = access.open_account("shuji", name="书记", password=PASSWORD)
        unit = town["汉滨区委"]
        access.grant(account, role="branch_secretary", unit_id=unit.pk, path=unit.path, since=JAN_1)
    return town


@pytest.fixture
def secretary(line: Town) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": "shuji", "password": PASSWORD}).status_code == 302
    return client


def told(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return [topic for topic in ("东一", "东二", "西一") if topic in page]


@pytest.mark.parametrize(
    ("name", "topics"),
    [("", ["东一", "东二", "西一"]), ("关庙镇党委", ["东一", "东二"]), ("西沟村党支部", ["西一"])],
    ids=["their own committee", "a committee below, though its branch lies in a village", "a branch"],
)
def test_a_list_holds_what_stands_below_in_the_line(
    secretary: Client, line: Town, name: str, topics: list[str]
) -> None:
    asked = f"?unit={line[name].pk}" if name else ""
    assert told(secretary, f"/records/activities/{asked}") == topics


def test_the_page_of_a_committee_below_counts_and_names_its_branches(secretary: Client, line: Town) -> None:
    unit = line["关庙镇党委"].pk
    opened = secretary.get(f"/indicators/theme_days/?unit={unit}&from=2017-10-01&to=2017-10-31").content.decode()
    assert "东湾村党支部" in opened
    assert told(secretary, f"/units/{unit}/?tab=activities") == ["东一", "东二"]
    assert "东湾村党支部" in secretary.get(f"/units/{unit}/?tab=children").content.decode()


def test_a_village_off_the_line_is_not_there(secretary: Client, line: Town) -> None:
    assert secretary.get(f"/units/{line['东湾村'].pk}/").status_code == 404

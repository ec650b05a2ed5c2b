"""电话抽查 on pages: the caller fills in four questions; others see numbers by place."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties import services as duties
from hangshi.packs import load
from hangshi.planning import services
from hangshi.planning.models import Call, Draw
from hangshi.planning.queries import bearers
from hangshi.planning.sampling import Quota
from hangshi.registry.models import Person, Unit
from tests.web.conftest import PASSWORD

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
MAY_1 = date(2017, 5, 1)
ASKED = ("现在在不在岗", "上级文件传达学习了没有", "开展谈心谈话没有", "近一个月做了村里的事没有")


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


@pytest.fixture
def draw(town: dict[str, Unit], party: dict[str, Person]) -> Draw:
    """The three members of 东湾村 made a pledge, and all were drawn."""
    with acting(EVERYTHING):
        for person in party.values():
            duties.assign(KINDS.duty["pledge"], bearer=person, target=town["东湾村"], on=MAY_1, actor=None)
        items, names = bearers(town["city"], "pledge", on=MAY_1, group="county", part="township")
        given = {"items": items, "names": names, "quota": Quota(3, 3), "on": MAY_1, "actor": None}
        frozen = services.freeze_sample(town["city"], title="抽查", **given)
        reader = access.open_account("ducha", name="督查", password=PASSWORD)
        access.grant(reader, role="reader", unit_id=town["city"].pk, path=town["city"].path, since=MAY_1)
        return services.hold(frozen, on=MAY_1, actor=None)


@pytest.fixture
def here(draw: Draw) -> str:
    return f"/draws/{draw.pk}/calls/team_calls/"


SAID = {"outcome": "answered", "q_on_post": "yes", "q_studied": "part", "q_talks": "declined", "q_recent_work": ""}


def test_four_questions_are_asked_and_none_must_be_answered(sign_in: SignIn, draw: Draw, here: str, row: Any) -> None:
    client, who = sign_in("shi"), draw.result["drawn"][0]
    assert "还要打电话的 3 人" in main(client.get(here))
    form = main(client.get(f"{here}{who}/"))
    assert [question in form for question in ASKED] == [True] * 4
    assert form.count("不愿回答</label>") == 4 + 1  # to each question, and to all
    assert client.post(f"{here}{who}/", SAID | {"day": "2017-10-31"})["Location"] == here
    assert row(Call).answers == {"on_post": "yes", "studied": "part", "talks": "", "recent_work": ""}
    assert "还要打电话的 2 人" in main(client.get(here))


def called(client: Client, draw: Draw, here: str, many: int) -> str:
    """The page after so many of those drawn said the same."""
    for who in draw.result["drawn"][:many]:
        client.post(f"{here}{who}/", SAID | {"day": "2017-10-31"})
    return main(client.get(here))


@pytest.mark.parametrize(("many", "shown"), [(2, False), (3, True)])
def test_answers_are_shown_by_place_once_three_have_answered(
    sign_in: SignIn, draw: Draw, here: str, many: int, shown: bool
) -> None:
    page = called(sign_in("shi"), draw, here, many)
    assert ("汉滨区" in page, f"接通并回答 {many}" in page) == (True, True)
    said = (f"在岗 {many}<" in page, f"不愿回答 {many}<" in page, "回答的不足3人，不列出" in page)
    assert said == (shown, shown, not shown)


def test_who_was_not_reached_stays_on_the_list(sign_in: SignIn, draw: Draw, here: str) -> None:
    client, who = sign_in("shi"), draw.result["drawn"][0]
    client.post(f"{here}{who}/", {"outcome": "unreached", "day": "2017-10-31"})
    page = main(client.get(here))
    assert ("还要打电话的 3 人" in page, "没有接通过" in page) == (True, True)


def test_who_only_reads_sees_numbers_and_no_names(
    sign_in: SignIn, draw: Draw, here: str, party: dict[str, Person]
) -> None:
    called(sign_in("shi"), draw, here, 3)
    reader, who = sign_in("ducha"), draw.result["drawn"][0]
    page = main(reader.get(here))
    assert ("在岗 3" in page, any(name in page for name in party)) == (True, False)
    assert reader.get(f"{here}{who}/").status_code == 403


def test_a_refused_call_keeps_what_was_chosen(sign_in: SignIn, draw: Draw, here: str, count: Any) -> None:
    answer = sign_in("shi").post(f"{here}{draw.result['drawn'][0]}/", SAID | {"day": "2017-04-30"})
    page = main(answer)
    assert (answer.status_code, "通话日期不能早于抽取日期2017-05-01。" in page, count(Call)) == (422, True, 0)
    assert 'value="part" checked' in page


def test_nobody_else_can_be_called(sign_in: SignIn, draw: Draw, here: str) -> None:
    client = sign_in("shi")
    with acting(EVERYTHING):
        other = Person.objects.get(name="王建国").pk
    assert client.get(f"{here}{other}/").status_code == 404
    assert client.get(f"/draws/{draw.pk}/calls/nothing/").status_code == 404
    assert sign_in("zhen").get(here).status_code == 404  # the draw is the city's

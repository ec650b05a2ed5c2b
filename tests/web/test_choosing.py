"""Somebody or something chosen by typing: with scripts from a list, without them from what the form comes back with."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.duties import services as duties
from hangshi.packs import load
from hangshi.registry import people
from hangshi.registry.models import Household, Person, Unit

SignIn = Callable[[str], Client]
Town = dict[str, Unit]
VISIT = {"household": "H1", "leader": "王建国", "day": "2017-10-30", "topic": "问收入", "minutes": "玉米已收"}


def body(answer: Any) -> str:
    return str(answer.content.decode())


def found(answer: Any) -> list[str]:
    return re.findall(r'data-text="([^"]+)"', body(answer))


@pytest.mark.parametrize(
    ("who", "what", "typed", "names"),
    [
        ("zhen", "household", "H1", ["H1"]),
        ("zhen", "household", "李", ["H1", "H2"]),  # the third lives in the other township
        ("shi", "household", "李", ["H1", "H2", "H3"]),
        ("zhen", "unit", "湾", ["东湾村"]),
        ("zhen", "unit", "西沟", []),
        ("shi", "unit", "西沟", ["西沟村"]),
        ("shi", "unit", "610902", ["汉滨区"]),  # by its code
        ("zhen", "person", "王建国", ["王建国"]),
        ("zhen", "person", "", []),
    ],
)
def test_what_a_text_finds(sign_in: SignIn, who: str, what: str, typed: str, names: list[str]) -> None:
    answer = sign_in(who).get(f"/choose/{what}/leader/", {"leader": typed})
    assert (answer.status_code, found(answer)) == (200, names)


def test_only_units_of_the_kinds_asked_for_are_found(sign_in: SignIn, party: Any) -> None:
    typed = {"into": "东湾村", "kinds": "branch"}
    assert found(sign_in("zhen").get("/choose/unit/into/", typed)) == ["东湾村党支部"]


def test_something_else_than_people_households_and_units_is_not_chosen(sign_in: SignIn) -> None:
    assert sign_in("zhen").get("/choose/accounts/q/?q=shi").status_code == 404


@pytest.fixture
def namesakes(town: Town) -> list[Person]:
    with acting(EVERYTHING):
        return [
            people.register_person(town["东湾村"], name="王建国", on=town["city"].since, actor=None) for _ in range(2)
        ]


def test_of_several_one_is_chosen_from_a_list_that_keeps_what_was_typed(
    sign_in: SignIn, namesakes: list[Person], row: Any
) -> None:
    client = sign_in("zhen")
    answer = client.post("/visits/new/", VISIT | {"leader_id": ""})
    page = body(answer)
    assert answer.status_code == 422
    assert "有多个符合的人，请在下面选一个，或写得更全。" in page
    assert re.findall(r'name="leader_id" value="(\d+)"', page)[1:] == [str(person.pk) for person in namesakes]
    assert 'value="王建国"' in page
    assert ">玉米已收</textarea>" in page
    chosen = namesakes[1]
    assert client.post("/visits/new/", VISIT | {"leader_id": str(chosen.pk)}).status_code == 302
    assert row(Activity).leader_id == chosen.pk


def test_a_choice_that_no_longer_agrees_with_the_text_is_not_taken(
    sign_in: SignIn, namesakes: list[Person], party: dict[str, Person], row: Any
) -> None:
    said = VISIT | {"leader": "张爱民", "leader_id": str(namesakes[0].pk)}
    assert sign_in("zhen").post("/visits/new/", said).status_code == 302
    assert row(Activity).leader.name == "张爱民"


def test_the_number_of_a_person_will_do(sign_in: SignIn, namesakes: list[Person], row: Any) -> None:
    sign_in("zhen").post("/visits/new/", VISIT | {"leader": str(namesakes[0].pk)})
    assert row(Activity).leader_id == namesakes[0].pk


def test_an_id_from_elsewhere_is_not_taken(sign_in: SignIn, town: Town, count: Any) -> None:
    with acting(EVERYTHING):
        foreign = people.register_person(town["西沟村"], name="王远方", on=town["city"].since, actor=None)
    answer = sign_in("zhen").post("/visits/new/", VISIT | {"leader": "王远方", "leader_id": str(foreign.pk)})
    assert "您的范围内没有这个人。" in body(answer)
    assert count(Activity) == 0


def test_an_address_may_say_who(sign_in: SignIn, row: Any) -> None:
    page = body(sign_in("zhen").get(f"/visits/new/?household={row(Household, number='H1').pk}"))
    assert 'name="household" value="H1"' in page


@pytest.fixture
def cadre(town: Town) -> Person:
    """Of a county organ; answers for a household of 东湾村, and so may be named there."""
    with acting(EVERYTHING):
        person = people.register_person(town["county"], name="周县干", on=town["city"].since, actor=None, cadre="organ")
        household = Household.objects.get(number="H2")
        kind = load("base", "ankang").kinds.duty["pairing"]
        duties.assign(kind, bearer=person, target=household, on=town["city"].since, actor=None)
        people.register_person(town["county"], name="周闲人", on=town["city"].since, actor=None)
    return person


def test_a_county_cadre_who_answers_for_somebody_here_can_be_named_as_the_visitor(
    sign_in: SignIn, cadre: Person, row: Any
) -> None:
    client = sign_in("zhen")
    assert found(client.get("/choose/anyone/leader/", {"leader": "周"})) == ["周县干"]
    answer = client.post("/visits/new/", VISIT | {"leader": "周县干"})
    assert row(Activity).leader_id == cadre.pk
    page = body(client.get(answer["Location"]))
    assert "周县干" in page
    assert f"/records/persons/{cadre.pk}/" not in page


def test_nobody_else_from_elsewhere_is_found(sign_in: SignIn, cadre: Person, count: Any) -> None:
    answer = sign_in("zhen").post("/visits/new/", VISIT | {"leader": "周闲人"})
    assert "您的范围内没有这个人。" in body(answer)
    assert count(Activity) == 0


def test_a_case_is_about_somebody_of_the_scope(sign_in: SignIn, cadre: Person) -> None:
    said = {"title": "提拔", "person": "周县干", "day": "2017-06-01", "due_on": ""}
    assert "您的范围内没有这个人。" in body(sign_in("zhen").post("/records/cases/new/?kind=promotion", said))

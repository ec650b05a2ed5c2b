"""With several places' packs loaded, a clerk is offered what holds at their own place."""

from collections.abc import Callable

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Unit
from hangshi.web import here, words

SignIn = Callable[[str], Client]


@pytest.fixture
def two_places(town: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    """安康 stands here and so does another place, whose pack says what a problem and a pledge are."""
    with acting(EVERYTHING):
        Unit.objects.create(kind="city", name="别的市", since="2000-01-01", path="900/", code="5305")
    places = {**words.pack().places, "kind.case.problem": "5305", "kind.duty.pledge": "5305"}
    headers = dict(words.pack().headers)
    headers["elsewhere"] = headers["ankang"].model_copy(update={"root": "5305"})
    pack = words.pack().model_copy(update={"places": places, "headers": headers})
    monkeypatch.setattr(words, "pack", lambda: pack)


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("who", ["zhen", "shi"])
def test_what_another_place_made_up_is_not_offered(sign_in: SignIn, two_places: None, who: str) -> None:
    client = sign_in(who)
    every = body(client, "/records/new/")
    assert ("kind=weak_branch" in every, "kind=problem" in every, "kind=pledge" in every) == (True, False, False)
    assert 'value="problem"' not in body(client, "/board/")
    assert client.get("/board/?kind=problem").status_code == 404


def test_alone_a_place_is_offered_everything(sign_in: SignIn) -> None:
    every = body(sign_in("zhen"), "/records/new/")
    assert ("kind=problem" in every, "kind=pledge" in every) == (True, True)


def test_what_every_pack_says_asks_nothing_of_the_database(
    town: dict[str, Unit], django_assert_num_queries: Callable[[int], object]
) -> None:
    kinds = {key: it for key, it in words.pack().kinds.case.items() if f"kind.case.{key}" not in words.pack().places}
    with django_assert_num_queries(0):  # type: ignore[attr-defined]  # a context manager of pytest-django
        assert here.only("kind.case", kinds, town["关庙镇"]) == kinds

"""A form sent twice records once, and leads to the same record."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client, override_settings

from hangshi.access.models import Effect
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.registry.models import Person, Unit

SignIn = Callable[[str], Client]
VISIT = {"household": "H1", "leader": "王建国", "day": "2017-10-30", "topic": "问收入"}


def key_of(answer: Any) -> str:
    found = re.search(r'name="once" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def test_every_form_carries_a_key_of_its_own(sign_in: SignIn) -> None:
    client = sign_in("zhen")
    keys = [key_of(client.get("/visits/new/")) for _ in range(2)]
    assert keys[0] != keys[1]


def test_saving_twice_records_once_and_leads_to_the_same_record(sign_in: SignIn, count: Any) -> None:
    client = sign_in("zhen")
    said = VISIT | {"once": key_of(client.get("/visits/new/"))}
    first, second = client.post("/visits/new/", said), client.post("/visits/new/", said)
    assert (first["Location"], count(Activity)) == (second["Location"], 1)


def test_a_form_that_came_back_with_an_error_is_saved_under_the_same_key(sign_in: SignIn, count: Any) -> None:
    client = sign_in("zhen")
    key = key_of(client.get("/visits/new/"))
    wrong = client.post("/visits/new/", VISIT | {"once": key, "day": "2016-01-01"})
    assert (wrong.status_code, key_of(wrong), count(Activity)) == (422, key, 0)
    assert client.post("/visits/new/", VISIT | {"once": key}).status_code == 302


def test_going_back_and_changing_the_words_asks_before_it_records_again(sign_in: SignIn, count: Any) -> None:
    client = sign_in("zhen")
    said = VISIT | {"once": key_of(client.get("/visits/new/"))}
    client.post("/visits/new/", said)
    changed = client.post("/visits/new/", said | {"topic": "问上学"})
    assert (changed.status_code, count(Activity)) == (422, 1)
    assert "这一页已经保存过一次" in changed.content.decode()
    assert 'value="问上学"' in changed.content.decode()
    assert key_of(changed) != said["once"]
    assert client.post("/visits/new/", said | {"topic": "问上学", "once": key_of(changed)}).status_code == 302
    assert count(Activity) == 2


def test_what_is_kept_of_a_form_cannot_be_guessed_back(sign_in: SignIn, town: dict[str, Unit], row: Any) -> None:
    address = f"/records/persons/new/?unit={town['东湾村'].pk}"
    said = {"name": "新来的人", "number": "11010519491231002X", "cadre": "", "day": "2017-09-01"}
    kept = []
    for secret in ("one secret", "another secret"):
        with acting(EVERYTHING):
            Person.objects.filter(name="新来的人").delete()
            Effect.objects.all().delete()
        with override_settings(SECRET_KEY=secret):
            client = sign_in("zhen")
            client.post(address, said | {"once": "k1"})
        kept.append(bytes(row(Effect).asked))
    assert kept[0] != kept[1]

"""A key is used once: the second call is told what the first one did, and nothing is done again."""

from collections.abc import Callable

import pytest
from django.db import connection

from hangshi.access.models import Account, Effect
from hangshi.access.once import digest, once
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.access.services import open_account
from hangshi.refusal import Refused
from tests.committed import at_once

VISIT = digest({"household": 7, "day": "2017-10-01"})


@pytest.fixture
def wang(everything: None) -> Account:
    return open_account("wang", name="王经办", password="足够长的一个密码2017")


@pytest.fixture
def effect() -> Callable[[], dict[str, int]]:
    """Says how often it ran."""
    ran: list[None] = []

    def do() -> dict[str, int]:
        ran.append(None)
        return {"ran": len(ran)}

    return do


def test_a_repeat_is_answered_as_the_first_and_does_nothing(wang, effect):
    first, second = once(wang.pk, "k1", VISIT, effect), once(wang.pk, "k1", VISIT, effect)
    assert (first.answer, first.repeated) == ({"ran": 1}, False)
    assert (second.answer, second.repeated) == ({"ran": 1}, True)


def test_another_key_is_another_effect(wang, effect):
    once(wang.pk, "k1", VISIT, effect)
    assert once(wang.pk, "k2", VISIT, effect).answer == {"ran": 2}


def test_another_account_has_keys_of_its_own(wang, effect):
    li = open_account("li", name="李经办", password="足够长的一个密码2017")
    once(wang.pk, "k1", VISIT, effect)
    assert once(li.pk, "k1", VISIT, effect).answer == {"ran": 2}


def test_a_known_key_with_other_words_is_refused(wang, effect):
    once(wang.pk, "k1", VISIT, effect)
    with pytest.raises(Refused) as refused:
        once(wang.pk, "k1", digest({"household": 8, "day": "2017-10-01"}), effect)
    assert refused.value.code == "once.other"
    assert effect() == {"ran": 2}  # it had run once only


def test_a_refusal_leaves_the_key_free(wang, effect):
    def refusing() -> dict[str, int]:
        raise Refused("visit.day", "走访日期不能晚于今天。")

    with pytest.raises(Refused, match="走访日期"):
        once(wang.pk, "k1", VISIT, refusing)
    assert once(wang.pk, "k1", VISIT, effect).repeated is False


@pytest.mark.parametrize("key", ["", "键", "a" * 65, "a\nb", "a\x00"])
def test_an_unusable_key_is_refused(wang, effect, key):
    with pytest.raises(Refused) as refused:
        once(wang.pk, key, VISIT, effect)
    assert refused.value.code == "once.key"


def test_words_count_whatever_their_order():
    assert digest({"day": "2017-10-01", "household": 7}) == VISIT
    assert digest({"day": "2017-10-02", "household": 7}) != VISIT


def test_an_account_sees_its_own_effects_only(wang, effect):
    once(wang.pk, "k1", VISIT, effect)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hangshi.lo', '', true), set_config('hangshi.hi', '', true), set_config('hangshi.actor', '0', true)"
        )
    assert Effect.objects.count() == 0


def test_of_two_at_once_one_runs_and_both_are_told_the_same(committed):
    with acting(EVERYTHING):
        account = open_account("wang", name="王经办", password="足够长的一个密码2017").pk
    ran: list[int] = []

    def work(index: int) -> tuple[dict[str, int], bool]:
        def do() -> dict[str, int]:
            ran.append(index)
            return {"by": index}

        done = once(account, "k1", VISIT, do)
        return done.answer, done.repeated

    answers = at_once(work)
    assert len(ran) == 1
    assert sorted(repeated for _, repeated in answers) == [False, True]
    assert {answer["by"] for answer, _ in answers} == set(ran)


def test_own_effects_are_seen_in_a_narrow_scope(wang, effect):
    once(wang.pk, "k1", VISIT, effect)
    with acting(Scope("", "", wang.pk)):
        assert Effect.objects.count() == 1

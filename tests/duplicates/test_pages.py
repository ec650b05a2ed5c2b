"""The desk: two persons side by side, judged with a reason, joined and parted by a press; out of sight it does not exist."""

from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.duplicates import services
from hangshi.duplicates.models import Pair
from hangshi.jobs.models import Job
from hangshi.registry.models import Person
from hangshi.registry.people import correct, register_person
from tests.web.conftest import JAN_1, count, row, sign_in, town

__all__ = ["count", "row", "sign_in", "town"]
NUMBER = "11010519491231002X"


@pytest.fixture
def two(town):
    """周月 twice in 东湾村, once with her number; the pair has been found."""
    with acting(EVERYTHING):
        first = register_person(town["东湾村"], name="周月", on=JAN_1, actor=None, number=NUMBER)
        second = register_person(town["东湾村"], name="周月", on=JAN_1, actor=None)
        correct(second, on=JAN_1, actor=None, sex="女", born=first.born)
        services.look(account=None)
        pair = Pair.objects.get()
    return SimpleNamespace(first=first.pk, second=second.pk, address=f"/duplicates/{pair.pk}/")


def text(answer) -> str:
    return str(answer.content.decode())


def test_the_list_shows_the_pair_and_why(two, sign_in):
    page = text(sign_in("zhen").get("/duplicates/"))
    assert "周月" in page
    assert "姓名相同" in page
    assert "出生日期相同" in page
    assert "待判断 1" in page
    assert NUMBER not in page


def test_the_list_asks_the_same_number_of_statements_for_any_number_of_pairs(
    two, town, sign_in, django_assert_num_queries
):
    client = sign_in("zhen")
    with django_assert_num_queries(100, exact=False) as one:
        client.get("/duplicates/")
    with acting(EVERYTHING):
        village = town["东湾村"]
        third = register_person(village, name="周月", on=JAN_1, actor=None)
        Pair.objects.bulk_create(
            Pair(unit=village, path=village.path, first=it, second=third.pk, weight=0.95, grounds=["name"])
            for it in (two.first, two.second)
        )
    with django_assert_num_queries(len(one), exact=False):
        assert text(client.get("/duplicates/")).count("/duplicates/") > 3


def test_both_stand_side_by_side(two, sign_in):
    page = text(sign_in("zhen").get(two.address))
    assert page.count("1949-12-31") == 2
    assert ("已登记" in page, "没有" in page) == (True, True)
    assert NUMBER not in page


def test_who_may_be_twins_is_said_so(two, sign_in):
    client = sign_in("zhen")
    assert "双生" not in text(client.get(two.address))
    with acting(EVERYTHING):
        Pair.objects.update(grounds=["name_near", "born", "unit", "kin"])
    assert "双生" in text(client.get(two.address))


def test_a_judgement_without_a_reason_comes_back_and_with_one_it_stands(two, sign_in, row):
    client = sign_in("zhen")
    refused = client.post(two.address, {"verdict": "different", "note": ""})
    assert (refused.status_code, "请写明判断的理由" in text(refused)) == (422, True)
    assert (
        client.post(two.address, {"verdict": "different", "note": "入户看过，是两人"}).headers["Location"]
        == "/duplicates/"
    )
    assert (row(Pair).state, row(Pair).note) == ("different", "入户看过，是两人")
    assert "入户看过，是两人" in text(client.get(two.address))


def test_joined_by_a_press_and_parted_by_another(two, sign_in, row, count):
    client = sign_in("zhen")
    assert client.post(two.address, {"verdict": "same", "note": "户口簿为证"}).headers["Location"] == two.address
    assert client.post(f"{two.address}join/", {"keep": two.second}).status_code == 422  # the other has the number
    assert count(Person, name="周月") == 2
    for _ in range(2):  # the second press changes nothing
        assert client.post(f"{two.address}join/", {"keep": two.first}).status_code == 302
        assert count(Person, name="周月") == 1
    assert "已合并" in text(client.get(two.address))
    assert client.post(f"{two.address}part/").status_code == 302
    assert (count(Person, name="周月"), row(Pair).state) == (2, "same")
    assert client.post(f"{two.address}part/").status_code == 422


@pytest.mark.parametrize("keep", ["", "x", "９", "-1", "9" * 30])
def test_a_choice_that_is_none_is_refused_in_words(two, sign_in, count, keep):
    client = sign_in("zhen")
    client.post(two.address, {"verdict": "same", "note": "户口簿为证"})
    refused = client.post(f"{two.address}join/", {"keep": keep})
    assert (refused.status_code, "请选择保留哪一条" in text(refused)) == (422, True)
    assert count(Person, name="周月") == 2


def test_a_search_is_asked_once_however_often_the_button_is_pressed(two, sign_in, count):
    client = sign_in("zhen")
    first, second = client.post("/duplicates/look/"), client.post("/duplicates/look/")
    assert first.headers["Location"] == second.headers["Location"]
    assert count(Job, kind="duplicates.look") == 1


def test_a_pair_of_another_township_does_not_exist(two, town, sign_in):
    with acting(EVERYTHING):
        Pair.objects.update(unit=town["西沟村"], path=town["西沟村"].path)
    client = sign_in("zhen")
    assert client.get(two.address).status_code == 404
    assert client.post(two.address, {"verdict": "same", "note": "核实"}).status_code == 404
    assert client.post(f"{two.address}join/", {"keep": two.first}).status_code == 404
    assert client.post(f"{two.address}part/").status_code == 404
    assert "待判断 0" in text(client.get("/duplicates/"))


def test_who_only_reads_has_no_desk(two, sign_in):
    assert sign_in("kan").get("/duplicates/").status_code == 403

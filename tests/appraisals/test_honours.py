"""Flags and honours in one list: won in a round or registered as granted; who holds what on a day, how won, why no longer."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.appraisals import effects, honours
from hangshi.appraisals.honours import Award, Granted
from hangshi.appraisals.models import Honour
from hangshi.duties.services import assign, end
from hangshi.packs import load
from hangshi.packs.schemes import Effect
from hangshi.registry.models import Unit
from tests.appraisals.test_effects import FEB_1, FLAGS, VILLAGES, flags, held

__all__ = ["flags", "held"]
pytestmark = pytest.mark.django_db
SHIFAN = load("base", "shifan")
PACK = SHIFAN.model_copy(update={"schemes": {"trial": VILLAGES}})
KINDS = SHIFAN.kinds.duty
JUNE_1 = date(2018, 6, 1)


def register(key: str, target: Any, by: Unit, on: date = FEB_1, **extra: str) -> Any:
    role = extra.pop("role", "")
    said = {"title": "先进集体", "ground": "防汛抢险"} | extra if key != "red_flag" else {}
    return assign(KINDS[key], bearer=by, target=target, on=on, role=role, actor=7, extra=said)


def names(found: list[Granted]) -> list[tuple[str, str]]:
    return [(it.name, it.to) for it in found]


def test_which_duties_are_awards_is_the_pack_s_word() -> None:
    assert list(honours.award_kinds(SHIFAN)) == ["unit_honour", "person_honour", "red_flag"]


def test_what_is_proposed_is_counted_apart_from_what_is_held(flags: SimpleNamespace) -> None:
    county = flags.land.county
    assert honours.awards(PACK, county, on=FEB_1) == [
        Award(f"round:{FLAGS[0]}", FLAGS[0], held=0, proposed=1),
        Award(f"round:{FLAGS[1]}", FLAGS[1], held=0, proposed=1),
    ]


@pytest.mark.parametrize(
    ("on", "number"), [(date(2018, 1, 31), 0), (FEB_1, 1), (date(2019, 1, 31), 1), (date(2019, 2, 1), 0)]
)
def test_a_flag_counts_on_its_first_and_its_last_day(held: SimpleNamespace, on: date, number: int) -> None:
    found = {it.name: it.held for it in honours.awards(PACK, held.land.county, on=on)}
    assert found.get(FLAGS[0], 0) == number
    assert len(honours.granted_of(PACK, f"round:{FLAGS[0]}", held.land.county, on=on)) == number


def test_the_quota_of_the_scheme_stands_beside_the_count(held: SimpleNamespace) -> None:
    few = [Effect(name=name, grades=("good",), months=12, quota=10) for name in FLAGS]
    pack = PACK.model_copy(update={"schemes": {"trial": VILLAGES.model_copy(update={"effects": few})}})
    assert [(it.held, it.quota) for it in honours.awards(pack, held.land.county, on=FEB_1)] == [(1, 10), (1, 10)]


def test_a_flag_says_to_whom_by_whom_from_when_to_when_and_how_it_was_won(held: SimpleNamespace) -> None:
    (found,) = honours.granted_of(PACK, f"round:{FLAGS[0]}", held.land.county, on=FEB_1)
    assert (found.name, found.to, found.by, found.how) == (FLAGS[0], "东湾村", held.land.county.pk, "红旗评比")
    assert (found.since, found.until, found.state) == (FEB_1, date(2019, 1, 31), "保持")
    assert (found.round, found.duty) == (held.round.pk, None)


def test_what_was_registered_counts_by_kind_and_sort(land: SimpleNamespace) -> None:
    register("red_flag", land.bay, land.east, role="building")
    register("red_flag", land.hill, land.east, role="building")
    register("red_flag", land.hill, land.east, role="industry")
    register("unit_honour", land.bay, land.county, role="county")
    assert [(it.key, it.name, it.held) for it in honours.awards(PACK, land.county, on=JUNE_1)] == [
        ("duty:unit_honour:county", "表彰（单位）·县级", 1),
        ("duty:red_flag:building", "五面红旗·基层党建", 2),
        ("duty:red_flag:industry", "五面红旗·产业发展", 1),
    ]
    assert honours.awards(PACK, land.west, on=JUNE_1) == []
    building = honours.granted_of(PACK, "duty:red_flag:building", land.county, on=JUNE_1)
    assert names(building) == [("五面红旗·基层党建", "东湾村"), ("五面红旗·基层党建", "东坡村")]


def test_an_honour_says_its_ground_and_a_person_s_is_told_only_with_consent(
    land: SimpleNamespace, people: SimpleNamespace
) -> None:
    consent = {"consent_on": date(2018, 1, 20), "title": "优秀共产党员", "document": "县委〔2018〕3号"}
    register("person_honour", people.wang, land.county, role="county", **consent)
    (found,) = honours.history(PACK, land.bay)
    assert (found.name, found.to, found.by, found.how) == (
        "优秀共产党员",
        "王建国",
        land.county.pk,
        "防汛抢险，县委〔2018〕3号",
    )
    assert KINDS["person_honour"].fields["consent_on"].required


def test_history_has_what_has_ended_with_the_reason_the_latest_first(held: SimpleNamespace) -> None:
    land = held.land
    lost = register("red_flag", land.bay, land.east, date(2017, 3, 1), role="beauty")
    end(KINDS["red_flag"], lost, on=date(2017, 12, 31), reason="lost", actor=7)
    taken = Honour.objects.get(name=FLAGS[1])
    effects.withdraw(taken, on=JUNE_1, reason="复查不合格", actor=2)
    said = [(it.name, str(it.until), it.state, it.ended) for it in honours.history(PACK, land.bay)]
    assert sorted(said[:2]) == [
        (FLAGS[0], "2019-01-31", "保持", ""),
        (FLAGS[1], "2018-06-01", "撤销", "复查不合格"),
    ]
    assert said[2:] == [("五面红旗·美丽乡村", "2017-12-31", "保持", "复评未过")]
    assert honours.history(PACK, land.hill) == []


def test_those_of_former_days_are_listed_when_asked_for(land: SimpleNamespace) -> None:
    lost = register("red_flag", land.bay, land.east, role="beauty")
    end(KINDS["red_flag"], lost, on=date(2018, 3, 31), reason="lost", actor=7)
    key = "duty:red_flag:beauty"
    assert honours.granted_of(PACK, key, land.county, on=JUNE_1) == []
    assert [it.ended for it in honours.granted_of(PACK, key, land.county, on=None)] == ["复评未过"]


@pytest.mark.parametrize("key", ["duty:village_post:secretary", "duty:nothing:", "round:没有", "", "x"])
def test_a_sort_that_is_none_has_no_holders(held: SimpleNamespace, key: str) -> None:
    assert honours.granted_of(PACK, key, held.land.county, on=FEB_1) == []


def test_the_sorts_of_a_county_cost_two_reads(held: SimpleNamespace, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        honours.awards(PACK, held.land.county, on=FEB_1)

"""示例区: a shortcoming is in the list of problems; a plan has a goal and an owner before it is carried out."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.cases import parts, services
from hangshi.cases.models import Case
from hangshi.packs import load
from hangshi.reactions import queries
from hangshi.reactions import services as reactions
from tests.refusals import refusal_of

PACK = load("shifan")
SHORTCOMING, PLAN = PACK.kinds.case["shortcoming"], PACK.kinds.case["strand_plan"]
JUNE_1, JULY_1 = date(2020, 6, 1), date(2020, 7, 1)


@pytest.fixture
def shortcoming(land: SimpleNamespace) -> Case:
    extra = {"answer": "economy"}
    return services.open_case(
        SHORTCOMING, unit=land.bay, title="集体收入低", ground="economy", extra=extra, on=JUNE_1, actor=7
    )


@pytest.fixture
def plan(land: SimpleNamespace) -> Case:
    extra = {"goal": "每村有一项主导产业"}
    return services.open_case(
        PLAN, unit=land.bay, title="2020年发展产业", ground="industry", extra=extra, on=JUNE_1, actor=7
    )


def test_a_shortcoming_is_in_the_list_of_problems_and_says_where_it_comes_from(shortcoming: Case) -> None:
    while reactions.answer_next(PACK):
        pass
    problem = Case.objects.get(kind="problem")
    assert (problem.title, problem.unit, problem.stage) == ("东湾村：短板和不足", shortcoming.unit, "entered")
    [done] = queries.behind("case_file", problem.pk)
    assert (done.reaction, done.source_id) == ("shortcoming_listed", shortcoming.pk)


@pytest.mark.parametrize(("ground", "code"), [("economy", None), ("lazy", "case.ground")])
def test_a_shortcoming_is_of_one_of_the_six_areas(land: SimpleNamespace, ground: str, code: str | None) -> None:
    said = refusal_of(services.open_case, SHORTCOMING, unit=land.bay, title="短板", ground=ground, on=JUNE_1, actor=7)
    assert (said, Case.objects.count()) == (code, 1 if code is None else 0)


def test_a_shortcoming_is_looked_at_again_once_its_measures_are_done(
    shortcoming: Case, people: SimpleNamespace
) -> None:
    services.move(SHORTCOMING, shortcoming, to="classified", on=JUNE_1, actor=7)
    assert refusal_of(services.move, SHORTCOMING, shortcoming, to="mending", on=JUNE_1, actor=7) == "case.team"
    parts.take_seat(SHORTCOMING, shortcoming, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    services.move(SHORTCOMING, shortcoming, to="mending", on=JUNE_1, actor=7)
    parts.plan_measure(shortcoming, text="建大棚", bearer=people.li, on=JUNE_1, due_on=JULY_1, actor=7)
    assert (
        refusal_of(services.move, SHORTCOMING, shortcoming, to="reviewed", on=JULY_1, actor=7) == "case.measures_open"
    )
    parts.finish_measure(shortcoming.measures.get(), result="建成两座", on=JULY_1, actor=7)
    assert services.move(SHORTCOMING, shortcoming, to="reviewed", on=JULY_1, actor=7).stage == "reviewed"


def test_a_plan_is_carried_out_once_it_has_an_owner(plan: Case, people: SimpleNamespace) -> None:
    assert refusal_of(services.move, PLAN, plan, to="carried_out", on=JUNE_1, actor=7) == "case.team"
    parts.take_seat(PLAN, plan, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    assert services.move(PLAN, plan, to="carried_out", on=JUNE_1, actor=7).stage == "carried_out"


def test_the_five_outcomes_of_grassroots_work_count_no_meetings() -> None:
    [edition] = PACK.schemes["five_outcomes"].editions
    assert {it.key: (it.weight, it.nature) for it in edition.criteria} == {
        "cadres": (20, "outcome"),
        "policy": (20, "outcome"),
        "disputes": (20, "outcome"),
        "growth": (20, "outcome"),
        "benefit": (20, "outcome"),
    }

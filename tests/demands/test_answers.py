"""A demand filled for a village: figures are there, an answer given once is not asked again, each filling says what it took."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.activities.models import Activity
from hangshi.demands import answers, judging, services
from hangshi.demands.models import Answer, Demand, Filling
from hangshi.indicators.queries import Period
from tests.refusals import refusal_of

MARCH, ON = date(2020, 3, 10), date(2020, 4, 2)


@pytest.fixture
def demanded(propose):
    """In use: proposed and agreed to."""

    def made(*labels, **other):
        demand = propose(labels, **other)
        Demand.objects.filter(pk=demand.pk).update(state="approved")
        demand.refresh_from_db()
        return demand

    return made


@pytest.fixture
def fill(pack):
    def filled(demand, unit, day=MARCH, **typed):
        given = {int(number.removeprefix("n")): text for number, text in typed.items()}
        return answers.fill(pack, demand, unit, day=day, typed=given, on=ON, actor=7)

    return filled


def counts(filling):
    return (filling.known, filling.typed, filling.empty, filling.minutes)


def visits(unit, *days):
    for day in days:
        Activity.objects.create(kind="visit", unit=unit, path=unit.path, day=date(2020, 3, day))


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("week", date(2020, 3, 9), date(2020, 3, 15)),
        ("month", date(2020, 3, 1), date(2020, 3, 31)),
        ("quarter", date(2020, 1, 1), date(2020, 3, 31)),
        ("half_year", date(2020, 1, 1), date(2020, 6, 30)),
        ("year", date(2020, 1, 1), date(2020, 12, 31)),
        ("once", date(2020, 2, 1), date(2020, 5, 31)),
    ],
)
def test_the_term_of_a_day(every, first, last):
    demand = Demand(every=every, since=date(2020, 2, 1), until=date(2020, 5, 31))
    assert answers.term(demand, MARCH) == Period(first, last)


def test_a_filling_counts_what_the_system_filled_what_was_typed_and_what_stayed_empty(demanded, fill, land):
    visits(land.bay, 5, 31)
    demand = demanded("走访次数", "防溺水巡查次数", "警示牌", "备注")
    filling = fill(demand, land.bay, n2=" 4 ", n3="12", n4=" ")
    assert counts(filling) == (1, 2, 1, Decimal(4))
    assert (filling.unit, filling.path, filling.level) == (land.bay, land.bay.path, "village")
    assert (filling.first, filling.last, filling.filled_on) == (date(2020, 3, 1), date(2020, 3, 31), ON)
    assert dict(filling.answers.values_list("item__label", "text")) == {"防溺水巡查次数": "4", "警示牌": "12"}


def test_the_figure_is_of_the_unit_and_the_term(pack, demanded, land):
    visits(land.bay, 5, 31)
    demand = demanded("走访次数", "单位名称", "统计日期", "填报日期", "警示牌")
    lines = answers.sheet(pack, demand, land.bay, Period(date(2020, 3, 1), date(2020, 3, 30)))
    assert [(it.text, it.open_) for it in lines] == [
        ("1", False),
        ("东湾村", False),
        ("2020-03-30", False),
        ("由系统填", False),
        ("", True),
    ]


def test_filled_again_for_the_same_term_the_new_answers_stand(demanded, fill, land):
    demand = demanded("防溺水巡查次数", "警示牌")
    fill(demand, land.bay, n1="4", n2="12")
    filling = fill(demand, land.bay, day=date(2020, 3, 31), n1="5")
    assert counts(Filling.objects.get()) == (0, 1, 1, Decimal(2))
    assert filling.answers.get().text == "5"
    fill(demand, land.bay, day=date(2020, 4, 1), n1="6")
    fill(demand, land.hill, n1="7")
    assert Filling.objects.count() == 3


def test_one_answer_fills_both_of_two_items_judged_the_same(pack, demanded, fill, land):
    one, two = demanded("防溺水巡查次数", "警示牌"), demanded("巡查水域次数", "备注", title="河长月报")
    judging.judge(one.items.get(number=1), two.items.get(number=1), same=True, reason="", on=MARCH, actor=7)
    fill(one, land.bay, n1="4")
    march = Period(date(2020, 3, 1), date(2020, 3, 31))
    first, second = answers.sheet(pack, two, land.bay, march)
    assert (first.text, first.open_, first.elsewhere) == ("4", False, Answer.objects.get())
    assert second.open_
    assert counts(fill(two, land.bay, n1="9", n2="无")) == (1, 1, 0, Decimal(2))
    assert not Answer.objects.filter(text="9").exists()
    for unit, when in ((land.hill, march), (land.bay, Period(date(2020, 4, 1), date(2020, 4, 30)))):
        assert [it.open_ for it in answers.sheet(pack, two, unit, when)] == [True, True]


def test_what_was_typed_before_the_judgement_stays(pack, demanded, fill, land):
    one, two = demanded("防溺水巡查次数"), demanded("巡查水域次数", title="河长月报")
    fill(one, land.bay, n1="4")
    fill(two, land.bay, n1="5")
    judging.judge(one.items.get(), two.items.get(), same=True, reason="", on=MARCH, actor=7)
    [line] = answers.sheet(pack, two, land.bay, Period(date(2020, 3, 1), date(2020, 3, 31)))
    assert (line.text, line.open_) == ("5", True)


@pytest.mark.parametrize(
    ("unit", "day", "typed", "code"),
    [
        ("bay", date(2020, 1, 1), "4", None),
        ("bay", date(2020, 12, 31), "4", None),
        ("bay", date(2019, 12, 31), "4", "demand.over"),
        ("bay", date(2021, 1, 1), "4", "demand.over"),
        ("east", MARCH, "4", "demand.not_of_you"),
        ("bay", MARCH, " ", "demand.empty"),
        ("bay", MARCH, "长" * 201, "demand.long"),
    ],
)
def test_who_fills_what_and_when(demanded, fill, land, unit, day, typed, code):
    demand = demanded("防溺水巡查次数")
    assert refusal_of(fill, demand, getattr(land, unit), day, n1=typed) == code
    assert Filling.objects.exists() == (code is None)


def test_only_villages_of_the_asking_unit_fill_and_only_what_is_in_use(demanded, propose, fill, land):
    assert refusal_of(fill, demanded("警示牌", unit=land.west), land.bay, n1="1") == "demand.not_of_you"
    assert refusal_of(fill, propose(("警示牌",)), land.bay, n1="1") == "demand.not_asked"


def test_withdrawn_it_is_filled_up_to_the_term_of_its_last_day(demanded, fill, land):
    demand = demanded("警示牌")
    services.withdraw(demand, on=date(2020, 3, 5), reason="不要了", actor=7)
    demand.refresh_from_db()
    assert fill(demand, land.bay, n1="1").first == date(2020, 3, 1)
    assert refusal_of(fill, demand, land.bay, date(2020, 4, 1), n1="1") == "demand.over"


def test_a_form_of_which_the_system_knows_all_is_filled_without_typing(demanded, fill, land):
    assert counts(fill(demanded("走访次数"), land.bay)) == (1, 0, 0, Decimal(0))


def test_without_a_standard_nothing_is_kept(pack, demanded, land):
    given = {"day": MARCH, "typed": {1: "1"}, "on": date(1999, 12, 31), "actor": 7}
    assert refusal_of(answers.fill, pack, demanded("警示牌"), land.bay, **given) == "demand.rate"
    assert not Filling.objects.exists()


def test_of_two_who_fill_a_form_the_second_is_told_what_the_first_said(pack, demanded, fill, land):
    demand = demanded("低保户数", "危房户数")
    seen = {1: "", 2: ""}
    said = {"day": MARCH, "on": ON, "actor": 8, "seen": seen}
    fill(demand, land.bay, n1="4")
    assert refusal_of(answers.fill, pack, demand, land.bay, typed={1: "5", 2: "1"}, **said) == "demand.overtaken"
    assert [it.text for it in Answer.objects.all()] == ["4"]
    answers.fill(pack, demand, land.bay, typed={1: "4", 2: "1"}, **(said | {"seen": {1: "4", 2: ""}}))
    assert [it.text for it in Answer.objects.order_by("item__number")] == ["4", "1"]


def test_what_was_seen_and_stands_is_typed_over(pack, demanded, fill, land):
    demand = demanded("低保户数")
    fill(demand, land.bay, n1="4")
    answers.fill(pack, demand, land.bay, day=MARCH, typed={1: "6"}, on=ON, actor=8, seen={1: "4"})
    assert Answer.objects.get().text == "6"

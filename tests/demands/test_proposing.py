"""A demand is proposed with its items and what it will cost, for a year at most."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.demands import costs, services
from hangshi.demands.models import Demand, Item
from hangshi.forms import services as forms
from tests.demands.conftest import DAY, LABELS, wanted
from tests.forms.blanks import monthly
from tests.refusals import refusal_of


def targets(demand: Demand) -> dict[str, str]:
    return dict(demand.items.order_by("number").values_list("label", "target"))


def test_an_item_called_as_one_figure_is_known_and_the_others_are_typed(propose):
    assert targets(propose(("走访次数", "走访入户次数", "走访", "防溺水巡查次数", "备注"))) == {
        "走访次数": "figure.visits",
        "走访入户次数": "figure.visits",
        "走访": "",  # 走访次数 or 走访户数
        "防溺水巡查次数": "",
        "备注": "",
    }


def test_items_are_taken_once_and_without_blanks(propose):
    assert list(targets(propose((" 备注 ", "", "备注", "巡查次数")))) == ["备注", "巡查次数"]


def test_the_items_of_a_blank_form_are_its_open_columns_as_they_were_confirmed(pack, land):
    form = forms.receive(land.county, title="", name="月报.xlsx", data=monthly(), on=DAY, actor=7)
    mapping = {"A": "serial", "B": "unit.name", "C": "figure.registered_households"}
    forms.confirm(pack, form, mapping=mapping, on=DAY, actor=7)
    demand = services.propose(pack, land.county, wanted(), form=form, actor=7)
    assert targets(demand) == {
        "农户/建档立卡户数(户)": "figure.registered_households",
        "农户/脱贫户": "",
        "走访入户次数(次)": "",
    }


@pytest.mark.parametrize(
    ("every", "times", "each", "all_villages"),
    [
        ("once", 1, "0.1", "0.3"),
        ("month", 12, "1.2", "3.6"),
        ("week", 52, "5.2", "15.6"),
        ("quarter", 4, "0.4", "1.2"),
    ],
)
def test_the_cost_is_typed_items_times_minutes_times_a_year_times_villages(
    pack, propose, every, times, each, all_villages
):
    cost = costs.cost(pack, propose(every=every), on=DAY)  # three items of four are typed, two minutes each
    assert (cost.items, cost.known, cost.typed, cost.times, cost.units, cost.rate) == (4, 1, 3, times, 3, Decimal(2))
    assert (cost.hours_each, cost.hours) == (Decimal(each), Decimal(all_villages))


def test_of_a_township_only_its_own_villages_are_asked_and_a_township_of_itself(pack, propose, land):
    assert costs.cost(pack, propose(unit=land.east), on=DAY).units == 2
    assert costs.cost(pack, propose(level="township"), on=DAY).units == 2
    assert costs.cost(pack, propose(unit=land.east, level="township"), on=DAY).units == 1


def test_without_a_standard_there_is_no_cost_and_never_nought(pack, propose):
    cost = costs.cost(pack, propose(), on=date(1999, 12, 31))
    assert (cost.rate, cost.hours_each, cost.hours) == (None, None, None)


@pytest.mark.parametrize(
    ("labels", "other", "code"),
    [
        (LABELS, {"title": " "}, "demand.said"),
        (LABELS, {"department": ""}, "demand.said"),
        (LABELS, {"ground": " "}, "demand.said"),
        (LABELS, {"every": "day"}, "demand.every"),
        (LABELS, {"level": "planet"}, "demand.level"),
        ((" ", ""), {}, "demand.items"),
        (tuple(f"第{number}项" for number in range(201)), {}, "demand.many"),
        (("长" * 201,), {}, "demand.long"),
        (LABELS, {"until": date(2019, 12, 31)}, "demand.days"),
        (LABELS, {"until": date(2021, 1, 1)}, "demand.term"),
        (LABELS, {"until": date(2020, 12, 31)}, None),
        (LABELS, {"since": date(2020, 2, 29), "until": date(2021, 2, 27)}, None),
        (LABELS, {"since": date(2020, 2, 29), "until": date(2021, 2, 28)}, "demand.term"),
    ],
)
def test_what_may_be_proposed(propose, labels, other, code):
    assert refusal_of(propose, labels, **other) == code
    assert Demand.objects.exists() == (code is None)


def test_what_the_system_fills_is_corrected_while_it_is_a_draft(pack, propose):
    demand = propose()
    services.choose(pack, demand, targets={1: "", 3: "figure.registered_households"}, actor=7)
    assert targets(demand) == {
        "走访次数": "",
        "村级光伏装机容量": "",
        "防溺水巡查次数": "figure.registered_households",
        "备注": "",
    }
    assert refusal_of(services.choose, pack, demand, targets={2: "figure.nothing"}, actor=7) == "demand.target"
    Demand.objects.update(state="asked")
    assert refusal_of(services.choose, pack, demand, targets={2: "figure.visits"}, actor=7) == "demand.fixed"
    assert Item.objects.get(number=2).target == ""

"""A confirmed form, filled: every number is the system's, every total comes to it, and the form stays the superior's."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hangshi.forms import filling, services
from hangshi.forms.layout import Column
from hangshi.forms.models import Form
from hangshi.indicators.queries import Value
from hangshi.refusal import Refused
from tests.forms.blanks import Filled, money, monthly, names_printed, total_on_top
from tests.forms.conftest import OCTOBER, TODAY, household, visit

NOW = datetime(2017, 11, 1, tzinfo=UTC)


@pytest.fixture
def received(township):
    def receive(data, unit="河口镇", on=TODAY):
        return services.receive(township[unit], title="", name="空白表.xlsx", data=data, on=on, actor=None)

    return receive


@pytest.fixture
def confirmed(received, pack):
    """Confirmed as the system proposed."""

    def confirm(data):
        form = received(data)
        mapping = services.suggested(pack, form, services.layout_of(form))
        services.confirm(pack, form, mapping=mapping, on=TODAY, actor=None)
        return form

    return confirm


def address(key, unit):
    return f"https://hangshi.example/indicators/{key}/?unit={unit.pk}"


@pytest.fixture
def filled(confirmed, township):
    def fill(data, kind="village"):
        return Filled(filling.fill(confirmed(data), township["河口镇"], OCTOBER, kind, address).data)

    return fill


def test_a_row_for_each_village_and_totals_that_come_to_the_figures_of_the_township(filled):
    page = filled(monthly())
    assert [page.row(number) for number in range(7, 13)] == [
        [1, "东湾村", 3, 1, 4],
        [2, "西沟村", 1, 2, 2],
        [3, "南坪村", 2, 0, 0],
        [4, "中河村", 0, 1, 1],
        [5, "北岗村", 0, 0, 0],
        ["合　计", None, 6, 4, 7],
    ]
    assert page.page["C12"].value.lstrip("=") == "SUM(C7:C11)"


def test_merges_heights_widths_fonts_and_formats_move_along(filled):
    page = filled(monthly()).page
    assert {str(it) for it in page.merged_cells.ranges} == {
        "A2:E2",
        "A4:A5",
        "B4:B5",
        "C4:D4",
        "E4:E5",
        "A12:B12",
        "A13:E13",
    }
    assert (page.row_dimensions[2].height, page.row_dimensions[13].height) == (40, 33)
    assert page.column_dimensions["B"].width == 22
    assert (page["A2"].font.name, page["A2"].font.size) == ("方正小标宋简体", 18)
    assert {page[f"C{row}"].number_format for row in range(7, 12)} == {"#,##0"}
    assert all(page[f"E{row}"].border.bottom.style == "thin" for row in range(7, 13))
    assert page["A13"].value == "注：按月报送。"


def test_one_single_row_under_a_total_grows_and_the_sums_with_it(filled):
    page = filled(total_on_top())
    assert [page.row(number) for number in range(5, 11)] == [
        ["合计", 6, 4, 10],
        ["东湾村", 3, 1, 4],
        ["西沟村", 1, 2, 3],
        ["南坪村", 2, 0, 2],
        ["中河村", 0, 1, 1],
        ["北岗村", 0, 0, 0],
    ]


def test_yuan_are_written_in_the_measure_of_the_form(filled):
    page = filled(money())
    assert page.row(4) == ["东湾村", "610902100001", 12.5, None]
    assert page.row(5)[2] == 0.85005
    assert page.row(8) == ["北岗村", "610902100005", 0, None]


def test_printed_names_keep_their_rows_and_what_has_none_is_said(confirmed, township):
    made = filling.fill(confirmed(names_printed()), township["河口镇"], OCTOBER, "village", address)
    page = Filled(made.data)
    assert [page.row(number) for number in range(3, 7)] == [
        [1, "西沟村", 2],
        [2, "北岭村", None],
        [3, "东湾村", 4],
        ["合计", None, 6],
    ]
    assert made.missing == ["南坪村", "中河村", "北岗村"]
    assert made.strange == ["北岭村"]
    assert page.sources[1][0] == "表中没有行、因此没有填的单位：南坪村、中河村、北岗村。"
    assert page.sources[2][0] == "表中写着、系统里没有的单位：北岭村。"


def test_every_number_says_where_it_comes_from(filled, township):
    page = filled(monthly())
    assert page.sources[0][0] == "帮扶工作月报表：河口镇，2017-10-01 至 2017-10-31。存量取截止日，发生数取期间。"
    numbers = page.sources[2:17]
    assert [it[0] for it in numbers[:3]] == ["C7", "D7", "E7"]
    to = f"https://hangshi.example/indicators/visits/?unit={township['东湾村'].pk}"
    assert numbers[2] == ["E7", "东湾村", "走访入户次数(次)", "走访次数", "4", "4", to]
    assert page.book["数据来源"]["G5"].hyperlink.target == to
    assert page.book["数据来源"]["A5"].hyperlink.location == "'Sheet1'!E7"


def test_a_total_that_agrees_with_the_system_says_so(filled):
    assert [it[4:6] for it in filled(monthly()).sources[17:]] == [
        ["6（合计，与系统一致）", "6"],
        ["4（合计，与系统一致）", "4"],
        ["7（合计，与系统一致）", "7"],
    ]


def test_a_total_that_leaves_out_what_stands_elsewhere_says_so(filled, township):
    town = township["河口镇"]
    visit(town, household(town, 1, "registered"), date(2017, 10, 20))
    said = [it[4:6] for it in filled(monthly()).sources[17:]]
    assert said[0] == ["6（合计，与系统不一致：有记录登记在本级或其他类单位，或该指标不能相加）", "7"]
    assert said[1] == ["4（合计，与系统一致）", "4"]


def test_a_form_that_nobody_confirmed_is_not_filled(received, township):
    with pytest.raises(Refused, match="还没有确认"):
        filling.fill(received(monthly()), township["河口镇"], OCTOBER, "village", address)


def test_where_there_is_no_unit_below_nothing_is_made(confirmed, township):
    with pytest.raises(Refused, match="东湾村下面没有这类单位"):
        filling.fill(confirmed(monthly()), township["东湾村"], OCTOBER, "group", address)


def test_the_kinds_that_may_be_rows_the_most_numerous_first(township):
    assert filling.kinds_below(township["河口镇"], OCTOBER) == ["village", "branch"]
    assert filling.kinds_below(township["东湾村"], OCTOBER) == []


def test_the_same_head_brought_again_keeps_what_was_confirmed(confirmed, received):
    first = confirmed(monthly())
    again = received(monthly(), on=date(2017, 12, 1))
    assert again.pk == first.pk
    assert (again.confirmed_on, again.received_on) == (TODAY, date(2017, 12, 1))
    assert again.mapping == {
        "A": "serial",
        "B": "unit.name",
        "C": "figure.registered_households",
        "D": "figure.lifted_households",
        "E": "figure.visits",
        "B3": "unit.name",
        "E3": "filled_on",
    }
    assert Form.objects.count() == 1


def test_what_another_unit_confirmed_for_the_head_is_proposed_not_confirmed(received, township, pack):
    own = received(monthly(), unit="东湾村")
    services.confirm(pack, own, mapping={"B": "unit.name", "E": "figure.households_visited"}, on=TODAY, actor=None)
    form = received(monthly())
    assert form.confirmed_on is None
    assert services.suggested(pack, form, services.layout_of(form)) == {
        "B": "unit.name",
        "E": "figure.households_visited",
    }


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"A": "serial", "B": "figure.visits"}, "form.unit"),
        ({"A": "unit.name"}, "form.figure"),
        ({"A": "unit.name", "B": "figure.nonsense"}, "form.target"),
        ({"A": "unit.name", "B": "figure.visits", "D": "figure.visits"}, "form.column"),
    ],
)
def test_what_cannot_be_confirmed_is_refused_and_nothing_is_kept(received, pack, mapping, code):
    form = received(total_on_top())
    with pytest.raises(Refused) as refused:
        services.confirm(pack, form, mapping=mapping, on=TODAY, actor=None)
    assert refused.value.code == code
    assert "没有保存" in refused.value.sentence
    assert Form.objects.get().mapping == {}


def test_a_figure_with_nothing_to_say_leaves_its_cell_empty_and_says_so(received, pack, township):
    form = received(money())
    mapping = {"A": "unit.name", "C": "figure.secretary_coverage"}  # no village is poor: nothing to divide by
    services.confirm(pack, form, mapping=mapping, on=TODAY, actor=None)
    page = Filled(filling.fill(form, township["河口镇"], OCTOBER, "village", address).data)
    assert page.row(4) == ["东湾村", None, None, None]
    assert page.sources[2][3:6] == ["贫困村第一书记覆盖率", "空（无数据）", "无数据"]


@pytest.mark.parametrize(
    ("key", "divisor", "percent", "value", "written"),
    [
        ("secretary_coverage", 1, True, Decimal("87.5"), Decimal("0.875")),
        ("secretary_coverage", 1, False, Decimal("87.5"), Decimal("87.5")),
        ("collective_income_yuan", 10_000, False, Decimal("125000.00"), Decimal("12.5")),
        ("collective_income_yuan", 1, False, Decimal("125000.00"), Decimal("125000.00")),
        ("visits", 10_000, True, 4, 4),
    ],
)
def test_the_measure_of_the_form_is_for_amounts_and_rates_only(pack, key, divisor, percent, value, written):
    it = filling.Figures(Column("C", "", False, divisor, percent), pack.indicators[key], {}, Value(None, NOW, ""))
    assert it.written(Value(value, NOW, "")) == written

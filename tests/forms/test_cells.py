"""Single cells by the label beside them, and rows that are records of a list: confirmed once, filled, each with where it comes from."""

import hashlib
from datetime import date

import pytest

from hangshi.duties.models import Duty
from hangshi.forms import filling, layout, proposals, services
from hangshi.refusal import Refused
from hangshi.registry.models import HouseholdStatus, Membership, Person
from tests.forms.blanks import Filled, card, money, monthly, one_row, roll, watched
from tests.forms.conftest import OCTOBER, TODAY, household

MARCH = date(2016, 3, 1)


def address(key, unit):
    return f"https://hangshi.example/indicators/{key}/?unit={unit.pk}"


def opens(register, pk):
    return f"https://hangshi.example/records/{register}/{pk}/"


@pytest.fixture
def confirmed(township, pack):
    """Confirmed as the system proposed, or as `mapping` says."""

    def confirm(data, mapping=None):
        form = services.receive(township["河口镇"], title="", name="空白表.xlsx", data=data, on=TODAY, actor=None)
        chosen = services.suggested(pack, form, services.layout_of(form)) if mapping is None else mapping
        services.confirm(pack, form, mapping=chosen, on=TODAY, actor=None)
        return form

    return confirm


@pytest.fixture
def secretaries(township):
    """东湾村 and 西沟村 have one each from 县财政局; that of 南坪村 left before the month ended."""
    office = township["某县"]
    for name, village, until in (
        ("张三", "东湾村", None),
        ("李四", "西沟村", None),
        ("王五", "南坪村", date(2017, 10, 30)),
    ):
        person = Person.objects.create(name=name, unit=office, path=office.path)
        unit = township[village]
        Duty.objects.create(
            kind="first_secretary", bearer=person, target_unit=unit, unit=unit, path=unit.path, since=MARCH, until=until
        )


class TestCells:
    def test_each_label_and_the_cell_to_its_right(self):
        found = layout.read(card())
        assert [(it.letter, it.label) for it in found.cells] == [
            ("B2", "填报日期"), ("B3", "单位名称"), ("D3", "单位代码"), ("B4", "建档立卡户数"), ("D4", "脱贫户数"),
            ("D5", "村集体经济收入(万元)"),
        ]  # fmt: skip
        assert (found.columns, found.first, found.last, found.title) == ((), 0, 0, "镇情登记表")

    def test_the_lines_above_a_table_are_cells_of_it_and_change_nothing_of_its_digest(self):
        found = layout.read(monthly())
        assert [(it.letter, it.label, it.before) for it in found.cells] == [
            ("B3", "填报单位", ""), ("E3", "填报日期", "填报日期："),
        ]  # fmt: skip
        assert found.digest == hashlib.sha256(DIGESTED.encode()).hexdigest()

    def test_a_table_is_not_taken_for_labels(self):
        assert [it.label for it in layout.read(money()).columns] == ["单位名称", "区划代码", "村集体经济收入", "备注"]

    def test_they_are_filled_for_the_unit_itself_and_say_where_from(self, confirmed, township):
        form = confirmed(card())
        made = filling.fill(form, township["河口镇"], OCTOBER, "", address, on=TODAY)
        page = Filled(made.data)
        assert [page.row(number) for number in range(2, 7)] == [
            ["填报日期：", "2017-11-01", None, None],
            ["单位名称", "河口镇", "单位代码", None],
            ["建档立卡户数", 6, "脱贫户数", 4],
            ["户数小计", 10, "村集体经济收入（万元）", 16.35005],
            ["填表人：", None, None, None],
        ]
        assert made.numbers == 3
        assert [it[:3] for it in page.sources[2:]] == [
            ["B4", "河口镇", "建档立卡户数"], ["D4", "河口镇", "脱贫户数"], ["D5", "河口镇", "村集体经济收入(万元)"],
        ]  # fmt: skip
        assert page.sources[2][6] == address("registered_households", township["河口镇"])

    def test_above_a_table_name_and_day_are_filled_beside_or_after_the_label(self, confirmed, township):
        page = Filled(filling.fill(confirmed(monthly()), township["河口镇"], OCTOBER, "village", address).data)
        assert page.row(3) == ["填报单位：", "河口镇", None, None, "填报日期：2017-10-31"]

    def test_one_single_row_without_a_unit_is_the_unit_s_own(self, confirmed, township):
        form = confirmed(one_row())
        assert form.mapping == {"A": "figure.registered_households", "B": "figure.visits"}
        page = Filled(filling.fill(form, township["河口镇"], OCTOBER, "village", address).data)
        assert page.row(3) == [6, 7, None]
        assert [it[1] for it in page.sources[2:]] == ["河口镇", "河口镇"]

    @pytest.mark.parametrize(
        ("mapping", "code"),
        [
            ({"B4": "figure.registered_households"}, None),
            ({}, "form.figure"),
            ({"B4": ""}, "form.figure"),
            ({"B4": "serial"}, "form.cell"),
            ({"B4": "list.members.name"}, "form.cell"),
            ({"B5": "figure.visits"}, "form.column"),  # a formula
        ],
    )
    def test_what_may_be_confirmed_of_a_card(self, confirmed, mapping, code):
        if code is None:
            assert confirmed(card(), mapping).mapping == mapping
            return
        with pytest.raises(Refused) as refused:
            confirmed(card(), mapping)
        assert refused.value.code == code


class TestLists:
    def test_the_title_says_whose_list_it_is_and_the_columns_what_of_them(self, confirmed):
        assert confirmed(roll()).mapping == {
            "A": "serial",
            "B": "list.duty_first_secretary.name",
            "C": "list.duty_first_secretary.unit",
            "D": "list.duty_first_secretary.since",
            "E": "list.duty_first_secretary.home",
            "B2": "unit.name",
        }

    def test_a_row_for_each_one_in_force_on_the_last_day(self, confirmed, township, secretaries, pack):
        made = filling.fill_list(pack, confirmed(roll()), township["河口镇"], OCTOBER, address, opens)
        page = Filled(made.data)
        assert [[it.value for it in row] for row in page.page["A2:E6"]] == [
            ["填报单位：", "河口镇", None, None, None],
            ["序号", "姓名", "派驻村", "任职时间", "派出单位"],
            [1, "张三", "东湾村", "2016-03-01", "某县"],
            [2, "李四", "西沟村", "2016-03-01", "某县"],
            ["合计", "=COUNTA(B4:B5)", None, None, None],
        ]
        assert made.numbers == 2

    def test_each_row_leads_to_its_record_and_repeats_no_name(self, confirmed, township, secretaries, pack):
        page = Filled(filling.fill_list(pack, confirmed(roll()), township["河口镇"], OCTOBER, address, opens).data)
        first, second = Duty.objects.filter(until=None).order_by("pk")
        assert page.sources[2:] == [
            ["A4", "东湾村", "第一书记", "记录", "", "", opens("duties", first.pk)],
            ["A5", "西沟村", "第一书记", "记录", "", "", opens("duties", second.pk)],
        ]

    def test_households_of_the_monitored_statuses(self, confirmed, township, pack):
        home = household(township["东湾村"], 9, "lifted")
        HouseholdStatus.objects.filter(household=home).update(until=date(2017, 9, 30))
        HouseholdStatus.objects.create(
            household=home, unit=home.unit, path=home.path, status="monitored_sudden", since=date(2017, 10, 1)
        )
        page = Filled(filling.fill_list(pack, confirmed(watched()), township["河口镇"], OCTOBER, address, opens).data)
        assert page.row(3) == [1, "户主9", "东湾村9", "东湾村", "突发严重困难户", "2017-10-01"]

    def test_members_of_the_branches_below(self, confirmed, township, pack):
        branch = township["河口镇机关支部"]
        person = Person.objects.create(name="赵六", unit=branch, path=branch.path)
        Membership.objects.create(
            person=person, unit=branch, path=branch.path, status="full", category="organ", since=MARCH
        )
        mapping = {
            "B": "list.members.name",
            "C": "list.members.unit",
            "D": "list.members.since",
            "E": "list.members.kind",
        }
        page = Filled(
            filling.fill_list(
                pack, confirmed(roll("党员花名册"), mapping), township["河口镇"], OCTOBER, address, opens
            ).data
        )
        assert [it.value for it in page.page[4]] == [None, "赵六", "河口镇机关支部", "2016-03-01", "正式党员"]

    def test_where_there_is_none_or_too_many_nothing_is_made(self, confirmed, township, secretaries, pack, monkeypatch):
        form = confirmed(roll())
        with pytest.raises(Refused, match="北岗村没有第一书记"):
            filling.fill_list(pack, form, township["北岗村"], OCTOBER, address, opens)
        monkeypatch.setattr(filling, "MOST_UNITS", 1)
        with pytest.raises(Refused, match="最多 1 行"):
            filling.fill_list(pack, form, township["河口镇"], OCTOBER, address, opens)

    def test_a_list_is_not_filled_as_figures_nor_figures_as_a_list(self, confirmed, township, pack):
        with pytest.raises(Refused, match="各行是名册里的记录"):
            filling.fill(confirmed(roll()), township["河口镇"], OCTOBER, "village", address)
        with pytest.raises(Refused, match="各行不是名册里的记录"):
            filling.fill_list(pack, confirmed(monthly()), township["河口镇"], OCTOBER, address, opens)

    @pytest.mark.parametrize(
        ("mapping", "code"),
        [
            ({"B": "list.members.name"}, None),
            ({"B": "list.members.name", "C": "list.monitored.unit"}, "form.lists"),
            ({"B": "list.members.name", "C": "figure.visits"}, "form.mixed"),
            ({"B": "list.members.name", "C": "unit.name"}, "form.mixed"),
            ({"B": "list.members.number"}, "form.target"),
        ],
    )
    def test_what_may_be_confirmed_of_a_list(self, confirmed, mapping, code):
        if code is None:
            assert confirmed(roll(), mapping).mapping == mapping
            return
        with pytest.raises(Refused) as refused:
            confirmed(roll(), mapping)
        assert refused.value.code == code

    @pytest.mark.parametrize("title", ["第一书记到岗情况统计表", ""])
    def test_a_table_of_figures_is_not_taken_for_a_list(self, pack, title):
        labels = {"A": "村", "B": "走访次数"}
        assert proposals.proposed(pack, labels, title) == {"A": "unit.name", "B": "figure.visits"}


DIGESTED = "\n".join(
    [
        "A 序号 False 1",
        "B 村 False 1",
        "C 农户/建档立卡户数(户) False 1",
        "D 农户/脱贫户 False 1",
        "E 走访入户次数(次) False 1",
    ]
)

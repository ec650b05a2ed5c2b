"""The other registers: households and who lives there, entries, activities, duties and cases, each kind with its pack's fields."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from hangshi.activities.models import Activity
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.intake import services
from hangshi.intake.targets import titles
from hangshi.ledger.models import Entry
from hangshi.outbox.models import Event
from hangshi.packs import load
from hangshi.registry.models import Household, HouseholdMember, HouseholdStatus, Person
from hangshi.registry.people import register_household
from tests.intake.conftest import ACTOR, TODAY, book, citizen, counts, reasons, table
from tests.land import FIRST
from tests.refusals import refusal_of


def test_a_status_that_differs_begins_on_its_day_and_ends_the_one_before(bring, commit, people):
    intake = bring(
        "households", "户编号 | 户主 | 村 | 户类别 | 认定日期\n东湾-1 | 赵大山 | 东湾村 | 脱贫户 | 2018-12-31"
    )
    assert counts(intake) == (0, 1, 0, 0)
    assert intake.preview["changes"] == [[2, "户类别", "建档立卡户", "脱贫户"]]
    commit(intake)
    said = people.zhao.statuses.order_by("since").values_list("status", "since", "until")
    assert list(said) == [("registered", FIRST, date(2018, 12, 30)), ("lifted", date(2018, 12, 31), None)]


def test_undo_opens_the_status_before_again(bring, commit, people, pack):
    intake = bring(
        "households", "户编号 | 户主 | 村 | 户类别 | 认定日期\n东湾-1 | 赵大山 | 东湾村 | 脱贫户 | 2018-12-31"
    )
    commit(intake)
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert list(people.zhao.statuses.values_list("status", "until")) == [("registered", None)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("东湾-1 | 赵大山 | 东坡村 | 建档立卡户 | 2016-01-01", "此户登记在“东湾村”，导入不改所属单位，请核对户编号。"),
        ("东湾-1 | 赵大山 | 东湾村 | 脱贫户 | 2015-01-01", "在册的户类别从这一天或之后才开始，起始日应更晚。"),
        ("东湾-1 | 赵大山 | 东湾村 | 脱贫户 | ", "户类别有变化或为新户，必须填写户类别起始日。"),
        ("东湾-9 | 钱九 | 东湾村 | | ", "新登记的户必须填写户类别。"),
        ("东湾-9 | 钱九 | 东湾村 | 五保 | 2016-01-01", "没有“五保”这一项，可填：建档立卡户、脱贫户、脱贫不稳定户、边缘易致贫户、突发严重困难户、一般户。"),
    ],
)  # fmt: skip
def test_households_refused(bring, people, cells, reason):
    assert reasons(bring("households", f"户编号 | 户主 | 村 | 户类别 | 认定日期\n{cells}")) == [(2, reason)]


@pytest.mark.parametrize(
    ("kind", "said", "reason"),
    [
        ("returnee", "责任人 | 对象单位 | 起始日 | 本人同意日期\n王建国 | 东湾村 | 2017-03-01 | 2017-03-02", "本人2017-03-02才同意，起始日不能早于这一天。"),
        ("returnee", "责任人 | 对象单位 | 起始日 | 本人同意日期\n王建国 | 东湾村 | 2017-03-01 | ", "“本人同意日期”必须填写。"),
        ("mobile_member", "责任人 | 对象单位 | 起始日 | 流入的省（区、市）\n王建国 | 东湾村党支部 | 2017-03-01 | 深圳市南山区", None),
        ("mutual_check", "责任单位 | 对象单位 | 起始日\n东湾村 | 东湾村 | 2017-03-01", "不能自己查自己。"),
    ],
)  # fmt: skip
def test_a_list_of_persons_or_a_circle_is_kept_on_the_way_in_by_workbook(bring, people, kind, said, reason):
    [(row, why)] = reasons(bring(f"duties.{kind}", said))
    assert row == 2
    assert why == reason if reason else why.startswith("没有“深圳市南山区”这一项，可填：北京、天津、")


def test_a_swap_is_refused_in_a_workbook_too(bring, commit, land):
    head = "责任单位 | 对象单位 | 起始日\n"
    commit(bring("duties.mutual_check", f"{head}东湾村 | 东坡村 | 2017-03-01"))
    back = bring("duties.mutual_check", f"{head}东坡村 | 东湾村 | 2017-05-01")
    assert reasons(back) == [(2, "对方在此期间查的正是本单位，两家不能对换。")]


def test_a_workbook_has_no_column_for_who_held_the_ceremony(bring, commit, land):
    intake = bring("activities.ceremony_count", "单位 | 日期 | 简办次数\n东湾村 | 2017-03-31 | 2")
    commit(intake)
    assert list(Activity.objects.values_list("present", "topic", "minutes")) == [(2, "", "")]


def test_who_lives_in_a_household(bring, commit, people):
    rows = f"户编号 | 姓名 | 身份证号 | 与户主关系 | 入户日期\n东湾-1 | 赵大山 | {citizen(21)} | 户主 | 2016.1\n东湾-1 | 孙小花 | | 配偶 | 2016.1\n没有-1 | 周一 | | 户主 | 2016.1"
    intake = bring("residents", rows)
    assert counts(intake) == (2, 0, 0, 1)
    assert reasons(intake) == [(4, "您的范围内没有这个户编号。")]
    commit(intake)
    said = HouseholdMember.objects.values_list("person__name", "relation", "path")
    assert sorted(said) == [("孙小花", "配偶", people.zhao.path), ("赵大山", "户主", people.zhao.path)]
    assert counts(bring("residents", rows)) == (0, 0, 2, 1)


BOOK = "单位 | 日期 | 金额（元） | 备注\n东湾村 | 2017-05-01 | 1,200.50元 | 茶园\n东坡村 | 2017-05-02 | 800 | "


def test_amounts_are_booked_exactly_and_once(bring, commit, land):
    commit(bring("entries.collective_income", BOOK))
    said = Entry.objects.order_by("pk").values_list("unit__name", "day", "amount", "note", "kind")
    assert list(said) == [
        ("东湾村", date(2017, 5, 1), Decimal("1200.50"), "茶园", "collective_income"),
        ("东坡村", date(2017, 5, 2), Decimal("800.00"), "", "collective_income"),
    ]
    assert counts(bring("entries.collective_income", BOOK)) == (0, 0, 2, 0)


def test_undo_of_entries_reverses_them(bring, commit, pack):
    intake = bring("entries.collective_income", BOOK)
    commit(intake)
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert Entry.objects.count() == 4
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0
    assert counts(bring("entries.collective_income", BOOK)) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("0", "数额必须大于零。"), ("-5", "数额必须大于零。"), ("1.234", "最多2位小数。"), ("一千", "“一千”不是数字。"), ("", "“数额”必须填写。"),
        ("1e308", "“1e308”不是数字。"), ("NaN", "“NaN”不是数字。"),
    ],
)  # fmt: skip
def test_amounts_refused(bring, amount, reason):
    assert reasons(bring("entries.collective_income", f"单位 | 日期 | 金额\n东湾村 | 2017-05-01 | {amount}")) == [
        (2, reason)
    ]


def test_a_book_kept_once_a_year_takes_one_amount_a_year(bring, commit, people):
    rows = "单位 | 户编号 | 日期 | 收入 | 家庭人口\n东湾村 | 东湾-1 | 2017-12-31 | 5000 | 4"
    commit(bring("entries.household_income", rows))
    assert Entry.objects.get().extra == {"persons": 4}
    other = rows.replace("5000", "5200").replace("2017-12-31", "2017-11-30")
    assert reasons(bring("entries.household_income", other)) == [
        (2, "户人均收入本期已经入账；要更正，请先冲销再入账。")
    ]
    assert counts(bring("entries.household_income", rows)) == (0, 0, 1, 0)
    assert reasons(bring("entries.household_income", rows.replace("| 4", "| 31").replace("2017", "2018"))) == [
        (2, "应在1至30之间。")
    ]


def test_visits_of_households_and_what_hears_of_them(bring, commit, people, pack):
    rows = "村 | 户编号 | 走访人 | 走访时间 | 内容\n东湾村 | 东湾-1 | 王建国 | 2017.8.3 | 看望\n东湾村 | 东湾-1 | 王建国 | 2017.8.9 | 送苗"
    intake = bring("activities.visit", rows)
    commit(intake)
    said = Activity.objects.order_by("day").values_list("kind", "leader", "household", "day", "topic", "late")
    assert list(said) == [
        ("visit", people.wang.pk, people.zhao.pk, date(2017, 8, 3), "看望", False),
        ("visit", people.wang.pk, people.zhao.pk, date(2017, 8, 9), "送苗", False),
    ]
    assert list(Event.objects.order_by("day").values_list("topic", "kind", "day")) == [
        ("activity.recorded", "visit", date(2017, 8, 3)),
        ("activity.recorded", "visit", date(2017, 8, 9)),
    ]
    assert counts(bring("activities.visit", rows)) == (0, 0, 2, 0)
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert (Activity.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("东坡村 | 东湾-1 | 王建国 | 2017.8.3", "此户不属于所填的单位。"),
        ("东湾村 | 东湾-1 | 没有人 | 2017.8.3", "您的范围内没有这个人，请核对姓名和号码。"),
        ("东湾村 | 东湾-1 | 王建国 | 2099.8.3", "这一天还没有到，只能先列入计划。"),
        ("东湾村 | 东湾-1 | 王建国 | 2015.8.3", "该单位在这一天不在存续期内。"),
        ("东镇 | 东湾-1 | 王建国 | 2017.8.3", "您的范围内没有叫“东镇”的单位，请写全称或代码。"),
    ],
)  # fmt: skip
def test_visits_refused(bring, people, cells, reason):
    intake = bring("activities.visit", f"村 | 户编号 | 走访人 | 走访时间\n{cells}")
    assert reason in [sentence for _, sentence in reasons(intake)]


def test_a_meeting_recorded_after_its_term_is_late(bring, commit, people):
    rows = f"单位 | 活动时间 | 主持人 | 参会人数\n东湾村党支部 | {timezone.localdate().isoformat()} | 王建国 | 12\n东湾村党支部 | 2017-08-03 | 王建国 | 9"
    commit(bring("activities.branch_meeting", rows))
    assert list(Activity.objects.order_by("day").values_list("present", "late")) == [(9, True), (12, False)]


def test_pairings_and_an_exclusive_duty(bring, commit, people, land):
    commit(bring("duties.pairing", "责任人 | 户编号 | 结对时间\n王建国 | 东湾-1 | 2017.3"))
    assert Duty.objects.values_list("bearer", "household", "since", "unit").get() == (
        people.wang.pk,
        people.zhao.pk,
        date(2017, 3, 1),
        land.bay.pk,
    )
    first = "责任人 | 派驻村 | 任职时间 | 后备干部\n王建国 | 东湾村 | 2017.3 | 是"
    commit(bring("duties.first_secretary", first))
    assert Duty.objects.get(kind="first_secretary").extra == {"reserve": True}
    assert counts(bring("duties.first_secretary", first)) == (0, 0, 1, 0)
    other = bring("duties.first_secretary", first.replace("王建国", "李秀英").replace("2017.3", "2018.1"))
    assert reasons(other) == [(2, "该对象在此期间已有第一书记，请先结束原责任。")]


def test_namesakes_are_told_apart_by_number_only(bring, people, land):
    register_household(land.bay, number="东湾-2", head="王二", status="general", on=FIRST, actor=None)
    Person.objects.create(name="王建国", unit=land.hill, path=land.hill.path)
    said = reasons(bring("duties.pairing", "责任人 | 户编号 | 结对时间\n王建国 | 东湾-2 | 2017.3"))
    assert said == [(2, "符合的在册记录不止一条，请补充公民身份号码或更多内容。")]


def test_needs_of_households_open_as_cases_at_their_first_stage(bring, commit, people, pack):
    rows = "单位 | 户编号 | 标题 | 受理日期 | 情形\n东湾村 | 东湾-1 | 想发展养殖 | 2017-03-01 | 产业"
    said = pack.kinds.case["household_need"].grounds
    rows = rows.replace("| 产业", f"| {said['industry']}")
    intake = bring("cases.household_need", rows)
    commit(intake)
    case = Case.objects.get()
    assert (case.title, case.ground, case.household, case.stage) == (
        "想发展养殖",
        "industry",
        people.zhao,
        pack.kinds.case["household_need"].stages[0].key,
    )
    assert list(case.steps.values_list("act", "after", "day")) == [("open", case.stage, date(2017, 3, 1))]
    assert counts(bring("cases.household_need", rows)) == (0, 0, 1, 0)
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert Case.objects.count() == 0


def test_nothing_is_offered_that_one_may_not_write(pack):
    assert titles(pack, lambda name: False) == {}
    assert titles(pack, lambda name: name == "register.write") == {
        "members": "党员", "persons": "人员", "households": "农户", "residents": "家庭成员",
    }  # fmt: skip
    every = titles(pack, lambda name: name != "cases.restricted")
    assert every["entries.branch_fund"] == "台账：党建工作经费"
    assert "cases.discipline" not in every


def test_a_required_column_that_the_sheet_lacks_is_named(land, pack, bring):
    assert refusal_of(bring, "households", "户编号 | 村\nH1 | 东湾村") == "intake.missing"


def test_without_a_column_of_units_all_rows_are_the_asker_s_village(bring, commit, land):
    commit(bring("households", "户编号 | 户主 | 户类别 | 认定日期\nH1 | 赵一 | 一般户 | 2017.8", unit=land.hill))
    assert Household.objects.get().unit == land.hill
    assert HouseholdStatus.objects.get().path == land.hill.path


def test_the_columns_of_a_source_are_remembered(bring, land, pack):
    rows = "编码甲 | 户主 | 村 | 户类别 | 认定日期\nH1 | 赵一 | 东湾村 | 一般户 | 2017.8"
    assert refusal_of(bring, "households", rows, source="扶贫办") == "intake.missing"
    first = services.receive(
        pack,
        land.county,
        target="households",
        source="扶贫办",
        name="a.csv",
        data=rows.replace(" | ", ",").encode(),
        account=ACTOR,
    )
    services.match(pack, first, mapping={**first.mapping, "number": 0}, sheet="", account=ACTOR)
    assert counts(bring("households", rows, source="扶贫办")) == (1, 0, 0, 0)
    assert refusal_of(bring, "households", rows, source="民政局") == "intake.missing"


CATALOGUED = "单位 | 标题 | 立项日期 | 情形"


@pytest.fixture
def baoshan():
    return load("base", "baoshan")


@pytest.fixture
def put_in_order(land, baoshan):
    """A sheet of organisations to be put in order, checked and written; 保山's catalogue changed on 2020-01-01."""

    def brought(*rows):
        data = book(table("\n".join([CATALOGUED, *rows])))
        intake = services.receive(
            baoshan, land.county, target="cases.weak_organisation", source="", name="a.xlsx", data=data, account=ACTOR
        )
        intake = services.check(baoshan, intake, on=TODAY, account=ACTOR)
        if intake.counts["new"]:
            services.commit(baoshan, intake, way="sound", on=TODAY, account=ACTOR)
        return intake

    return brought


@pytest.mark.parametrize(
    ("day", "word", "key"),
    [
        ("2019-05-01", "班子不团结", "disunited"),
        ("2019-05-01", "disunited", "disunited"),
        ("2020-05-01", "书记长期空缺", "vacant"),
    ],
)
def test_a_ground_is_read_by_the_catalogue_of_its_day(put_in_order, day, word, key):
    intake = put_in_order(f"东湾村 | 整顿 | {day} | {word}")
    assert counts(intake) == (1, 0, 0, 0), intake.preview
    assert Case.objects.get().ground == key
    assert counts(put_in_order(f"东湾村 | 整顿 | {day} | {word}")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("day", "word", "reason"),
    [
        ("2019-05-01", "书记长期空缺", "这一天适用于该单位的目录中没有“书记长期空缺”这一情形。"),
        ("2018-05-01", "班子不团结", "这一天适用于该单位的目录中没有“班子不团结”这一情形。"),
        ("2019-05-01", "", "“情形”必须填写。"),
    ],
)
def test_a_ground_of_another_day_is_refused(put_in_order, day, word, reason):
    assert reasons(put_in_order(f"东湾村 | 整顿 | {day} | {word}")) == [(2, reason)]

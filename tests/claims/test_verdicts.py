"""A report over the small 安康 is held against its records; then copies of it in which one figure is wrong."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner
from docx import Document

from hangshi.access.scope import EVERYTHING, acting
from hangshi.claims import marked, verdicts
from hangshi.claims.extract import extract
from hangshi.cli.main import cli
from hangshi.indicators import queries
from hangshi.registry.models import Unit

pytestmark = pytest.mark.django_db
DAY = date(2017, 10, 31)
# What the small scenario holds, said as an official would. A second way to the same numbers: the document's totals at one hundredth.
REPORT = """全市抓党建促脱贫工作综述
全市共有党员1470名、党支部64个，其中农村党支部29个。
今年以来，全市流转土地1.293万亩，群众直接受益387.6万元。
召回第一书记1名，调整驻村工作队员3名。
243名机关党员与626户贫困户结对帮扶。
全市组建驻村工作队13支，选派驻村工作队员38名。
建档立卡贫困户724户，已有脱贫户300户。
无事摆酒席减少三分之一，户均人情支出下降近一半。
按每名党员不低于100元的标准拨付党员教育培训经费。
"""
FALSE = {
    "1470名": "1480名", "64个": "65个", "29个": "31个", "1.293万亩": "1.393万亩", "387.6万元": "397.6万元", "召回第一书记1名": "召回第一书记2名",
    "队员3名": "队员4名", "243名": "244名", "626户": "628户", "13支": "14支", "38名": "39名", "724户": "742户", "300户": "310户",
    "三分之一": "三分之二", "近一半": "近三成", "100元": "120元",
}  # fmt: skip


@dataclass
class Held:
    city: Unit

    def verdicts(self, text: str, **more):
        desk = verdicts.Desk(
            queries.pack(), more.pop("unit", self.city), more.pop("on", DAY), more.pop("confirmed", {})
        )
        return verdicts.check(extract(text), text, desk)

    def words(self, text: str, **more) -> list[tuple[str, str]]:
        return [(it.claim.text, it.word) for it in self.verdicts(text, **more)]


@pytest.fixture
def held(ankang, db):
    with acting(EVERYTHING):
        yield Held(Unit.objects.get(kind="city"))


def test_every_number_of_a_true_report_holds(held):
    assert held.words(REPORT) == [
        (words, "支持")
        for words in (
            "1470名", "64个", "29个", "1.293万亩", "387.6万元", "1名", "3名", "243名", "626户", "13支", "38名", "724户", "300户", "三分之一",
            "近一半", "不低于100元",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("true", FALSE)
def test_the_one_altered_number_is_found_and_no_other(held, true):
    assert REPORT.count(true) == 1
    wrong = [at for at, (_, word) in enumerate(held.words(REPORT.replace(true, FALSE[true]))) if word == "不符"]
    assert wrong == [list(FALSE).index(true)]


def test_the_value_is_given_with_its_way_to_the_rows(held):
    [found] = held.verdicts("全市共有党员1480名。")
    assert (found.word, found.definition.key, found.value, found.unit) == (
        "不符",
        "members",
        Decimal(1470),
        held.city.pk,
    )
    assert (found.days.first, found.days.last) == (date(2017, 1, 1), DAY)
    assert found.reason == "算得 1,470，不在所许区间内"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("全市流转土地1.293亩。", "数值相差一个“万”，计量单位可能写错"),
        ("全市农村党员1470名。", "与“党员数”相符（1,470），口径可能用错"),
        ("全市结对帮扶干部626名。", "与“结对帮扶户数”相符（626），户和人可能写混"),
    ],
)
def test_a_wrong_number_comes_with_the_nearest_explanation(held, text, hint):
    [found] = held.verdicts(text)
    assert found.word == "不符"
    assert hint in found.hints


def test_another_day_explains_a_number(held):
    [month] = [it for it, _ in queries.months("visits", held.city, DAY, 2)[:1]]
    earlier = queries.value("visits", held.city, queries.Period(date(2017, 1, 1), month.last)).value
    [found] = held.verdicts(f"今年以来走访{earlier}次。")
    assert (found.word, found.hints[0]) == ("不符", f"与截至 2017-09-30 的数相符（{earlier:,}），日期可能用错")


def test_the_number_of_a_part_explains_a_number(held):
    county, value = next(
        (unit, it.value)
        for unit, it in queries.children("members", held.city, DAY)
        if it.value and unit.kind == "county"
    )
    [found] = held.verdicts(f"全市共有党员{value}名。")
    assert f"与{county.name}的数相符（{value:,}），范围可能用错" in found.hints


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        ("力争发展党员120名。", "无记录", "目标或结构，不与记录相比"),
        ("工作分四个步骤推进。", "无记录", "目标或结构，不与记录相比"),
        ("安装路灯120盏。", "无记录", "没有名称或别名相近、计量单位相同的指标"),
        ("党支部办事处书记64个。", "口径不明", "有几个相近的指标，请确认是哪一个"),
        ("集体经济收入1万元以上的村有3个。", "无记录", "这是一个条件，不单独核对"),
        ("规定补贴不低于50元。", "无记录", "标准：规矩包里没有相近的一条"),
    ],
)
def test_what_cannot_be_held_against_records_says_why(held, text, word, reason):
    found = held.verdicts(text)[0]
    assert (found.word, found.reason) == (word, reason)


def test_a_standard_before_its_first_day_has_no_amount(held):
    [found] = held.verdicts("按每名党员不低于100元的标准拨付党员教育培训经费。", on=date(2016, 12, 31))
    assert (found.word, found.reason) == ("无记录", "“党员教育培训经费下限”在 2016-12-31 还没有数额")


def test_a_confirmed_binding_decides(held):
    text = "入库队员38名。"
    assert held.words(text, confirmed={("入库队员", "person"): "team_members"}) == [("38名", "支持")]


def test_a_unit_sees_its_own_numbers_only(held):
    county = Unit.objects.filter(kind="county").order_by("code").first()
    assert held.words("共有党员1470名。", unit=county) == [("1470名", "不符")]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("党员3名。", (date(2017, 1, 1), DAY)),
        ("2016年，培训党员3名。", (date(2016, 1, 1), date(2016, 12, 31))),
        ("2016年以来，培训党员3名。", (date(2016, 1, 1), DAY)),
        ("2017年，培训党员3名。", (date(2017, 1, 1), DAY)),
        ("2019年，培训党员3名。", (date(2017, 1, 1), DAY)),  # after the report's day: not a year it can speak of
    ],
)
def test_the_days_a_number_speaks_of(text, days):
    [claim] = extract(text)
    period = verdicts.days_of(claim, DAY)
    assert (period.first, period.last) == days


def test_a_percentage_is_compared_as_it_was_written(held):
    [claim] = extract("到会率达到88.0%。")
    assert verdicts.allows(claim, Decimal("88.0136"))
    assert not verdicts.allows(claim, Decimal("88.06"))


def test_the_command_prints_and_marks_and_exits_1_where_something_is_wrong(held, tmp_path):
    file, docx = tmp_path / "a.txt", tmp_path / "a.docx"
    file.write_text(REPORT, encoding="utf-8")
    words = ["claims", "check", str(file), "--unit", "610900", "--on", "2017-10-31"]
    said = CliRunner().invoke(cli, words)
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "支持 16，不符 0，口径不明 0，无记录 0")
    file.write_text(REPORT.replace("1470名", "1480名"), encoding="utf-8")
    said = CliRunner().invoke(cli, [*words, "--docx", str(docx)])
    assert said.exit_code == 1
    assert "不符\t1480名\t党员\t党员数\t算得 1,470，不在所许区间内" in said.output.splitlines()[0]
    comments = [it.text for it in Document(str(docx)).comments]
    assert len(comments) == 16
    assert comments[0].startswith("不符（党员数）：算得 1,470，不在所许区间内")


def test_the_pieces_of_a_report_are_the_whole_report(held):
    found = held.verdicts(REPORT)
    parts = list(marked.pieces(REPORT, found))
    assert "".join(it.text for it in parts) == REPORT
    assert [it.number for it in parts if it.number] == list(range(1, 17))

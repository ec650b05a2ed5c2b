"""The document that a scenario was made from: its numbers found in the text and held against the records."""

from decimal import Decimal

import pytest
from click.testing import CliRunner

from hangshi.claims.extract import extract
from hangshi.cli.main import cli
from hangshi.packs import load
from hangshi.packs.models import Figure
from hangshi.reports import originals
from hangshi.scenarios.figures import FigureResult
from tests.refusals import refusal_of

TEXT = "全市共有党员1470名，流转土地近2万亩，受教育群众4800多名。按每名党员不低于100元的标准拨付经费。另有路灯30盏。"
WORDS = {
    "members": "1470名",
    "land_mu": "近2万亩",
    "campaign_reached": "4800多名",
    "member_training_fund": "不低于100元",
}


def figures() -> list[Figure]:
    pack = load("base", "ankang")
    return [
        Figure(
            key=key, words=words, subject="某", source="试验", start=TEXT.index(words), low=Decimal(0), unit="item",
            **({"standard": key} if key in pack.standards else {"indicator": key}),
        )
        for key, words in WORDS.items()
    ]  # fmt: skip


def results(**computed) -> list[FigureResult]:
    values = {"members": 1470, "land_mu": 19000, "campaign_reached": 4873, "member_training_fund": 100} | computed
    return [
        FigureResult(key, WORDS[key], Decimal(0), None, None if it is None else Decimal(it), True, key)
        for key, it in reversed(values.items())
    ]


@pytest.fixture
def pack():
    return load("base", "ankang").model_copy(update={"figures": figures()})


def test_every_number_that_the_records_allow_holds(pack):
    found = originals.held(TEXT, pack, results())
    assert [(it.claim.text, it.word) for it in found] == [(words, "支持") for words in WORDS.values()]


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("members", 1471, "不符"),
        ("land_mu", 17999, "不符"),
        ("campaign_reached", 4900, "不符"),
        ("member_training_fund", 120, "不符"),
        ("members", None, "无记录"),
    ],
)
def test_a_record_that_the_text_does_not_allow_is_told(pack, key, value, word):
    words = {it.definition: it.word for it in originals.held(TEXT, pack, results(**{key: value}))}
    assert {it for it in words if words[it] != "支持"} == {key}
    assert words[key] == word


@pytest.mark.parametrize(("rule", "word"), [(39, "不符"), (40, "支持"), (41, "不符")])
def test_a_rule_of_about_a_number_is_held_by_that_number_alone(rule, word):
    text = "后备干部年龄在40岁左右。"
    told = Figure(
        key="age",
        words="40岁左右",
        subject="某",
        source="试验",
        start=7,
        low=Decimal(0),
        unit="year",
        standard="reserve_age",
    )
    pack = load("base", "shifan").model_copy(update={"figures": [told]})
    computed = FigureResult("age", "40岁左右", Decimal(0), None, Decimal(rule), True, "reserve_age")
    assert [it.word for it in originals.held(text, pack, [computed])] == [word]


def test_numbers_that_no_definition_knows_are_counted(pack):
    found = originals.held(TEXT, pack, results())
    assert [it.text for it in originals.unknown(TEXT, found)] == ["30盏"]


def test_a_number_that_is_not_where_the_pack_says_is_no_claim(pack):
    found = originals.held(TEXT.replace("1470名，", "若干，　　　"), pack, results())
    assert [it.word for it in found if it.claim is None] == ["无记录"]


def test_another_document_is_refused(pack):
    assert refusal_of(originals.held, "没有数字的一篇文章。", pack, results()) == "original.other"


def test_the_command_exits_by_what_it_found(pack, tmp_path, monkeypatch):
    monkeypatch.setattr("hangshi.cli.reports.packs.load", lambda *names: pack)
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    for computed, code, line in (({}, 0, "支持 4，不符 0"), ({"members": 1}, 1, "支持 3，不符 1")):
        monkeypatch.setattr("hangshi.cli.reports.figures_of.check", lambda name, computed=computed: results(**computed))
        answer = CliRunner().invoke(cli, ["report", "original", str(file), "--scenario", "ankang"])
        assert (answer.exit_code, line in answer.output) == (code, True)
    assert "文中另有 1 个数字没有对应的定义" in answer.output


def test_the_text_is_read_as_any_other(pack):
    assert [it.text for it in extract(TEXT)] == [*WORDS.values(), "30盏"]

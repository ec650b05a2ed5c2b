"""What was typed becomes a value, or a sentence that says what to type instead."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hangshi.packs.models import ExtraField
from hangshi.web import fields
from hangshi.web.fields import Attended, Field, Wrong
from hangshi.web.forms import Form

OCT_31 = date(2017, 10, 31)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  村委会 ", "村委会"),
        ("text", "", ""),
        ("area", "一\n二", "一\n二"),
        ("int", "12", 12),
        ("int", "１２", 12),
        ("int", "1,200", 1200),
        ("int", "-3", -3),
        ("int", "", None),
        ("decimal", "0.5", Decimal("0.5")),
        ("decimal", "1 200.50", Decimal("1200.50")),
        ("date", "2017-10-31", OCT_31),
        ("date", "2017/10/31", OCT_31),
        ("date", "2017.10.31", OCT_31),
        ("date", "2017年10月31日", OCT_31),
        ("date", "", None),
        ("bool", "1", True),
        ("bool", "0", False),
        ("bool", "", None),
        ("choice", "a", "a"),
        ("choice", "", ""),
        ("people", "", None),
    ],
)
def test_what_a_text_is_read_as(kind: str, typed: str, value: Any) -> None:
    assert fields.read(Field("f", "某栏", kind, choices={"a": "甲"}), {"f": typed}) == value


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "有\x00字符", "“某栏”里有不能识别的字符，请删去。"),
        ("text", "长" * 201, "“某栏”最多200字，现有201字。"),
        ("area", "长" * 2001, "“某栏”最多2000字，现有2001字。"),
        ("int", "1.5", "“某栏”应填整数。"),
        ("int", "9" * 16, "“某栏”应填整数。"),
        ("int", "--5", "“某栏”应填整数。"),
        ("decimal", "一千", "“某栏”应填数字。"),
        ("decimal", "inf", "“某栏”的数字太大或不是数字。"),
        ("decimal", "1e20", "“某栏”的数字太大或不是数字。"),
        ("date", "2017-02-29", "“某栏”不是日期，应写成 2017-10-31 这样。"),
        ("date", "99999999999999999999-1-1", "“某栏”不是日期，应写成 2017-10-31 这样。"),
        ("date", "明天", "“某栏”不是日期，应写成 2017-10-31 这样。"),
        ("date", "0001-01-01", "“某栏”应在 1900-01-01 至 2999-12-31 之间。"),
        ("date", "2017-11-01", "“某栏”不能晚于今天（2017-10-31）。"),
        ("bool", "也许", "“某栏”请选是或否。"),
        ("choice", "b", "“某栏”请从所列选项中选择。"),
    ],
)
def test_what_is_not_taken_is_said(kind: str, typed: str, sentence: str) -> None:
    with pytest.raises(Wrong) as wrong:
        fields.read(Field("f", "某栏", kind, choices={"a": "甲"}, latest=OCT_31), {"f": typed})
    assert wrong.value.sentence == sentence


@pytest.mark.parametrize(
    "kind",
    ["text", "area", "int", "decimal", "date", "bool", "choice", "people", "person", "anyone", "household", "unit"],
)
def test_what_is_required_is_asked_for(kind: str) -> None:
    for typed in ({}, {"f": ""}, {"f": "  "}):
        with pytest.raises(Wrong, match="“某栏”必须填写。"):
            fields.read(Field("f", "某栏", kind, required=True), typed)


def test_the_fields_of_a_kind_become_inputs() -> None:
    said = {
        "poor": ExtraField(name="贫困村", type="bool", doc="建档立卡"),
        "field": ExtraField(name="领域", type="choice", required=True, choices={"rural": "农村"}),
    }
    assert [(it.name, it.label, it.kind, it.required, it.hint, dict(it.choices)) for it in fields.of_kind(said)] == [
        ("x_poor", "贫困村", "bool", False, "建档立卡", {}),
        ("x_field", "领域", "choice", True, "", {"rural": "农村"}),
    ]


def test_only_the_packs_own_fields_that_were_filled_are_handed_on() -> None:
    assert fields.extra_of({"day": OCT_31, "x_poor": False, "x_note": "", "x_count": None, "x_mu": 3}) == {
        "poor": False,
        "mu": 3,
    }


ROWS = ((1, "张爱民"), (2, "李建军"))


def test_everybody_listed_has_a_state() -> None:
    it = Field("attendance", "到会情况", "attendance", rows=ROWS)
    said = fields.read(it, {"a_1": "present", "a_2": "absent", "a_9": "present"})
    assert said == Attended({1: "present", 2: "absent"}, {})
    with pytest.raises(Wrong, match="还有1人没有选到会、请假或缺席：李建军。"):
        fields.read(it, {"a_1": "present", "a_2": "elsewhere"})


def test_only_who_is_on_leave_has_a_reason() -> None:
    it = Field("attendance", "到会情况", "attendance", rows=ROWS)
    typed = {"a_1": "leave", "r_1": " 外出务工 ", "a_2": "present", "r_2": "改到会了"}
    assert fields.read(it, typed) == Attended({1: "leave", 2: "present"}, {1: "外出务工"})
    assert fields.read(it, typed | {"r_1": " "}).reasons == {}
    with pytest.raises(Wrong, match="请假事由最多100字：张爱民的太长。"):
        fields.read(it, typed | {"r_1": "长" * 101})


AGENDA = Field("agenda", "议题", "items")


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ({}, []),
        ({"agenda.1.topic": "低保评议", "agenda.1.resolution": "同意"}, [("低保评议", "同意")]),
        ({"agenda.2.topic": " 修路 ", "agenda.20.topic": "分红"}, [("修路", ""), ("分红", "")]),
        ({"agenda.1.topic": "长" * 200, "agenda.1.resolution": "长" * 1000}, [("长" * 200, "长" * 1000)]),
        ({"agenda.21.topic": "没有这一行"}, []),
    ],
)
def test_the_agenda_is_what_was_typed_in_its_order(typed: dict[str, str], items: list[tuple[str, str]]) -> None:
    assert fields.read(AGENDA, typed) == items


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"agenda.2.resolution": "同意"}, "第2个议题只写了决议，没有写议题。"),
        ({"agenda.1.topic": "长" * 201}, "第1个议题太长：议题最多200字，决议最多1000字。"),
        (
            {"agenda.1.topic": "路", "agenda.1.resolution": "长" * 1001},
            "第1个议题太长：议题最多200字，决议最多1000字。",
        ),
    ],
)
def test_an_agenda_that_cannot_be_kept_is_refused(typed: dict[str, str], sentence: str) -> None:
    with pytest.raises(Wrong, match=sentence):
        fields.read(AGENDA, typed)


def test_a_form_shows_an_agenda_from_the_address_over_that_of_the_record() -> None:
    it = Field("agenda", "议题", "items", initial={"agenda.1.topic": "旧", "agenda.1.resolution": "同意"})
    form = Form([it], None, {"agenda.1.topic": "新", "agendum": "别的"})
    assert [form.typed(f"agenda.1.{part}") for part in ("topic", "resolution")] == ["新", "同意"]
    assert form.typed("agendum") == ""


def test_a_form_keeps_all_that_was_typed_and_names_each_fault() -> None:
    asked = [Field("topic", "主题", required=True), Field("day", "日期", "date"), Field("place", "地点")]
    form = Form(asked, {"topic": "", "day": "明天", "place": "村委会"}, {})
    assert (form.valid, sorted(form.errors)) == (False, ["day", "topic"])
    assert [form.typed(name) for name in ("topic", "day", "place")] == ["", "明天", "村委会"]


def test_a_form_not_yet_sent_shows_what_the_address_or_the_act_says() -> None:
    asked = [
        Field("topic", "主题"),
        Field("day", "日期", "date", initial=OCT_31),
        Field("reserve", "后备", "bool", initial=True),
    ]
    form = Form(asked, None, {"topic": "党课"})
    assert (form.valid, form.errors) == (False, {})
    assert [form.typed(name) for name in ("topic", "day", "reserve")] == ["党课", "2017-10-31", "1"]

"""A person a row: the flags behind the sum, last month beside it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hangshi.flagpay import due
from hangshi.flagpay.due import Due
from hangshi.registry.models import Person, Unit
from hangshi.web import paying

MARCH, FEB = date(2018, 3, 1), date(2018, 2, 1)
LINE = Due(
    MARCH, 1, 7, "东湾村", "基层党建红旗", FEB, date(2019, 1, 31), "village_post", "secretary", 31, "flag_secretary",
    Decimal(500), "某区〔2018〕1号", "post_pay",
)  # fmt: skip
OTHER_FLAG = replace(LINE, honour=2, flag="脱贫攻坚红旗")


@pytest.fixture
def village(everything: None) -> Unit:
    unit = Unit.objects.create(kind="village", name="东湾村", since=FEB, path="7/")
    for pk, name in ((31, "赵一"), (32, "钱二")):
        Person.objects.create(pk=pk, name=name, unit=unit, path=unit.path)
    return unit


def told(found: list[Due], before: list[Due]) -> list[tuple[str, int, int, int]]:
    rows = paying.rows(found, before, {})
    return [(it.name, len(it.lines), int(it.total), int(it.change)) for it in rows]


def test_the_flags_of_a_person_add_up_in_one_row(village: Unit):
    february = replace(LINE, month=FEB)
    assert told([LINE, OTHER_FLAG, replace(LINE, person=32, amount=Decimal(300))], [february]) == [
        ("赵一", 2, 1000, 500),
        ("钱二", 1, 300, 300),
    ]


def test_who_was_owed_last_month_and_is_not_now_comes_last(village: Unit):
    assert told([LINE], [replace(LINE, month=FEB, person=32)]) == [("赵一", 1, 500, 500), ("钱二", 0, 0, -500)]
    assert told([], []) == []


def test_what_has_no_standard_adds_nothing_and_its_row_says_so(village: Unit):
    [row] = paying.rows([LINE, replace(OTHER_FLAG, amount=None)], [], {})
    assert (row.total, row.unrated, row.post) == (Decimal(500), True, "党组织书记")


@pytest.mark.parametrize(
    ("month", "before"), [(MARCH, FEB), (date(2018, 1, 1), date(2017, 12, 1)), (date(2018, 12, 1), date(2018, 11, 1))]
)
def test_the_month_before(month: date, before: date):
    assert paying.month_before(month) == before


def test_a_line_kept_on_a_sheet_is_read_back_the_same():
    assert due.read(MARCH, LINE.content) == LINE
    assert "赵一" not in str(LINE.content)


@pytest.mark.parametrize(("changed", "same"), [({}, True), ({"amount": Decimal(400)}, False), ({"person": 32}, False)])
def test_the_digest_is_over_all_lines_in_any_order(changed: dict[str, object], same: bool):
    one = due.digest([LINE, OTHER_FLAG])
    assert (due.digest([OTHER_FLAG, replace(LINE, **changed)]) == one) is same

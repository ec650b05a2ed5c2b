"""Where the head of a blank form stands, what its columns are called, which rows are filled."""

import pytest

from hangshi.forms import layout
from hangshi.refusal import Refused
from tests.forms.blanks import made, money, monthly, names_printed, saved, total_on_top


def labels(found):
    return {it.letter: it.label for it in found.columns}


def test_a_head_of_two_merged_rows_over_a_numbering_row():
    found = layout.read(monthly())
    assert labels(found) == {
        "A": "序号",
        "B": "村",
        "C": "农户/建档立卡户数(户)",
        "D": "农户/脱贫户",
        "E": "走访入户次数(次)",
    }
    assert (found.title, found.first, found.last, found.total) == ("帮扶工作月报表", 7, 9, 10)


def test_a_head_of_three_rows_with_the_total_right_below_it():
    found = layout.read(total_on_top())
    assert labels(found) == {
        "A": "行政村",
        "B": "脱贫攻坚情况/贫困户/建档立卡户数",
        "C": "脱贫攻坚情况/贫困户/脱贫户数",
        "D": "脱贫攻坚情况/小计",
    }
    assert (found.first, found.last, found.total) == (6, 6, 5)
    assert [it.letter for it in found.columns if it.formula] == ["D"]


def test_boxed_empty_rows_are_to_fill_where_no_total_ends_them():
    found = layout.read(money())
    assert (found.first, found.last, found.total) == (4, 5, 0)
    assert {it.divisor for it in found.columns} == {10_000}


def test_names_that_are_printed_are_read():
    found = layout.read(names_printed())
    assert found.printed == {3: ("1", "西沟村"), 4: ("2", "北岭村"), 5: ("3", "东湾村")}
    assert found.total == 6


def test_a_measure_in_the_head_goes_before_none():
    found = layout.read(saved(made([["村", "集体经济收入（万元）", "户数"], [None] * 3], boxed=(1, 2))))
    assert [it.divisor for it in found.columns] == [1, 10_000, 1]


def test_the_same_head_has_the_same_digest_whatever_the_rows_and_the_title():
    rows = [["村", "走访次数"], [None, None]]
    one = layout.read(saved(made([["十月"], *rows], merges=["A1:B1"], boxed=(2, 3))))
    more = layout.read(saved(made([["十一月"], *rows, [None, None]], merges=["A1:B1"], boxed=(2, 4))))
    other = layout.read(saved(made([["村", "走访户数"], [None, None]], boxed=(1, 2))))
    assert one.digest == more.digest
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", "intake.type"),
        ("村,走访次数\n".encode(), "form.type"),
        (saved(made([["只有一句话"]], boxed=(1, 1))), "form.head"),
        (saved(made([["村", "走访次数"]], boxed=(1, 1))), "form.head"),
        (b"x" * (2 * 1024 * 1024 + 1), "form.size"),
    ],
)
def test_what_is_no_blank_form_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        layout.read(data)
    assert refused.value.code == code
    assert "没有收下" in refused.value.sentence or "没有读入" in refused.value.sentence

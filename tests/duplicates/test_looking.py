"""Which two persons are taken for one: by what agrees, and how rare it is."""

from datetime import date

import polars as pl
import pytest

from hangshi.duplicates import looking

BORN = "1980-05-06"


def people(text: str) -> pl.DataFrame:
    """id | name | sex | born | unit | above | kin (joined by /) | numbered (x)."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return pl.DataFrame(
        [
            (int(pk), name, sex, date.fromisoformat(born) if born else None, int(unit), int(above), kin.split("/") if kin else [], numbered == "x")
            for pk, name, sex, born, unit, above, kin, numbered in rows
        ],
        schema=looking.PEOPLE,
        orient="row",
    )  # fmt: skip


def with_others(text: str) -> pl.DataFrame:
    """In a register of 2,000 others, of whom no two are alike."""
    others = pl.DataFrame(
        [(10_000 + n, f"甲{chr(0x4E00 + n)}{chr(0x5E00 + n)}", "男", date(1900 + n % 40, 1 + n % 12, 1 + n % 28), 100 + n % 50, 10, [], True) for n in range(2_000)],
        schema=looking.PEOPLE,
        orient="row",
    )  # fmt: skip
    return pl.concat([people(text), others])


def found(text: str) -> list[tuple[int, int, list[str]]]:
    return [(a, b, grounds) for a, b, _, grounds in looking.pairs(with_others(text)).iter_rows()]


def test_the_same_name_and_birth_date_in_one_village_is_a_pair_with_its_grounds():
    assert found(f"""
        1 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英/王小军 | x
        2 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英       |
    """) == [(1, 2, ["name", "born", "unit", "kin"])]


def test_two_who_have_a_number_each_are_two():
    assert (
        found(f"""
        1 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英 | x
        2 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英 | x
    """)
        == []
    )


@pytest.mark.parametrize(
    ("other", "grounds"),
    [
        ("王建囯 | 男 | 1980-05-06 | 7 | 3 | 李秀英", ["name_near", "born", "unit", "kin"]),
        ("王建国 | 男 | 1980-05-08 | 7 | 3 | 李秀英", ["name", "born_near", "unit", "kin"]),
        ("王建国 | 男 | 1980-05-17 | 7 | 3 | 李秀英", ["name", "born_month", "unit", "kin"]),
        ("王建国 | 男 |            | 7 | 3 | 李秀英", ["name", "unit", "kin"]),
        ("王建国 | 男 | 1980-05-06 | 8 | 3 |       ", ["name", "born", "above"]),
    ],
)
def test_a_slip_of_the_pen_does_not_hide_a_pair(other, grounds):
    assert found(f"1 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英 | x\n2 | {other} |") == [(1, 2, grounds)]


@pytest.mark.parametrize(
    "other",
    [
        "王建国 | 男 | 1951-11-30 | 9 | 4 |      ",  # a namesake elsewhere
        "王建国 | 女 | 1980-05-08 | 8 | 3 |      ",
        "赵德福 | 男 | 1980-05-06 | 7 | 3 |      ",  # born on one day in one village
        "王小军 | 男 | 2005-05-06 | 7 | 3 | 李秀英",  # of one family
    ],
)
def test_a_likeness_that_is_common_is_no_pair(other):
    assert found(f"1 | 王建国 | 男 | {BORN} | 7 | 3 | 李秀英 | x\n2 | {other} |") == []


def test_the_likeliest_come_first_and_a_lower_bar_shows_more():
    said = with_others(f"""
        1 | 王建国 | 男 | {BORN}     | 7 | 3 | 李秀英 | x
        2 | 王建国 | 男 | {BORN}     | 7 | 3 | 李秀英 |
        3 | 赵德福 | 男 | 1970-01-01 | 8 | 3 | 钱桂兰 | x
        4 | 赵德福 | 男 | 1971-11-21 | 8 | 3 | 钱桂兰 |
    """)
    every = [(a, b) for a, b, *_ in looking.pairs(said, least=0.0001).iter_rows()]
    assert every[0] == (1, 2)
    assert (3, 4) in every


@pytest.mark.parametrize("text", ["", f"1 | 王建国 | 男 | {BORN} | 7 | 3 | | x"])
def test_nobody_or_one_alone_is_no_pair(text):
    alone = people(text) if text else pl.DataFrame(schema=looking.PEOPLE)
    assert looking.pairs(alone).height == 0


def listed(rows: str, register: str) -> list[tuple[int, int, list[str]]]:
    """Rows of another list, by their numbers, against the register."""
    asked = people(rows).with_columns(id=-pl.col("id"))
    found = looking.across(asked, with_others(register))
    return [(-row, person, grounds) for row, person, _, grounds in found.iter_rows()]


def test_a_row_of_another_list_finds_the_person_it_speaks_of():
    register = f"""
        1 | 周月 | 女 | {BORN} | 1 | 10 | | x
        2 | 周月 | 女 | 1966-01-01 | 2 | 10 | | x
    """
    assert listed(f"5 | 周月 | | {BORN} | 1 | 10 | |", register) == [(5, 1, ["name", "born", "unit"])]


def test_rows_are_not_compared_with_each_other():
    twice = f"""
        5 | 周月 | | {BORN} | 1 | 10 | |
        6 | 周月 | | {BORN} | 1 | 10 | |
    """
    assert listed(twice, "1 | 钱桂兰 | 女 | 1970-01-01 | 1 | 10 | | x") == []


def test_a_row_with_a_number_is_nobody_who_has_another():
    register = f"""
        1 | 周月 | 女 | {BORN} | 1 | 10 | | x
        2 | 周月 | 女 | {BORN} | 1 | 10 | |
    """
    assert [person for _, person, _ in listed(f"5 | 周月 | | {BORN} | 1 | 10 | | x", register)] == [2]


@pytest.mark.parametrize(("rows", "register"), [(0, 1), (1, 0)])
def test_an_empty_side_finds_nobody(rows, register):
    one = people(f"1 | 周月 | 女 | {BORN} | 1 | 10 | |")
    assert looking.across(one.head(rows), one.head(register)).is_empty()

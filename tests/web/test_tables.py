"""Rows of a list as HTML, written a column at a time: whatever stands in a record, it is text on the page."""

from datetime import date

import pytest

from hangshi.web.registers import REGISTERS
from hangshi.web.tables import BETWEEN, body

PERSONS = REGISTERS["persons"]
BORN = date(1980, 2, 3)


def row(name: str, unit: str = "东湾村", pk: int = 7, born: date | None = BORN) -> tuple[object, ...]:
    return (pk, 12, name, unit, "男", born, "organ")


def test_a_person_is_a_row_with_links_and_the_words_of_the_pack() -> None:
    assert str(body(PERSONS, [row("王建国")])) == (
        '<tr><th scope="row" class="card-head"><a href="/records/persons/7/">王建国</a></th>'
        '<td><a class="text-reset" href="/units/12/">东湾村</a></td><td data-label="性别">男</td>'
        '<td data-label="出生日期"><time>1980-02-03</time></td><td data-label="干部身份">机关干部</td></tr>\n'
    )


def test_rows_keep_their_own_cells() -> None:
    lines = str(body(PERSONS, [row("王建国"), row("李秀英", pk=8, born=None)])).splitlines()
    assert ["王建国" in it for it in lines] == [True, False]
    assert ["/records/persons/8/" in it for it in lines] == [False, True]
    assert ["<time>" in it for it in lines] == [True, False]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("<script>", "&lt;script&gt;"),
        ('甲"乙&', "甲&#34;乙&amp;"),
        (f"甲{BETWEEN}<b>", f"甲{BETWEEN}&lt;b&gt;"),  # the very sign that joins a column
        ("", "（未命名）"),
    ],
)
def test_what_a_name_holds_is_escaped_and_shifts_no_row(name: str, said: str) -> None:
    lines = str(body(PERSONS, [row(name, unit="<i>村"), row("李秀英", pk=8)])).splitlines()
    assert f'<a href="/records/persons/7/">{said}</a>' in lines[0]
    assert "&lt;i&gt;村" in lines[0]
    assert '<a href="/records/persons/8/">李秀英</a>' in lines[1]


def test_no_rows_are_nothing() -> None:
    assert str(body(PERSONS, [])) == ""

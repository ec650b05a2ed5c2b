"""A workbook ends with the sums of what can be added up, and the number of rows that were written."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger.models import Entry


@pytest.fixture
def export(sign_in, town):
    def booked(unit, kind, amount):
        Entry.objects.create(unit=unit, path=unit.path, kind=kind, day=date(2017, 5, 1), amount=Decimal(amount))

    with acting(EVERYTHING):
        for amount in ("1200.50", "800"):
            booked(town["东湾村"], "collective_income", amount)
        booked(town["东湾村"], "land_contract", "30")

    def rows(address):
        answer = sign_in("shi").get(address)
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        return list(sheet.iter_rows(min_row=4))

    return rows


def test_amounts_of_one_kind_are_added_up(export):
    rows = export("/records/entries.xlsx?kind=collective_income")
    assert [it[5].value for it in rows] == [800, 1200.5, 2000.5]
    assert rows[-1][0].value == "合计（2 行）"
    assert [it[5].number_format for it in rows] == ["#,##0.00"] * 3


def test_a_workbook_bears_its_title_and_days_are_days(export):
    [first, *_] = export("/records/entries.xlsx?kind=collective_income")
    [day] = [it for it in first if it.is_date]
    assert (day.value.date(), day.number_format) == (date(2017, 5, 1), "yyyy-mm-dd")
    page = first[0].parent
    assert (page["A1"].value, page["A1"].font.size) == ("台账-安康市", 16)
    assert page["A2"].value.startswith("制表人：")
    assert page.freeze_panes == "A4"
    assert page.column_dimensions["A"].width > 8


def test_yuan_and_mu_are_not(export):
    rows = export("/records/entries.xlsx")
    assert sorted(it[5].value for it in rows) == [30, 800, 1200.5]


def test_a_list_without_numbers_has_no_last_row(export):
    assert [it[0].value for it in export("/records/households.xlsx")] == ["李一", "李二", "李三"]

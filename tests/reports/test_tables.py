"""Regular tables: every cell is the figure of its unit, on the page of records, in the workbook and in a document alike."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.packs.reports import ReportTable, TableColumn
from hangshi.registry.models import Unit
from hangshi.reports import tables, workbook
from tests.refusals import refusal_of
from tests.reports.conftest import DAY, JAN_1

pytestmark = pytest.mark.django_db


def table(**said) -> ReportTable:
    columns = [TableColumn(indicator="members"), TableColumn(indicator="attendance_rate", name="到会率")]
    return ReportTable(**{"key": "own", "name": "试表", "source": "试验", "columns": columns} | said)


def test_a_row_for_the_unit_and_one_for_each_place_below(office):
    made = tables.filled(table(), office.desk())
    assert [head.name + head.measure for head in made.heads] == ["党员数人", "到会率%"]
    assert [row.unit.name for row in made.rows][:3] == ["安康市", "汉滨区", "汉阴县"]
    assert made.rows[0].total
    assert made.rows[0].cells[0].value == 1470


def test_every_cell_is_the_figure_of_its_unit(office):
    for row in tables.filled(table(), office.desk()).rows:
        for key, cell in zip(("members", "attendance_rate"), row.cells, strict=True):
            assert cell.value == queries.value(key, row.unit, Period(JAN_1, DAY)).value


def test_rows_may_be_the_units_of_a_kind_however_deep(office):
    made = tables.filled(table(rows="village", total=False), office.desk())
    assert {row.unit.kind for row in made.rows} == {"village"}
    assert len(made.rows) == Unit.objects.filter(kind="village").count()


def test_a_table_of_the_month_counts_the_month_of_its_last_day(office):
    it = table(columns=[TableColumn(indicator="visits")], period="month")
    made = tables.filled(it, office.desk())
    assert made.period == Period(date(2017, 10, 1), DAY)
    year = tables.filled(replace_period(it), office.desk())
    assert made.rows[0].cells[0].value < year.rows[0].cells[0].value


def replace_period(it: ReportTable) -> ReportTable:
    return it.model_copy(update={"period": "year"})


def test_a_table_too_long_for_a_page_is_refused(office, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert refusal_of(tables.filled, table(), office.desk()) == "table.long"


def test_a_table_is_found_by_key_or_name(office):
    pack = office.desk().pack
    assert tables.table_of(pack, "帮扶对象情况表") is pack.tables["households_yearly"]
    assert refusal_of(tables.table_of, pack, "没有的表") == "table.unknown"


def test_a_village_has_no_places_below(office):
    village = Unit.objects.filter(kind="village").order_by("pk").first()
    assert [row.total for row in tables.filled(table(), office.desk(village)).rows] == [True]


def test_a_tree_day_rolls_up_by_that_days_tree(office):
    made = tables.filled(table(), replace(office.desk(), tree=DAY))
    assert made.rows[0].cells[0].value == 1470


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (0, "0"), (1470, "1470"), (88.0136, "88.01"), (88.5, "88.5"), (1000, "1000")]
)
def test_how_a_cell_is_shown(value, text):
    assert tables.shown(value) == text


def test_the_workbook_has_numbers_as_numbers_and_says_who_made_it(office):
    made = tables.filled(table(), office.desk())
    data = workbook.of(made, unit="安康市", by="=cmd", at=timezone.now())
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A1"].value == "安康市试表"
    assert "制表：=cmd" in sheet["A2"].value
    assert [cell.value for cell in sheet[3]] == ["单位", "党员数（人）", "到会率（%）"]
    assert (sheet["A4"].value, sheet["B4"].value) == ("安康市", 1470)
    assert float(sheet["C4"].value) == pytest.approx(88.01, abs=0.005)
    assert sheet.max_row == 3 + len(made.rows)

"""The refused rows in the user's own workbook: title, merged head, widths and texts as they were, and it can be brought again."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from hangshi.intake import looks, services
from tests.intake import sheets
from tests.intake.conftest import book, counts


def form(rows: list[list[object]]) -> bytes:
    """A form as offices make it: a title over all columns, a head of two merged rows, wide columns, date cells."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as made:
        page, frame = made.add_worksheet("花名册"), made.add_format({"border": 1})
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        page.set_column(0, 0, 12)
        page.set_column(1, 2, 25.5)
        page.merge_range(0, 0, 0, 4, "示例县建档立卡户花名册", frame)
        page.merge_range(1, 0, 2, 0, "户编号", frame)
        page.merge_range(1, 1, 1, 2, "农户", frame)
        page.merge_range(1, 3, 1, 4, "认定情况", frame)
        for column, word in enumerate(["户主", "所在村", "户类别", "认定日期"], start=1):
            page.write_string(2, column, word, frame)
        for r, row in enumerate(rows, start=3):
            page.write_row(r, 0, row[:4])
            page.write_number(r, 4, row[4], day)
    return sink.getvalue()


ROWS = [
    ["H1", "赵一", "东湾村", "建档立卡户", 43000],
    ["H2", "钱二", "没这个村", "建档立卡户", 43000],
    ["H3", "孙三", "东坡村", "没这一类", 43000],
]


@pytest.fixture
def returned(bring, pack, people):
    intake = bring("households", form(ROWS))
    assert counts(intake) == (1, 0, 0, 2), intake.preview
    return services.marked(pack, intake)


def test_title_head_and_widths_are_as_they_were(returned):
    page = openpyxl.load_workbook(io.BytesIO(returned))["数据"]
    assert sorted(str(it) for it in page.merged_cells.ranges) == ["A1:E1", "A2:A3", "B2:C2", "D2:E2"]
    assert (page["A1"].value, page["B2"].value, page["E3"].value) == ("示例县建档立卡户花名册", "农户", "认定日期")
    assert [round(page.column_dimensions[it].width) for it in "AB"] == [13, 26]
    assert page.freeze_panes == "A4"


def test_refused_rows_only_with_the_faulty_cell_marked_and_days_as_days(returned):
    page = openpyxl.load_workbook(io.BytesIO(returned))["数据"]
    assert [[it.value for it in row] for row in page.iter_rows(min_row=4)] == [
        ["H2", "钱二", "没这个村", "建档立卡户", "2017-09-22"],
        ["H3", "孙三", "东坡村", "没这一类", "2017-09-22"],
    ]
    assert "没这个村" in page["C4"].comment.text
    assert "没这一类" in page["D5"].comment.text
    assert page["C4"].fill.start_color.rgb == "FFFFC7CE"
    assert page["C5"].comment is None


def test_put_right_it_is_brought_again(returned, bring):
    found = openpyxl.load_workbook(io.BytesIO(returned))
    found["数据"]["C4"], found["数据"]["D5"] = "东湾村", "一般户"
    sink = io.BytesIO()
    found.save(sink)
    assert counts(bring("households", sink.getvalue())) == (2, 0, 0, 0)


def sheet_xml(after: str) -> bytes:
    """A sound workbook with this text behind its rows."""
    with io.BytesIO(book(sheets.ROWS)) as source, zipfile.ZipFile(source) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b"</sheetData>", b"</sheetData>" + after.encode())
    return sheets.replaced("xl/worksheets/sheet1.xml", sheet)


@pytest.mark.parametrize(
    ("after", "merged"),
    [
        (
            '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/></mergeCells>',
            ((0, 0, 0, 1),),
        ),  # of two that overlap one
        ('<mergeCells><mergeCell ref="C3:A1"/><mergeCell ref="A1:A1"/></mergeCells>', ()),
        ('<mergeCells><mergeCell ref="nothing"/><mergeCell ref="AA1:AB2"/></mergeCells>', ((0, 26, 1, 27),)),
        ("", ()),
    ],
)
def test_merged_cells_that_make_no_sense_are_left_out(after, merged):
    assert looks.of(sheet_xml(after), "Sheet1").merged == merged


@pytest.mark.parametrize(
    ("data", "sheet"),
    [
        (sheets.csv("姓名,所在村\n王一,东湾村"), "csv"),
        (sheets.ods(*sheets.ROWS), "甲"),
        (book(sheets.ROWS), "没有这张"),
        (sheets.without("xl/_rels/workbook.xml.rels"), "Sheet1"),
    ],
)
def test_a_file_that_says_nothing_of_its_looks_has_none(data, sheet):
    assert looks.of(data, sheet) == looks.Looks({})

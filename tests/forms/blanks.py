"""Blank forms as offices make them, and a reader of filled ones that shares nothing with the library that writes."""

import re
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.utils import get_column_letter

THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def made(rows, *, merges=(), boxed=(), sheet="Sheet1"):
    """A workbook of one sheet; `boxed`: first and last row that have borders."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    width = max(len(row) for row in rows)
    for number in range(boxed[0], boxed[1] + 1):
        for column in range(1, width + 1):
            page.cell(number, column).border = BOX
    for it in merges:
        page.merge_cells(it)
    return book


def saved(book):
    sink = BytesIO()
    book.save(sink)
    return sink.getvalue()


def monthly():
    """标题、填报单位、两行合并表头、栏次、三个空行、合计公式、注."""
    book = made(
        [
            ["附件1"],
            ["帮扶工作月报表"],
            ["填报单位：", None, None, None, "填报日期："],
            ["序号", "村", "农户", None, "走访入户\n次数（次）"],
            [None, None, "建档立卡户数（户）", "脱贫户", None],
            ["甲", "乙", "1", "2", "3"],
            [None] * 5,
            [None] * 5,
            [None] * 5,
            ["合　计", None, "=SUM(C7:C9)", "=SUM(D7:D9)", "=SUM(E7:E9)"],
            ["注：按月报送。"],
        ],
        merges=["A2:E2", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "A10:B10", "A11:E11"],
        boxed=(4, 10),
    )
    page = book.active
    page["A2"].font = Font(name="方正小标宋简体", size=18)
    page["C7"].number_format = page["C8"].number_format = page["C9"].number_format = "#,##0"
    page.row_dimensions[2].height, page.row_dimensions[11].height = 40, 33
    page.column_dimensions["B"].width = 22
    return saved(book)


def total_on_top():
    """三行表头、合计在最上面、只留一个空行、行内公式."""
    return saved(
        made(
            [
                ["脱贫情况统计表"],
                ["行政村", "脱贫攻坚情况", None, None],
                [None, "贫困户", None, "小计"],
                [None, "建档立卡户数", "脱贫户数", None],
                ["合计", "=SUM(B6:B6)", "=SUM(C6)", "=SUM(D6:D6)"],
                [None, None, None, "=B6+C6"],
            ],
            merges=["A1:D1", "A2:A4", "B2:D2", "B3:C3", "D3:D4"],
            boxed=(2, 6),
        )
    )


def money():
    """一行表头，单位是万元，没有合计."""
    return saved(
        made(
            [
                ["村集体经济收入台账"],
                ["单位：万元"],
                ["单位名称", "区划代码", "村集体经济收入", "备注"],
                [None] * 4,
                [None] * 4,
            ],
            merges=["A1:D1", "A2:D2"],
            boxed=(3, 5),
        )
    )


def names_printed():
    """村名已经印好，其中一个系统里没有，少印了两个."""
    return saved(
        made(
            [
                ["走访情况表"],
                ["序号", "村名", "走访次数"],
                [1, "西沟村", None],
                [2, "北岭村", None],
                [3, "东湾村", None],
                ["合计", None, "=SUM(C3:C5)"],
            ],
            merges=["A1:C1", "A6:B6"],
            boxed=(2, 6),
        )
    )


class Filled:
    """A filled form, read by openpyxl; sums and additions are worked out here over the cells."""

    def __init__(self, data, sheet="Sheet1"):
        self.book = load_workbook(BytesIO(data))
        self.page = self.book[sheet]

    def value(self, cell):
        it = self.page[cell].value
        if not (isinstance(it, str) and it.startswith("=")):
            return it
        total = 0
        for term in it[1:].split("+"):
            first, last = re.fullmatch(r"(?:SUM\()?([A-Z]+\d+)(?::([A-Z]+\d+))?\)?", term).groups()
            total += sum(self.value(at.coordinate) or 0 for [at] in self.page[f"{first}:{last or first}"])
        return total

    def row(self, number):
        width = self.page.max_column
        return [self.value(f"{get_column_letter(column)}{number}") for column in range(1, width + 1)]

    @property
    def sources(self):
        return [[it.value for it in row] for row in self.book["数据来源"].iter_rows()]


def card():
    """一张情况登记表：一个标签一格，没有列；一格是公式，一格按百分数填."""
    book = made(
        [
            ["镇情登记表"],
            ["填报日期：", None, None, None],
            ["单位名称", None, "单位代码", None],
            ["建档立卡户数", None, "脱贫户数", None],
            ["户数小计", "=B4+D4", "村集体经济收入（万元）", None],
            ["填表人：", None, None, None],
        ],
        merges=["A1:D1"],
        boxed=(3, 5),
    )
    return saved(book)


def one_row():
    """一行表头，下面只有一行，说的是本单位."""
    return saved(made([["走访情况"], ["建档立卡户数", "走访次数", "备注"], [None] * 3], merges=["A1:C1"], boxed=(2, 3)))


def roll(title="驻村第一书记花名册"):
    """花名册：每人一行，合计人数是公式."""
    book = made(
        [
            [title],
            ["填报单位：", None, None, None, None],
            ["序号", "姓名", "派驻村", "任职时间", "派出单位"],
            [None] * 5,
            [None] * 5,
            ["合计", "=COUNTA(B4:B5)", None, None, None],
        ],
        merges=["A1:E1"],
        boxed=(3, 6),
    )
    return saved(book)


def watched():
    """监测对象名册，没有合计."""
    head = ["序号", "户主姓名", "户编号", "所在村", "监测对象类别", "识别时间"]
    return saved(made([["监测对象花名册"], head, [None] * 6], merges=["A1:F1"], boxed=(2, 3)))

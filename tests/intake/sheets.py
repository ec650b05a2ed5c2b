"""Hostile and odd files, made here byte by byte: each is a function of nothing that answers a file."""

import io
import zipfile
from collections.abc import Callable

import xlsxwriter

from tests.intake.conftest import book, citizen

ROWS = [["姓名", "身份证号", "所在村"], ["王一", citizen(11), "东湾村"], ["李二", citizen(12), "东坡村"]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIG = b"<row/>" * 3_000_000  # 18 MB of nothing


def archive(*entries: tuple[str, bytes], packed: bool = True) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return sink.getvalue()


def with_entry(name: str, data: bytes) -> bytes:
    """A sound workbook with one more entry in its archive."""
    sink = io.BytesIO(book(ROWS))
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, data)
    return sink.getvalue()


def without(name: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(ROWS)))
    return archive(*((it, source.read(it)) for it in source.namelist() if it != name))


def replaced(name: str, data: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(ROWS)))
    return archive(*((it, data if it == name else source.read(it)) for it in source.namelist()))


def said_extent(reference: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(ROWS)))
    sheet = source.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:C3"', f'ref="{reference}"'.encode())
    return replaced("xl/worksheets/sheet1.xml", sheet)


def locked() -> bytes:
    data = bytearray(book(ROWS))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def ods(*rows: list[str], kind: str = "spreadsheet") -> bytes:
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{it}</text:p></table:table-cell>' for it in row) + "</table:table-row>"
        for row in rows
    )  # fmt: skip
    names = " ".join(
        f'xmlns:{it}="urn:oasis:names:tc:opendocument:xmlns:{it}:1.0"' for it in ("office", "table", "text")
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="甲">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    mime = f"application/vnd.oasis.opendocument.{kind}".encode()
    manifest = (
        b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return archive(
        ("mimetype", mime), ("content.xml", content.encode()), ("META-INF/manifest.xml", manifest), packed=False
    )


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.strip().encode(encoding)


def two_sheets(hidden: bool) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as made:
        first, second = made.add_worksheet("说明"), made.add_worksheet("名册")
        if hidden:
            first.write_string(0, 0, "内部用，不导入")
            second.activate()
            first.hide()
        for r, row in enumerate(ROWS):
            second.write_row(r, 0, row)
    return sink.getvalue()


def all_hidden() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(ROWS)))
    hidden = source.read("xl/workbook.xml").replace(b'<sheet name="Sheet1"', b'<sheet state="hidden" name="Sheet1"')
    return replaced("xl/workbook.xml", hidden)


def formulas(head: list[str], row: list[str]) -> bytes:
    """The first cells of the row as formulas with the value that they had when saved."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, head)
        for c, cell in enumerate(row):
            page.write_formula(1, c, f'=CONCATENATE("{cell}","")', None, cell)
    return sink.getvalue()


def dated(day: float, **options: bool) -> bytes:
    """A household whose day is a date cell with that serial number."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, options) as made:
        page, form = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["户编号", "户主", "所在村", "户类别", "认定日期"])
        page.write_row(1, 0, ["H1", "赵一", "东湾村", "建档立卡户"])
        page.write_number(1, 4, day, form)
    return sink.getvalue()


def merged() -> bytes:
    """A title, a line about the form, a head of two merged rows, the numbering of columns, and a total and a note at the end."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as made:
        page, form = made.add_worksheet(), made.add_format({"border": 1})
        page.merge_range(0, 0, 0, 4, "示例县建档立卡户花名册", form)
        page.write_string(1, 0, "填报单位：东镇")
        page.write_string(1, 3, "2017年10月31日")
        page.merge_range(2, 0, 3, 0, "户编号", form)
        page.merge_range(2, 1, 2, 2, "农户", form)
        page.merge_range(2, 3, 2, 4, "认定情况", form)
        for c, word in enumerate(["户主", "所在村", "户类别", "认定日期"], start=1):
            page.write_string(3, c, word, form)
        page.write_row(4, 0, ["甲", "1", "2", "3", "4"])
        page.write_row(5, 0, ["H1", "赵一", "东湾村", "建档立卡户", "2017.8"])
        page.write_row(6, 0, ["H2", "钱二", "东坡村", "一般户", "2017年8月1日"])
        page.write_row(8, 0, ["合计", "2户"])
        page.write_row(9, 0, ["注：本表一式两份"])
    return sink.getvalue()


Made = Callable[[], bytes]
KEPT = "没有读入"
# name → (file, code of the refusal, a part of its sentence)
HOSTILE: dict[str, tuple[Made, str, str]] = {
    "empty": (lambda: b"", "intake.empty", "是空的"),
    "too large": (lambda: b"a" * (64 * 1024 * 1024 + 1), "intake.size", "超过 64 MB"),
    "pdf": (lambda: b"%PDF-1.7\n%", "intake.type", "PDF 文档"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n", "intake.type", "图片"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0", "intake.type", "图片"),
    "gif": (lambda: b"GIF89a", "intake.type", "图片"),
    "rtf": (lambda: b"{\\rtf1", "intake.type", "RTF 文档"),
    "rar": (lambda: b"Rar!\x1a\x07", "intake.type", "RAR 压缩包"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c", "intake.type", "7z 压缩包"),
    "windows program": (lambda: b"MZ\x90\0", "intake.type", "程序"),
    "elf": (lambda: b"\x7fELF\2", "intake.type", "程序"),
    "binary noise": (lambda: bytes(range(256)) * 4, "intake.type", "认不出"),
    "web page called xls": (lambda: b"<html><table><tr><td>1", "intake.html", "网页"),
    "table called xls": (lambda: b"  <TABLE border=1>", "intake.html", "网页"),
    "xml spreadsheet 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', "intake.html", "XML"),
    "web page with a mark": (lambda: b"\xef\xbb\xbf<!DOCTYPE html>", "intake.html", "网页"),
    "encrypted workbook": (lambda: OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "intake.encrypted", "打开密码"),
    "old word document": (lambda: OLE + b"\0" * 512 + "WordDocument".encode("utf-16-le"), "intake.type", "Word 文档"),
    "ole of something else": (lambda: OLE + b"\0" * 2048, "intake.type", "认不出"),
    "broken xls": (lambda: OLE + b"\0" * 512 + "Workbook".encode("utf-16-le") + b"\0" * 512, "intake.damaged", "已损坏"),
    "docx": (lambda: archive(("word/document.xml", b"<w/>")), "intake.type", "Word 文档"),
    "plain zip": (lambda: archive(("a.txt", b"1")), "intake.type", "压缩包"),
    "empty zip": (lambda: archive(), "intake.archive", "空的或已损坏"),
    "xlsb": (lambda: archive(("xl/workbook.bin", b"1")), "intake.type", "xlsb"),
    "macro": (lambda: with_entry("xl/vbaProject.bin", b"1"), "intake.macro", "带宏"),
    "odt": (lambda: ods(["甲"], kind="text"), "intake.type", "不是表格"),
    "cut in half": (lambda: book(ROWS)[:2000], "intake.archive", "不完整"),
    "locked archive": (locked, "intake.encrypted", "密码"),
    "bomb": (lambda: with_entry("xl/worksheets/sheet9.xml", BIG), "intake.bomb", "压缩得异常"),
    "bomb outside of sheets": (lambda: with_entry("xl/media/a.bin", BIG), "intake.bomb", "压缩得异常"),
    "many entries": (lambda: archive(*((f"xl/{i}.xml", b"") for i in range(3001))), "intake.entries", "3,001 个文件"),
    "same name twice": (lambda: with_entry("xl/workbook.xml", b"<other/>"), "intake.names", "同名文件"),
    "slip": (lambda: with_entry("../../etc/passwd", b"1"), "intake.names", "越出"),
    "slip with backslash": (lambda: with_entry("..\\..\\a", b"1"), "intake.names", "越出"),
    "absolute name": (lambda: with_entry("/etc/passwd", b"1"), "intake.names", "越出"),
    "no workbook part": (lambda: without("xl/workbook.xml"), "intake.type", "压缩包"),
    "no sheet part": (lambda: without("xl/worksheets/sheet1.xml"), "intake.damaged", "已损坏"),
    "sheet is not xml": (lambda: replaced("xl/worksheets/sheet1.xml", b"\x00\x01nothing"), "intake.damaged", "已损坏"),
    "workbook is not xml": (lambda: replaced("xl/workbook.xml", b"<workbook"), "intake.damaged", "已损坏"),
    "a million rows": (lambda: said_extent("A1:C1048576"), "intake.rows", "1,048,576 行"),
    "too many rows": (lambda: csv("姓名,所在村\n" + "王一,东湾村\n" * 500_001), "intake.rows", "一次最多导入 500,000 行"),
    "too many columns": (lambda: book([["姓名"] * 201, ["王一"] * 201]), "intake.columns", "201 列"),
    "far right column": (lambda: csv("姓名" + "," * 400 + "村\n王一"), "intake.columns", "最多读 200 列"),
    "blank workbook": (lambda: book([]), "intake.blank", "没有内容"),
    "all sheets hidden": (all_hidden, "intake.blank", "隐藏的工作表不算"),
    "only numbers": (lambda: book([[1, 2, 3], [4, 5, 6]]), "intake.head", "没有找到表头"),
    "head below the 25th row": (lambda: book([[i] for i in range(30)] + ROWS), "intake.head", "前25行里没有找到表头"),
    "csv of no encoding": (lambda: b"\xff\xa0\x81\n\x80\xff", "intake.encoding", "文字编码"),
    "utf-16 cut": (lambda: b"\xff\xfea\0b", "intake.encoding", "文字编码"),
}  # fmt: skip

N1, N2 = citizen(11), citizen(12)
# name → (file, new, refused)
ODD: dict[str, tuple[Made, int, int]] = {
    "plain": (lambda: book(ROWS), 2, 0),
    "1904": (lambda: book(ROWS, date_1904=True), 2, 0),
    "hidden first sheet": (lambda: two_sheets(hidden=True), 2, 0),
    "empty first sheet": (lambda: two_sheets(hidden=False), 2, 0),
    "ods": (lambda: ods(*ROWS), 2, 0),
    "csv": (lambda: csv(f"姓名,身份证号,所在村\n王一,{N1},东湾村"), 1, 0),
    "csv in gb18030": (lambda: csv(f"姓名,身份证号,所在村\n王一,{N1},东湾村", "gb18030"), 1, 0),
    "csv with a mark": (lambda: csv(f"姓名,身份证号,所在村\n王一,{N1},东湾村", "utf-8-sig"), 1, 0),
    "csv in utf-16": (lambda: csv(f"姓名\t身份证号\t所在村\n王一\t{N1}\t东湾村", "utf-16"), 1, 0),
    "csv with tabs": (lambda: csv(f"姓名\t身份证号\t所在村\n王一\t{N1}\t东湾村"), 1, 0),
    "csv with semicolons": (lambda: csv(f"姓名;身份证号;所在村\n王一;{N1};东湾村"), 1, 0),
    "csv of Windows lines": (lambda: csv(f"姓名,身份证号,所在村\r\n王一,{N1},东湾村\r\n"), 1, 0),
    "csv with a short row": (lambda: csv(f"姓名,身份证号,所在村\n王一,{N1},东湾村\n李二"), 1, 1),
    "csv that forces text": (lambda: csv(f"姓名,身份证号,所在村\n王一,'{N1},东湾村"), 1, 0),
    "title and note": (lambda: book([["示例县人员名册"], *ROWS, ["注：以上为全部人员"]]), 2, 0),
    "blank rows between": (lambda: book([*ROWS[:2], [], [], ROWS[2]]), 2, 0),
    "total at the end": (lambda: book([*ROWS, ["合计", "2人"]]), 2, 0),
    "total in between": (lambda: book([*ROWS[:2], ["小计", "1人"], ROWS[2]]), 2, 1),
    "serial column": (lambda: book([["序号", *ROWS[0]], [1, *ROWS[1]], [2, *ROWS[2]]]), 2, 0),
    "spaces in names of columns": (lambda: book([["姓  名", "身份证号（18位）", "所在村*"], *ROWS[1:]]), 2, 0),
    "number column of another name": (lambda: book([["姓名", "证照编码", "所在村"], *ROWS[1:]]), 2, 0),
    "full-width number": (lambda: book([ROWS[0], ["王一", N1.translate({ord(str(i)): chr(0xFF10 + i) for i in range(10)}), "东湾村"]]), 1, 0),
    "number with spaces": (lambda: book([ROWS[0], ["王一", f" {N1[:6]} {N1[6:14]} {N1[14:]} ", "东湾村"]]), 1, 0),
    "number kept as a number": (lambda: book([ROWS[0], ["王一", float(N1[:17] + "0"), "东湾村"], ["李二", float(N2[:17] + "0"), "东坡村"]]), 0, 2),
    "number in exponent form": (lambda: book([ROWS[0], ["王一", "6.10902E+17", "东湾村"]]), 0, 1),
    "formula as a name is a name": (lambda: book([ROWS[0], ["=1+1", N1, "东湾村"], ["@SUM(A1)", N2, "东坡村"]]), 2, 0),
    "formulas with their values": (lambda: formulas(ROWS[0], ROWS[1]), 1, 0),
    "rare character": (lambda: book([ROWS[0], ["𬭩𠮷", N1, "东湾村"]]), 1, 0),
    "a dot in the name": (lambda: book([ROWS[0], ["买买提·艾力", N1, "东湾村"]]), 1, 0),
    "control character": (lambda: csv(f"姓名,身份证号,所在村\n王\x07一,{N1},东湾村"), 0, 1),
    "text turned round": (lambda: book([ROWS[0], ["王\u202e一", N1, "东湾村"]]), 0, 1),
    "name too long": (lambda: book([ROWS[0], ["王" * 65, N1, "东湾村"]]), 0, 1),
    "no number at all": (lambda: book([["姓名", "所在村"], ["王一", "东湾村"]]), 1, 0),
    "namesakes without numbers": (lambda: book([["姓名", "所在村"], ["王一", "东湾村"], ["王一", "东湾村"]]), 1, 1),
    "township before the village": (lambda: book([["姓名", "所在村"], ["王一", "东镇东湾村"], ["李二", "东镇/东坡村委会"]]), 2, 0),
    "short name of the village": (lambda: book([["姓名", "村"], ["王一", "东湾"]]), 1, 0),
    "sex that contradicts": (lambda: book([["姓名", "身份证号", "村", "性别"], ["王一", N1, "东湾村", "女"]]), 0, 1),
    "birth month agrees": (lambda: book([["姓名", "身份证号", "村", "出生年月"], ["王一", N1, "东湾村", "1980.1"]]), 1, 0),
    "head and no rows": (lambda: book(ROWS[:1]), 0, 0),
}  # fmt: skip

"""What is refused before anything is parsed: by its first bytes, its size, and what the directory of the archive says."""

import struct
import zipfile
from io import BytesIO

from hangshi.refusal import Refused

MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 3000
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_RATIO = 100  # a workbook of plain cells packs ten to twentyfold
SMALL = 8 * 1024 * 1024  # below it a high ratio does no harm
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 500_000, 200, 20_000_000
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
OTHERS = {
    b"%PDF": "PDF 文档",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"{\\rtf": "RTF 文档",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"MZ": "程序",
    b"\x7fELF": "程序",
}
KEPT = "没有读入任何内容。"


def kind_of(data: bytes) -> str:
    """`xlsx`, `xls`, `ods` or `csv`, by content and not by name. Raises `Refused` with the reason for everything else."""
    if not data:
        raise Refused("intake.empty", "这个文件是空的，请重新选择。")
    if len(data) > MOST_BYTES:
        raise Refused("intake.size", f"文件超过 {MOST_BYTES // 2**20} MB，{KEPT}请按单位或年份拆成几个文件。")
    for start, what in OTHERS.items():
        if data.startswith(start):
            raise Refused("intake.type", f"这是{what}，不是表格，{KEPT}请上传 xlsx、xls、ods 或 csv 文件。")
    if data.startswith(OLE):
        return _of_ole(data)
    if data.startswith(ZIP):
        return _of_archive(data)
    if data.startswith(b"PK"):
        raise Refused("intake.archive", f"这个压缩包是空的或已损坏，{KEPT}请重新另存为 xlsx 后上传。")
    return _of_text(data)


def _of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("intake.encrypted", f"这个工作簿设了打开密码，{KEPT}请在 Excel 中取消密码后另存，再上传。")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused("intake.type", f"这是 Word 文档，不是表格，{KEPT}请上传 xlsx、xls、ods 或 csv 文件。")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise Refused("intake.type", f"认不出这是哪种表格，{KEPT}请在 Excel 中另存为 xlsx 后上传。")
    return "xls"


def _of_archive(data: bytes) -> str:
    entries = _entries(data)
    names = {it.filename for it in entries}
    if len(entries) > MOST_ENTRIES:
        raise Refused("intake.entries", f"压缩包里有 {len(entries):,} 个文件，不是正常的工作簿，{KEPT}")
    if len(names) < len(entries):
        raise Refused("intake.names", f"压缩包里有同名文件，可能被改动过，{KEPT}请在 Excel 中另存后上传。")
    if any(it.flag_bits & 1 for it in entries):
        raise Refused("intake.encrypted", f"压缩包设了密码，{KEPT}请取消密码后上传。")
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise Refused("intake.names", f"压缩包里的文件名越出了自己的目录，{KEPT}请在 Excel 中另存后上传。")
    _check_unpacked(entries, len(data))
    return _kind_by(data, names)


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Refused("intake.archive", f"文件不完整或已损坏，{KEPT}请重新保存后上传。") from error


def _check_unpacked(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(it.file_size for it in entries)
    if unpacked > MOST_UNPACKED:
        raise Refused("intake.unpacked", f"文件解开后有 {unpacked // 2**20:,} MB，超过上限，{KEPT}请拆成几个文件。")
    for it in entries:
        if it.file_size > SMALL and it.file_size > MOST_RATIO * max(it.compress_size, 1):
            raise Refused("intake.bomb", f"文件压缩得异常（解开后是原来的一百倍以上），{KEPT}请在 Excel 中另存后上传。")
    if unpacked > SMALL and unpacked > MOST_RATIO * packed:
        raise Refused("intake.bomb", f"文件压缩得异常（解开后是原来的一百倍以上），{KEPT}请在 Excel 中另存后上传。")


def _kind_by(data: bytes, names: set[str]) -> str:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("intake.macro", f"这个工作簿带宏，{KEPT}请另存为“Excel 工作簿（*.xlsx）”后上传。")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Refused("intake.type", f"这是二进制工作簿（xlsb），{KEPT}请另存为 xlsx 后上传。")
    if "mimetype" in names and "content.xml" in names:
        if b"opendocument.spreadsheet" not in data[:200]:
            raise Refused("intake.type", f"这是文字或演示文档，不是表格，{KEPT}请上传 xlsx、xls、ods 或 csv 文件。")
        return "ods"
    what = "Word 文档" if "word/document.xml" in names else "压缩包"
    raise Refused("intake.type", f"这是{what}，不是表格，{KEPT}请上传 xlsx、xls、ods 或 csv 文件。")


def _of_text(data: bytes) -> str:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise Refused("intake.html", f"这是网页或 XML，只是改了后缀，{KEPT}请用 Excel 打开后另存为 xlsx 再上传。")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in data:
        raise Refused("intake.type", f"认不出这是哪种文件，{KEPT}请上传 xlsx、xls、ods 或 csv 文件。")
    return "csv"


def check_extent(rows: int, columns: int) -> None:
    """Raises `Refused` for a sheet beyond what one import takes: a sheet is read whole or not at all."""
    if rows > MOST_ROWS:
        raise Refused("intake.rows", f"表中有 {rows:,} 行，一次最多导入 {MOST_ROWS:,} 行，{KEPT}请拆成几个文件。")
    if columns > MOST_COLUMNS:
        raise Refused("intake.columns", f"表中有 {columns:,} 列，最多读 {MOST_COLUMNS} 列，{KEPT}请删去用不到的列。")
    if rows * columns > MOST_CELLS:
        raise Refused("intake.cells", f"表中有 {rows * columns:,} 个单元格，超过上限，{KEPT}请拆成几个文件。")

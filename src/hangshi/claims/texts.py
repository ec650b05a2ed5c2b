"""The text of a report file: txt (UTF-8, GB18030), docx, html, pdf. What cannot be read is refused in a sentence.

Offsets of claims count code points of the text returned here; for txt that is the decoded file itself.
"""

import io
import re
import zipfile
from html.parser import HTMLParser

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from hangshi.claims.lexicon import words
from hangshi.refusal import Refused

LARGEST = 20 * 1024 * 1024  # bytes of a file
LONGEST = 200_000  # characters of its text
PAGES = 300
RATIO, UNPACKED = 100, 200 * 1024 * 1024  # of a zipped file: bigger unpacked than this is no report
KINDS = ("txt", "docx", "html", "htm", "pdf")
_WHERE = "没有读入任何内容，请改正后重新上传。"


def read(name: str, data: bytes) -> str:
    """The text of a file by the ending of its name. Raises `Refused`."""
    kind = name.rsplit(".", 1)[-1].lower()
    check_readable(name, data)
    text = {"txt": _plain, "docx": _docx, "html": _html, "htm": _html, "pdf": _pdf}[kind](data)
    if len(text) > LONGEST:
        raise Refused("report.long", f"“{name}”有 {len(text):,} 个字，超过 {LONGEST:,} 字。请分成几份上传。")
    if not text.strip():
        raise Refused("report.empty", f"“{name}”里没有可读的文字。扫描件请先转成文字。{_WHERE}")
    return text


def check_readable(name: str, data: bytes) -> None:
    kind = name.rsplit(".", 1)[-1].lower()
    if kind not in KINDS:
        raise Refused("report.kind", f"不能读“{name}”：只收 txt、docx、html、pdf 文件。{_WHERE}")
    if len(data) > LARGEST:
        raise Refused("report.size", f"“{name}”有 {len(data) / 2**20:.0f} MB，超过 {LARGEST // 2**20} MB。{_WHERE}")
    if kind == "docx":
        _check_zip(name, data)


def _check_zip(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sizes = [(it.file_size, it.compress_size) for it in packed.infolist()]
    except zipfile.BadZipFile as error:
        raise Refused("report.broken", f"“{name}”不是完好的 docx 文件。请在文字处理软件中另存后再上传。") from error
    total = sum(size for size, _ in sizes)
    if total > UNPACKED or total > RATIO * max(len(data), 1):
        raise Refused("report.bomb", f"“{name}”解压后过大（{total / 2**20:.0f} MB），不像是一份材料。{_WHERE}")


def _plain(data: bytes) -> str:
    """UTF-8 or, failing that, GB18030; nothing is normalised, line ends stay as they are."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("report.encoding", f"认不出文件的编码，请另存为 UTF-8 或 GB18030。{_WHERE}")


def _docx(data: bytes) -> str:
    """Paragraphs and table rows in the order of the document, a line each."""
    try:
        document = Document(io.BytesIO(data))
        lines = []
        for part in document.iter_inner_content():
            if isinstance(part, Table):
                lines += ["\t".join(" ".join(map(_said, cell.paragraphs)) for cell in row.cells) for row in part.rows]
            else:
                lines.append(_said(part))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise Refused("report.broken", f"这个 docx 文件打不开。请在文字处理软件中另存后再上传。{_WHERE}") from error
    return "\n".join(lines)


def _said(paragraph: Paragraph) -> str:
    """All its text, that inside content controls too, which python-docx leaves out."""
    return "".join(_SIGNS.get(it.tag) or it.text or "" for it in paragraph._p.iter(*_SIGNS))


_SIGNS = {qn("w:t"): "", qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_BLOCKS = words("html_blocks")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg"})


class _Visible(HTMLParser):
    """What a reader sees: no scripts, no styles; a block element is a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(re.sub(r"\s+", " ", data))


def _html(data: bytes) -> str:
    parser = _Visible()
    parser.feed(_plain(data))
    parser.close()
    return re.sub(r" ?\n[ \n]*", "\n", "".join(parser.said)).strip("\n")


def _pdf(data: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused("report.locked", f"这个 pdf 文件加了密码，请去掉密码后再上传。{_WHERE}")
        if len(reader.pages) > PAGES:
            raise Refused("report.pages", f"这个 pdf 有 {len(reader.pages)} 页，超过 {PAGES} 页。请分开上传。")
        return "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("report.broken", f"这个 pdf 文件打不开。请另存后再上传。{_WHERE}") from error

"""A docx in the layout of GB/T 9704: page, faces, levels of headings, page numbers outside, red head, 附件, 落款, 印发.

The faces named are those that offices in China have; free stand-ins are in docs/reports.md. What is not in the standard (tables inside
the words) follows its spirit: 4号 type, thin rules.
"""

import io

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from hangshi.reports import blocks, charts, controls, office
from hangshi.reports.furniture import borders, dress, page_numbers, repeat, rule
from hangshi.reports.writing import Laid, Written, in_words

SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
BODY, LARGE, SMALL = Pt(16), Pt(22), Pt(14)  # 3号, 2号, 4号
LINE = Pt(28.95)  # 22 lines on a page
RED = RGBColor(0xE6, 0, 0)
FACES = {"one": (HEI, False), "two": (KAI, False), "three": (FANG, True)}
WIDE = 6  # columns from which a table lies on its side


class Builder:
    """One document. `site`: where links begin; `red`: whether the red head is printed, with the number of the document."""

    def __init__(self, written: Written, *, site: str, red: bool, number: str = "") -> None:
        self.written, self.site, self.red, self.number = written, site, red, number
        self.docx: Docx = Document()

    def build(self) -> bytes:
        _page(self.docx)
        if self.red:
            self.head()
        self.words()
        self.foot()
        self.attached()
        self.printed()
        controls.carry(self.docx, self.written.numbers, self.written.uid)
        _about(self.docx, self.written)
        kept = io.BytesIO()
        self.docx.save(kept)
        return kept.getvalue()

    def line(self, text: str, face: str = FANG, size: Pt = BODY, **more: bool) -> Paragraph:
        """A paragraph of the text, numbers as controls; `indent` begins it two characters in."""
        paragraph = self.docx.add_paragraph()
        controls.fill(paragraph, text, self.written.numbers, uid=self.written.uid, site=self.site)
        dress(paragraph, face, size, bold=more.get("bold", False))
        if more.get("indent"):
            _indent(paragraph, first=2)
        return paragraph

    def head(self) -> None:
        """发文机关标志, 发文字号, the red line."""
        name = self.line(self.written.lines["head"] or self.written.lines["sender"], TITLE, Pt(32))
        name.alignment = WD_ALIGN_PARAGRAPH.CENTER
        name.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        name.paragraph_format.space_before = Mm(35) - Mm(20)  # 35 mm from the upper edge of the text
        for run in name.runs:
            run.font.color.rgb = RED
        self.line("")
        said = self.line(self.number, FANG)
        said.alignment = WD_ALIGN_PARAGRAPH.CENTER
        rule(said, "E60000", 12)
        self.line("")

    def words(self) -> None:
        title = next((it.text for it in self.written.body if it.kind == blocks.TITLE), self.written.lines["title"])
        paragraph = self.line(title, TITLE, LARGE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(36)
        self.line("")
        if to := self.written.lines["to"]:
            self.line(f"{to}：")
        for it in self.written.body:
            if it.kind in FACES:
                face, bold = FACES[it.kind]
                self.line(it.text, face, bold=bold, indent=True).paragraph_format.keep_with_next = True
            elif it.kind == blocks.PARAGRAPH:
                self.line(it.text, indent=True).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            elif it.kind == blocks.FILLED:
                self.laid(self.written.tables[it.text])
            elif it.kind == blocks.BARS:
                self.grid(it.rows)

    def foot(self) -> None:
        """附件说明, 落款: who signs and on which day, to the right."""
        names = [self.written.tables[key].name for key in self.written.template.attached]
        if names:
            self.line("")
        for at, name in enumerate(names):
            number = f"{at + 1}." if len(names) > 1 else ""
            _indent(self.line(("附件：" if at == 0 else "　　　") + number + name), first=2)
        self.line("")
        for text, right in ((self.written.lines["sender"], 2), (in_words(self.written.day), 4)):
            if text:
                paragraph = self.line(text)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _indent(paragraph, right=right)

    def printed(self) -> None:
        """版记: who prints it and when, last of all."""
        if printed := self.written.lines["printed"]:
            self.line("")
            paragraph = self.line(f"　{printed}　　{in_words(self.written.day)}印发", FANG, SMALL)
            rule(paragraph, "000000", 8, top=True)
            rule(paragraph, "000000", 8)

    def attached(self) -> None:
        """Each 附件 on a page of its own."""
        many = len(self.written.template.attached) > 1
        for at, key in enumerate(self.written.template.attached, start=1):
            self.docx.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
            laid = self.written.tables[key]
            self.line(f"附件{at}" if many else "附件", HEI)
            name = self.line(laid.name, TITLE, LARGE)
            name.alignment = WD_ALIGN_PARAGRAPH.CENTER
            name.paragraph_format.line_spacing = Pt(36)
            self.laid(laid, named=False)

    def laid(self, it: Laid, *, named: bool = True) -> None:
        if named:
            name = self.line(it.name, HEI, SMALL)
            name.alignment, name.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        if it.chart:
            drawn = self.docx.add_paragraph()
            drawn.alignment, drawn.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
            drawn.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            charts.insert(drawn, it.chart)
        note = self.line(it.note, FANG, Pt(12))
        note.alignment, note.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, True
        self.grid((it.heads, *it.rows))

    def grid(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """A table with its first row repeated on every page; from the second column on centred. Ragged rows are filled up."""
        width = max(map(len, rows))
        size = Pt(14 if width <= WIDE else 10.5)
        table = self.docx.add_table(0, width)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        borders(table)
        for at, row in enumerate(rows):
            cells = table.add_row().cells
            for column, text in enumerate((*row, *[""] * (width - len(row)))):
                paragraph = cells[column].paragraphs[0]
                controls.fill(paragraph, text, self.written.numbers, uid=self.written.uid, site=self.site)
                dress(paragraph, HEI if at == 0 else FANG, size)
                paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if column or at == 0 else WD_ALIGN_PARAGRAPH.LEFT
        repeat(table.rows[0])
        self.line("", size=Pt(8))


def build(written: Written, *, site: str, red: bool = False, number: str = "") -> bytes:
    """The file. Links begin with `site`, such as https://hangshi.example.cn. An office's own docx keeps its own layout."""
    if written.document is not None:
        return office.bind(written.document, written.numbers, uid=written.uid, site=site)
    return Builder(written, site=site, red=red, number=number).build()


def _page(docx: Docx) -> None:
    section = docx.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    normal = docx.styles["Normal"]
    normal.font.size = BODY
    faces = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        faces.set(qn(name), FANG)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        faces.attrib.pop(qn(name), None)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = LINE
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    page_numbers(docx, SONG, SMALL)


def _indent(paragraph: Paragraph, *, first: int = 0, right: int = 0) -> None:
    """In characters of the paragraph's own size, as offices set it."""
    found = paragraph._p.get_or_add_pPr().get_or_add_ind()
    if first:
        found.set(qn("w:firstLineChars"), str(first * 100))
        found.set(qn("w:firstLine"), str(int(BODY.pt * 20 * first)))
    if right:
        found.set(qn("w:rightChars"), str(right * 100))
        found.set(qn("w:right"), str(int(BODY.pt * 20 * right)))


def _about(docx: Docx, written: Written) -> None:
    """What the file says of itself; nothing of the machine it was made on."""
    about = docx.core_properties
    about.title, about.author, about.comments = written.title[:200], written.lines["sender"][:100], ""

"""The parts of a docx that python-docx has no word for: faces of Chinese text, rules, page fields, rows that repeat."""

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph


def dress(paragraph: Paragraph, face: str, size: Pt, *, bold: bool = False) -> None:
    """Face and size of every run, those of links inside controls too."""
    for run in paragraph._p.iter(qn("w:r")):
        about = run.get_or_add_rPr()
        faces = about.get_or_add_rFonts()
        for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            faces.set(qn(name), face)
        half = str(int(size.pt * 2))
        about.get_or_add_sz().set(qn("w:val"), half)
        if bold:
            about.get_or_add_b()


def rule(paragraph: Paragraph, colour: str, eighths: int, *, top: bool = False) -> None:
    """A line below the paragraph, or above it; its width in eighths of a point."""
    about = paragraph._p.get_or_add_pPr()
    lines = about.find(qn("w:pBdr"))
    if lines is None:
        lines = OxmlElement("w:pBdr")
        about.insert_element_before(
            lines, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
        )
    line = OxmlElement("w:top" if top else "w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    lines.insert(0 if top else len(lines), line)


def borders(table: Table) -> None:
    """Thin black rules all round."""
    lines = OxmlElement("w:tblBorders")
    for name in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{name}")
        for word, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{word}"), value)
        lines.append(line)
    table._tbl.tblPr.append(lines)


def repeat(row: _Row) -> None:
    """Print the row again at the head of every page, and break no row over two."""
    head = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(head)


def page_numbers(docx: Docx, face: str, size: Pt) -> None:
    """— 1 — in the foot: outside, a character in; right on odd pages, left on even ones."""
    docx.settings.odd_and_even_pages_header_footer = True
    section = docx.sections[0]
    for foot, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        foot.is_linked_to_previous = False
        paragraph = foot.paragraphs[0]
        paragraph.alignment = side
        paragraph.add_run("— ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
            _field(paragraph, kind, text)
        paragraph.add_run(" —")
        dress(paragraph, face, size)
        into = paragraph._p.get_or_add_pPr().get_or_add_ind()
        for name in ("right", "left"):
            into.set(qn(f"w:{name}Chars"), "100")
            into.set(qn(f"w:{name}"), str(int(size.pt * 20)))


def _field(paragraph: Paragraph, kind: str, text: str) -> None:
    run = paragraph.add_run()
    if kind == "shown":
        run.text = text
        return
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    else:
        part.text = text
    run._r.append(part)

"""The docx of a report: page and type by GB/T 9704, every number a control with a link and with what it is bound to."""

import io
import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from hangshi.claims import texts
from hangshi.registry.models import Unit
from hangshi.reports import controls, layout
from tests.refusals import refusal_of

pytestmark = pytest.mark.django_db
SITE = "https://hangshi.example.cn"


@pytest.fixture
def made(office):
    """The report of the city, with its red head, and its document opened."""
    written = office.write("work_review")
    data = layout.build(written, site=SITE, red=True, number="示组发〔2017〕12号")
    return written, data, Document(io.BytesIO(data))


def line(document, text: str):
    return next(it for it in document.paragraphs if text in said(it))


def said(paragraph) -> str:
    return "".join(it.text or "" for it in paragraph._p.iter(qn("w:t")))


def face(paragraph) -> tuple[str, float]:
    about = next(paragraph._p.iter(qn("w:r"))).rPr
    return about.rFonts.get(qn("w:eastAsia")), int(about.sz.get(qn("w:val"))) / 2


def test_the_page_is_that_of_the_standard(made):
    section = made[2].sections[0]
    sizes = [
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    ]
    assert [round(it.mm) for it in sizes] == [210, 297, 37, 35, 28, 26]
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < Mm(0.1)


@pytest.mark.parametrize(
    ("text", "name", "size"),
    [
        ("安康市2017年抓党建促乡村振兴工作情况", "方正小标宋简体", 22),
        ("一、健全组织", "黑体", 16),
        ("（一）整顿软弱涣散", "楷体_GB2312", 16),
        ("截至2017年10月31日", "仿宋_GB2312", 16),
        ("组织部文件", "方正小标宋简体", 32),
        ("日印发", "仿宋_GB2312", 14),
    ],
)
def test_each_part_has_its_face_and_size(made, text, name, size):
    assert face(line(made[2], text)) == (name, size)


def test_words_begin_two_characters_in_on_lines_of_twenty_two_a_page(made):
    document = made[2]
    about = line(document, "截至2017年10月31日")._p.pPr
    assert about.ind.get(qn("w:firstLineChars")) == "200"
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28.95)


def test_page_numbers_stand_outside(made):
    document = made[2]
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    feet = [
        (foot.paragraphs[0].alignment, said(foot.paragraphs[0])) for foot in (section.footer, section.even_page_footer)
    ]
    assert feet == [(2, "— 1 —"), (0, "— 1 —")]  # right on odd pages, left on even ones


def test_the_red_head_is_printed_only_where_it_is_asked_for(made, office):
    written, _, document = made
    plain = Document(io.BytesIO(layout.build(written, site=SITE)))
    assert said(document.paragraphs[0]) == "中共安康市委员会组织部文件"
    assert str(document.paragraphs[0].runs[0].font.color.rgb) == "E60000"
    assert said(line(document, "〔2017〕")) == "示组发〔2017〕12号"
    assert "文件" not in "".join(said(it) for it in plain.paragraphs)


def test_the_end_says_what_is_attached_who_signs_and_who_prints(made):
    lines = [said(it) for it in made[2].paragraphs if said(it).strip()]
    at = lines.index("附件：基层党建和帮扶力量情况表")
    assert lines[at + 1 :] == [
        "中共安康市委员会组织部", "2017年10月31日", "附件", "基层党建和帮扶力量情况表", "2017年1月1日至2017年10月31日",
        "　中共安康市委员会组织部办公室　　2017年10月31日印发",
    ]  # fmt: skip


def test_a_table_repeats_its_head_and_holds_the_numbers_of_the_parts(made):
    table = made[2].tables[-1]
    assert [it.text for it in table.rows[0].cells] == [
        "单位",
        "党支部（个）",
        "党员（人）",
        "第一书记（人）",
        "驻村工作队员（人）",
        "结对帮扶（户）",
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [said(it.paragraphs[0]) for it in table.rows[1].cells] == ["安康市", "64", "1470", "13", "38", "626"]


def test_every_number_is_a_control_with_a_link_to_where_it_opens(made, office):
    written, _, document = made
    found = controls.found(document)
    assert sorted({it.index for it in found}) == [it.index for it in written.numbers]
    assert {it.uid for it in found} == {written.uid}
    whole = next(document.element.body.iter(qn("w:sdt")))
    link = next(whole.iter(qn("w:hyperlink")))
    target = document.part.rels[link.get(qn("r:id"))].target_ref
    assert target == f"{SITE}/indicators/branches/?unit={office.city.pk}&from=2017-01-01&to=2017-10-31"
    assert len(whole.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val"))) <= 64


def test_the_file_carries_what_its_numbers_are_bound_to(made):
    written, _, document = made
    assert controls.carried(document) == (written.uid, list(written.numbers))


def test_parts_of_a_file_have_names_of_their_own(made):
    names = ZipFile(io.BytesIO(made[1])).namelist()
    assert len(names) == len(set(names))


def test_the_checking_of_claims_reads_the_numbers_inside_controls(made):
    assert "安康市共有党支部64个、党员1470人" in texts.read("a.docx", made[1])


def test_a_docx_of_an_office_keeps_its_own_layout_and_its_numbers_are_bound(office):
    village = Unit.objects.filter(kind="township").order_by("code").first()
    written = office.write("plain_card", village)
    document = Document(io.BytesIO(layout.build(written, site=SITE)))
    assert round(document.sections[0].page_height.mm) == 148
    assert controls.carried(document) == (written.uid, list(written.numbers))
    found = controls.found(document)
    assert [it.text for it in found] == [written.numbers[it.index].text for it in found]
    assert len(found) == len(written.numbers) == 7
    assert f"{village.name}帮扶工作明白卡" in said(document.paragraphs[0])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.txt", b"x", "report.kind"), ("a.docx", b"x", "report.broken"), ("a.docx", b"", "report.broken")],
)
def test_what_is_no_document_is_refused(name, data, code):
    assert refusal_of(controls.opened, name, data) == code


# What an independent checker of GB/T 9704 says otherwise, and why we keep it: it knows the practice of one house, not only the standard.
DIFFERENCES = {
    "CHK-C001": "天头 37 mm 是国标 5.2.1 的数，它要 28 mm",
    "CHK-C011": "下边 35 mm 由版心 225 mm 得出，它要 28 mm",
    "CHK-C005": "版记用 4 号是国标 7.4.2 的规定，表注不是正文",
    "CHK-C006": "国标每面 22 行，行距 28.95 磅，它要 33 磅",
    "CHK-C032": "同上",
    "CHK-C033": "标题行距国标没有规定",
    "CHK-C035": "同上",
    "CHK-C012": "附件、版记、表注不缩进",
    "CHK-C013": "版记、表注和附件说明不两端对齐",
    "CHK-C016": "署名居右空两字，国标 7.3.5",
    "CHK-C052": "表格国标没有规定",
    "CHK-C053": "表格国标没有规定",
    "CHK-C055": "表格国标没有规定",
    "CHK-C057": "表格国标没有规定",
    "CHK-C058": "表格国标没有规定",
}


def complaints(file, data: bytes) -> set[str]:
    """The numbers of the rules that the independent checker finds broken."""
    file.write_bytes(data)
    command = [sys.executable, "-m", "gongwen", "check", str(file), "-t", "bulletin", "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return {it["rule_id"] for it in json.loads(answer.stdout[answer.stdout.index("[\n") :])}


def test_an_independent_checker_finds_only_the_differences_we_know(office, tmp_path):
    data = layout.build(office.write("bulletin"), site=SITE)
    assert complaints(tmp_path / "a.docx", data) <= DIFFERENCES.keys()
    spoilt = Document(io.BytesIO(data))
    for run in spoilt.paragraphs[0].runs:
        run.font.size = Pt(16)  # a title in the size of the words
    kept = io.BytesIO()
    spoilt.save(kept)
    assert complaints(tmp_path / "b.docx", kept.getvalue()) - DIFFERENCES.keys() == {"CHK-C008"}

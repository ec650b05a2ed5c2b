"""What files are read, and what is said of those that are not."""

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from hangshi.claims import texts
from hangshi.refusal import Refused


def refusal(name: str, data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        texts.read(name, data)
    return caught.value.code, caught.value.sentence


def docx(*paragraphs: str) -> bytes:
    document = Document()
    for it in paragraphs:
        document.add_paragraph(it)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "党员", "45名"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(*, pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_plain_text_is_decoded_and_left_as_it_is(encoding):
    assert texts.read("a.TXT", "党员４５名，\r\n㐀".encode(encoding)) == "党员４５名，\r\n㐀"


def test_a_docx_is_its_paragraphs_and_table_rows():
    assert texts.read("a.docx", docx("第一段", "第二段")) == "第一段\n第二段\n党员\t45名"


def test_a_page_is_what_a_reader_sees():
    page = "<html><head><title>题</title><style>p{}</style><script>9名</script></head><body><p>党员<b>4</b>5名&amp;</p><div>完</div></body></html>"
    assert texts.read("a.html", page.encode()) == "题\n党员45名&\n完"


def test_a_pdf_gives_its_text():
    page = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length 44>>stream\nBT /F1 12 Tf 10 100 Td (45 members) Tj ET\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )
    assert texts.read("a.pdf", page) == "45 members"


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("a.exe", b"x", "report.kind", "只收 txt、docx、html、pdf"),
        ("a", b"x", "report.kind", "只收 txt、docx、html、pdf"),
        ("a.txt", b"\xff\xff\xff", "report.encoding", "UTF-8 或 GB18030"),
        ("a.txt", b"  \n", "report.empty", "没有可读的文字"),
        ("a.docx", b"PK\x03\x04broken", "report.broken", "另存后再上传"),
        ("a.docx", b"not a zip", "report.broken", "另存后再上传"),
        ("a.pdf", b"%PDF-nothing", "report.broken", "打不开"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(name, data, code, words):
    got, sentence = refusal(name, data)
    assert (got, words in sentence) == (code, True)


def test_a_zip_that_is_no_document_is_refused():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("a.txt", "x")
    assert refusal("a.docx", kept.getvalue())[0] == "report.broken"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 50_000_000)
    assert refusal("a.docx", kept.getvalue())[0] == "report.bomb"


def test_limits_of_size_length_and_pages(monkeypatch):
    monkeypatch.setattr(texts, "LARGEST", 10)
    assert refusal("a.txt", b"x" * 11)[0] == "report.size"
    monkeypatch.setattr(texts, "LARGEST", 10**6)
    monkeypatch.setattr(texts, "LONGEST", 10)
    assert texts.read("a.txt", b"x" * 10) == "x" * 10
    assert refusal("a.txt", b"x" * 11)[0] == "report.long"
    monkeypatch.setattr(texts, "PAGES", 2)
    assert refusal("a.pdf", pdf(pages=3))[0] == "report.pages"


def test_a_pdf_without_text_says_that_it_is_a_scan():
    assert "扫描件" in refusal("a.pdf", pdf())[1]


def test_a_locked_pdf_says_so():
    assert refusal("a.pdf", pdf(password="geheim"))[0] == "report.locked"

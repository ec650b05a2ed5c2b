"""Numbers inside a docx: each a link in a content control; what they are bound to in a part of the file's own.

A control's tag has room for 64 characters, so it names the report and the number; the bindings stand in a custom XML part, which
office programmes carry along untouched.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from hangshi.claims import texts
from hangshi.refusal import Refused
from hangshi.reports.numbers import MARK, Number, read

TAG = "hangshi"
SPACE = "urn:hangshi:report:1"
LONGEST_ALIAS = 60
MOST = 20_000  # numbers of a file


@dataclass(frozen=True)
class Found:
    """A control as it stands in a file: whose it says it is, and its present text."""

    uid: str
    index: int
    text: str


def fill(paragraph: Paragraph, text: str, numbers: tuple[Number, ...], *, uid: str, site: str) -> None:
    """Append the text; what is marked as a number becomes a control."""
    at = 0
    for found in MARK.finditer(text):
        if found.start() > at:
            paragraph.add_run(text[at : found.start()])
        paragraph._p.append(control(paragraph.part, numbers[int(found[1])], uid=uid, site=site))
        at = found.end()
    if at < len(text):
        paragraph.add_run(text[at:])


def control(part: Any, it: Number, *, uid: str, site: str, like: Any = None) -> Any:
    """The control of a number; `like`: the properties of the run in whose place it stands."""
    whole = OxmlElement("w:sdt")
    about = OxmlElement("w:sdtPr")
    for name, value in (
        ("w:alias", f"{it.name}　{it.unit_name}　{it.last}"[:LONGEST_ALIAS]),
        ("w:tag", f"{TAG}:{uid}:{it.index}"),
    ):
        said = OxmlElement(name)
        said.set(qn("w:val"), value)
        about.append(said)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), part.relate_to(site.rstrip("/") + it.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.set(qn("w:tooltip"), f"{it.name}：{it.value}")
    run = OxmlElement("w:r")
    if like is not None:
        run.append(like)
    words = OxmlElement("w:t")
    words.text = it.text
    run.append(words)
    link.append(run)
    content = OxmlElement("w:sdtContent")
    content.append(link)
    whole.append(about)
    whole.append(content)
    return whole


def carry(document: Docx, numbers: tuple[Number, ...], uid: str) -> None:
    """Write into the file what its numbers are bound to."""
    root = Element(f"{{{SPACE}}}report", {"uid": uid})
    for it in numbers:
        SubElement(root, f"{{{SPACE}}}number", {name: str(value) for name, value in it.kept().items()})
    package = document.part.package
    name = PackURI(package.next_partname("/customXml/item%d.xml"))
    part = Part(name, "application/xml", tostring(root, "utf-8", xml_declaration=True), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def opened(name: str, data: bytes) -> Docx:
    """Raises `Refused` for what is no sound docx."""
    if not name.lower().endswith(".docx"):
        raise Refused("report.kind", f"“{name}”不是 docx 文件。请上传本系统生成的材料（签发后改过的也可以）。")
    texts.check_readable(name, data)
    try:
        return Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise Refused("report.broken", f"“{name}”打不开。请在文字处理软件中另存后再上传。") from error


def found(document: Docx) -> list[Found]:
    """The controls of the file, in its order. Raises `Refused` for a file with more than anybody writes."""
    kept = []
    for whole in document.element.body.iter(qn("w:sdt")):
        tags = whole.findall(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        uid, index = _tag(tags[0].get(qn("w:val"), "")) if tags else ("", -1)
        if uid:
            kept.append(Found(uid, index, "".join(it.text or "" for it in whole.iter(qn("w:t")))))
        if len(kept) > MOST:
            raise Refused("report.numbers", f"文件里的数字超过 {MOST:,} 个，没有核对。请分开上传。")
    return kept


def _tag(text: str) -> tuple[str, int]:
    mark, _, rest = text.partition(":")
    uid, _, index = rest.partition(":")
    known = mark == TAG and uid.isalnum() and index.isdecimal() and len(index) <= 6
    return (uid, int(index)) if known else ("", -1)


def carried(document: Docx) -> tuple[str, list[Number]]:
    """What the file itself says its numbers are bound to: its uid and the numbers; ("", []) where it says nothing that can be read."""
    for related in document.part.rels.values():
        if related.reltype == RELATIONSHIP_TYPE.CUSTOM_XML and not related.is_external:
            root = _root(related.target_part.blob)
            if root is not None and root.tag == f"{{{SPACE}}}report":
                return root.get("uid", ""), list(_numbers(root))
    return "", []


def _root(blob: bytes) -> Any:
    try:
        return parse_xml(blob)
    except SyntaxError:
        return None


def _numbers(root: Any) -> Iterator[Number]:
    for it in root:
        said = dict(it.attrib)
        try:
            yield read(
                {**said, "index": int(said["index"]), "unit": int(said["unit"]), "standard": said["standard"] == "True"}
            )
        except (KeyError, ValueError, ArithmeticError, TypeError) as error:
            raise Refused("report.bindings", "文件里所带的数字出处已损坏。请改用签发时保存的原件核对。") from error

"""A docx that an office has made, filled: docxtpl puts the words in, then every marked number becomes a control with its link."""

import io
from copy import deepcopy
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # ships no types
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from hangshi.packs.models import Pack, Template
from hangshi.refusal import Refused
from hangshi.reports import controls
from hangshi.reports.language import Language
from hangshi.reports.numbers import MARK, Number


def filled(it: Template, pack: Pack, given: dict[str, Any]) -> Any:
    """The document with marks where numbers stand. Raises `Refused` for a template that is not understood."""
    try:
        document = DocxTemplate(str(Path(pack.files[it.key])))
        document.render(given, jinja_env=Language(xml=True))
    except TemplateSyntaxError as error:
        raise Refused(
            "template.syntax", f"模板“{it.file}”写法不对：{error.message}。请用文字处理软件改正后再生成。"
        ) from error
    except (UndefinedError, TypeError) as error:
        raise Refused("template.use", f"模板“{it.file}”里有用错的词：{error}。请改正后再生成。") from error
    except (BadZipFile, KeyError, ValueError) as error:
        raise Refused("template.broken", f"模板“{it.file}”打不开。请在文字处理软件中另存后再用。") from error
    return document


def said(document: Any) -> str:
    """Its words with their marks, a paragraph a line; an empty line between, as in a text."""
    lines = ("".join(it.text or "" for it in paragraph.iter(qn("w:t"))) for paragraph in _paragraphs(document))
    return "\n\n".join(line for line in lines if line.strip())


def bind(document: Any, numbers: tuple[Number, ...], *, uid: str, site: str) -> bytes:
    """Every run that holds a mark is cut at its numbers, and each becomes a control in the run's own type."""
    for element in list(_paragraphs(document)):
        paragraph = Paragraph(element, document.docx)
        for run in [it for it in paragraph.runs if MARK.search(it.text)]:
            _cut(document.docx.part, run, numbers, uid, site)
    controls.carry(document.docx, numbers, uid)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _paragraphs(document: Any) -> Any:
    return document.docx.element.body.iter(qn("w:p"))


def _cut(part: Any, run: Run, numbers: tuple[Number, ...], uid: str, site: str) -> None:
    text, at = run.text, 0
    for found in MARK.finditer(text):
        _plain(run, text[at : found.start()])
        like = None if run._r.rPr is None else deepcopy(run._r.rPr)
        it = numbers[int(found[1])]
        run._r.addprevious(controls.control(part, it, uid=uid, site=site, like=like))
        at = found.end()
    _plain(run, text[at:])
    run._r.getparent().remove(run._r)


def _plain(run: Run, text: str) -> None:
    if text:
        copied = deepcopy(run._r)
        run._r.addprevious(copied)
        Run(copied, run._parent).text = text

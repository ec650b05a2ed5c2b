"""The report with its claims marked in place: pieces for a page, comments in a docx."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document

from hangshi.claims.verdicts import Verdict

# What an XML document may not hold: control characters; they are shown as spaces.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Piece:
    """A stretch of raw text; `number` is that of its verdict, from 1, or 0 where it is no claim."""

    text: str
    number: int
    verdict: Verdict | None = None


def pieces(raw: str, verdicts: list[Verdict]) -> Iterator[Piece]:
    """The whole text, cut at the claims, nothing lost; the page escapes it."""
    at = 0
    for number, it in enumerate(verdicts, start=1):
        if it.claim.start > at:
            yield Piece(raw[at : it.claim.start], 0)
        yield Piece(raw[it.claim.start : it.claim.end], number, it)
        at = it.claim.end
    if at < len(raw):
        yield Piece(raw[at:], 0)


def annotated(raw: str, verdicts: list[Verdict], *, author: str = "夯实") -> bytes:
    """A docx of the text in which each claim carries its verdict as a comment."""
    document = Document()
    paragraph = document.add_paragraph()
    for it in pieces(raw, verdicts):
        first, *rest = _UNSHOWN.sub(" ", it.text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        runs = [paragraph.add_run(first)]
        for line in rest:
            paragraph = document.add_paragraph()
            runs.append(paragraph.add_run(line))
        if it.verdict:
            document.add_comment(runs=[runs[0], runs[-1]], text=said(it.verdict), author=author, initials="核")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def said(it: Verdict) -> str:
    """One verdict in words."""
    about = f"（{it.definition.name}）" if it.definition else ""
    return "；".join([f"{it.word}{about}：{it.reason}", *it.hints])

"""A report written: the template's words with its numbers, held against what a reader would take them to say."""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hangshi.claims.extract import extract
from hangshi.claims.verdicts import allows
from hangshi.packs.models import Pack, Template
from hangshi.refusal import Refused
from hangshi.reports import office
from hangshi.reports.binding import Binder
from hangshi.reports.blocks import Block, blocks
from hangshi.reports.charts import Chart
from hangshi.reports.language import Language, parsed, rendered, wanted
from hangshi.reports.numbers import MARK, MARKS, TABLE_CLOSE, TABLE_OPEN, Desk, Number, digest
from hangshi.reports.tables import Filled, Row

LINES = ("title", "head", "sender", "to", "printed")


@dataclass(frozen=True)
class Laid:
    """A regular table with its cells as texts, marks of their numbers inside; the heads first. With a `chart` above, if one was asked."""

    name: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Chart | None = None


@dataclass(frozen=True)
class Written:
    """`source` is the text with marks, `uid` what its file and its numbers are known by.

    `missing`: what had no value; `doubts`: numbers that the words around them make untrue. With either it is not issued.
    """

    template: Template
    desk: Desk
    day: date
    uid: str
    lines: dict[str, str]
    source: str
    numbers: tuple[Number, ...]
    tables: dict[str, Laid]
    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    document: Any = None  # of a template that is a docx

    @property
    def title(self) -> str:
        return self.said(self.lines["title"])

    @property
    def body(self) -> list[Block]:
        return list(blocks(self.source))

    @property
    def text(self) -> str:
        """As it is read, without a mark: title, words, the rows of the tables."""
        inside = re.sub(f"{TABLE_OPEN}(\\w+){TABLE_CLOSE}", lambda it: _rows(self.tables[it[1]]), self.source)
        return self.said("\n".join((self.lines["title"], inside)))

    @property
    def digest(self) -> str:
        return digest(self.title, self.text, self.numbers)

    def said(self, text: str) -> str:
        return MARK.sub(lambda it: self.numbers[int(it[1])].text, text)

    def pieces(self, text: str) -> Iterator[tuple[str, Number | None]]:
        """A marked text cut at its numbers, for a page."""
        at = 0
        for found in MARK.finditer(text):
            it = self.numbers[int(found[1])]
            yield from (((text[at : found.start()], None), (it.text, it)))
            at = found.end()
        yield text[at:], None


def template_of(pack: Pack, key: str) -> Template:
    """By its key or its name. Raises `Refused`."""
    found = pack.templates.get(key) or next((it for it in pack.templates.values() if it.name == key), None)
    if found is None:
        raise Refused(
            "template.unknown", f"没有材料模板“{key}”。现有：{'、'.join(it.name for it in pack.templates.values())}。"
        )
    return found


def write(it: Template, desk: Desk, *, day: date) -> Written:
    """The report of the unit, dated `day`. Raises `Refused` for a template that is not understood or not meant for the unit."""
    check_meant_for(it, desk)
    binder = Binder(desk)
    given = words(binder, day)
    lines = {name: getattr(it, name) for name in LINES}
    language = Language()
    for text in lines.values():
        binder.prefetch(wanted(parsed(text, language)))
    said = {name: rendered(text, language, given) for name, text in lines.items()}
    document = office.filled(it, desk.pack, given) if it.file.endswith(".docx") else None
    text = office.said(document) if document else _text(it, binder, language, given)
    for key in it.attached:
        binder.fill(key)
    laid = dict(_laid(binder))
    numbers = tuple(binder.numbers)
    return Written(
        it, desk, day, secrets.token_hex(8), said, text, numbers, laid, tuple(dict.fromkeys(binder.missing)),
        tuple(doubts(text, numbers)), document,
    )  # fmt: skip


def check_meant_for(it: Template, desk: Desk) -> None:
    if it.unit_kinds and desk.unit.kind not in it.unit_kinds:
        kinds = desk.pack.kinds.unit
        names = "、".join(kinds[kind].name for kind in it.unit_kinds)
        raise Refused("template.unit", f"“{it.name}”是给{names}用的，{desk.unit.name}不能用。请换一个单位或模板。")


def _text(it: Template, binder: Binder, language: Language, given: dict[str, object]) -> str:
    source = Path(binder.desk.pack.files[it.key]).read_text(encoding="utf-8")
    binder.prefetch(wanted(parsed(source, language)))
    return rendered(source, language, given)


def words(binder: Binder, day: date) -> dict[str, object]:
    """All that a template may name."""
    desk = binder.desk
    days = {"起始日": desk.period.first, "截止日": desk.period.last, "成文日": day}
    return (
        binder.words()
        | {name: in_words(it) for name, it in days.items()}
        | {"单位": desk.unit.name.translate(MARKS), "年": f"{desk.period.last.year}年", "下级": binder.children()}
    )


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _laid(binder: Binder) -> Iterator[tuple[str, Laid]]:
    for key, filled in binder.tables.items():
        heads = tuple(f"{head.name}（{head.measure}）" for head in filled.heads)
        rows = tuple((row.unit.name.translate(MARKS), *_cells(binder, filled, row)) for row in filled.rows)
        note = f"{in_words(filled.period.first)}至{in_words(filled.period.last)}"
        yield key, Laid(filled.table.name, note, ("单位", *heads), rows)
    for key, (of, chart, cells) in binder.charts.items():
        days = f"{in_words(binder.desk.period.first)}至{in_words(binder.desk.period.last)}"
        drawn = tuple(zip(chart.labels, cells, strict=True))
        yield key, Laid(chart.name, days, (of, f"{chart.name}（{chart.measure}）"), drawn, chart)


def _cells(binder: Binder, filled: Filled, row: Row) -> list[str]:
    pairs = zip(filled.heads, row.cells, strict=True)
    return [binder.cell(head.indicator, row.unit, cell, filled) for head, cell in pairs]


def _rows(it: Laid) -> str:
    return "\n".join("\t".join(row) for row in (it.heads, *it.rows))


def doubts(source: str, numbers: Sequence[Number]) -> Iterator[str]:
    """Numbers which the words around them make say something else, as 近 before an exact number: read back as a reader would."""
    text, spans = placed(source, numbers)
    for claim in extract(text):
        for it, start, end in spans:
            overlaps = claim.start < end and start < claim.end
            if overlaps and not it.standard and claim.role == "fact" and not allows(claim, it.value):
                yield f"“{claim.text}”与算得的 {it.value}（{it.name}）不合，请改模板里这个数前后的字"


def placed(source: str, numbers: Sequence[Number]) -> tuple[str, list[tuple[Number, int, int]]]:
    """The text without marks, and where in it each number stands."""
    parts: list[str] = []
    spans, at, length = [], 0, 0
    for found in MARK.finditer(source):
        it = numbers[int(found[1])]
        before = source[at : found.start()]
        length += len(before)
        spans.append((it, length, length + len(it.text)))
        parts += (before, it.text)
        length, at = length + len(it.text), found.end()
    return "".join((*parts, source[at:])), spans

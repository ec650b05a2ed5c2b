"""A record in the words and codes of the upper system, and its digests: eight keyed bytes a column, of no use without the key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from hangshi.access import keyring
from hangshi.handoff.sources import Record
from hangshi.packs.models import Pack
from hangshi.packs.uppers import ACT, ACTS, FORMATS, Upper, UpperColumn
from hangshi.registry import identity

WIDTH = 8  # bytes of a column's digest
FORMULA = ("=", "+", "-", "@", "\t")  # what a sheet would compute where a csv is opened in it


@dataclass(frozen=True)
class Shaped:
    """`texts`: of the template's own columns; that of a sealed number is empty. `lacking`: bits of the columns that may not go out so."""

    texts: tuple[str, ...]
    lacking: int


@dataclass(frozen=True)
class Shaper:
    pack: Pack
    upper: Upper

    @cached_property
    def shape(self) -> str:
        """Equal for two templates whose own columns are filled alike, whatever their order of columns of other kinds."""
        said = repr([(it.name, it.field, sorted(it.codes.items()), it.format) for it in self.upper.compared])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @cached_property
    def key_at(self) -> int:
        return next(i for i, it in enumerate(self.upper.compared) if it.field == self.upper.handed.key)

    def shaped(self, record: Record) -> Shaped:
        texts, lacking = [], 0
        for i, (column, value) in enumerate(zip(self.upper.compared, record.values, strict=True)):
            text = self._text(i, column, value)
            bad = text is None or (
                column.required and not text and not (self.upper.by_citizen and i == self.key_at and value)
            )
            lacking |= bad << i
            texts.append(text or "")
        return Shaped(tuple(texts), lacking)

    def _text(self, at: int, column: UpperColumn, value: Any) -> str | None:
        """What is written in the cell; None where it may not be: a value without a code, or one that a sheet would compute."""
        if value is None or value == "" or (self.upper.by_citizen and at == self.key_at):
            return ""
        if isinstance(value, date):
            return value.strftime(FORMATS[column.format])
        text = str(value)
        if column.codes:
            return column.codes.get(text)
        family = self.upper.handed.families.get(column.field)
        if family:
            known = self.pack.kinds.family(family).get(text)
            return known.name if known else None
        return None if self.upper.file == "csv" and text.startswith(FORMULA) else text

    def index(self, record: Record, shaped: Shaped) -> bytes | None:
        """The blind index of what the receipt will name the row by."""
        if self.upper.by_citizen:
            return record.index
        text = shaped.texts[self.key_at]
        return keyring.index(text) if text else None

    def digest(self, subject: int, shaped: Shaped, key: bytes) -> bytes:
        """Of every column; a sealed number counts by its index instead (see `difference.same_key`)."""
        return b"".join(
            hashlib.blake2b(f"{subject}:{i}:{text}".encode(), key=key, digest_size=WIDTH).digest()
            for i, text in enumerate(shaped.texts)
        )

    def cells(self, act: str, record: Record, shaped: Shaped) -> Iterator[str]:
        """The row as the file has it; here a number is opened. Raises `Refused` where it does not open."""
        own = iter(range(len(shaped.texts)))
        for column in self.upper.columns:
            if column.field == ACT:
                yield column.codes.get(act, ACTS[act])
            elif (i := next(own)) == self.key_at and self.upper.by_citizen:
                yield identity.reveal(record.values[i], row=record.subject)
            else:
                yield shaped.texts[i]


def key(number: int) -> bytes:
    """The key of the digests. Raises `Refused` where the ring no longer holds it."""
    return keyring.ring("index").key(number, b"handoff:")


def bits(columns: int) -> list[int]:
    """The columns that the bits name."""
    return [i for i in range(columns.bit_length()) if columns >> i & 1]

"""A record in the words and codes of the upper system, and its digests: eight keyed bytes a column, of no use without the key."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
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
        """Equal for two templates whose own columns have the same names and are filled alike."""
        said = repr([(it.name, it.field, sorted(it.codes.items()), it.format) for it in self.upper.compared])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @cached_property
    def key_at(self) -> int:
        return next(i for i, it in enumerate(self.upper.compared) if it.field == self.upper.handed.key)

    def shaped(self, record: Record) -> Shaped:
        texts, lacking = [], 0
        for i, (written, required, value) in enumerate(zip(self._writers, self._required, record.values, strict=True)):
            text = "" if value is None or value == "" else written(value)
            if text is None or (required and not text and not (value and i == self.sealed_at)):
                lacking |= 1 << i
            texts.append(text or "")
        return Shaped(tuple(texts), lacking)

    @cached_property
    def sealed_at(self) -> int:
        """The column of the number that stays sealed until the file is written; -1 where there is none."""
        return self.key_at if self.upper.by_citizen else -1

    @cached_property
    def _required(self) -> list[bool]:
        return [it.required for it in self.upper.compared]

    @cached_property
    def _writers(self) -> list[Callable[[Any], str | None]]:
        """How a value is written in each column; None for what may not go out: without a code, or what a sheet would compute."""
        return [self._writer(i, column) for i, column in enumerate(self.upper.compared)]

    def _writer(self, at: int, column: UpperColumn) -> Callable[[Any], str | None]:
        if at == self.sealed_at:
            return lambda value: ""
        if column.field in self.upper.handed.dates:
            return partial(_day, FORMATS[column.format])
        if column.codes:
            return lambda value: column.codes.get(str(value))
        if family := self.upper.handed.families.get(column.field):
            names = {key: it.name for key, it in self.pack.kinds.family(family).items()}
            return lambda value: names.get(value)
        return _plain if self.upper.file == "csv" else str

    def index(self, record: Record, shaped: Shaped) -> bytes | None:
        """The blind index of what the receipt will name the row by."""
        if self.sealed_at >= 0:
            return record.index
        text = shaped.texts[self.key_at]
        return keyring.index(text) if text else None

    def digest(self, subject: int, shaped: Shaped, key: bytes) -> bytes:
        """Of every column; a sealed number counts by its index instead (see `difference.Comparing`)."""
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
            elif (i := next(own)) == self.sealed_at:
                yield identity.reveal(record.values[i], row=record.subject)
            else:
                yield shaped.texts[i]


def _day(format_: str, value: date) -> str:
    return value.strftime(format_)


def _plain(value: Any) -> str | None:
    text = str(value)
    return None if text.startswith(FORMULA) else text


def key(number: int) -> bytes:
    """The key of the digests. Raises `Refused` where the ring no longer holds it."""
    return keyring.ring("index").key(number, b"handoff:")


def bits(columns: int) -> list[int]:
    """The columns that the bits name."""
    return [i for i in range(columns.bit_length()) if columns >> i & 1]

"""What has changed since the upper system last took something: two streams in the order of subjects, laid side by side."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from hangshi.access import keyring
from hangshi.handoff import shaping, sources
from hangshi.handoff.models import Held
from hangshi.handoff.shaping import WIDTH, Shaper
from hangshi.handoff.sources import Record
from hangshi.registry import identity
from hangshi.registry.models import Unit

GOES_OUT = ("new", "changed", "ended")


@dataclass(frozen=True)
class Change:
    """One row of the difference. `act`: as of a `Line`, or `same`, or `held`: rejected, and not mended since."""

    act: str
    subject: int
    unit: int
    key_index: bytes | None = None
    digest: bytes = b""
    columns: int = 0


def difference(shaper: Shaper, unit: Unit, day: date, *, key_number: int, again: bool) -> Iterator[Change]:
    """Every subject of either side once, those that ended last. `again`: what was rejected goes out even if nothing was mended."""
    comparing = Comparing(shaper, key_number, again)
    held = Held.objects.filter(unit=unit, upper=shaper.upper.key).order_by("subject").iterator(sources.FETCHED)
    gone: list[Held] = []
    for record, known in side_by_side(sources.in_force(shaper.upper, unit, day), held):
        if record is not None:
            yield comparing.standing(record, known)
        elif known is not None and bytes(known.digest):
            gone.append(known)
    yield from _ended(comparing, unit, day, gone)


def side_by_side(records: Iterable[Record], held: Iterable[Held]) -> Iterator[tuple[Record | None, Held | None]]:
    """Both must come in the order of subjects, each subject once."""
    known = iter(held)
    at = next(known, None)
    for record in records:
        while at is not None and at.subject < record.subject:
            yield None, at
            at = next(known, None)
        if at is not None and at.subject == record.subject:
            yield record, at
            at = next(known, None)
        else:
            yield record, None
    while at is not None:
        yield None, at
        at = next(known, None)


def _ended(comparing: "Comparing", unit: Unit, day: date, gone: list[Held]) -> Iterator[Change]:
    seen = {it.subject: it for it in sources.ended(comparing.shaper.upper, unit, day, [it.subject for it in gone])}
    for known in gone:
        record = seen.get(known.subject)
        yield comparing.ended(record, known) if record else Change("lost", known.subject, unit.pk)


@dataclass(frozen=True)
class Comparing:
    shaper: Shaper
    key_number: int
    again: bool

    @cached_property
    def keys(self) -> dict[int, bytes]:
        """Of the digests: every one that the ring still holds, by its number."""
        return {number: shaping.key(number) for number in keyring.ring("index").secrets}

    def standing(self, record: Record, known: Held | None) -> Change:
        shaped = self.shaper.shaped(record)
        if shaped.lacking:
            return Change("lacking", record.subject, record.unit, columns=shaped.lacking)
        index = self.shaper.index(record, shaped)
        digest = self.shaper.digest(record.subject, shaped, self.keys[self.key_number])
        change = Change("new", record.subject, record.unit, index, digest)
        if known is not None and bytes(known.digest):
            columns = self._columns(record, shaped, digest, index, known)
            change = replace(change, act="changed" if columns else "same", columns=columns)
        return self._unless_rejected(change, known)

    def ended(self, record: Record, known: Held) -> Change:
        """What has ended goes out as it is now to be seen: its digest only tells whether it is still so when the file is written."""
        shaped = self.shaper.shaped(record)
        index = self.shaper.index(record, shaped)
        if index is None:
            return Change("lost", known.subject, record.unit)
        digest = self.shaper.digest(record.subject, shaped, self.keys[self.key_number])
        return self._unless_rejected(Change("ended", known.subject, record.unit, index, digest), known)

    def _unless_rejected(self, change: Change, known: Held | None) -> Change:
        if known is None or self.again or change.act == "same" or not known.rejected:
            return change
        if bytes(known.rejected) != mark(self.shaper, change):
            return change
        return replace(change, act="held")

    def _columns(self, record: Record, shaped: shaping.Shaped, digest: bytes, index: bytes | None, known: Held) -> int:
        """Bits of the columns that differ from what the upper system holds; all of them where the template is another one by now."""
        every = (1 << len(shaped.texts)) - 1
        if known.shape != self.shaper.shape:
            return every
        if known.key_number not in self.keys:
            return every
        if known.key_number != self.key_number:
            digest = self.shaper.digest(record.subject, shaped, self.keys[known.key_number])
        before = bytes(known.digest)
        found = 0
        if digest != before:
            for i in range(len(shaped.texts)):
                found |= (digest[i * WIDTH : (i + 1) * WIDTH] != before[i * WIDTH : (i + 1) * WIDTH]) << i
        return found | (not self._same_key(record, index, known)) << self.shaper.key_at

    def _same_key(self, record: Record, index: bytes | None, known: Held) -> bool:
        """An index that differs may be the same number under another key: only then is the number opened and asked."""
        before = known.key_index and bytes(known.key_index)
        if self.shaper.sealed_at < 0 or index == before:
            return True
        number = identity.reveal(record.values[self.shaper.key_at], row=record.subject)
        return before in identity.indexes(number)


def mark(shaper: Shaper, change: Change) -> bytes:
    """What is kept of a rejected row, to know it again while nothing of it is mended."""
    said = b"|".join((change.act.encode(), shaper.shape.encode(), change.key_index or b"", change.digest))
    return hashlib.sha256(said).digest()[:16]

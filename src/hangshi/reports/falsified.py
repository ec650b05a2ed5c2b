"""A document with one number altered at a time: what a check is worth is what it finds in these, and leaves alone in the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

from hangshi.claims.extract import extract
from hangshi.claims.table import Claim
from hangshi.claims.verdicts import FAILS, HOLDS
from hangshi.packs.models import Pack
from hangshi.reports import originals
from hangshi.reports.originals import Told
from hangshi.scenarios.figures import FigureResult

ROWS = ("123456789", "一二两三四五六七八九半", "半成", "百千万亿")  # each numeral may stand for another of its row


@dataclass(frozen=True)
class Trial:
    """One number of the text and what became of it. `altered` "": no other numeral gives a number that excludes the first."""

    told: Told
    altered: str
    caught: bool
    alarms: tuple[str, ...]  # other numbers that were called wrong though they stand as they stood

    @property
    def passed(self) -> bool:
        return self.caught and not self.alarms


def trials(raw: str, pack: Pack, results: list[FigureResult]) -> Iterator[Trial]:
    """Each number that the records bear out, altered alone; the text keeps its length. Raises as `originals.held`."""
    found = originals.held(raw, pack, results)
    for number, told in enumerate(found):
        if told.claim is None or told.word != HOLDS:
            continue
        text = _altered(raw, told.claim, rule=told.definition in pack.standards)
        if text is None:
            yield Trial(told, "", caught=False, alarms=())
            continue
        again = originals.held(text, pack, results)
        alarms = (now.words for was, now in zip(found, again, strict=True) if was is not told and now.word != was.word)
        altered = text[told.claim.start : told.claim.end]
        yield Trial(told, altered, caught=again[number].word == FAILS, alarms=tuple(alarms))


def _altered(raw: str, claim: Claim, *, rule: bool) -> str | None:
    """The text with one numeral of the claim changed, or all of them alike, so that it states what the claim rules out."""
    excludes = _other_rule if rule else _apart
    for words in _candidates(raw[claim.start : claim.end]):
        text = raw[: claim.start] + words + raw[claim.end :]
        found = next((it for it in extract(text) if (it.start, it.end) == (claim.start, claim.end)), None)
        if found is not None and found.unit == claim.unit and excludes(found, claim):
            return text
    return None


def _candidates(words: str) -> Iterator[str]:
    for at, numeral in enumerate(words):
        for row in ROWS:
            yield from (words[:at] + it + words[at + 1 :] for it in row if numeral in row and it != numeral)
    for step in range(1, 9):  # 1至2 becomes 3至4
        yield "".join(ROWS[0][(ROWS[0].index(it) + step) % 9] if it in ROWS[0] else it for it in words)


def _apart(one: Claim, other: Claim) -> bool:
    """Whether no number is allowed by both."""
    return _below(one, other) or _below(other, one)


def _below(one: Claim, other: Claim) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _other_rule(one: Claim, other: Claim) -> bool:
    """Whether both set a number and none of the one is set by the other."""
    return not {*originals.named(one)} & {*originals.named(other)} - {None}

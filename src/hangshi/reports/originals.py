"""The document that a scenario was made from, held against it: each number that the pack knows, found in the text and computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from hangshi.claims.extract import extract
from hangshi.claims.table import Claim
from hangshi.claims.verdicts import FAILS, HOLDS, NONE, allows
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.scenarios.figures import FigureResult


@dataclass(frozen=True)
class Told:
    """A number of the pack's document. `claim` None: the text does not state it where the pack says that it does."""

    words: str
    definition: str
    claim: Claim | None
    computed: Decimal | None
    word: str


def held(raw: str, pack: Pack, results: list[FigureResult]) -> list[Told]:
    """In the order of the text. Raises `Refused` where none of the pack's numbers stands in it: it is another document."""
    claims = extract(raw)
    starts = {it.key: (it.start, it.standard is not None) for it in pack.figures}
    told = sorted((it for it in results if it.key in starts), key=lambda it: starts[it.key])
    found = [_told(it, _at(claims, starts[it.key][0]), standard=starts[it.key][1]) for it in told]
    if not any(it.claim for it in found):
        raise Refused("original.other", "文中没有这个场景所记的任何一个数字，像是另一份材料。请核对文件。")
    return found


def unknown(raw: str, found: list[Told]) -> Iterator[Claim]:
    """Numbers of the text that no definition of the pack is bound to."""
    known = {it.claim for it in found}
    return (it for it in extract(raw) if it not in known)


def _at(claims: list[Claim], start: int) -> Claim | None:
    return next((it for it in claims if it.start <= start < it.end), None)


def _told(it: FigureResult, claim: Claim | None, *, standard: bool) -> Told:
    if claim is None or it.computed is None:
        return Told(it.words, it.indicator, claim, it.computed, NONE)
    holds = it.computed in named(claim) if standard else allows(claim, it.computed)
    return Told(it.words, it.indicator, claim, it.computed, HOLDS if holds else FAILS)


def named(claim: Claim) -> tuple[Decimal | None, ...]:
    """What a rule in these words sets: an end of the interval, or the number about which 左右 opens it."""
    if claim.low is None or claim.high is None:
        return claim.low, claim.high
    return claim.low, claim.high, (claim.low + claim.high) / 2

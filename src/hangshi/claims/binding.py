"""Which indicator or standard a claim speaks of: candidates with reasons, the most likely first."""

import re
from collections import Counter
from dataclasses import dataclass

from hangshi.claims.table import Claim
from hangshi.packs.models import Indicator, Pack, Standard

SURE, MARGIN = 0.62, 0.08
EXACT, WHOLE = 0.84, 0.85  # the subject alone is the name; the whole name is said around the number
_TAIL = re.compile(r"(?:总?人数|人次|户数|次数|面积|金额|总额|数量|合计|数|总数|下限|上限|标准|幅度)$")
_QUOTES = re.compile('[“”‘’"()（）、的]')
_CLAUSE = ",。;:!?，。；：！？\n"


@dataclass(frozen=True)
class Candidate:
    """`likeness` from 0 to 1. `reasons`: for the person who confirms."""

    key: str
    name: str
    likeness: float
    reasons: tuple[str, ...]
    standard: bool = False
    core: str = ""  # the name without its measure


def candidates(
    claim: Claim, raw: str, pack: Pack, confirmed: dict[tuple[str, str], str], *, most: int = 5
) -> list[Candidate]:
    """Definitions in the claim's unit of measure, the likeliest first; one that a person confirmed stands alone."""
    kept = confirmed.get((claim.subject, claim.unit))
    if kept and (known := pack.indicators.get(kept) or pack.standards.get(kept)):
        return [Candidate(kept, known.name, 1.0, ("已由人确认过",), kept in pack.standards)]
    said = context(claim, raw)
    family: list[Indicator | Standard] = [it for it in pack.indicators.values() if it.unit == claim.unit]
    if claim.role == "standard":
        family = [it for it in pack.standards.values() if it.unit == claim.unit]
    found = [made for it in family if (made := _candidate(it, claim, said))]
    return sorted(found, key=lambda it: (-it.likeness, it.key))[:most]


def sure(found: list[Candidate]) -> Candidate | None:
    """The first one, where it is like enough and no other is nearly as like; a name that says more beats one it contains."""
    if not found or found[0].likeness < SURE:
        return None
    rivals = [it for it in found[1:] if Counter(it.core) - Counter(found[0].core)]
    if rivals and found[0].likeness - rivals[0].likeness < MARGIN:
        return None
    return found[0]


def context(claim: Claim, raw: str) -> str:
    """The clause around the claim, its number left out."""
    before = re.split(f"[{_CLAUSE}]", raw[max(0, claim.start - 40) : claim.start])[-1]
    after = re.split(f"[{_CLAUSE}]|、(?=\\d)", raw[claim.end : claim.end + 60])[0]
    return plain(before) + plain(after)


def plain(words: str) -> str:
    return _QUOTES.sub("", words)


def _candidate(it: Indicator | Standard, claim: Claim, said: str) -> Candidate | None:
    subject = plain(claim.subject)
    names = [it.name, *(it.aliases if isinstance(it, Indicator) else ())]
    best, reason, kept = 0.0, "", ""
    for name in names:
        core = plain(_TAIL.sub("", name)) or name
        likeness, why = _likeness(name, core, subject, said)
        if likeness > best:
            best, reason, kept = likeness, f"“{name}”与“{claim.subject}”{why}", core
    if best < 0.35:
        return None
    return Candidate(it.key, it.name, best, (reason, "计量单位相同"), isinstance(it, Standard), kept)


def _likeness(name: str, core: str, subject: str, said: str) -> tuple[float, str]:
    covered = coverage(core, said)
    if covered >= 0.85 and len(core) >= 4:
        return WHOLE + 0.01 * min(len(core), 14), "同在一句，名称的字都在"
    if subject in (plain(name), core):
        return EXACT, "名称一致"
    named = dice(core, subject)
    return 0.45 * named + 0.4 * covered, f"名称相近（{named:.0%}），上下文含其字 {covered:.0%}"


def dice(one: str, other: str) -> float:
    """Share of neighbouring pairs of characters in common; of single characters where a text has but one."""
    first, second = _pairs(one), _pairs(other)
    total = sum(first.values()) + sum(second.values())
    return 2 * sum((first & second).values()) / total if total else 0.0


def coverage(name: str, said: str) -> float:
    """How much of the name is said around the number: half by its characters, half by its neighbouring pairs."""
    singles, pairs = Counter(name), _pairs(name)
    if not singles:
        return 0.0
    one = sum((singles & Counter(said)).values()) / sum(singles.values())
    return (one + sum((pairs & _pairs(said)).values()) / sum(pairs.values())) / 2


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1)) if len(text) > 1 else Counter(text)

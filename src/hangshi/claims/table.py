"""The table of claims: thirteen columns, tab-separated, UTF-8."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

COLUMNS = (
    "doc",
    "start",
    "end",
    "text",
    "role",
    "low",
    "low_open",
    "high",
    "high_open",
    "unit",
    "subject",
    "scope",
    "period",
)


@dataclass(frozen=True)
class Claim:
    """One quantity that a report states. `start` and `end`: code points of the raw text, half open. None is unbounded."""

    start: int
    end: int
    text: str
    role: str
    low: Decimal | None
    low_open: bool
    high: Decimal | None
    high_open: bool
    unit: str
    subject: str
    scope: str
    period: str

    def allows(self, value: Decimal | int) -> bool:
        """Whether the words allow the value."""
        above = self.low is None or (value > self.low if self.low_open else value >= self.low)
        below = self.high is None or (value < self.high if self.high_open else value <= self.high)
        return above and below


def plain(value: Decimal | None) -> str:
    """Digits without an exponent or idle zeros; empty for unbounded."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line(doc: str, it: Claim) -> str:
    cells = (
        doc, it.start, it.end, it.text, it.role, plain(it.low), int(it.low_open), plain(it.high), int(it.high_open), it.unit,
        it.subject, it.scope, it.period,
    )  # fmt: skip
    return "\t".join(" ".join(str(cell).split()) for cell in cells)


def lines(found: Iterable[tuple[str, Iterable[Claim]]]) -> Iterator[str]:
    """The whole table, head first; each document's claims in the order of the text."""
    yield "\t".join(COLUMNS)
    for doc, claims in found:
        for it in claims:
            yield line(doc, it)

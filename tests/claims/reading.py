"""How the tests say a claim: `words role interval unit subject`, as in sentences.tsv."""

from pathlib import Path

from hangshi.claims.extract import extract
from hangshi.claims.table import Claim, plain

HERE = Path(__file__).parent


def interval(it: Claim) -> str:
    low, high = "(" if it.low_open else "[", ")" if it.high_open else "]"
    return f"{low}{plain(it.low)},{plain(it.high)}{high}"


def said(text: str) -> list[str]:
    """Every claim of a text as `words role interval unit`."""
    return [f"{it.text} {it.role} {interval(it)} {it.unit}" for it in extract(text)]


def sentences() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(rule, text, [(claim, subject or "-")]) of the regression set; `\\n` in the file stands for a line end."""
    found = []
    for line in (HERE / "sentences.tsv").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            rule, text, claims = (cell.replace("\\n", "\n") for cell in line.split("\t"))
            expected = [tuple(it.rsplit(" ", 1)) for it in claims.split(" / ") if it.strip()]
            found.append((rule, text, expected))
    return found

"""The third pass: does each definition agree with the rest? One rule a function, under its own number, never reused."""

from hangshi.packs.rules import (
    checks,
    figures,
    formalism,
    fragments,
    indicators,
    kinds,
    roles,
    sources,
    standards,
)
from hangshi.packs.rules.register import Book, Fault, faults

__all__ = [
    "Book",
    "Fault",
    "checks",
    "faults",
    "figures",
    "formalism",
    "fragments",
    "indicators",
    "kinds",
    "roles",
    "sources",
    "standards",
]

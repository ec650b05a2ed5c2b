"""The third pass: does each definition agree with the rest? One rule a function, under its own number, never reused."""

from hangshi.packs.rules import (
    books,
    cases,
    checks,
    duty_lists,
    figures,
    flows,
    formalism,
    fragments,
    indicators,
    kinds,
    regulations,
    roles,
    schemes,
    sources,
    standards,
    templates,
)
from hangshi.packs.rules.register import Book, Fault, faults

__all__ = [
    "Book",
    "Fault",
    "books",
    "cases",
    "checks",
    "duty_lists",
    "faults",
    "figures",
    "flows",
    "formalism",
    "fragments",
    "indicators",
    "kinds",
    "regulations",
    "roles",
    "schemes",
    "sources",
    "standards",
    "templates",
]

"""The documents (制度文件) that dated rules rest on: who issued them, from when to when they are in force, what they replace."""

from collections.abc import Iterator
from datetime import date

from hangshi.packs.definitions import Definition, Text, Texts


class Regulation(Definition):
    """`number`: its 文号, empty where it has none. `since`, `until`: the first and the last day in force; no `until`: still is.

    `replaces`: keys of the documents that end by it.
    """

    number: str = ""
    issuer: Text
    since: date
    until: date | None = None
    replaces: Texts = ()

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def resting(definitions: Iterator[Definition], key: str) -> list[Definition]:
    """Those of the definitions that point to the document of that key."""
    return [it for it in definitions if getattr(it, "document", "") == key]

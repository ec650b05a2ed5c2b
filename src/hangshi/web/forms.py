"""A form: its fields, what was typed into them, what is wrong with it. Nothing typed is ever lost."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from hangshi.access.append import spoken
from hangshi.refusal import Refused
from hangshi.web import choices, fields
from hangshi.web.fields import Field

Made = TypeVar("Made")


class Form:
    """`data` is what was posted, None for a form not yet sent; `given` what the address said, as ids for what is chosen.

    `said` holds the values of a form without errors; `refused` is the sentence of the service that said no, `code` the name of its rule.
    """

    def __init__(self, asked: Sequence[Field], data: Mapping[str, Any] | None, given: Mapping[str, Any]) -> None:
        self.fields, self.data = asked, data
        self.said: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.offers: dict[str, tuple[choices.Choice, ...]] = {}
        self.refused = self.code = ""
        self._shown = self._first(given) if data is None else {}
        if data is not None:
            self._read(data)

    @property
    def valid(self) -> bool:
        return self.data is not None and not self.errors

    def typed(self, name: str) -> str:
        """What stands in the input."""
        return str(self.data.get(name, "")) if self.data is not None else self._shown.get(name, "")

    def attempt(self, do: Callable[[dict[str, Any]], Made]) -> Made | None:
        """What the service made of a valid form; None where it refused, and then nothing is written."""
        try:
            with spoken(), transaction.atomic():
                return do(self.said)
        except Refused as refused:
            self.refused, self.code = refused.sentence, refused.code
            return None

    def _read(self, data: Mapping[str, Any]) -> None:
        for it in self.fields:
            try:
                self.said[it.name] = fields.read(it, data)
            except fields.Wrong as wrong:
                self.errors[it.name] = wrong.sentence
                if wrong.offers:
                    self.offers[it.name] = wrong.offers

    def _first(self, given: Mapping[str, Any]) -> dict[str, str]:
        shown: dict[str, str] = {}
        for it in self.fields:
            said = str(given.get(it.name, "")) or it.initial
            if it.kind in fields.COMPOSED:
                shown |= (it.initial or {}) | _inside(it, given)
            elif it.kind in fields.CHOSEN:
                shown |= _chosen(it, said)
            elif said is not None:
                shown[it.name] = _as_text(said)
        return shown


def _inside(it: Field, given: Mapping[str, Any]) -> dict[str, str]:
    """What the address says of the inputs that the field is composed of: their names begin with its own."""
    return {name: str(text) for name, text in given.items() if name.startswith(f"{it.name}.")}


def _chosen(it: Field, said: Any) -> dict[str, str]:
    """An id from the address, or a row, as the input shows it."""
    pk = said if isinstance(said, int) else int(said) if said and str(said).isdecimal() and len(str(said)) < 18 else 0
    choice = choices.one(it.kind, pk) if pk else None
    return {it.name: choice.text, f"{it.name}_id": str(choice.pk)} if choice else {}


def _as_text(said: Any) -> str:
    if isinstance(said, bool):
        return "1" if said else "0"
    return said.isoformat() if isinstance(said, date) else str(said)

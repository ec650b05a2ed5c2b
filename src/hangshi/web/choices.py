"""Somebody or something chosen by typing: people, households and units by name or number, in the caller's scope.

A page shows what was found while it is typed; without scripts the form comes back with the rows that the text may mean.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.queries import Named, find_persons, find_units, named_people, names_of
from hangshi.web import words

SHOWN = 8
# `anyone`: who may be named though their home is elsewhere, as a county cadre who visits; a `person` is in the scope.
WORDS = {"person": "人", "anyone": "人", "household": "户", "unit": "单位"}
LONGEST_ID = 18


@dataclass(frozen=True)
class Choice:
    """`text` stands in the input once it is chosen, `note` tells those of one name apart; `row` is what a service takes."""

    pk: int
    text: str
    note: str
    row: Any

    def meant_by(self, text: str) -> bool:
        return text in self.text or text in self.note or text == str(self.pk)


class Unclear(Exception):
    """The text names no row, or several: `offers` are the first of those."""

    def __init__(self, sentence: str, offers: tuple[Choice, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.offers = sentence, offers


def persons(text: str) -> list[Choice]:
    """Those whose name holds the text, or whose number or identity number it is; one more than is shown."""
    rows = Person.objects.select_related("unit").order_by("path", "pk")
    if _is_id(text):
        return [_person(it) for it in rows.filter(pk=int(text))]
    # Two reads, each on an index of its own: the whole name, then a part of it.
    exact = list(rows.filter(name=text)[: SHOWN + 1])
    part = find_persons(text, rows).exclude(pk__in=[it.pk for it in exact])[: SHOWN + 1 - len(exact)]
    return [_person(it) for it in (*exact, *part)]


def anyone(text: str) -> list[Choice]:
    """Those of the scope, then those from elsewhere who bear a duty or led something in it: named, and not to be opened."""
    found = persons(text)
    named = names_of([int(text)]).values() if _is_id(text) else named_people(text)
    known = {it.pk for it in found}
    return (found + [_named(it) for it in named if it.pk not in known])[: SHOWN + 1]


def households(text: str) -> list[Choice]:
    """By the whole number, or by the beginning of the head's name."""
    found = Household.objects.select_related("unit").filter(Q(number=text) | Q(head__startswith=text))
    return [_household(it) for it in found.order_by("path", "pk")[: SHOWN + 1]] if text else []


def units(text: str, kinds: tuple[str, ...] = ()) -> list[Choice]:
    """By a part of the name or the whole code, of these kinds (none named: of any), still standing."""
    found: QuerySet[Unit] = Unit.objects.filter(code=text) if text.isdecimal() else find_units(text)
    if kinds:
        found = found.filter(kind__in=kinds)
    # A name that begins with the text, and the shorter one, comes first: 东湾村 before 东湾村党支部.
    rows = sorted(found.filter(until=None)[:200], key=lambda it: (not it.name.startswith(text), len(it.name), it.path))
    rows = rows[: SHOWN + 1]
    above = above_of(rows)
    return [_unit(it, above) for it in rows]


def find(what: str, text: str, kinds: tuple[str, ...] = ()) -> list[Choice]:
    text = text.strip()
    if what == "unit":
        return units(text, kinds) if text else []
    return {"person": persons, "anyone": anyone, "household": households}[what](text) if text else []


def one(what: str, pk: int) -> Choice | None:
    """The row of that number, if it is in the scope."""
    if what in ("person", "anyone"):
        here = [_person(it) for it in Person.objects.select_related("unit").filter(pk=pk)]
        named = [_named(it) for it in names_of([pk]).values()] if what == "anyone" and not here else []
        return next(iter(here + named), None)
    if what == "household":
        return next(iter(map(_household, Household.objects.select_related("unit").filter(pk=pk))), None)
    rows = list(Unit.objects.filter(pk=pk))
    return _unit(rows[0], above_of(rows)) if rows else None


def resolve(what: str, text: str, picked: str = "", kinds: tuple[str, ...] = ()) -> Any:
    """The row meant: the picked one if the text still agrees with it, else the only one that the text names. Raises `Unclear`."""
    if _is_id(picked):
        chosen = one(what, int(picked))
        if chosen and chosen.meant_by(text) and (not kinds or chosen.row.kind in kinds):
            return chosen.row
    found = find(what, text, kinds)
    exact = [it for it in found if it.text == text]
    if len(found) == 1 or len(exact) == 1:
        return (exact or found)[0].row
    if not found:
        raise Unclear(f"您的范围内没有这个{WORDS[what]}。")
    raise Unclear(f"有多个符合的{WORDS[what]}，请在下面选一个，或写得更全。", tuple(found[:SHOWN]))


def above_of(units: list[Unit]) -> dict[int, str]:
    """Unit id → the name of the visible unit right above it, in one query."""
    parents = {it.pk: int(it.path.rstrip("/").rsplit("/", 2)[-2]) for it in units if it.path.count("/") > 1}
    names = dict(Unit.objects.filter(pk__in=set(parents.values())).values_list("pk", "name"))
    return {pk: names[parent] for pk, parent in parents.items() if parent in names}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_ID


def _person(it: Person) -> Choice:
    cadre = words.label("cadre", it.cadre)
    return Choice(it.pk, it.name, " · ".join(filter(None, (it.unit.name, cadre, f"编号 {it.pk}"))), it)


def _named(it: Named) -> Choice:
    note = " · ".join(filter(None, (it.unit, it.title, f"编号 {it.pk}")))
    return Choice(it.pk, it.name, note, Person(pk=it.pk, name=it.name))


def _household(it: Household) -> Choice:
    return Choice(it.pk, it.number, f"{it.head}户 · {it.unit.name}", it)


def _unit(it: Unit, above: dict[int, str]) -> Choice:
    return Choice(it.pk, it.name, " · ".join(filter(None, (words.label("unit", it.kind), above.get(it.pk)))), it)

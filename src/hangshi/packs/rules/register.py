"""How a rule is written: `@rule(Model)` over a function that yields faults; it does not raise, print or repair."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from hangshi.packs.models import Closed, Pack
from hangshi.packs.positions import Key

It = TypeVar("It", bound=Closed)
RULES: list[tuple[type[Closed], Callable[[Any, "Book"], Iterator["Fault"]]]] = []


@dataclass(frozen=True)
class Fault:
    """What a rule found. `field` is the dotted way from the definition to the key at fault; empty for all of it."""

    field: str
    code: str
    sentence: str

    def key(self, at: Key) -> Key:
        """The full key at fault in the definition `at`."""
        return (*at, *(int(word) if word.isdigit() else word for word in self.field.split(".") if word))


@dataclass(frozen=True)
class Book:
    """What the rules look at: the packs together, every definition by its full key, and those not readable."""

    pack: Pack
    made: dict[Key, Closed]
    broken: frozenset[Key]

    def has(self, *key: str) -> bool:
        """Whether it is defined, readable or not: what is broken has its own problem already."""
        return key in self.made or key in self.broken

    def names(self, *section: str) -> set[str]:
        found = [*self.made, *self.broken]
        return {str(key[-1]) for key in found if key[:-1] == section}


def rule(model: type[It]) -> Callable[[Callable[[It, Book], Iterator[Fault]]], Callable[[It, Book], Iterator[Fault]]]:
    """Run the function on every definition of this model and of its subclasses."""

    def register(function: Callable[[It, Book], Iterator[Fault]]) -> Callable[[It, Book], Iterator[Fault]]:
        RULES.append((model, function))
        return function

    return register


def faults(book: Book, of: Collection[Key] | None = None) -> Iterator[tuple[Key, Fault]]:
    """What the rules say of every definition, or of those alone."""
    for key in book.made if of is None else of:
        it = book.made[key]
        for model, function in RULES:
            if isinstance(it, model):
                for fault in function(it, book):
                    yield key, fault

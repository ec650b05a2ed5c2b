"""What of the packs holds at a unit: with several places' packs loaded a clerk works under the rules of their own place."""

from collections.abc import Mapping
from typing import TypeVar

from hangshi.registry.models import Unit
from hangshi.registry.reach import Reach, reach_of, roots
from hangshi.web import words

It = TypeVar("It")


def only(section: str, definitions: Mapping[str, It], unit: Unit) -> dict[str, It]:
    """Those of the section ("kind.duty", "requirement") that hold at the unit or somewhere below it."""
    pack = words.pack()
    if not any(f"{section}.{key}" in pack.places for key in definitions):
        return dict(definitions)
    standing = roots(pack)
    return {key: it for key, it in definitions.items() if reach_of(pack, f"{section}.{key}", standing).meets(unit.path)}


def reaches(section: str, definitions: Mapping[str, object]) -> dict[str, Reach]:
    """Where each of them holds."""
    pack = words.pack()
    standing = roots(pack)
    return {key: reach_of(pack, f"{section}.{key}", standing) for key in definitions}

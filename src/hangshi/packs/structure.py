"""How many things of a sort the packs define: the steps of a case, the posts of a duty, the projects of a programme."""

from collections.abc import Sized
from typing import Any

from pydantic import BaseModel

from hangshi.packs.models import Pack

ROOTS = {"kind": "kinds", "pack": "headers", "requirement": "requirements", "approval": "approvals", "hold": "holds"}


def size(pack: Pack, way: str) -> int | None:
    """The length of the list or table at the end of `way`, or the number that stands there; None where it leads nowhere.

    A step is a key, a field, or the number of an item counted from 0: "kind.case.weak_organisation.catalogues.0.grounds".
    """
    first, *steps = way.split(".")
    found: Any = getattr(pack, ROOTS[first], None) if first in ROOTS else None
    for step in steps:
        found = _inside(found, step)
    if isinstance(found, bool) or found is None:
        return None
    if isinstance(found, int):
        return found
    return len(found) if isinstance(found, Sized) and not isinstance(found, str) else None


def _inside(it: Any, step: str) -> Any:
    if isinstance(it, BaseModel):
        return getattr(it, step, None) if step in type(it).model_fields else None
    if isinstance(it, dict):
        return it.get(step)
    if isinstance(it, list | tuple) and step.isdigit() and int(step) < len(it):
        return it[int(step)]
    return None

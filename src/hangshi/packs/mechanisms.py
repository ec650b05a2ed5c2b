"""The ways of working that the source documents describe, and whether the packs in use carry them: by what is there, not by what is said."""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from hangshi.packs.definitions import Closed, Text, Texts
from hangshi.packs.models import Pack

FILE = Path(__file__).parent / "mechanisms.toml"
SECTIONS = {
    "indicator": "indicators", "standard": "standards", "check": "checks", "requirement": "requirements", "hold": "holds",
    "approval": "approvals", "reaction": "reactions", "required_set": "required_sets", "joint_set": "joint_sets", "strand_board": "strand_boards", "roll": "rolls", "survey": "surveys", "document": "documents", "scheme": "schemes",
    "duty_list": "duty_lists",
}  # fmt: skip


class Mechanism(Closed):
    """`uses`: definitions by section and key ("kind.case.problem"). `pages`: addresses. `figures`: keys of figures in the packs.

    `seeds`: the documents that describe it. `waiting`: figures of documents that no pack holds yet, as document:start.
    """

    name: Text
    seeds: Texts
    packs: Texts = ()
    uses: Texts = ()
    pages: Texts = ()
    figures: Texts = ()
    waiting: Texts = ()
    note: str = ""


@cache
def mechanisms(file: Path = FILE) -> dict[str, Mechanism]:
    """By id, in the order of the file."""
    said = tomllib.loads(file.read_text("utf-8"))["mechanism"]
    return TypeAdapter(dict[str, Mechanism]).validate_python(said)


def lacking(it: Mechanism, pack: Pack, is_page: Callable[[str], bool]) -> list[str]:
    """What it names and is not there; ["uses"] where it names no definition at all. Empty: it works."""
    if not it.uses:
        return ["uses"]
    return [*_lacking(it, pack), *(page for page in it.pages if not is_page(page))]


def _lacking(it: Mechanism, pack: Pack) -> Iterator[str]:
    yield from (f"pack.{name}" for name in it.packs if name not in pack.names)
    yield from (way for way in it.uses if not is_defined(pack, way))
    known = {figure.key for figure in pack.figures}
    yield from (f"figure.{key}" for key in it.figures if key not in known)


def is_defined(pack: Pack, way: str) -> bool:
    """Whether "indicator.visits" or "kind.case.problem" is a definition of the packs."""
    section, _, key = way.partition(".")
    if section == "kind":
        family, _, key = key.partition(".")
        return family in type(pack.kinds).model_fields and key in pack.kinds.family(family)
    return section in SECTIONS and key in getattr(pack, SECTIONS[section])

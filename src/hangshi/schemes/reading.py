"""What the text of a scheme says, and all that the pack's checks find in it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hangshi.packs.beside import Beside, read_beside
from hangshi.packs.loader import stacked
from hangshi.packs.models import Problem
from hangshi.packs.schemes import Scheme

FILE = "办法.toml"


@dataclass(frozen=True)
class Reading:
    """`scheme` None: the text does not define one scheme with one edition and nothing else in the right keys and types; `problems` say why."""

    scheme: Scheme | None
    problems: tuple[Problem, ...]


def read(text: str) -> Reading:
    """Beside the packs of this installation."""
    return _read(text, tuple(settings.PACKS), tuple(settings.PACK_DIRS))


@lru_cache(maxsize=256)
def _read(text: str, names: tuple[str, ...], dirs: tuple[Path, ...]) -> Reading:
    found = read_beside(text, file=FILE, stack=stacked(*names, dirs=dirs))
    more = _not_one(found)
    made = next(iter(found.made.values()), None) if found.shaped and not more else None
    return Reading(made if isinstance(made, Scheme) else None, (*found.problems, *more))


def _not_one(found: Beside) -> list[Problem]:
    """What a scheme's file may not be, though a pack's may."""
    tables = [(str(section), *keys) for section, held in found.document.tables.items() for keys in _keys(held)]
    others = [key for key in tables if key[0] != "scheme"]
    said = [found.document.problem(key, "P713", "这个文件只写一个考评办法，不写别的") for key in others]
    schemes = [key for key in tables if key[0] == "scheme"]
    said += [found.document.problem(key, "P713", "一个文件只写一个办法") for key in schemes[1:]]
    if not schemes and not found.problems:
        said.append(found.document.problem((), "P713", "文件里没有考评办法（[scheme.…]）"))
    for key, it in found.made.items():
        if isinstance(it, Scheme) and len(it.editions) > 1:
            said.append(found.document.problem((*key, "editions", 1), "P713", "一个文件只写一版，别的版本请删去"))
    return said


def _keys(held: object) -> list[tuple[str, ...]]:
    return [(str(key),) for key in held] if isinstance(held, dict) else [()]

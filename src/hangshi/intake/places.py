"""Units as a sheet names them: by code, by name, by a short name, and with the names of the units above before it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from hangshi.intake.values import EMPTY
from hangshi.registry.models import Unit

SUFFIXES = ("村民委员会", "村委会", "居委会", "街道办事处", "人民政府", "行政村")
ENDINGS = ("村", "社区", "镇", "乡", "街道", "县", "区", "市", "支部", "党总支", "党委")
JOINED = re.compile(r"[\s/\\\-—_·>,，、]+")


@dataclass(frozen=True)
class Place:
    id: int
    kind: str
    name: str
    code: str
    path: str
    since: str
    chain: tuple[str, ...] = ()  # names from the highest visible unit down to its own


@dataclass(frozen=True)
class Places:
    """The units that the asker sees and that still stand."""

    all: dict[int, Place] = field(default_factory=dict)

    @classmethod
    def seen(cls) -> "Places":
        rows = list(Unit.objects.filter(until=None).values_list("pk", "kind", "name", "code", "path", "since"))
        names = {pk: name for pk, _, name, *_ in rows}
        chains = {row[0]: tuple(names[int(i)] for i in row[4].split("/") if i and int(i) in names) for row in rows}
        return cls({row[0]: Place(*row[:5], str(row[5]), chains[row[0]]) for row in rows})

    @cached_property
    def words(self) -> dict[str, list[Place]]:
        """Everything that a place may be called → the places."""
        found: dict[str, list[Place]] = {}
        for place in self.all.values():
            for word in set(_words(place)):
                found.setdefault(word, []).append(place)
        return found

    def find(self, texts: Iterable[str], kinds: tuple[str, ...]) -> tuple[dict[str, int], dict[str, str]]:
        """Text → id of the one place it names; text → why not, for the others."""
        ids, wrong = {}, {}
        for text in texts:
            found = self._named(text, kinds)
            if len(found) == 1:
                ids[text] = found[0].id
            elif found:
                above = "、".join("".join(it.chain[-2:]) for it in found[:3])
                wrong[text] = f"有{len(found)}个“{text[:30]}”，请连上级一起写，如：{above}。"
            else:
                wrong[text] = f"您的范围内没有叫“{text[:30]}”的单位，请写全称或代码。"
        return ids, wrong

    def _named(self, text: str, kinds: tuple[str, ...]) -> list[Place]:
        word = _plain(text)
        found = self.words.get(word, [])
        if (
            not found and word.isdecimal() and len(word) == 12
        ):  # 12-digit codes of which the register holds the shorter form
            found = self.words.get(re.sub(r"(000000|000)$", "", word), [])
        fit = [it for it in found if it.kind in kinds] if kinds else found
        exact = [it for it in fit if it.name == text or it.code == text]
        return exact if len(exact) == 1 else fit

    def above(self, id: int) -> Place:
        """The unit right above, or itself where that is not seen: where a member of a branch lives."""
        own = self.all[id]
        parts = [int(it) for it in own.path.split("/") if it]
        return self.all.get(parts[-2], own) if len(parts) > 1 else own


def _plain(text: str) -> str:
    """Without spaces and marks between the names, and with a branch called 支部 however solemnly it was written."""
    joined = JOINED.sub("", text).replace("中国共产党", "").removeprefix("中共")
    return joined.replace("支部委员会", "支部").replace("党支部", "支部")


def _words(place: Place) -> Iterable[str]:
    own = _plain(place.name)
    names = {own, *(own.removesuffix(it) for it in SUFFIXES)}
    names |= {name + it for name in set(names) for it in ("委会", "民委员会") if name.endswith("村")}
    names |= {name.removesuffix(it) for name in set(names) for it in ENDINGS if len(name) - len(it) >= 2}
    if place.code:
        yield place.code
    for name in names - set(EMPTY):
        above = ""
        yield name
        for upper in reversed(place.chain[:-1]):
            above = _plain(upper) + above
            yield above + name

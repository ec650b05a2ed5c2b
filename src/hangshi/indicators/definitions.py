"""The indicators of one pack, each compiled once: to digest and parse them again at every request cost more than the reading."""

from functools import cached_property

from hangshi.indicators.compile import Compiled, compiled
from hangshi.packs.models import Pack

REMEMBERED = 8  # packs; an installation has one, tests have many


class Definitions:
    """`version` and `base` raise `KeyError` for an indicator that the pack does not define."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._versions: dict[str, str] = {}
        self._bases: dict[str, Compiled] = {}

    def version(self, key: str) -> str:
        if key not in self._versions:
            self._versions[key] = self.pack.definition_version(key)
        return self._versions[key]

    def base(self, key: str) -> Compiled:
        """The compiled form of an indicator that counts rows itself. Raises `Refused` for what is not understood."""
        if key not in self._bases:
            self._bases[key] = compiled(self.pack.indicators[key], self.pack.facts, self.version(key))
        return self._bases[key]

    @cached_property
    def bases(self) -> tuple[Compiled, ...]:
        """All that count rows themselves, each version once."""
        found = [self.base(key) for key, it in self.pack.indicators.items() if it.fact]
        return tuple({it.version: it for it in found}.values())


_known: dict[
    int, Definitions
] = {}  # by identity: a pack never changes, and is held here so that its id is not given again


def definitions_of(pack: Pack) -> Definitions:
    found = _known.get(id(pack))
    if found is None:
        if len(_known) >= REMEMBERED:
            _known.clear()
        found = _known[id(pack)] = Definitions(pack)
    return found

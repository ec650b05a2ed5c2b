"""What can be done on the pages, as data: a new record of a kind, and an act on a record that stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from hangshi.packs.models import Kind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.web import here, words
from hangshi.web.fields import Field

Said = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """Who acts on what: `today` is the day of the data, `day` the one that the form speaks of so far."""

    today: date
    day: date
    latest: date
    actor: int
    may: Callable[[str], bool]
    permissions: frozenset[str] = frozenset()
    person: int | None = None  # who acts, where the account is somebody's of the register
    own: int = 0  # the unit of their grant
    signer: Callable[[], Signer] | None = None  # who acts, with everybody they act for; asked only where it counts
    record: Any = None
    kind: Any = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Act:
    """Something done to a record of `register`. `offered` asks the service's own check whether the page shows the button.

    `tells` is a sentence above the form: what will follow from it. `grave` acts cannot be undone and ask once more.
    """

    key: str
    register: str
    title: str
    permission: str
    fields: Callable[[Scene], list[Field]]
    run: Callable[[Scene, Said], Model]
    offered: Callable[[Scene], bool]
    icon: str = "pencil"
    tells: Callable[[Scene], str] = lambda scene: ""
    grave: bool = False
    called: Callable[[Scene], str] | None = None  # where the name depends on the record
    overtaken: Callable[[Scene, Mapping[str, Any]], str] = lambda scene, typed: ""  # what somebody else did meanwhile

    def name(self, scene: Scene) -> str:
        return self.called(scene) if self.called else self.title


@dataclass(frozen=True)
class New:
    """A new record of a kind. `stands` says at which kinds of unit it is recorded; None: the unit follows from a field."""

    register: str
    title: str
    permission: Callable[[Any], str]
    fields: Callable[[Scene], list[Field]]
    run: Callable[[Scene, Said], Model]
    stands: Callable[[Any], tuple[str, ...] | None]
    family: str = ""
    tells: Callable[[Scene], str] = lambda scene: ""
    takes: Callable[[Any], bool] = lambda kind: True  # whether one of the kind is recorded in this way

    def allowed(self, may: Callable[[str], bool]) -> bool:
        """Whether somebody with these permissions may record one of any kind."""
        known = getattr(words.pack().kinds, self.family) if self.family else {}
        return any(self._may(it, may) for it in known.values()) if self.family else may(self.permission(None))

    def kinds(self, may: Callable[[str], bool], unit: Unit | None = None) -> Mapping[str, Kind]:
        """The kinds of the pack that somebody with these permissions may record; only those that hold at the unit, where one is given."""
        known: dict[str, Any] = dict(getattr(words.pack().kinds, self.family)) if self.family else {}
        if unit is not None:
            known = here.only(f"kind.{self.family}", known, unit)
        return {key: it for key, it in known.items() if self._may(it, may)}

    def _may(self, kind: Any, may: Callable[[str], bool]) -> bool:
        return (
            self.takes(kind)
            and may(self.permission(kind))
            and (may("cases.restricted") or not getattr(kind, "restricted", False))
        )


def allowed(check: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether the service's check lets it pass."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True


def day(scene: Scene, label: str, name: str = "day", **more: Any) -> Field:
    """The day of the record, today at first, and not in the future."""
    return Field(name, label, "date", required=True, initial=scene.today, latest=scene.latest, **more)


def coming(scene: Scene, label: str, name: str = "day") -> Field:
    """The day from which something holds: it may lie ahead."""
    return Field(name, label, "date", required=True, initial=scene.today)

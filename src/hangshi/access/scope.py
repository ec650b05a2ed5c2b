"""Who acts, and which rows that opens: set in the database for one transaction by one statement, and gone with it.

The app role itself sees the rows of a range of paths (mode "place"). The narrower modes are roles that it becomes for the
transaction; policies name them, and the range stays empty, so that a table that knows nothing of a mode is closed to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection, connections, transaction
from django.utils import timezone

from hangshi.access import origin, prepared, roles
from hangshi.access.models import Grant
from hangshi.database.roles import mode_role

# The scope that a role of a pack says → the role of the database that sees it; None: the app role itself.
BECOMES: dict[str, str | None] = {"place": None, "party": "party", "households": "paired", "none": "office"}

_inside: ContextVar[bool] = ContextVar("inside a scope", default=False)
# What `enter` has set in the outermost transaction; whatever it has not set is empty there. None: not known, so everything is set.
_said: ContextVar[dict[str, str] | None] = ContextVar("settings said", default=None)
EMPTY = {"", "none"}


@dataclass(frozen=True)
class Scope:
    """What opens rows. `actor` None is the installation itself.

    mode "place": paths from `lo` up to but without `hi`. The other modes leave both empty and go by the grant's `unit` and its
    path `within`, the `person` whose pairings count, and the day `on`. `power` is the administrator's group, for mode "none".
    """

    lo: str
    hi: str
    actor: int | None = None
    mode: str = "place"
    person: int | None = None
    unit: int | None = None
    within: str = ""
    on: date | None = None
    power: str = ""
    grant: int | None = None
    door: str = ""

    @classmethod
    def below(cls, path: str, *, actor: int | None = None) -> "Scope":
        """The unit with this `path` and all below it. An empty path is refused: an empty set is not "all"."""
        if not path.endswith("/"):
            raise ValueError(f"a path ends in '/': {path!r}")
        return cls(path, path[:-1] + "0", actor)  # '0' is the byte after '/'

    @classmethod
    def of(cls, grant: Grant, *, on: date) -> "Scope":
        """What the grant opens on the day `on`; nothing, where no pack knows its role."""
        role = roles.pack().roles.get(grant.role)
        given = cls("", "", grant.account_id, person=grant.person_id, unit=grant.unit_id, on=on, grant=grant.pk)
        if role is None:
            return given
        given = replace(given, mode=role.scope, within=grant.path)
        if role.scope == "place":
            below = cls.below(grant.path)
            return replace(given, lo=below.lo, hi=below.hi)
        return replace(given, power="" if role.group == "business" else role.group)


NOWHERE = Scope("", "")
DOOR = Scope("", "", door="sign-in")  # nobody acts yet: accounts, grants and sessions can be read, and nothing else
EVERYTHING = Scope(
    "0", ":"
)  # paths are digits and '/', so this range holds them all; for commands and jobs of the operator


def _settings(scope: Scope) -> dict[str, str]:
    mode = BECOMES[scope.mode]
    app = str(connections.databases["default"]["USER"])
    plain = {
        "lo": scope.lo,
        "hi": scope.hi,
        "mode": scope.mode,
        "within": scope.within,
        "power": scope.power,
        "door": scope.door,
        "request": origin.current().request[:64],
        "address": origin.current().address[:64],
        "kinds": ",".join(roles.opening_kinds()) if scope.mode == "households" else "",
    }
    numbers = {name: getattr(scope, name) for name in ("actor", "person", "unit", "on", "grant")}
    said = plain | {name: "" if value is None else str(value) for name, value in numbers.items()}
    return {"role": mode_role(app, mode) if mode else "none"} | {f"hangshi.{name}": it for name, it in said.items()}


def _set(settings: dict[str, str]) -> None:
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in settings)  # names of ours; no value in the text
    prepared.fetch(f"SELECT {calls}", list(settings.values()))


def _now_set() -> dict[str, str]:
    names = list(_settings(NOWHERE))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['current_setting(%s, true)'] * len(names))}", names)
        return {name: value or "" for name, value in zip(names, cursor.fetchone() or (), strict=True)}


def enter(scope: Scope, *, read_only: bool = False) -> None:
    """From here to the end of the running transaction, the rows of `scope` and no other. Outside a transaction it does nothing."""
    settings, said = _settings(scope), _said.get()
    if (
        said is not None
    ):  # a setting that is empty and is to be empty is left alone: fifteen of them cost as much as a query
        settings = {name: it for name, it in settings.items() if it not in EMPTY or said.get(name, "") not in EMPTY}
        said |= settings
    _set(settings | ({"transaction_read_only": "on"} if read_only else {}))


def under(grant: Grant, *, on: date | None = None) -> Scope:
    """From here to the end of the running transaction, act under the grant on the day `on` (today).

    Whether the grant is in force is asked before, with `grants.standing`.
    """
    scope = Scope.of(grant, on=on or timezone.localdate())
    enter(scope)
    return scope


@contextmanager
def acting(scope: Scope, *, read_only: bool = False) -> Iterator[None]:
    """One transaction in which the database shows and accepts only the rows of `scope`; inside another, that one's scope comes back."""
    outer = _now_set() if _inside.get() else None
    # Within somebody's transaction earlier settings may still stand; at the start of one of ours there are none.
    token, said = _inside.set(True), _said.set(None if connection.in_atomic_block else {})
    try:
        with transaction.atomic():
            enter(scope, read_only=read_only)
            yield
            if outer is not None and not connection.needs_rollback:
                _set(outer)
    finally:
        _said.reset(said)
        _inside.reset(token)

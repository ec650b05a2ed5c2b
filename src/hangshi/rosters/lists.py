"""What a sheet of each kind of list may hold: who somebody is, and the few columns that the kind names."""

from hangshi.intake.parts import HOME, IDENTITY, NAME
from hangshi.intake.shape import Field, Target
from hangshi.intake.targets import BORN, SEX
from hangshi.packs.models import Pack
from hangshi.packs.rosters import Roster as Kind
from hangshi.refusal import Refused

FIELDS = (
    IDENTITY,
    Field("name", "姓名", "text", NAME.aliases, longest=64),
    Field("unit", "村（社区）", "unit", (*HOME, "户籍地", "住址", "户口所在地")),
    BORN,
    SEX,
)


def kind_of(pack: Pack, key: str) -> Kind:
    """Raises `Refused` for a kind that no pack defines (any more)."""
    found: Kind | None = pack.rosters.get(key)
    if found is None:
        raise Refused("roster.kind", "请先选择名单类别。")
    return found


def target(kind: Kind) -> Target:
    """The columns of the kind for reading and matching; it fills no table."""
    own = tuple(Field(key, it.name, it.type, it.aliases) for key, it in kind.columns.items())
    return Target(f"rosters.{kind.key}", kind.name, "rosters.write", (*FIELDS, *own), ())

"""What a target says of itself: fields for the sheet, parts for the tables. Everything here is data; the steps are elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hangshi.packs.models import ExtraField

Type = Literal["text", "day", "number", "int", "choice", "bool", "identity", "unit", "person", "household"]


@dataclass(frozen=True)
class Field:
    """A column that the sheet may have. `options`: words an office may write → key. `kinds`: of a unit; empty: any.

    `extra`: a field of the pack, kept in the record's `extra`. `part_of_key`: two rows equal in all of these are one row twice.
    """

    key: str
    name: str
    type: Type = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    longest: int = 200
    options: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    places: int = 2
    extra: ExtraField | None = None

    @property
    def sensitive(self) -> bool:
        return self.type == "identity" or (self.extra is not None and self.extra.sensitive)


@dataclass(frozen=True)
class Link:
    """A row of another table that the sheet names: person by number or name, household by number, activity by unit, kind, day and topic.

    `key`: the field.

    The id stands in the column `<key>_id`. `number`: the field of the identity number; `within`: the field of the unit that narrows a name.
    """

    key: str
    table: Literal["person", "household", "activity"]
    number: str = ""
    within: str = ""


@dataclass(frozen=True)
class Fault:
    """Rows for which the condition over the stage `s` holds are refused at the field `key`; a sentence in SQL, so that it can name things."""

    key: str
    condition: str
    sentence: str


@dataclass(frozen=True)
class Part:
    """Rows of one table. `match` joins the table as `t` to the stage `s`; `columns`: column → expression over `s`.

    `updates`: the columns that the sheet may change, and only where it says something. `when`: whether the row has this part at all.
    `turns`: what the preview says where the part comes to a known record: field, and SQL for before and after.
    `before` and `after`: statements of the commit around the insert, over the stage; `beside`: those that need nothing but the stage; `changes`: the table that `before` changes, its own by default; `clear`: what hangs on a row that undo deletes.
    """

    key: str
    table: str
    match: str
    columns: Mapping[str, str]
    updates: tuple[str, ...] = ()
    when: str = "true"
    before: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    turns: tuple[str, str, str] | None = None
    changes: str = ""


@dataclass(frozen=True)
class Target:
    """`twice`: the staged columns (of `checking`) in which no two rows of a sheet may agree. `main`: the part that makes a row new; the first by default."""

    key: str
    title: str
    permission: str
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    twice: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    main: str = ""
    kind: str = ""

    @property
    def counted(self) -> Part:
        """The part by which a row is new or not."""
        return next((it for it in self.parts if it.key == self.main), self.parts[0])

    def field(self, key: str) -> Field:
        return next(it for it in self.fields if it.key == key)

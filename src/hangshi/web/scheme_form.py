"""A scheme's criterion and frame as inputs of a page and back: what is typed becomes plain data of the pack, or says where it cannot.

Of a list (grades, lines of a checklist, …) each row has inputs `<list>.<column>`; a row without a name is left out, one without a key is new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hangshi.packs.schemes import Criterion, Edition, Scheme
from hangshi.web import fields
from hangshi.web.fields import Field

BLANK_ROWS = 2
Data = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """A list of the form. `prefix` of the key of a new row; without one its rows have none. `usual`: what need not be written."""

    name: str
    title: str
    columns: tuple[Field, ...]
    prefix: str = ""
    usual: Mapping[str, Any] = field(default_factory=dict)


NAME = Field("name", "名称", required=True)
POINTS = Field("points", "分", "decimal")
PERCENT = Field("percent", "得分率（%）", "decimal", True)
CURVE = Rows("curve", "计分曲线", (Field("at", "取值", "decimal", True), PERCENT))
CHOICES = Rows("choices", "答案", (NAME, PERCENT), "answer")
ITEMS = Rows("items", "清单子项", (NAME, POINTS), "item", {"points": 1})
ELEMENTS = Rows("elements", "反向评价要素", (NAME, Field("item", "对应子项"), Field("points", "每次扣", "decimal", True)), "element")  # fmt: skip
HEADINGS = Rows("headings", "大项", (NAME, Field("cap", "封顶分", "decimal")), "heading")
GRADES = Rows("grades", "等次（从高到低）", (NAME, Field("least", "多少分起", "decimal", True)), "grade")
VETOES = Rows("vetoes", "一票否决", (NAME,), "veto")

WEIGHT = Field("weight", "分值", "decimal", True)
OF_SOURCE: Mapping[str, tuple[str, ...]] = {  # what is asked beside what every criterion has
    "indicator": ("indicator", "shape", "curve"),
    "ledger": ("book", "shape", "curve"),
    "reviewers": ("least", "combine"),
    "residents": ("least", "choices"),
    "checklist": ("items",),
}
DEFAULTS = {"shape": "linear", "missing": "wait", "combine": "mean", "least": 1, "peers": "all"}


@dataclass
class Typed:
    """What stands in the inputs, by name; a list's columns are sequences of the same length."""

    said: Mapping[str, Sequence[str]]
    errors: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return next(iter(self.said.get(name, ())), "").strip()

    def rows(self, it: Rows) -> list[dict[str, str]]:
        """The rows as typed, the blank ones among them too."""
        names = ["key", *(column.name for column in it.columns)]
        columns = {name: self.said.get(f"{it.name}.{name}", ()) for name in names}
        many = max((len(found) for found in columns.values()), default=0)
        return [
            {name: found[at].strip() if at < len(found) else "" for name, found in columns.items()}
            for at in range(many)
        ]

    def shown(self, it: Rows) -> list[dict[str, str]]:
        """With blank rows at the end, to be filled in."""
        written = [row for row in self.rows(it) if any(row[column.name] for column in it.columns)]
        return written + [dict.fromkeys(("key", *(column.name for column in it.columns)), "")] * BLANK_ROWS

    def options(self, it: Rows) -> list[tuple[str, str]]:
        """Key and name of the rows that have both, to choose from."""
        return [(row["key"], row["name"]) for row in self.rows(it) if row["key"] and row["name"]]

    def read(self, it: Field) -> Any:
        return self._read(it, self.one(it.name), it.name, "")

    def _read(self, it: Field, text: str, at: str, where: str) -> Any:
        try:
            return fields.read(it, {it.name: text})
        except fields.Wrong as wrong:
            self.errors[at] = where + wrong.sentence
            return None

    def listed(self, it: Rows) -> list[Data]:
        """The rows that are made, each with its key, where the list has keys."""
        found: list[Data] = []
        rows = self.rows(it)
        taken = {row["key"] for row in rows}
        for number, row in enumerate(rows, 1):
            if not any(row[column.name] for column in it.columns):
                continue
            said = {
                column.name: self._read(column, row[column.name], f"{it.name}.{number - 1}.{column.name}", f"{it.title}第 {number} 行：")
                for column in it.columns
            }  # fmt: skip
            key = {"key": row["key"] or _new_key(it.prefix, taken)} if it.prefix else {}
            written = {name: value for name, value in said.items() if value not in (None, "", it.usual.get(name))}
            found.append(key | written)
        return found

    def keyed(self, it: Rows) -> dict[str, Data]:
        return {row["key"]: {name: value for name, value in row.items() if name != "key"} for row in self.listed(it)}


def _new_key(prefix: str, taken: set[str]) -> str:
    number = next(number for number in range(1, len(taken) + 2) if f"{prefix}_{number}" not in taken)
    taken.add(f"{prefix}_{number}")
    return f"{prefix}_{number}"


def new_key(edition: Edition) -> str:
    """For a criterion that is added."""
    return _new_key("criterion", {it.key for it in edition.criteria})


def criterion_data(typed: Typed, key: str) -> Data:
    """All that the criterion says; `typed.errors` tell what could not be read."""
    by = typed.one("by")
    asked = OF_SOURCE.get(by, ())
    said: Data = {"key": key, "name": typed.read(NAME), "heading": typed.one("heading"), "weight": typed.read(WEIGHT)}
    said |= {name: typed.one(name) for name in ("nature", "by", "missing")}
    said |= {name: typed.one(name) for name in ("indicator", "book", "shape", "combine") if name in asked}
    if "least" in asked:
        said["least"] = typed.read(Field("least", "至少几人", "int"))
    if "curve" in asked:
        said["curve"] = typed.listed(CURVE)
    for rows in (CHOICES, ITEMS):
        if rows.name in asked:
            said[rows.name] = typed.keyed(rows)
    said["elements"] = typed.keyed(ELEMENTS)
    said["most_deducted"] = typed.read(Field("most_deducted", "扣分上限", "decimal"))
    said["evidence"] = _lines(typed.one("evidence"))
    return _without_defaults(said)


def scheme_data(typed: Typed) -> tuple[Data, Data]:
    """Of the scheme and of its edition, criteria apart. What is left empty is taken away."""
    scheme: Data = {"name": typed.read(NAME), "source": typed.read(Field("source", "依据", "area", True))}
    scheme |= {"doc": typed.read(Field("doc", "说明", "area")), "counts_ground": typed.one("counts_ground")}
    scheme |= {"peers": typed.one("peers"), "within": typed.one("within")}
    for name, label in (("places", "小数位"), ("objection_days", "异议期（天）")):
        scheme[name] = typed.read(Field(name, label, "int", True))
    edition = {
        "since": typed.read(Field("since", "首日", "date", True)),
        "headings": typed.listed(HEADINGS),
        "grades": typed.listed(GRADES),
        "vetoes": {row["key"]: row["name"] for row in typed.listed(VETOES)},
    }
    return {key: None if _default(key, value) else value for key, value in scheme.items()}, edition


def _without_defaults(said: Data) -> Data:
    return {key: value for key, value in said.items() if not _default(key, value)}


def _default(key: str, value: Any) -> bool:
    return value in (None, "", [], {}) or DEFAULTS.get(key) == value


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def criterion_inputs(it: Criterion | None) -> Typed:
    """What stands in the form of a criterion; None: of a new one."""
    if it is None:
        return Typed({"nature": ["outcome"], "by": ["reviewers"], "least": ["3"], "missing": ["wait"]})
    said = _plain(it, ("name", "heading", "weight", "nature", "by", "indicator", "book", "shape", "combine", "missing", "least", "most_deducted"))  # fmt: skip
    said["evidence"] = ["\n".join(it.evidence)]
    said |= _columns(CURVE, [("", knot) for knot in it.curve])
    for rows in (CHOICES, ITEMS, ELEMENTS):
        said |= _columns(rows, getattr(it, rows.name).items())
    return Typed(said)


def scheme_inputs(it: Scheme) -> Typed:
    edition = it.editions[-1]
    names = ("name", "source", "doc", "counts_ground", "peers", "within", "places", "objection_days")
    said = _plain(it, names) | {"since": [str(edition.since)]}
    said |= _columns(HEADINGS, [(part.key, part) for part in edition.headings])
    said |= _columns(GRADES, [(part.key, part) for part in edition.grades])
    return Typed(said | {"vetoes.key": list(edition.vetoes), "vetoes.name": list(edition.vetoes.values())})


def _plain(it: Any, names: Iterable[str]) -> dict[str, list[str]]:
    return {name: [text(getattr(it, name))] for name in names}


def _columns(rows: Rows, found: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    listed = list(found)
    columns = {f"{rows.name}.{it.name}": [text(getattr(part, it.name)) for _, part in listed] for it in rows.columns}
    return columns | {f"{rows.name}.key": [key for key, _ in listed]}


def text(value: Any) -> str:
    """As it is typed: a number without trailing zeros."""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def weights(typed: Typed, edition: Edition) -> dict[str, Decimal]:
    """Criterion → its weight in the grid `w.<key>`; one that could not be read is missing here and told in `errors`."""
    found = {}
    for it in edition.criteria:
        named = Field(f"w.{it.key}", it.name, "decimal", True)
        value = typed.read(named)
        if value is not None:
            found[it.key] = value
    return found


@dataclass(frozen=True)
class Sum:
    """The weights together, and by what they look at."""

    total: Decimal
    natures: dict[str, Decimal]

    @property
    def lacking(self) -> Decimal:
        """What is missing to the full marks; below 0: too much."""
        return 100 - self.total

    @property
    def counts_outweigh(self) -> bool:
        return self.natures["activity"] > self.natures["outcome"]


def summed(edition: Edition, said: Mapping[str, Decimal] | None = None) -> Sum:
    """Of the edition, with the weights of `said` in place of its own."""
    known = {it.key: it.weight for it in edition.criteria} | dict(said or {})
    natures = {
        nature: sum((known[it.key] for it in edition.criteria if it.nature == nature), Decimal(0))
        for nature in ("outcome", "activity", "duty")
    }
    return Sum(sum(natures.values(), Decimal(0)), natures)

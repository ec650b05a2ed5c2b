"""The TOML of a draft, changed in place: what is not touched keeps its words, its order and its comments."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, Float, InlineTable, Item, Table

Plain = Mapping[str, Any]
NESTED = ("items", "choices", "elements")  # of a criterion: key → what belongs to it


class Writing:
    """A text that defines one scheme with one edition, as `begun` makes it. `text` is what it has become."""

    def __init__(self, text: str) -> None:
        self.document = tomlkit.parse(text)
        [(self.key, self.scheme)] = self.document["scheme"].items()
        self.edition: Any = self.scheme["editions"][-1]

    @property
    def text(self) -> str:
        return tomlkit.dumps(self.document)

    def put_scheme(self, said: Plain) -> None:
        """The scheme's own keys that are in `said`; None takes one away."""
        _put(self.scheme, said)

    def put_edition(self, said: Plain) -> None:
        """Keys of the edition other than its criteria; None takes one away."""
        _put(self.edition, said)

    def put_criterion(self, key: str, said: Plain) -> None:
        """All that the criterion says from now on; one of a new key stands last."""
        at = self._place(key)
        if at is None:
            made = tomlkit.table()
            _put(made, said)
            self.edition["criteria"].append(made)
            return
        table = self.edition["criteria"][at]
        _put(table, {known: None for known in table if known not in said} | dict(said))

    def take_out(self, key: str) -> None:
        at = self._place(key)
        if at is not None:
            del self.edition["criteria"][at]

    def shift(self, key: str, by: int) -> None:
        """One place up (-1) or down (1); at the end it stays."""
        tables = list(self.edition["criteria"])
        at = self._place(key)
        if at is None or not 0 <= at + by < len(tables):
            return
        tables[at], tables[at + by] = tables[at + by], tables[at]
        self.set_out(tables)

    def weigh(self, weights: Mapping[str, Decimal]) -> None:
        for table in self.edition["criteria"]:
            if (weight := weights.get(str(table["key"]))) is not None:
                _put(table, {"weight": weight})

    def _place(self, key: str) -> int | None:
        return next((at for at, it in enumerate(self.edition["criteria"]) if it["key"] == key), None)

    def set_out(self, tables: Sequence[Any]) -> None:
        """The criteria anew, in this order; what stood in one line each becomes a table each, which can be read."""
        made = tomlkit.aot()
        for it in tables:
            made.append(_as_table(it))
        self.edition.remove("criteria")
        self.edition.append("criteria", made)


def begun(text: str, *, since: date, place: int) -> str:
    """A draft from the text of a scheme: the edition at `place` alone, in force from `since`."""
    draft = Writing(text)
    editions = draft.scheme["editions"]
    for other in reversed([number for number in range(len(editions)) if number != place]):
        del editions[other]
    draft.edition = editions[0]
    draft.put_edition({"since": since})
    if not isinstance(draft.edition["criteria"], AoT):
        draft.set_out(list(draft.edition["criteria"]))
    return draft.text


def _put(table: Any, said: Plain) -> None:
    for key, value in said.items():
        if value is None or value == [] or value == {}:
            if key in table:
                table.remove(key)
        elif key not in table:
            table.append(key, _item(key, value))
        elif _plain(table[key]) != _comparable(value):
            table[key] = _item(key, value)


def _item(key: str, value: Any) -> Item:
    if isinstance(value, Decimal):
        return tomlkit.item(int(value)) if value == value.to_integral_value() else tomlkit.float_(f"{value:f}")
    if isinstance(value, Mapping):
        nested = key in NESTED or key == "vetoes"
        made = tomlkit.table() if nested else tomlkit.inline_table()
        for name, inner in value.items():
            made.append(name, _item("", inner))
        return made
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for inner in value:
            array.append(_item("", inner))
        array.multiline(len(value) > 2 and isinstance(value[0], Mapping))
        return array
    plain: Item = tomlkit.item(value)
    return plain


def _as_table(it: Any) -> Table:
    if isinstance(it, Table):
        return it
    made = tomlkit.table()
    _put(made, _plain(it))
    return made


def _plain(it: Any) -> Any:
    """As Python data, with exact numbers."""
    if isinstance(it, Table | InlineTable):
        return {str(key): _plain(inner) for key, inner in it.items()}
    if isinstance(it, Array | AoT):
        return [_plain(inner) for inner in it]
    if isinstance(it, Float):
        return Decimal(it.as_string())
    return it.unwrap() if isinstance(it, Item) else it


def _comparable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _comparable(inner) for key, inner in value.items()}
    return [_comparable(inner) for inner in value] if isinstance(value, list | tuple) else value

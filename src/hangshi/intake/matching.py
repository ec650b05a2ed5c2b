"""Which column of a sheet is which field: by what was confirmed before, by name, by alias, then by what stands in it."""

from collections.abc import Mapping, Sequence

import polars as pl

from hangshi.intake.heads import plain
from hangshi.intake.shape import Field, Target
from hangshi.refusal import Refused

SAMPLED = 200
CITIZEN = r"^\d{17}[0-9Xx]$"


def known(target: Target) -> frozenset[str]:
    """The plain words by which a head of this target is recognised."""
    return frozenset(plain(word) for it in target.fields for word in (it.name, *it.aliases))


def proposed(
    target: Target, labels: Sequence[str], frame: pl.DataFrame, before: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Field → column. `before`: plain head → field, as confirmed for the source the last time ("" for a column left out)."""
    heads = [plain(it) for it in labels]
    leaves = [plain(it.rsplit("/", 1)[-1]) for it in labels]
    found: dict[str, int] = {}
    for i, head in enumerate(heads):
        key = (before or {}).get(head)
        if key and key not in found and any(it.key == key for it in target.fields):
            found[key] = i
    left_out = {i for i, head in enumerate(heads) if (before or {}).get(head) == ""}
    for words in (heads, leaves):
        for field in target.fields:
            _by_name(field, words, found, left_out)
    _by_content(target, frame, found, left_out)
    return found


def _by_name(field: Field, heads: Sequence[str], found: dict[str, int], left_out: set[int]) -> None:
    for word in (field.name, *field.aliases):
        if field.key in found:
            return
        for i, head in enumerate(heads):
            if head == plain(word) and head and i not in found.values() and i not in left_out:
                found[field.key] = i
                break


def _by_content(target: Target, frame: pl.DataFrame, found: dict[str, int], left_out: set[int]) -> None:
    """A column of citizen numbers is one, whatever it is called; where only one field and one such column are open."""
    fields = [it for it in target.fields if it.type == "identity" and it.key not in found]
    taken = {*found.values(), *left_out}
    columns = [i for i, name in enumerate(frame.columns) if i not in taken and _are_numbers(frame[name].head(SAMPLED))]
    if len(fields) == 1 and len(columns) == 1:
        found[fields[0].key] = columns[0]


def _are_numbers(column: pl.Series) -> bool:
    said = column.drop_nulls().str.strip_chars().str.strip_chars_start("'")
    return len(said) > 0 and int(said.str.contains(CITIZEN).sum()) * 10 >= len(said) * 9


def check_mapping(target: Target, mapping: Mapping[str, int], width: int) -> None:
    """Raises `Refused` for a required field without a column (the unit may be the asker's choice), and for a column taken twice."""
    if unknown := sorted(mapping.keys() - {it.key for it in target.fields}):
        raise Refused("intake.mapping", f"没有这些字段：{'、'.join(unknown)}。")
    if any(not 0 <= it < width for it in mapping.values()):
        raise Refused("intake.mapping", "所选的列不在表中，请重新选择。")
    if len(set(mapping.values())) < len(mapping):
        raise Refused("intake.mapping", "同一列对应了两个字段，请改正后再继续。")
    missing = [it.name for it in target.fields if it.required and it.key not in mapping and it.key != "unit"]
    if missing:
        raise Refused(
            "intake.missing", f"必填的“{'”“'.join(missing)}”还没有对应的列，请选定；表中没有的，请补上后重新上传。"
        )


def remembered(target: Target, labels: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """What is kept for the source: plain head → field, "" for a column left out."""
    said = {i: key for key, i in mapping.items()}
    return {plain(it): said.get(i, "") for i, it in enumerate(labels) if plain(it)}

"""The columns of a sheet confirmed on a page: one select a column."""

from collections.abc import Mapping
from typing import Any

from hangshi.refusal import Refused


def mapping(said: Mapping[str, Any]) -> dict[str, int]:
    """Field → column, of the selects `column_<number>`. Raises `Refused` where two columns say one field."""
    found: dict[str, int] = {}
    for name, key in said.items():
        number = name.removeprefix("column_")
        if (
            not name.startswith("column_")
            or not key
            or not (number.isascii() and number.isdecimal() and len(number) < 5)
        ):
            continue
        if key in found:
            raise Refused("intake.mapping", "有两列对应了同一个字段，请只留一列，其余选“不导入”。")
        found[str(key)] = int(number)
    return found


def chosen(said: Mapping[str, Any]) -> dict[str, str]:
    """Column → field as it was chosen, for a page that comes back: nothing typed is lost."""
    return {name.removeprefix("column_"): key for name, key in said.items() if name.startswith("column_")}

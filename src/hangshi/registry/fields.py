"""The fields that a kind of the pack adds to its record: checked here, for every room, before they are written to `extra`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hangshi.packs.models import ExtraField
from hangshi.refusal import Refused
from hangshi.registry import sealed_fields


def checked_extra(fields: Mapping[str, ExtraField], extra: Mapping[str, Any]) -> dict[str, Any]:
    """`extra` as it is stored: empty values left out, decimals as text and dates in ISO form, so that nothing is rounded;
    sensitive ones sealed.

    Raises `Refused` for a field the kind does not have, a value of the wrong type or out of its limits, and a missing required one.
    """
    if unknown := sorted(extra.keys() - fields.keys()):
        raise Refused("extra.unknown", f"此类别没有这些字段：{'、'.join(unknown)}。")
    filled = {key: value for key, value in extra.items() if value is not None and value != ""}
    for key, field in fields.items():
        if field.required and key not in filled:
            raise Refused("extra.missing", f"“{field.name}”必须填写。")
    checked = {key: _checked(fields[key], value) for key, value in filled.items() if not sealed_fields.is_sealed(value)}
    kept = {
        key: value for key, value in filled.items() if sealed_fields.is_sealed(value)
    }  # not typed anew, so not sealed anew
    return kept | {key: sealed_fields.sealed(key, it) if fields[key].sensitive else it for key, it in checked.items()}


def _checked(field: ExtraField, value: Any) -> Any:
    try:
        return _stored(field, value)
    except (ValueError, TypeError, ArithmeticError):
        wanted = {
            "int": "整数",
            "decimal": "数字",
            "date": "日期",
            "bool": "是或否",
            "choice": "所列选项之一",
            "text": "文字",
        }
        raise Refused("extra.type", f"“{field.name}”应填{wanted[field.type]}。") from None


def _stored(field: ExtraField, value: Any) -> Any:
    match field.type:
        case "int" | "decimal":
            return _number(field, value)
        case "date":
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        case "bool" if not isinstance(value, bool):
            raise TypeError(value)
        case "choice" if value not in field.choices:
            raise ValueError(value)
        case "text" if not isinstance(value, str):
            raise TypeError(value)
    return value


def _number(field: ExtraField, value: Any) -> int | str:
    if isinstance(value, bool):
        raise TypeError(value)
    number = Decimal(str(value))
    # Beyond 10¹⁸ it is no figure of ours, and `int` of 1E+999999 alone takes a minute.
    if not number.is_finite() or number.adjusted() > 18 or (field.type == "int" and number != int(number)):
        raise InvalidOperation
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        bounds = f"{'' if field.low is None else field.low}至{'' if field.high is None else field.high}"
        raise Refused("extra.bounds", f"“{field.name}”应在{bounds}之间。")
    return int(number) if field.type == "int" else str(number)

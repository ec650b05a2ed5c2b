"""Types of what comes in: exact, and as their JSON schema says, so that nothing is guessed from what was meant."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from hangshi.api.cursors import LARGEST
from hangshi.refusal import Refused
from hangshi.web.period import EARLIEST, LATEST

LARGEST_ID = 2**63 - 1


def _written_number(value: Any) -> Any:
    """A number of an address; the int parser of pydantic would also take “1.0” and “1_0”."""
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{1,19}", value):
            raise ValueError("应为整数")
        return int(value)
    return value


def _json_number(value: Any) -> Any:
    """In JSON 5.0 is the number 5; beyond 2⁵³ a fraction could not be told any more."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(NO_DAY)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(NO_DAY) from None
    if not EARLIEST <= day <= LATEST:
        raise Refused("period.far", f"日期应在 {EARLIEST} 至 {LATEST} 之间。")
    return day


def _done(value: Any) -> date:
    """The pages' forms allow no later day either."""
    day, today = _day(value), timezone.localdate()
    if day > today:
        raise Refused("day.future", f"日期不能晚于今天（{today}）。")
    return day


def _flag(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError("应为 true 或 false")
    return bool(value == "true")


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(AMOUNT, value):
        raise ValueError('应为文字写的数额，最多两位小数，如 "1200.00"')
    return Decimal(value)


NO_DAY = "应为日期，写成 2017-10-31 这样"
AMOUNT = r"[0-9]{1,14}(\.[0-9]{1,2})?"

Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID), BeforeValidator(_json_number)]
"""An id in a body: a JSON number."""
AddressId = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_written_number)]
"""An id in a path or a query."""
Limit = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(_written_number)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Done = Annotated[date, BeforeValidator(_done), WithJsonSchema({"type": "string", "format": "date"})]
"""The day of something that is recorded: today or earlier."""
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Amount = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": f"^{AMOUNT}$"})]
Key = Annotated[str, StringConstraints(max_length=40)]
Code = Annotated[str, StringConstraints(max_length=20)]
Mark = Annotated[str, StringConstraints(max_length=200)]
Name = Annotated[str, StringConstraints(max_length=120)]
Long = Annotated[str, StringConstraints(max_length=2000)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000), BeforeValidator(_json_number)]
Line = Annotated[str, StringConstraints(max_length=200)]
Scalar = (
    Annotated[str, StringConstraints(max_length=500)]
    | Annotated[int, Field(strict=True)]
    | Annotated[float, Field(strict=True)]
    | Annotated[bool, Field(strict=True)]
)
Extra = Annotated[dict[Key, Scalar | None], Field(max_length=50)]
"""The fields that a kind adds, by their keys: text, number, true or false, null."""

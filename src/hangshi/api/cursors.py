"""Pages by cursor: the id after which to go on, signed, so that it can be handed back but not made up.

Rows come in the order of their ids, which never change: a row that moves to another unit is neither shown twice nor missed,
and a cursor kept from yesterday leads to what is new.
"""

from collections.abc import Mapping
from typing import Any

from django.core import signing

from hangshi.access.once import digest
from hangshi.refusal import Refused

LARGEST, USUAL = 200, 50
SALT = "hangshi.api.cursor"


def written(after: int, asked: Mapping[str, Any]) -> str:
    """The cursor that goes on after the id `after`, for this very question only."""
    return signing.dumps([after, _mark(asked)], salt=SALT)


def read(cursor: str, asked: Mapping[str, Any]) -> int:
    """The id to go on after. Raises `Refused` for a cursor that is not ours, or belongs to another question."""
    try:
        after, mark = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refused("cursor.unknown", "游标无效，请从第一页重新开始。") from None
    if mark != _mark(asked):
        raise Refused("cursor.other", "游标与查询条件不符，请用原来的条件，或从第一页重新开始。")
    return int(after)


def _mark(asked: Mapping[str, Any]) -> str:
    return digest({key: str(value) for key, value in asked.items() if value is not None}).hex()[:16]

"""One effect for one key: a form sent twice, or a call repeated after a lost answer, is carried out once.

The answer is kept beside the effect in the same transaction, so a repeat is told what the first one was told. Keys are an account's own.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from hangshi.access.models import Effect
from hangshi.refusal import Refused

LONGEST_KEY = 64
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Once:
    """What the effect answered, and whether this call only repeated an earlier one."""

    answer: dict[str, Any]
    repeated: bool


def digest(said: Mapping[str, Any] | bytes) -> bytes:
    """Of what was asked: equal for equal words, whatever their order."""
    text = said if isinstance(said, bytes) else json.dumps(said, sort_keys=True, cls=DjangoJSONEncoder).encode()
    return hashlib.sha256(text).digest()


@transaction.atomic
def once(account: int, key: str, asked: bytes, do: Callable[[], dict[str, Any]]) -> Once:
    """Run `do` unless the account has used the key before; then answer what it answered. `asked` is the `digest` of what is asked.

    The answer must be plain JSON. Of many calls at the same time one runs and the others wait for it. A refusal keeps nothing: the
    key may be used again. Raises `Refused("once.other")` for a known key with other words, `Refused("once.key")` for an unusable key.
    """
    _check_key(key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, account])
    known = Effect.objects.filter(account_id=account, key=key).first()
    if known is not None:
        if bytes(known.asked) != asked:
            raise Refused("once.other", "同一个提交编号已经用于另一项内容，没有办理。请重新打开这一页再提交。")
        return Once(known.answer, repeated=True)
    answer = json.loads(json.dumps(do(), cls=DjangoJSONEncoder))
    Effect.objects.create(account_id=account, key=key, asked=asked, answer=answer)
    return Once(answer, repeated=False)


def _check_key(key: str) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Refused("once.key", f"提交编号应为1至{LONGEST_KEY}个英文字符，没有办理。")


def forget_old() -> int:
    """Remove the effects' answers that are older than `KEPT`; run under `EVERYTHING`. Returns how many."""
    return Effect.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]

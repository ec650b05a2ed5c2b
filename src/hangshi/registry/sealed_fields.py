"""Extra fields that a pack marks `sensitive` (a phone, a bank account): sealed before they reach `extra`, so no table ever holds them readable.

Bound to the field's key, not to the row, whose number is not known yet when its extra is checked: a value moved to another row would open there.
The audit log shows such a move.
"""

import base64
from collections.abc import Mapping
from typing import Any

from hangshi.access import keyring

MARK = "sealed"


def sealed(key: str, value: Any) -> dict[str, str]:
    """What is stored for the value of the field `key`."""
    return {MARK: base64.b64encode(keyring.seal(str(value), bound=_bound(key))).decode()}


def is_sealed(stored: Any) -> bool:
    return isinstance(stored, Mapping) and stored.keys() == {MARK}


def opened(key: str, stored: Mapping[str, str]) -> str:
    """The value, as text. Raises `Refused` when it does not open."""
    return keyring.unseal(base64.b64decode(stored[MARK]), bound=_bound(key))


def is_stale(extra: Mapping[str, Any]) -> bool:
    """Whether some value waits for rotation."""
    return any(is_sealed(it) and base64.b64decode(it[MARK])[0] != keyring.header() for it in extra.values())


def resealed(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The same extra with every sealed value under the active key."""
    return {key: sealed(key, opened(key, it)) if is_sealed(it) else it for key, it in extra.items()}


def _bound(key: str) -> bytes:
    return b"extra:" + key.encode()

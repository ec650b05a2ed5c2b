"""Lots: the order in which a seed puts things. Everybody who knows the seed gets the same order, nobody can steer it."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable


def new_seed() -> str:
    """256 random bits, as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def bound(seed: str) -> str:
    """What is published before the draw: binds the seed without showing it."""
    return hashlib.sha256(f"hangshi-seed:{seed}".encode()).hexdigest()


def lot(seed: str, *what: str) -> bytes:
    """The lot of `what` under the seed: HMAC-SHA256 over the parts, none of which may hold a line end."""
    return hmac.new(bytes.fromhex(seed), "\n".join(what).encode(), hashlib.sha256).digest()


def shuffled(seed: str, use: str, keys: Iterable[str]) -> list[str]:
    """The keys by their lots; `use` keeps two orders under one seed apart."""
    return sorted(keys, key=lambda key: (lot(seed, use, key), key))

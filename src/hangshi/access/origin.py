"""From where somebody acts: the request's number and the address, told to the database beside the scope, for history and audit."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`request` names one request in log, history and answer; `address` is the client's, empty for commands of the operator."""

    request: str = ""
    address: str = ""


NOWHERE = Origin()
_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current() -> Origin:
    """Where the work under way comes from; nowhere for commands and jobs of the operator."""
    return _current.get() or NOWHERE


@contextmanager
def coming_from(address: str) -> Iterator[Origin]:
    """Everything inside comes from that address, under a new request number."""
    origin = Origin(secrets.token_hex(8), address)
    token = _current.set(origin)
    try:
        yield origin
    finally:
        _current.reset(token)

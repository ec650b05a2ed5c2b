"""One helper for every room: the code of the refusal, or None where nothing was refused."""

from collections.abc import Callable

from hangshi.refusal import Refused


def refusal_of(call: Callable[..., object], *args: object, **kwargs: object) -> str | None:
    try:
        call(*args, **kwargs)
    except Refused as refused:
        return refused.code
    return None

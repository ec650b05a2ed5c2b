"""Passwords hashed and compared: argon2id at 19 MiB, two passes, one lane: 32 ms a sign-in on the smallest machine we serve.

One at a time in each process: a morning of sign-ins queues here and leaves the other threads to the other pages.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from hangshi.refusal import Refused

PATIENCE = 10.0  # seconds that a sign-in waits for its turn
LONGEST = 128
# A name that nobody has costs the same as a wrong password, so that names cannot be told apart by the clock.
NOBODY = "argon2$argon2id$v=19$m=19456,t=2,p=1$aGFuZ3NoaS1ub2JvZHk$HmqfTzGW2V5m1lqKHcW3RE0TP06VSbeNFQnwyeT8t2s"
turn = threading.BoundedSemaphore(1)


class SizedArgon2(Argon2PasswordHasher):
    """Django's own defaults take 100 MB and a fifth of a second each; a morning of sign-ins would stand still."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


@contextmanager
def _in_turn() -> Iterator[None]:
    if not turn.acquire(timeout=PATIENCE):
        raise Refused("account.busy", "同时登录的人较多，这次没有受理。请过几秒再试。")
    try:
        yield
    finally:
        turn.release()


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password has this hash; None: nobody's, which takes as long and is never right. Raises `Refused` when too busy.

    Nothing longer than `LONGEST` was ever accepted, so the rest of it is not read.
    """
    with _in_turn():
        right = check_password(password[: LONGEST + 1], hashed or NOBODY)
    return right and hashed is not None


def hashed(password: str) -> str:
    with _in_turn():
        return make_password(password)

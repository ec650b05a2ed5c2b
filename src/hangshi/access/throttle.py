"""Guessing made slow, and never a weapon: failures are counted for account and address together, for each alone, and before the check.

An account that was signed in to from an address lately is known there: only its own failures at that address slow it down. So whoever
fails at address A keeps nobody out at address B, and a flood over many addresses against one account slows only addresses that it does
not know. Rows hold keyed digests: people type passwords into the wrong field.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from hangshi.access import keyring
from hangshi.access.log import Caller
from hangshi.access.models import Session, Throttle
from hangshi.access.profiles import Profile, current
from hangshi.access.services import at_the_door
from hangshi.refusal import Refused

FREE_OF_ADDRESS = 50  # a whole office may stand behind one address
FREE_OF_ACCOUNT = 20
FORGOTTEN = timedelta(hours=24)  # without a further try
KNOWN_FOR = timedelta(days=30)
SWEPT = 20  # forgotten rows that each try removes


class TooOften(Refused):
    """Not heard before `seconds` have passed."""

    def __init__(self, seconds: int) -> None:
        super().__init__("throttle.wait", f"尝试次数过多，请在{_spoken(seconds)}后再试。账号没有被锁定。")
        self.seconds = seconds


@dataclass(frozen=True)
class Charge:
    """A try that was counted as a failure in advance; `forgive` takes it back."""

    pair: str
    others: tuple[str, ...]


def charge(what: str, who: str, caller: Caller, *, now: datetime, account: int | None = None) -> Charge:
    """Count a try of `what` ("password", "code") on the account called `who` before it is checked: parallel guesses are all counted.

    `account` is its number, where there is one. Raises `TooOften`; `Refused("throttle.closed")` when nothing can be counted.
    """
    name = unicodedata.normalize("NFKC", who).casefold().strip()
    pair = _key(what, "pair", name, caller.address)
    others = (_key(what, "address", caller.address), _key(what, "account", name))
    free = dict(zip((pair, *others), (current().free_failures, FREE_OF_ADDRESS, FREE_OF_ACCOUNT), strict=True))
    try:
        with at_the_door():
            rows = _locked(list(free), now)
            heeded = [pair] if _known(account, caller, now) else list(free)
            if (wait := max(rows[key].until for key in heeded)) > now:
                raise TooOften(int((wait - now).total_seconds()) + 1)
            for key, row in rows.items():
                _fail(row, free[key], current(), now)
            Throttle.objects.bulk_update(rows.values(), ["failures", "seen", "until"])
            _sweep(now)
    except DatabaseError as error:
        raise Refused("throttle.closed", "系统暂时不能登记这次登录，因此没有受理。请稍后再试。") from error
    return Charge(pair, others)


def forgive(charged: Charge, *, now: datetime) -> None:
    """It was right: the failures of this account at this address are forgotten, the others lose this one. Run at the door."""
    Throttle.objects.filter(pk=charged.pair).delete()
    rows = Throttle.objects.select_for_update().filter(pk__in=charged.others).order_by("key")
    for row, free in ((row, FREE_OF_ADDRESS if row.pk == charged.others[0] else FREE_OF_ACCOUNT) for row in list(rows)):
        row.failures = max(0, row.failures - 1)
        row.until = row.until if row.failures > free else now
        row.save(update_fields=["failures", "until"])


def _locked(keys: list[str], now: datetime) -> dict[str, Throttle]:
    """The rows, made where they are missing, locked in one order so that no two tries wait for each other."""
    fresh = [Throttle(key=key, seen=now, until=now) for key in sorted(keys)]
    Throttle.objects.bulk_create(fresh, ignore_conflicts=True)
    return {row.key: row for row in Throttle.objects.select_for_update().filter(pk__in=keys).order_by("key")}


def _fail(row: Throttle, free: int, profile: Profile, now: datetime) -> None:
    row.failures = 1 if row.seen < now - FORGOTTEN else row.failures + 1
    row.seen = now
    if (over := row.failures - free) >= 0:
        row.until = now + min(profile.longest_wait, profile.first_wait * 2 ** min(over, 20))


def _sweep(now: datetime) -> None:
    """Some forgotten rows go. Last, and past locked ones: so it never waits while it holds the rows of a try."""
    stale = Throttle.objects.select_for_update(skip_locked=True).filter(seen__lt=now - FORGOTTEN)[:SWEPT]
    Throttle.objects.filter(pk__in=[row.pk for row in stale]).delete()


def _known(account: int | None, caller: Caller, now: datetime) -> bool:
    """The account got in from this address lately, second factor and all. A name that nobody has is asked for just as long."""
    if not caller.address:
        return False
    recent = Session.objects.filter(account_id=account or 0, address=caller.address, created__gt=now - KNOWN_FOR)
    return recent.filter(stage="").exists()


def _key(*parts: str) -> str:
    return keyring.index("\n".join(("throttle", *parts))).hex()


def _spoken(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"

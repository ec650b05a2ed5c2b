"""The way in, step by step: password, second factor, a new password where one is due. Each step gives a new token."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hangshi.access import factors, sessions, throttle
from hangshi.access.breached import check_choice
from hangshi.access.log import NOWHERE, Caller, event
from hangshi.access.models import Account, FormerPassword, Grant, Session
from hangshi.access.passwords import hashed, matches
from hangshi.access.profiles import current
from hangshi.access.services import at_the_door, grants_of, sign_in
from hangshi.refusal import Refused


@dataclass(frozen=True)
class Entered:
    """The token for the browser, and what is still asked ("": nothing)."""

    token: str
    stage: str


def enter(username: str, password: str, *, caller: Caller, now: datetime, before: Session | None = None) -> Entered:
    """Sign in. Raises `TooOften`, or `Refused` with one and the same sentence for a wrong name and a wrong password.

    `before` is the session that the browser held until now; it ends.
    """
    username = username.replace("\0", "\N{REPLACEMENT CHARACTER}")  # which no name contains, and a database takes
    known = _number_of(username)
    charged = throttle.charge("password", username, caller, now=now, account=known)
    try:
        account = sign_in(username, password=password)
    except Refused as refused:
        if refused.code == "account.sign_in":
            with at_the_door():
                event("sign_in_failed", known, caller=caller)
        raise
    grant = first_grant(account)
    with at_the_door():
        throttle.forgive(charged, now=now)
        return admit(account, grant, caller=caller, now=now, before=before)


def first_grant(account: Account) -> Grant:
    """The account's widest grant today. Raises `Refused` without any."""
    if grants := grants_of(account, timezone.localdate()):
        return grants[0]
    raise Refused("grant.none", "这个账号现在没有有效的授权，请联系管理员。")


def admit(
    account: Account,
    grant: Grant,
    *,
    caller: Caller,
    now: datetime,
    before: Session | None = None,
    passed: datetime | None = None,
) -> Entered:
    """A session for somebody whose first factor was right; `passed`: another system has checked a second one. Run at the door."""
    if before is not None:
        sessions.end(before, now=now)
    stage = next_stage(account, grant, passed=passed, now=now)
    event("signed_in", account.pk, caller=caller, grant=grant.pk)
    token = sessions.begin(account, grant, stage=stage, caller=caller, now=now, passed=passed)
    return Entered(token, stage)


def next_stage(account: Account, grant: Grant, *, passed: datetime | None, now: datetime) -> str:
    """What is asked before anything is shown: "code", "enrol", "password" or nothing more."""
    if passed is None and current().second_factor:
        if factors.enrolled(account):
            return "code"
        if factors.required(grant.role):
            return "enrol"
    return "password" if password_due(account, now=now) else ""


def password_due(account: Account, *, now: datetime) -> bool:
    """Somebody else knows the password, or it is older than the profile allows; one of unknown age counts as old."""
    rotation = current().rotation
    old = rotation is not None and (account.password_since is None or account.password_since <= now - rotation)
    return account.has_usable_password() and (account.must_change or old)


def give_code(held: Session, text: str, *, caller: Caller, now: datetime) -> Entered:
    """The second factor of a session that is asked for it: a code or a recovery code. Raises `Refused`."""
    charged = throttle.charge("code", held.account.username, caller, now=now, account=held.account_id)
    with at_the_door():
        how = factors.accept(held.account, text, now=now)
        if how:
            throttle.forgive(charged, now=now)
            event("code_given" if how == "code" else "recovery_code_used", held.account_id, caller=caller)
            return _onwards(held, caller=caller, now=now)
        event("code_failed", held.account_id, caller=caller)
    raise Refused("factor.code", "验证码不对，或已经用过。请等下一个验证码出现后再填。")


def enrol(held: Session, code: str, *, caller: Caller, now: datetime) -> tuple[Entered, list[str]]:
    """The first or another telephone; returns the recovery codes too, which are shown once. Raises `Refused`."""
    charged = throttle.charge("code", held.account.username, caller, now=now, account=held.account_id)
    with at_the_door():
        codes = factors.enrol(held.account, code, now=now)
        throttle.forgive(charged, now=now)
        event("factor_enrolled", held.account_id, caller=caller)
        sessions.end_all(held.account_id, now=now, but=held.pk, caller=caller)
        return _onwards(held, caller=caller, now=now), codes


def act_under(held: Session, grant: Grant, *, caller: Caller, now: datetime) -> Entered:
    """The same person under another of their grants. What the other role needs beyond is asked first."""
    with at_the_door():
        stage = next_stage(held.account, grant, passed=held.passed, now=now)
        token = sessions.begin(
            held.account, grant, stage=stage, caller=caller, now=now, passed=held.passed, instead_of=held
        )
        event("grant_switched", held.account_id, caller=caller, grant=grant.pk)
    return Entered(token, stage)


def choose_password(held: Session, password: str, *, caller: Caller, now: datetime) -> Entered:
    """A new password by its owner; all other sessions end. Raises `Refused`, and then nothing has been written."""
    with at_the_door():
        set_password(held.account, password=password, now=now, caller=caller)
        stage = next_stage(held.account, held.grant, passed=held.passed, now=now)
        token = sessions.begin(
            held.account, held.grant, stage=stage, caller=caller, now=now, passed=held.passed, instead_of=held
        )
        return Entered(token, stage)


@transaction.atomic
def set_password(
    account: Account, *, password: str, now: datetime, caller: Caller = NOWHERE, must_change: bool = False
) -> None:
    """Replace the password; every session of the account ends. `must_change`: whoever sets it is not its owner. Raises `Refused`."""
    check_new_password(account, password=password)
    _remember(account, now=now)
    account.password, account.password_since, account.must_change = hashed(password), now, must_change
    account.save(update_fields=["password", "password_since", "must_change"])
    sessions.end_all(account.pk, now=now, caller=caller)
    event("password_set", account.pk, caller=caller)


def check_new_password(account: Account, *, password: str) -> None:
    check_choice(password, username=account.username, name=account.name)
    former = FormerPassword.objects.filter(account=account).order_by("-pk")[: max(current().remembered - 1, 0)]
    for before in (account.password, *(it.password for it in former)):
        if matches(password, before):
            raise Refused("account.password", "这个密码不久前用过，请换一个没有用过的。")


def _remember(account: Account, *, now: datetime) -> None:
    """Only as many old hashes are kept as the profile compares with."""
    kept = current().remembered - 1
    if kept > 0:
        FormerPassword.objects.create(account=account, password=account.password, at=now)
    stale = FormerPassword.objects.filter(account=account).order_by("-pk")[max(kept, 0) :]
    FormerPassword.objects.filter(pk__in=[it.pk for it in stale]).delete()


def confirm(held: Session, answer: str, *, caller: Caller, now: datetime) -> None:
    """Who is signed in shows again that it is they: by password or by a code. Raises `Refused`."""
    charged = throttle.charge("confirm", held.account.username, caller, now=now, account=held.account_id)
    with at_the_door():
        right = matches(answer, held.account.password) or bool(factors.accept(held.account, answer, now=now))
        event("confirmed" if right else "confirm_failed", held.account_id, caller=caller)
        if right:
            throttle.forgive(charged, now=now)
            sessions.confirm(held, now=now)
    if not right:
        raise Refused("account.confirm", "密码或验证码不对，没有办理。您填写的内容都还在，请再试一次。")


def _onwards(held: Session, *, caller: Caller, now: datetime) -> Entered:
    stage = next_stage(held.account, held.grant, passed=now, now=now)
    token = sessions.begin(held.account, held.grant, stage=stage, caller=caller, now=now, passed=now, instead_of=held)
    return Entered(token, stage)


def _number_of(username: str) -> int | None:
    with at_the_door():
        return Account.objects.filter(username=username.strip()).values_list("pk", flat=True).first()

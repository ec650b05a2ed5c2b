"""The second factor: codes by time (TOTP, RFC 6238) that work once, and recovery codes for a day without the telephone.

The secret is sealed with the field key and bound to its account; a copy of the table makes no codes.
"""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

from hangshi.access import keyring, roles
from hangshi.access.models import Account, Factor, RecoveryCode
from hangshi.access.profiles import current
from hangshi.refusal import Refused

STEP = 30  # seconds
DRIFT = 1  # steps by which a telephone's clock may be out, either way
RECOVERY_CODES = 10


def required(role: str) -> bool:
    """Whether a grant of this role needs the second factor: all but those that only read; one that no pack knows, too."""
    known = roles.pack().roles.get(role)
    return current().second_factor and not (known is not None and known.read_only)


def enrolled(account: Account) -> bool:
    return Factor.objects.filter(account=account).exclude(sealed=None).exists()


def offer(account: Account) -> str:
    """The secret (base32) that the account is enrolling; the same one until it is confirmed. The one in force stays in force."""
    factor, _ = Factor.objects.select_for_update().get_or_create(account=account)
    if factor.offered is None:
        factor.offered = keyring.seal(pyotp.random_base32(), bound=_bound(account.pk))
        factor.save(update_fields=["offered"])
    return keyring.unseal(factor.offered, bound=_bound(account.pk))


def address(account: Account, secret: str) -> str:
    """What the telephone reads from the square picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name="夯实")


def enrol(account: Account, code: str, *, now: datetime) -> list[str]:
    """Put the offered secret in force with a code made from it; returns new recovery codes, to be shown once. Raises `Refused`."""
    factor = Factor.objects.select_for_update().filter(account=account).exclude(offered=None).first()
    step = (
        _step_of(keyring.unseal(factor.offered, bound=_bound(account.pk)), code, after=0, now=now)
        if factor and factor.offered
        else None
    )
    if factor is None or step is None:
        raise Refused("factor.code", "验证码不对。请核对手机时间是否准确，等下一个验证码出现后再填。")
    factor.sealed, factor.offered, factor.last_step, factor.since = factor.offered, None, step, now
    factor.save()
    return draw_recovery_codes(account)


def accept(account: Account, text: str, *, now: datetime) -> str:
    """How the text was right: "code" or "recovery"; used up by that. "" where it was not."""
    plain = "".join(text.split()).replace("-", "").upper()
    if len(plain) == 6 and plain.isascii() and plain.isdecimal():
        return "code" if _accept_code(account, plain, now) else ""
    spent = RecoveryCode.objects.filter(account=account, digest__in=_digests(plain), used=None).update(used=now)
    return "recovery" if spent and enrolled(account) else ""


def draw_recovery_codes(account: Account) -> list[str]:
    """Ten new ones; all earlier ones are void."""
    RecoveryCode.objects.filter(account=account).delete()
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digests(code)[-1]) for code in plain)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain]


def left(account: Account) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(account=account, used=None).count()


def remove(account: int) -> None:
    """The telephone is lost: the next sign-in enrols another one. For a security administrator."""
    Factor.objects.filter(account_id=account).delete()
    RecoveryCode.objects.filter(account_id=account).delete()


def _accept_code(account: Account, code: str, now: datetime) -> bool:
    factor = Factor.objects.select_for_update().filter(account=account).exclude(sealed=None).first()
    if factor is None or factor.sealed is None:
        return False
    step = _step_of(keyring.unseal(factor.sealed, bound=_bound(account.pk)), code, after=factor.last_step, now=now)
    if step is None:
        return False
    factor.last_step = step  # neither this code nor an older one works again
    factor.save(update_fields=["last_step"])
    return True


def _step_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The step whose code this is, if it is near enough to `now` and later than the step `after`."""
    present, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    steps = range(max(present - DRIFT, after + 1), present + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code.strip())), None)


def _digests(code: str) -> list[str]:
    """The keyed digest under each index key held, the active one last."""
    return [digest.hex() for digest in keyring.indexes(f"recovery:{code}")]


def _bound(account: int) -> bytes:
    return b"factor:%d" % account

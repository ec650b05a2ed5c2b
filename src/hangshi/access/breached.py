"""Which passwords may be chosen: long enough, not known from breaches, not made of one's own name."""

import gzip
import string
import unicodedata
from functools import cache
from pathlib import Path

from django.contrib.auth import password_validation

from hangshi.access.passwords import LONGEST
from hangshi.access.profiles import Profile, current
from hangshi.refusal import Refused

OURS = Path(__file__).parent / "common.txt"  # what people in our offices would add to the list that Django brings
ENDING = 6  # so many digits and signs at the end do not make a common word a good one
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "一二三四五六七八九十",
)


@cache
def common() -> frozenset[str]:
    """Django's 20,000 commonest passwords and our own, in small letters; read at the first use."""
    brought = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(brought, "rt", encoding="utf-8") as lines:
        words = {line.strip() for line in lines}
    return frozenset(words | set(OURS.read_text(encoding="utf-8").split()))


def is_common(password: str) -> bool:
    """On the list, as it is or before its last few digits and signs; or one sign, or one row of keys, over and over."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    stem = plain.rstrip(string.digits + string.punctuation)
    if plain in common() or (stem in common() and len(plain) - len(stem) <= ENDING):
        return True
    return len(set(plain)) <= 3 or any(plain in row or plain in row[::-1] for row in _ROWS)


def check_choice(password: str, *, username: str, name: str) -> None:
    """Raises `Refused("account.password")` with the reason, never with the password."""
    profile = current()
    if reason := _fault(password, profile, username=username, name=name):
        raise Refused("account.password", reason)


def _fault(password: str, profile: Profile, *, username: str, name: str) -> str:
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < profile.shortest:
        return f"密码至少{profile.shortest}位。"
    if len(password) > LONGEST:
        return f"密码最多{LONGEST}位。"
    if "\0" in password:
        return "密码中有不能识别的字符（NUL）。"
    if username.casefold() in plain:
        return "密码中不能包含账号。"
    if len(name) > 1 and name.casefold() in plain:
        return "密码中不能包含姓名。"
    if is_common(password):
        return "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"
    if _classes(password) < profile.classes:
        return f"密码须含大写字母、小写字母、数字、其他字符中的至少{profile.classes}类。"
    return ""


def _classes(password: str) -> int:
    tests = (
        str.isupper,
        str.islower,
        str.isdecimal,
        lambda sign: not sign.isalnum() or (sign.isalpha() and sign.lower() == sign.upper()),
    )
    return sum(any(test(sign) for sign in password) for test in tests)

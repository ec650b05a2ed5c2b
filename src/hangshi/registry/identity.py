"""Citizen identity numbers (GB 11643): read, checked, sealed, and found again without being opened.

A number is stored twice: sealed (`access.keyring`), bound to its row so that a ciphertext copied to another row does not open, and as a keyed
HMAC, so that equality can be asked of the database without any number in it.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hangshi.access import keyring
from hangshi.refusal import Refused

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


@dataclass(frozen=True)
class Identity:
    """A number that passed every check, and what it says. `sex` is 男 or 女."""

    number: str
    born: date
    sex: str


def check_digit(first17: str) -> str:
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def read(text: object) -> Identity:
    """The identity in what somebody typed or a sheet held. Full-width digits, spaces and a small x are forgiven.

    Raises `Refused` with the reason for everything else; the sentence never repeats the number.
    """
    number = _normal(text)
    if len(number) == 15 and number.isdecimal():
        raise Refused("identity.old", "这是15位的一代证号，已于2013年停用，请填写18位公民身份号码。")
    if len(number) != 18:
        raise Refused("identity.length", f"公民身份号码应为18位，现有{len(number)}位。")
    if not (number[:17].isdecimal() and (number[17].isdecimal() or number[17] == "X")):
        raise Refused("identity.characters", "公民身份号码只能是数字，末位可以是X。")
    if number.endswith("000"):
        raise Refused("identity.spoiled", "号码末三位为000，是表格软件按数值保存造成的，请把该列设为文本后重新填写。")
    born = _born(number[6:14])
    if check_digit(number[:17]) != number[17]:
        raise Refused("identity.checksum", "公民身份号码的校验位不对，请核对是否有错字。")
    return Identity(number, born, "男" if int(number[16]) % 2 else "女")


def _normal(text: object) -> str:
    if isinstance(text, float):
        raise Refused("identity.spoiled", "号码被表格软件存成了小数，后几位已经丢失，请把该列设为文本后重新填写。")
    number = "".join(unicodedata.normalize("NFKC", str(text or "")).split()).upper()
    if not number:
        raise Refused("identity.empty", "没有填写公民身份号码。")
    if "E+" in number or "." in number:
        raise Refused("identity.spoiled", "号码被表格软件存成了小数，后几位已经丢失，请把该列设为文本后重新填写。")
    # isdecimal() also accepts the digits of other scripts; int() would read them, the index would not.
    return number if number.isascii() else number + " "


def _born(digits: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Refused("identity.born", "公民身份号码中的出生日期不是一个真实的日期。") from None
    if not 1880 <= born.year <= 2100:
        raise Refused("identity.born", "公民身份号码中的出生年份不可信。")
    return born


def seal(number: str, *, row: int) -> bytes:
    """The number, readable only with the field key and only in the row `row`."""
    return keyring.seal(number, bound=_bound(row))


def seal_all(numbers: Iterable[tuple[str, int]]) -> list[bytes]:
    """`seal` for many: each number with its row."""
    return keyring.seal_all((number, _bound(row)) for number, row in numbers)


def reveal(sealed: bytes | memoryview, *, row: int) -> str:
    """The sealed number of the row. Raises `Refused` when key, row or ciphertext do not belong together."""
    return keyring.unseal(sealed, bound=_bound(row))


def _bound(row: int) -> bytes:
    return b"person:%d" % row


def index(number: str) -> bytes:
    """The blind index under which the number is stored."""
    return keyring.index(number)


def indexes(number: str) -> list[bytes]:
    """Under every key still held: compare with all of them, or a rotation under way hides somebody."""
    return keyring.indexes(number)


def masked(number: str) -> str:
    """What a page may show: the last character. Division or birth date would leave a few thousand numbers to try, or a few."""
    return f"{'*' * 17}{number[-1]}"

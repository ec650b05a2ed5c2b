"""Key rings: secrets kept outside the database, each with a number; the newest seals, every one still opens.

A ring is text: secrets separated by commas or lines, oldest first, each plain (its number is its place, from 1 on) or `number:secret`. It stands
in the environment, or in a file of `var/secrets` that is read anew whenever it changes, so that rotation needs no restart.
What is sealed begins with a byte that names the key, and by its highest bit the cipher: AES-256-GCM, or SM4-GCM where the setting says so.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hangshi.refusal import Refused

NONCE, TAG = 12, 16
SM4 = 0x80
LAST = 0x7F  # the highest number of a key


@dataclass(frozen=True)
class Ring:
    """`secrets`: number → secret. `active` is the number of the key that seals now."""

    secrets: dict[int, str]
    active: int

    def key(self, number: int, use: bytes) -> bytes:
        """256 bits for one use. Raises `Refused` for a number that the ring does not hold."""
        if number not in self.secrets:
            raise Refused("identity.key", f"加密所用的{number}号密钥不在本系统中，无法解密；请联系管理员找回密钥。")
        return hashlib.sha256(use + self.secrets[number].encode()).digest()


def ring(name: str) -> Ring:
    """The ring `field`, `index` or `audit`."""
    said = getattr(settings, f"{name.upper()}_KEY")
    if said:
        return _parsed(said)
    file = file_of(name)
    return _parsed(_text(file, file.stat().st_mtime_ns))


def file_of(name: str) -> Path:
    return Path(settings.SECRETS) / f"{name}.key"


@lru_cache(maxsize=8)
def _text(file: Path, changed: int) -> str:
    return file.read_text()


@lru_cache(maxsize=16)
def _parsed(text: str) -> Ring:
    found: dict[int, str] = {}
    for place, part in enumerate(filter(None, (it.strip() for it in re.split(r"[,\n]", text))), start=1):
        numbered = re.fullmatch(r"(\d{1,3}):(.+)", part)
        number, secret = (int(numbered[1]), numbered[2]) if numbered else (place, part)
        if not 1 <= number <= LAST or number in found:
            raise Refused("keys.ring", "密钥文件有误：编号应在1至127之间且不重复。")
        found[number] = secret
    if not found:
        raise Refused("keys.ring", "密钥文件是空的，系统不能加密，也不能解密。请从备份中恢复密钥文件。")
    return Ring(found, list(found)[-1])


def add(name: str) -> int:
    """Draw a new secret, put it last in the ring's file and return its number; from now on it seals.

    Raises `Refused` where the ring stands in the environment: there the operator adds it.
    """
    if getattr(settings, f"{name.upper()}_KEY"):
        raise Refused(
            "keys.environment",
            f"密钥写在环境变量 HANGSHI_{name.upper()}_KEY 中，请先在其末尾用逗号添上新密钥并重启，再运行轮换。",
        )
    now, file = ring(name), file_of(name)
    number = max(now.secrets) + 1
    lines = [*(f"{known}:{secret}" for known, secret in now.secrets.items()), f"{number}:{secrets.token_hex(32)}"]
    part = file.with_suffix(f".{os.getpid()}")
    part.touch(mode=0o600)
    with part.open("w") as sink:
        sink.write("\n".join(lines) + "\n")
        sink.flush()
        os.fsync(sink.fileno())  # a key that seals rows must outlive a power cut
    part.replace(file)
    return number


def seal(text: str, *, bound: bytes) -> bytes:
    """The text, readable only with the field key and only where `bound` is the same: header, nonce, ciphertext with tag."""
    now = ring("field")
    nonce = os.urandom(NONCE)
    if settings.FIELD_CIPHER == "sm4":
        cipher = Cipher(algorithms.SM4(now.key(now.active, b"field-sm4:")[:16]), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(bound)
        return bytes([SM4 | now.active]) + nonce + cipher.update(text.encode()) + cipher.finalize() + cipher.tag
    return bytes([now.active]) + nonce + AESGCM(now.key(now.active, b"field:")).encrypt(nonce, text.encode(), bound)


def seal_all(texts: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """`seal` for many: each text with what it is bound to; the key is taken once, and the nonces are drawn together."""
    now = ring("field")
    if settings.FIELD_CIPHER == "sm4":
        return [seal(text, bound=bound) for text, bound in texts]
    cipher, header, asked = AESGCM(now.key(now.active, b"field:")), bytes([now.active]), list(texts)
    drawn = os.urandom(NONCE * len(asked))
    nonces = (drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE))
    return [
        header + nonce + cipher.encrypt(nonce, text.encode(), bound)
        for nonce, (text, bound) in zip(nonces, asked, strict=True)
    ]


def unseal(sealed: bytes | memoryview, *, bound: bytes) -> str:
    """What `seal` was given. Raises `Refused` when key, place or ciphertext do not belong together: an error, never garbage."""
    data = bytes(sealed)
    if len(data) < 1 + NONCE + TAG:
        raise Refused("identity.key", "密文不完整，无法解密。")
    number, nonce, rest = data[0] & LAST, data[1 : 1 + NONCE], data[1 + NONCE :]
    try:
        if data[0] & SM4:
            key = ring("field").key(number, b"field-sm4:")[:16]
            cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, rest[-TAG:])).decryptor()
            cipher.authenticate_additional_data(bound)
            return (cipher.update(rest[:-TAG]) + cipher.finalize()).decode()
        return AESGCM(ring("field").key(number, b"field:")).decrypt(nonce, rest, bound).decode()
    except InvalidTag:
        raise Refused("identity.seal", "密钥不对，或密文被移动、改动过，与所在记录不符，已拒绝解密。") from None


def header() -> int:
    """The first byte of what `seal` makes now; whatever begins otherwise waits for rotation."""
    return ring("field").active | (SM4 if settings.FIELD_CIPHER == "sm4" else 0)


def index(text: str) -> bytes:
    """A blind index under the active index key: equal for equal texts, and of no use without the key."""
    return indexes(text)[-1]


def indexes(text: str) -> list[bytes]:
    """The index under each key of the ring, the active one last: what a search compares while a rotation is under way."""
    held = ring("index")
    return [hmac.new(held.key(number, b"index:"), text.encode(), hashlib.sha256).digest() for number in held.secrets]


def indexes_all(texts: Sequence[str]) -> list[list[bytes]]:
    """`indexes` for many, a list for each key of the ring and the active one last. A key is set up once and its state copied for each text."""
    held = ring("index")
    return [_hmacs(held.key(number, b"index:"), texts) for number in held.secrets]


def _hmacs(key: bytes, texts: Sequence[str]) -> list[bytes]:
    begun, found = hmac.new(key, digestmod=hashlib.sha256), []
    for text in texts:
        one = begun.copy()
        one.update(text.encode())
        found.append(one.digest())
    return found

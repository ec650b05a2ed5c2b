"""Uploaded files, sealed with the field key: a sheet of citizen numbers does not lie open on a disk. Erased after `KEPT`."""

import base64
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from hangshi.access import keyring
from hangshi.refusal import Refused

KEPT = timedelta(days=30)
PARTS = ("file", "rows", "faults")


def keep(number: int, data: bytes, part: str = "file") -> None:
    """The `file` of the import, its `rows` once read, or their `faults`. Whole or not at all: written beside its place, synced, then moved there."""
    place = _place(number, part)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, beside = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(keyring.seal(base64.b64encode(data).decode(), bound=_bound(number, part)))
        sink.flush()
        os.fsync(sink.fileno())
    Path(beside).replace(place)


def read(number: int, part: str = "file") -> bytes:
    """Raises `Refused` where the file was erased."""
    found = find(number, part)
    if found is None:
        raise Refused("intake.erased", f"上传的文件已在{KEPT.days}天后清除，请重新上传。")
    return found


def find(number: int, part: str) -> bytes | None:
    """None where the import has no such part, or no longer."""
    try:
        sealed = _place(number, part).read_bytes()
    except FileNotFoundError:
        return None
    return base64.b64decode(keyring.unseal(sealed, bound=_bound(number, part)))


def erase(number: int) -> None:
    for part in PARTS:
        _place(number, part).unlink(missing_ok=True)


def _place(number: int, part: str) -> Path:
    return Path(settings.VAR) / "intake" / f"{number}.{part}.sealed"


def _bound(number: int, part: str) -> bytes:
    return f"intake:{number}:{part}".encode()

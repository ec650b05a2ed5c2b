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
PARTS = ("file", "faults")
HERE = "intake"  # the room whose numbers these are; another keeps its own under its own name


def keep(number: int, data: bytes, part: str = "file", room: str = HERE) -> None:
    """The `file` of the import, or its `faults`. Whole or not at all: written beside its place, synced, then moved there."""
    place = _place(number, part, room)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, beside = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(keyring.seal(base64.b64encode(data).decode(), bound=_bound(number, part, room)))
        sink.flush()
        os.fsync(sink.fileno())
    Path(beside).replace(place)


def read(number: int, part: str = "file", room: str = HERE) -> bytes:
    """Raises `Refused` where the file was erased."""
    try:
        sealed = _place(number, part, room).read_bytes()
    except FileNotFoundError:
        raise Refused("intake.erased", f"上传的文件已在{KEPT.days}天后清除，请重新上传。") from None
    return base64.b64decode(keyring.unseal(sealed, bound=_bound(number, part, room)))


def erase(number: int, room: str = HERE) -> None:
    for part in PARTS:
        _place(number, part, room).unlink(missing_ok=True)


def _place(number: int, part: str, room: str) -> Path:
    return Path(settings.VAR) / room / f"{number}.{part}.sealed"


def _bound(number: int, part: str, room: str) -> bytes:
    return f"{room}:{number}:{part}".encode()

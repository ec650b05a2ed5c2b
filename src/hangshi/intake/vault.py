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


def keep(number: int, data: bytes) -> None:
    """Whole or not at all: written beside its place, synced, then moved there."""
    place = _place(number)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, part = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(keyring.seal(base64.b64encode(data).decode(), bound=_bound(number)))
        sink.flush()
        os.fsync(sink.fileno())
    Path(part).replace(place)


def read(number: int) -> bytes:
    """Raises `Refused` where the file was erased."""
    try:
        sealed = _place(number).read_bytes()
    except FileNotFoundError:
        raise Refused("intake.erased", f"上传的文件已在{KEPT.days}天后清除，请重新上传。") from None
    return base64.b64decode(keyring.unseal(sealed, bound=_bound(number)))


def erase(number: int) -> None:
    _place(number).unlink(missing_ok=True)


def _place(number: int) -> Path:
    return Path(settings.VAR) / "intake" / f"{number}.sealed"


def _bound(number: int) -> bytes:
    return b"intake:%d" % number

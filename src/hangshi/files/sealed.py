"""Files of a room that hold personal data: sealed with the field key under `var/<room>`, and erased by the room when their time is over."""

import base64
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from hangshi.access import keyring
from hangshi.refusal import Refused


def keep(room: str, name: str, data: bytes) -> None:
    """Whole or not at all: written beside its place, synced, then moved there."""
    place = _place(room, name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, beside = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(keyring.seal(base64.b64encode(data).decode(), bound=_bound(room, name)))
        sink.flush()
        os.fsync(sink.fileno())
    Path(beside).replace(place)


def read(room: str, name: str) -> bytes | None:
    """None where it was erased. Raises `Refused` for a file that was moved or altered: it does not open."""
    try:
        sealed = _place(room, name).read_bytes()
    except FileNotFoundError:
        return None
    return base64.b64decode(keyring.unseal(sealed, bound=_bound(room, name)))


def erase(room: str, name: str) -> None:
    _place(room, name).unlink(missing_ok=True)


def forget(room: str, *, older: timedelta) -> int:
    """Erase what lies in the room longer than `older`, whatever the room knows of it; returns how many files.

    A save that was cut off leaves a file, or a part of one, that no row names.
    """
    last, gone = time.time() - older.total_seconds(), 0
    for place in (Path(settings.VAR) / room).glob("*"):
        if place.is_file() and place.stat().st_mtime < last:
            place.unlink(missing_ok=True)
            gone += 1
    return gone


def stale() -> Iterator[Path]:
    """The files of all rooms that lie sealed under another key or cipher than the active one."""
    for place in sorted(Path(settings.VAR).glob("*/*.sealed")):
        with place.open("rb") as source:
            if source.read(1) != bytes([keyring.header()]):
                yield place


def reseal(place: Path) -> None:
    """Under the active key. Raises `Refused` for a file that does not open, which then stays as it is."""
    room, name = place.parent.name, place.name.removesuffix(".sealed")
    try:
        data = read(room, name)
    except Refused as refused:
        raise Refused(
            "sealed.file", f"文件 {room}/{place.name} 用现有的密钥打不开，没有改动；请从备份中恢复密钥或文件后再运行。"
        ) from refused
    if data is not None:  # else its time was over meanwhile
        keep(room, name, data)


def _place(room: str, name: str) -> Path:
    return Path(settings.VAR) / room / f"{name}.sealed"


def _bound(room: str, name: str) -> bytes:
    return ":".join((room, *name.split("."))).encode()

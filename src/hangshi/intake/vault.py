"""Uploaded files, sealed: a sheet of citizen numbers does not lie open on a disk. Erased after `KEPT`."""

from datetime import timedelta

from hangshi.files import sealed
from hangshi.refusal import Refused

KEPT = timedelta(days=30)
SPARE = timedelta(days=1)  # the import's own record is the first to say that its file is over
PARTS = ("file", "rows", "faults")
ROOM = "intake"


def keep(number: int, data: bytes, part: str = "file") -> None:
    """The `file` of the import, its `rows` once read, or their `faults`."""
    sealed.keep(ROOM, f"{number}.{part}", data)


def read(number: int, part: str = "file") -> bytes:
    """Raises `Refused` where the file was erased."""
    data = find(number, part)
    if data is None:
        raise Refused("intake.erased", f"上传的文件已在{KEPT.days}天后清除，请重新上传。")
    return data


def find(number: int, part: str) -> bytes | None:
    """None where the import has no such part, or no longer."""
    return sealed.read(ROOM, f"{number}.{part}")


def forget() -> None:
    """Erase what no import asks for any more, and what none ever did."""
    sealed.forget(ROOM, older=KEPT + SPARE)


def erase(number: int) -> None:
    for part in PARTS:
        sealed.erase(ROOM, f"{number}.{part}")

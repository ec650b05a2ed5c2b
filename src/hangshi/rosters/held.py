"""The file of a list and the faults of its rows, sealed; kept no longer than any upload, and never longer than the list."""

from hangshi.files import sealed
from hangshi.intake.vault import KEPT, SPARE
from hangshi.refusal import Refused

ROOM = "rosters"
PARTS = ("file", "faults")


def keep(number: int, data: bytes, part: str = "file") -> None:
    sealed.keep(ROOM, f"{number}.{part}", data)


def read(number: int, part: str = "file") -> bytes:
    """Raises `Refused` where it was erased."""
    data = sealed.read(ROOM, f"{number}.{part}")
    if data is None:
        raise Refused("roster.file", f"名单的文件已清除（最多留{KEPT.days}天），请重新上传。")
    return data


def forget() -> None:
    """Erase what no list asks for any more, and what none ever did."""
    sealed.forget(ROOM, older=KEPT + SPARE)


def erase(number: int) -> None:
    for part in PARTS:
        sealed.erase(ROOM, f"{number}.{part}")

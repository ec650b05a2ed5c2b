"""Files that a room keeps sealed: whole or not at all, readable in their place only, gone when their time is over."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hangshi.files import sealed
from tests.refusals import refusal_of

MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def ring(settings: Any) -> None:
    settings.FIELD_KEY = "a field secret of the test"


def written(place: Path, *, days_ago: int) -> None:
    then = time.time() - days_ago * 86_400
    os.utime(place, (then, then))


def test_what_is_kept_is_read_again_and_lies_unreadable(var: Path) -> None:
    sealed.keep("intake", "7.file", "张三,610101".encode())
    assert sealed.read("intake", "7.file") == "张三,610101".encode()
    assert [it.name for it in (var / "intake").iterdir()] == ["7.file.sealed"]
    assert b"610101" not in (var / "intake" / "7.file.sealed").read_bytes()


def test_a_file_put_in_another_place_does_not_open(var: Path) -> None:
    sealed.keep("intake", "7.file", b"of the seventh")
    (var / "intake" / "7.file.sealed").rename(var / "intake" / "8.file.sealed")
    assert refusal_of(sealed.read, "intake", "8.file") == "identity.seal"
    assert sealed.read("intake", "7.file") is None


def test_what_lies_too_long_goes_whether_a_row_names_it_or_not(var: Path) -> None:
    """A save cut off half way leaves a part, or a file of which the record was never committed."""
    for name in ("1.file", "2.file"):
        sealed.keep("intake", name, b"a sheet")
    part = var / "intake" / "tmpcut"
    part.write_bytes(b"half a sheet")
    sealed.keep("rosters", "1.file", b"a list")
    for place in (var / "intake" / "1.file.sealed", part, var / "rosters" / "1.file.sealed"):
        written(place, days_ago=31)
    written(var / "intake" / "2.file.sealed", days_ago=29)
    assert sealed.forget("intake", older=MONTH) == 2
    assert [it.name for it in (var / "intake").iterdir()] == ["2.file.sealed"]
    assert (var / "rosters" / "1.file.sealed").exists()
    assert sealed.forget("intake", older=MONTH) == 0


def test_a_room_that_never_kept_anything_has_nothing_to_forget() -> None:
    assert sealed.forget("handoff", older=MONTH) == 0

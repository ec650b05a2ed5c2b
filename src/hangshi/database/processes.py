"""Which processes truly are the server of a data folder. A pid file is a rumour, a working directory is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("postgres", "postmaster")


def servers_in(data: Path) -> set[int]:
    """Living PostgreSQL processes that work in `data`: the postmaster, and any that outlived a killed one.

    A zombie has no working directory, a foreign process another one; so neither is ever counted. An operator's
    shell that stands in the folder is no server either. Those of other users cannot be seen, and cannot have
    opened `data`, since PostgreSQL demands that it belongs to them.
    """
    try:
        place = data.stat()
    except FileNotFoundError:
        return set()
    if not sys.platform.startswith("linux"):
        return _by_lsof(place)
    return {pid for pid in _numbered() if _is_server(pid) and _stands_in(f"/proc/{pid}/cwd", place)}


def postmaster(data: Path) -> int | None:
    """The pid in postmaster.pid, if that process is really a server of `data`."""
    try:
        first = (data / "postmaster.pid").read_text("utf-8", errors="replace").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    pid = int(first) if first.strip().isdigit() else 0
    return pid if pid in servers_in(data) else None


def _numbered() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _is_server(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8", errors="replace").strip() in _NAMES
    except OSError:  # it ended while we looked
        return False


def _stands_in(link: str, place: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(link), place)
    except OSError:
        return False


def _by_lsof(place: os.stat_result) -> set[int]:
    lsof = shutil.which("lsof", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if lsof is None:
        raise FileNotFoundError("lsof is needed to tell a living server from a stale pid file")
    command = [lsof, "-a", "-c", "postgres", "-d", "cwd", "-Fpn"]
    listing = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False).stdout
    found, pid = set(), 0
    for line in listing.splitlines():
        if line.startswith("p"):
            pid = int(line[1:])
        elif line.startswith("n") and _stands_in(line[1:], place):
            found.add(pid)
    return found

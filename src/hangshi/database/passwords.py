"""The passwords we made, in one file that only its owner may read (0600)."""

import json
import os
import secrets
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypedDict

from hangshi.database.locks import locked


class _Entry(TypedDict):
    passwords: dict[str, str]
    databases: list[str]


class Passwords:
    """Passwords by role on one server, and which of its databases are known to be set up.

    `server` is "embedded" or host:port, so that a change of DATABASE_URL never mixes two servers.
    """

    def __init__(self, file: Path, server: str) -> None:
        self.file, self.server = file, server

    def get(self, role: str) -> str | None:
        return self._entry()["passwords"].get(role)

    def ensure(self, role: str) -> str:
        """The role's password; a new one is on disk before anybody can use it."""
        with self._locked():
            entry = self._entry()
            if role not in entry["passwords"]:
                entry["passwords"][role] = secrets.token_urlsafe(32)
                self._write(entry)
            return entry["passwords"][role]

    def is_ready(self, database: str) -> bool:
        return database in self._entry()["databases"]

    def set_ready(self, database: str, ready: bool) -> None:
        with self._locked():
            entry = self._entry()
            others = [name for name in entry["databases"] if name != database]
            entry["databases"] = [*others, database] if ready else others
            self._write(entry)

    def forget_all(self) -> None:
        """For a server that begins anew: what was true of the old one no longer is."""
        with self._locked():
            self._write({"passwords": {}, "databases": []})

    def _locked(self) -> AbstractContextManager[None]:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return locked(self.file.with_suffix(".lock"))

    def _entry(self) -> _Entry:
        return self._all().get(self.server) or {"passwords": {}, "databases": []}

    def _all(self) -> dict[str, _Entry]:
        try:
            found: dict[str, _Entry] = json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def _write(self, entry: _Entry) -> None:
        text = json.dumps({**self._all(), self.server: entry}, indent=1, ensure_ascii=False)
        fresh = self.file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        # Made 0600 from its first byte, and replaced whole: no reader meets half a file.
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, self.file)

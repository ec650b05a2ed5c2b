"""The embedded server: a real PostgreSQL in `var/pg`, started by whoever needs it first and kept until stopped."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from hangshi.database.accounts import Account, clean_environment, server_account
from hangshi.database.binaries import copy_to, find_binaries, version_of
from hangshi.database.errors import NoServer
from hangshi.database.initial import ADMINISTRATOR, PORT, SETTINGS_FILE, initialise, settings
from hangshi.database.locks import locked
from hangshi.database.passwords import Passwords
from hangshi.database.processes import postmaster, servers_in
from hangshi.database.sockets import SOCKET, State, check_owned, digest, make_private, ping, socket_folder

FALLBACK = Path("/var/lib/hangshi")
_PAUSE = 0.02

logger = logging.getLogger(__name__)


class Server:
    """One embedded server. `place` is the wanted data folder; `data` is where it truly lies.

    They differ only for root, where the server's account cannot enter a closed parent of `place`: modes of parents
    are not ours to change, so the data lies under `fallback`, and a file beside `place` says where.
    """

    def __init__(self, place: Path, passwords: Passwords, *, env: Mapping[str, str], fallback: Path = FALLBACK) -> None:
        self.place = place.absolute()
        self.passwords, self.env, self.fallback = passwords, env, fallback
        self._pointer = self.place.with_name(f"{place.name}.where")
        self._log = self.place.with_name(f"{place.name}.log")

    @property
    def data(self) -> Path:
        try:
            return Path(self._pointer.read_text("utf-8").strip())
        except FileNotFoundError:
            return self.place

    def login(self) -> dict[str, str]:
        """What psycopg needs to connect as the administrator."""
        password = self.passwords.get(ADMINISTRATOR)
        if password is None:
            raise NoServer(f"口令文件 {self.passwords.file} 丢失，进不了 {self.data} 的数据库；请从备份恢复该文件。")
        sockets = socket_folder(self.data, server_account(self.data))
        return {"host": str(sockets), "port": str(PORT), "user": ADMINISTRATOR, "password": password}

    def state(self) -> State:
        data = self.data
        if not data.exists():
            return State.SILENT
        account = server_account(data)
        sockets = socket_folder(data, account)
        if not (sockets / SOCKET).exists():
            return State.SILENT
        check_owned(sockets, account)
        return ping(sockets)

    def start(self) -> None:
        """Return once the server accepts connections, however long its recovery takes; at once if it runs already.

        Raises `NoServer`, with the server's own last words, if it ends instead.
        """
        if sys.platform == "win32":
            raise NoServer("内置数据库目前不支持 Windows；请用 DATABASE_URL 指向一台 PostgreSQL 服务器。")
        if self.state() is State.READY:
            return
        with self._locked():
            data = self.data
            if not (data / "PG_VERSION").exists():
                data = self._initialise()
            elif wait_until_ready(self.state, lambda: bool(servers_in(data))):
                return
            self._launch(data)

    def stop(self) -> None:
        """Return once no process of the server is left. Open transactions are rolled back."""
        with self._locked():
            data = self.data
            if pid := postmaster(data):
                os.kill(pid, signal.SIGINT)  # PostgreSQL's “fast” stop
            while servers_in(data):
                time.sleep(_PAUSE)

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.place.with_name(f"{self.place.name}.lock"))

    def _initialise(self) -> Path:
        account = server_account(self.data)
        data = self._reachable_place(account)
        binaries = self._binaries(account)
        self.passwords.forget_all()  # those of a data folder that is gone
        password = self.passwords.ensure(ADMINISTRATOR)
        initialise(data, binaries=binaries, version=version_of(binaries), account=account, password=password)
        return data

    def _reachable_place(self, account: Account) -> Path:
        data = self.data
        data.parent.mkdir(parents=True, exist_ok=True)
        if account.reaches(data.parent):
            return data
        _make_open(self.fallback)
        data = self.fallback / digest(self.place)
        if data.exists():
            raise NoServer(f"{data} 已有数据，却没有 {self._pointer} 指向它；请恢复该文件，或移走旧数据。")
        self._pointer.write_text(f"{data}\n", "utf-8")
        logger.warning("数据放在 %s：数据库账户进不了 %s。", data, self.place.parent)
        return data

    def _binaries(self, account: Account) -> Path:
        found = find_binaries(self.env)
        if account.reaches(found):
            return found
        _make_open(self.fallback)
        return copy_to(self.fallback, found)

    def _launch(self, data: Path) -> None:
        account = server_account(data)
        if not account.reaches(data):
            raise NoServer(f"数据目录 {data} 的某个上级目录不让数据库账户（uid {account.uid}）进入。")
        binaries = self._binaries(account)
        _check_version(data, binaries)
        sockets = socket_folder(data, account)
        if sockets != data:
            make_private(sockets, account)
        for rumour in (data / "postmaster.pid", sockets / f"{SOCKET}.lock", sockets / SOCKET):
            rumour.unlink(missing_ok=True)  # our caller saw that no living process stands behind it
        account.write(data / SETTINGS_FILE, settings(sockets))
        with self._log.open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,  # Ctrl-C in the starter's terminal is not meant for the server
                **account.popen_arguments(),
            )
        # The server outlives us; should it end before us, it must not stay as a zombie.
        threading.Thread(target=process.wait, daemon=True).start()
        if not wait_until_ready(self.state, lambda: process.returncode is None):
            raise NoServer(f"数据库没能启动：{self._last_words(data)}")

    def _last_words(self, data: Path) -> str:
        logs = sorted((data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)[-1:]
        lines = [line for file in (self._log, *logs) for line in file.read_text("utf-8", "replace").splitlines()[-5:]]
        return "\n".join(lines)


def wait_until_ready(
    state: Callable[[], State],
    alive: Callable[[], bool],
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """True once ready; False once nobody answers and no process is left. There is no limit of time.

    Replaying a large log takes minutes, and a second start in the middle of it would only make it worse.
    """
    waited = 0
    while True:
        living = alive()  # asked first: a server that ends between the two questions is asked once more
        now = state()
        if now is State.READY:
            return True
        if now is State.SILENT and not living:
            return False
        pause(_PAUSE)
        waited += 1
        if waited % int(10 / _PAUSE) == 0:
            logger.warning("数据库%s，继续等待（已 %d 秒）。", now.value, waited * _PAUSE)


def _check_version(data: Path, binaries: Path) -> None:
    made, here = int((data / "PG_VERSION").read_text("ascii")), version_of(binaries)
    if made != here:
        raise NoServer(
            f"数据由 PostgreSQL {made} 建立，现在的程序是 {here} 版；请先用 pg_upgrade 升级，或换回原来的程序。"
        )


def _make_open(folder: Path) -> None:
    """A folder of ours that others may pass through but not list. One that exists keeps its mode."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)

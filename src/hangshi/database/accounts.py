"""Under whose uid the server runs: PostgreSQL refuses root."""

import os
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from hangshi.database.errors import NoServer

if sys.platform != "win32":
    import grp
    import pwd

# Between the accounts of people and those that systemd gives out (60001 and up).
_FIRST_UID, _UIDS = 50_000, 10_000


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """For subprocess: become this account, with no other group; nothing to do where we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str | Path, text: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run to its end in a clean environment: the caller's locale and PG… variables change nothing."""
        try:
            return subprocess.run(
                [str(word) for word in command],
                input=text if text is not None else "",
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                cwd="/",
                env=clean_environment(),
                check=False,
                **self.popen_arguments(),
            )
        except PermissionError as refused:
            raise NoServer(f"不能以 uid {self.uid} 运行数据库程序：{refused}。") from refused

    def reaches(self, folder: Path) -> bool:
        """Whether it can enter `folder`. Asked of the kernel, for modes alone do not tell (ACLs, mounts)."""
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def write(self, file: Path, text: str) -> None:
        """Write as this account: root never writes where somebody else could have laid a link."""
        done = self.run("/bin/sh", "-c", 'umask 077; cat > "$1"', "sh", file, text=text)
        if done.returncode:
            raise NoServer(f"不能写入 {file}：{done.stderr.strip()}。")


def clean_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


def server_account(data: Path) -> Account:
    """Who runs the server on `data`: its owner once it exists, else we ourselves, or for root a uid of its own.

    That uid has no OS account: `nobody` is shared with other daemons, which could then read the data.
    """
    if data.exists():
        _check_ours(data)
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if (data / "PG_VERSION").exists():
        return _owner_of(data)
    start = int(sha256(os.fsencode(data)).hexdigest(), 16)
    for step in range(_UIDS):
        number = _FIRST_UID + (start + step) % _UIDS
        if _is_free(number):
            return Account(number, number)
    raise NoServer("找不到空闲的 uid 来运行数据库。")


def initial_account(server: Account) -> Account:
    """Who runs initdb, which insists on an account with a name: `nobody`, but in the server's private group.

    Other processes of `nobody` lack that group, so they can neither enter the folder nor trace this one.
    """
    if os.geteuid() != 0 or _has_name(server.uid):
        return server
    named = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    if not named:
        raise NoServer("系统里除 root 外没有任何账户，无法初始化数据库；请用普通用户运行。")
    chosen = next((entry for entry in named if entry.pw_name == "nobody"), named[0])
    return Account(chosen.pw_uid, server.gid)


def _check_ours(data: Path) -> None:
    owner = data.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise NoServer(f"数据目录 {data} 属于另一个系统用户（uid {owner}）；请用原来的用户运行。")


def _owner_of(data: Path) -> Account:
    found = data.stat()
    if found.st_uid == 0:
        raise NoServer(f"数据目录 {data} 属于 root，而 PostgreSQL 不以 root 运行；请把它改给一个普通用户。")
    return Account(found.st_uid, found.st_gid)


def _is_free(number: int) -> bool:
    try:
        grp.getgrgid(number)
    except KeyError:
        return not _has_name(number)
    return False


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True

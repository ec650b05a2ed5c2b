"""The server's socket: its folder, which nobody else may enter, and what answers there."""

import os
import stat
import sys
from enum import Enum
from hashlib import sha256
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from hangshi.database.accounts import Account
from hangshi.database.errors import NoServer
from hangshi.database.initial import PORT

SOCKET = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET = 107  # bytes that the kernel grants the path of a socket; macOS grants 103


class State(Enum):
    READY = "运行中"
    BUSY = "正在启动或停止"
    SILENT = "未运行"


def socket_folder(data: Path, account: Account) -> Path:
    """Where the socket lies: in the data folder, which only the server's account may enter, if that path can be one.

    It cannot if it is too long, or has a comma: clients take that for a list of hosts. The place is then a private
    folder under /tmp; one under /run/user would vanish when its user signs out.
    """
    longest = 103 if sys.platform == "darwin" else _LONGEST_SOCKET
    if len(os.fsencode(data / SOCKET)) <= longest and "," not in str(data):
        return data
    return Path("/tmp") / f"hangshi-{account.uid}-{digest(data)}"  # noqa: S108 - its owner is checked before use


def check_owned(folder: Path, account: Account) -> None:
    """Raises `NoServer` unless `folder` is a true folder of the server's account and closed to all others."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise NoServer(f"{folder} 不是数据库账户（uid {account.uid}）独有的目录，可能被他人占用；请查明后移走。")


def ping(sockets: Path) -> State:
    # A ping goes as far as the server's question for a password: starting up and shutting down are told apart from it.
    question = make_conninfo(host=str(sockets), port=PORT, user="ping", dbname="ping", connect_timeout=5)
    answer = pq.PGconn.ping(question.encode())
    return {pq.Ping.OK: State.READY, pq.Ping.REJECT: State.BUSY}.get(pq.Ping(answer), State.SILENT)


def make_private(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass  # ours from before, or somebody else's
    check_owned(folder, account)


def digest(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:16]

"""The first moment of a data folder, and the settings that each start writes anew."""

import os
import shutil
from pathlib import Path

from hangshi.database.accounts import Account, initial_account
from hangshi.database.errors import NoServer

ADMINISTRATOR = "postgres"
PORT = 5432  # part of the socket's file name only
SETTINGS_FILE = "hangshi.conf"

# No line says trust or peer: whoever reaches the socket still needs a password.
_WHO_MAY_ENTER = """\
local all         all scram-sha-256
local replication all scram-sha-256
"""
_SETTINGS = """\
# Written at every start. Your own settings belong into postgresql.conf below its last include: there they win.
listen_addresses = ''
port = {port}
unix_socket_directories = {sockets}
max_connections = 100
shared_buffers = {shared_buffers}MB
work_mem = 64MB
maintenance_work_mem = 256MB
temp_buffers = 128MB
max_wal_size = 4GB
jit = off
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
password_encryption = 'scram-sha-256'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
"""


def initialise(data: Path, *, binaries: Path, version: int, account: Account, password: str) -> None:
    """Make `data`, whole or not at all: initdb works in a folder beside it, which is then renamed."""
    stage = data.with_name(f".{data.name}.new")
    shutil.rmtree(stage, ignore_errors=True)  # from an attempt that was cut off
    maker = initial_account(account)
    fresh, secret = stage / "pg", stage / "password"
    # 0710: of the maker's namesakes only those in the private group of the server can enter.
    _make_folder(stage, 0o710, Account(os.geteuid(), account.gid))
    _make_folder(fresh, 0o700, maker)
    _make_secret(secret, password, maker)
    done = maker.run(binaries / "initdb", *_initdb_arguments(version), f"--pwfile={secret}", "-D", fresh)
    if done.returncode:
        raise NoServer(f"初始化数据库失败：{done.stderr.strip()}")
    maker.write(fresh / "pg_hba.conf", _WHO_MAY_ENTER)
    maker.write(fresh / SETTINGS_FILE, "")
    done = maker.run(
        "/bin/sh", "-c", 'echo "$1" >> "$2"', "sh", f"include '{SETTINGS_FILE}'", fresh / "postgresql.conf"
    )
    if done.returncode:
        raise NoServer(f"不能写入 postgresql.conf：{done.stderr.strip()}")
    if maker != account:
        _give(fresh, account)
    _move(fresh, data)
    shutil.rmtree(stage)


def settings(sockets: Path) -> str:
    return _SETTINGS.format(port=PORT, sockets=_quoted(sockets), shared_buffers=_shared_buffers())


def _initdb_arguments(version: int) -> list[str]:
    # Never the locale of whoever happens to install. 15 and 16 lack the built-in provider.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = builtin if version >= 17 else ["--locale=C.UTF-8"]
    return ["-U", ADMINISTRATOR, "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", *locale]


def _shared_buffers() -> int:
    """In MB: a quarter of the memory that we may use, at most 1 GB, at least 128 MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()  # a container's
    except OSError:
        limit = "max"
    if limit.isdigit():
        memory = min(memory, int(limit))
    return max(128, min(1024, memory // 4 // 2**20))


def _quoted(folder: Path) -> str:
    # The value is a list: inside the string, double quotes keep a comma or blank in the path from dividing it.
    name = str(folder).replace('"', '""').replace("\\", "\\\\").replace("'", "''")
    return f"'\"{name}\"'"


def _make_folder(folder: Path, mode: int, account: Account) -> None:
    folder.mkdir(0o700)
    os.chown(folder, account.uid, account.gid)
    folder.chmod(mode)


def _make_secret(file: Path, text: str, account: Account) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="ascii") as out:
        out.write(text)
    os.chown(file, account.uid, account.gid)


def _give(folder: Path, account: Account) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _move(fresh: Path, data: Path) -> None:
    try:
        fresh.rename(data)  # onto nothing, or onto an empty folder
    except OSError as refused:
        raise NoServer(f"{data} 里已有别的东西，不能作数据目录：{refused}。") from refused

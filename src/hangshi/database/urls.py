"""Which database this installation talks to: the embedded one, or the server that DATABASE_URL names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from hangshi.database import roles
from hangshi.database.errors import NoServer
from hangshi.database.passwords import Passwords
from hangshi.database.roles import Connections
from hangshi.database.server import Server
from hangshi.database.sockets import State

__all__ = [
    "Connections",
    "connections",
    "copy_database",
    "create_database",
    "databases",
    "default_var",
    "drop_database",
    "embedded",
]

_PREFIX = "HANGSHI_DB_PREFIX"


def connections(var: Path, env: Mapping[str, str], *, check: bool = False) -> Connections:
    """How to connect as the owner and as the app. Starts the embedded server if it is needed and not running.

    HANGSHI_DB_PREFIX (default: hangshi) names the database and, with _owner and _app, the roles. What has been set up
    once is remembered in `var`/secrets; `check` looks again. Raises `NoServer`.
    """
    prefix = env.get(_PREFIX) or "hangshi"
    return _connections(var, env, database=prefix, check=check)


def create_database(name: str, *, var: Path | None = None, env: Mapping[str, str] | None = None) -> Connections:
    """One more database for the same two roles, for tests; empty if it did not exist."""
    env = os.environ if env is None else env
    return _connections(var or default_var(env), env, database=name, check=True)


def copy_database(source: str, name: str, *, var: Path | None = None, env: Mapping[str, str] | None = None) -> bool:
    """Let `name` begin as a copy of `source`, for tests; False, and nothing made, where there is no such source."""
    admin, _ = _administrator(var or default_var(env or os.environ), env or os.environ)
    return roles.copy(admin, source=source, database=name)


def databases(prefix: str, *, var: Path | None = None, env: Mapping[str, str] | None = None) -> list[str]:
    """The databases of the server whose names begin so, in the order of their making."""
    admin, _ = _administrator(var or default_var(env or os.environ), env or os.environ)
    return roles.named(admin, prefix)


def drop_database(name: str, *, var: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    """Drop what `create_database` made. Raises `NoServer` for the installation's own database, whatever happens."""
    env = os.environ if env is None else env
    if name == (env.get(_PREFIX) or "hangshi"):
        raise NoServer(f"{name} 是本系统自己的数据库，不能删除。")
    admin, passwords = _administrator(var or default_var(env), env)
    roles.drop(admin, passwords, database=name)


def default_var(env: Mapping[str, str]) -> Path:
    """HANGSHI_VAR, else `var` under HANGSHI_ROOT or the working folder."""
    root = Path(env.get("HANGSHI_ROOT") or Path.cwd())
    return Path(env.get("HANGSHI_VAR") or root / "var").resolve()


def embedded(var: Path, env: Mapping[str, str]) -> Server | None:
    """The embedded server of this installation; None where DATABASE_URL names another."""
    return None if env.get("DATABASE_URL") else Server(var / "pg", _passwords(var, "embedded"), env=env)


def _connections(var: Path, env: Mapping[str, str], *, database: str, check: bool) -> Connections:
    prefix = env.get(_PREFIX) or "hangshi"
    admin, passwords = _administrator(var, env)
    found = None if check else roles.known(admin, passwords, database=database, prefix=prefix)
    return found or roles.ensure(admin, passwords, database=database, prefix=prefix)


def _administrator(var: Path, env: Mapping[str, str]) -> tuple[dict[str, Any], Passwords]:
    if server := embedded(var, env):
        if server.state() is not State.READY:
            server.start()
        return server.login(), server.passwords
    admin = _parsed(env["DATABASE_URL"])
    return admin, _passwords(var, f"{admin.get('host') or ''}:{admin.get('port') or 5432}")


def _parsed(url: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        # Without the cause: its message may repeat the URL, and with it the password.
        raise NoServer("DATABASE_URL 写得不对；应如 postgresql://管理员:口令@主机:5432/postgres。") from None


def _passwords(var: Path, server: str) -> Passwords:
    return Passwords(var / "secrets" / "database.json", server)

"""Roles and a database on any server: one role owns the tables, another serves requests and owns nothing.

The serving role may become one of three that cannot sign in, one for each narrower way of seeing rows (`MODES`); row policies
name them. It inherits nothing from them, so that without `set role` it sees what it saw before.
"""

import re
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from hangshi.database.errors import NoServer, RoleTaken
from hangshi.database.passwords import Passwords

OLDEST_SERVER = 15
MODES = ("party", "paired", "office")
_SHAPE = 2  # of what `ensure` makes; a higher one makes it run again on an installation that is set up
_BASIC = ("host", "port", "user", "password", "dbname")
# Alone in its kind on a server: two installations that start at once must not both create.
_LOCK = 0x68616E67
_POWERS_OF = """
    select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = %s
"""
_WITHOUT: tuple[LiteralString, ...] = (
    "alter role {} nosuperuser",
    "alter role {} nobypassrls",
    "alter role {} nocreaterole",
    "alter role {} nocreatedb",
    "alter role {} noreplication",
)

Login = dict[str, Any]


@dataclass(frozen=True)
class Connections:
    """Entries for Django's DATABASES: HOST, PORT, NAME, USER, PASSWORD, OPTIONS."""

    owner: Login
    app: Login


def role_names(prefix: str) -> tuple[str, str]:
    """The owner's and the app's role. Raises `NoServer` for a prefix that is no plain small name."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,49}", prefix):
        raise NoServer(f"名字“{prefix}”不可用：只能用小写字母、数字和下划线，以字母开头，最多 50 个字符。")
    return f"{prefix}_owner", f"{prefix}_app"


def mode_role(app: str, mode: str) -> str:
    """The role that the app role `app` becomes for a mode of `MODES`."""
    return f"{app.removesuffix('_app')}_{mode}"


def known(admin: Login, passwords: Passwords, *, database: str, prefix: str) -> Connections | None:
    """The connections if an earlier `ensure` made them; asks no server."""
    owner, app = role_names(prefix)
    if not passwords.is_ready(_mark(database)):
        return None
    owner_password, app_password = passwords.get(owner), passwords.get(app)
    if owner_password is None or app_password is None:
        return None
    return Connections(
        owner=_entry(admin, database, owner, owner_password), app=_entry(admin, database, app, app_password)
    )


def ensure(admin: Login, passwords: Passwords, *, database: str, prefix: str = "hangshi") -> Connections:
    """Make both roles and the database, or put them right; doing it twice is the same as once.

    `admin` is what psycopg.connect takes, for a role that may create roles and databases; no superuser is needed.
    Raises `RoleTaken` for roles of another installation, `NoServer` where the server is too old or out of reach.
    """
    owner, app = role_names(prefix)
    with connect(admin) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])  # until the connection closes
        try:
            for role in (owner, app):
                _ensure_role(connection, role, passwords)
            for mode in MODES:
                _ensure_mode(connection, app, mode_role(app, mode))
            _ensure_database(connection, database, owner)
        except psycopg.errors.InsufficientPrivilege as refused:
            raise NoServer(f"DATABASE_URL 的账户权限不够，它须能建角色、建数据库：{refused}") from refused
        entry = _entry(admin, database, owner, passwords.ensure(owner))
        with connect({**admin, "dbname": database, "user": owner, "password": entry["PASSWORD"]}) as mine:
            _grant(mine, database, app)
    passwords.set_ready(_mark(database), True)
    return Connections(owner=entry, app=_entry(admin, database, app, passwords.ensure(app)))


def drop(admin: Login, passwords: Passwords, *, database: str) -> None:
    """Drop the database and throw out whoever is in it. The roles stay."""
    passwords.set_ready(_mark(database), False)
    with connect(admin) as connection:
        connection.execute(_statement("drop database if exists {} with (force)", database))


def copy(admin: Login, *, source: str, database: str) -> bool:
    """Make `database` as a copy of `source`, for the same owner; False where there is no source, or somebody is in it."""
    with connect(admin) as connection:
        owner = connection.execute(
            "select pg_get_userbyid(datdba) from pg_database where datname = %s", [source]
        ).fetchone()
        if owner is None:
            return False
        try:
            connection.execute(_statement("create database {} owner {} template {}", database, owner[0], source))
        except psycopg.errors.ObjectInUse:
            return False
    return True


def named(admin: Login, prefix: str) -> list[str]:
    """The databases whose names begin with the prefix, oldest first."""
    with connect(admin) as connection:
        found = connection.execute(
            "select datname from pg_database where starts_with(datname, %s) order by oid", [prefix]
        )
        return [row[0] for row in found]


def connect(admin: Login) -> psycopg.Connection[tuple[Any, ...]]:
    """In autocommit, for databases are not created inside a transaction."""
    try:
        connection = psycopg.connect(**{"dbname": "postgres", "connect_timeout": 10, **admin}, autocommit=True)
    except psycopg.OperationalError as refused:
        raise NoServer(f"连不上数据库服务器：{refused}") from refused
    found = connection.info.server_version // 10_000
    if found < OLDEST_SERVER:
        connection.close()
        raise NoServer(f"这台服务器是 PostgreSQL {found}，本系统需要 {OLDEST_SERVER} 版以上。")
    return connection


def _ensure_role(connection: psycopg.Connection[tuple[Any, ...]], role: str, passwords: Passwords) -> None:
    exists = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if exists and passwords.get(role) is None:
        raise RoleTaken(
            f"服务器上已有角色 {role}，而本机没有它的口令：它属于另一套安装。"
            "请用 HANGSHI_DB_PREFIX 换一个名字；若确是本机旧装留下的，请先在服务器上删除该角色。"
        )
    if not exists:
        connection.execute(_statement("create role {} login", role))  # without any power, by default
    for words in _excess_powers(connection, role):
        connection.execute(_statement(words, role))
    # Hashed here, so that the server's log never shows the password itself.
    verifier = connection.pgconn.encrypt_password(passwords.ensure(role).encode(), role.encode(), b"scram-sha-256")
    change = sql.SQL("alter role {} login password {}")
    connection.execute(change.format(sql.Identifier(role), sql.Literal(verifier.decode())))


def _ensure_mode(connection: psycopg.Connection[tuple[Any, ...]], app: str, role: str) -> None:
    """A role without sign-in and power that `app` may become, and inherits nothing from."""
    if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        connection.execute(_statement("create role {} nologin", role))
    for words in _excess_powers(connection, role):
        connection.execute(_statement(words, role))
    connection.execute(_statement("alter role {} noinherit", app))  # before version 16 the only way to say it
    words = " with inherit false, set true" if connection.info.server_version >= 160_000 else ""
    connection.execute(_statement("grant {} to {}", role, app) + sql.SQL(words))


def _mark(database: str) -> str:
    return f"{database}#{_SHAPE}"


def _excess_powers(connection: psycopg.Connection[tuple[Any, ...]], role: str) -> list[LiteralString]:
    """What takes away the powers that the role holds and should not.

    Only those held are named: an administrator who is no superuser may not even mention the others.
    """
    row = connection.execute(_POWERS_OF, [role]).fetchone() or ()
    return [words for words, held in zip(_WITHOUT, row, strict=True) if held]


def _ensure_database(connection: psycopg.Connection[tuple[Any, ...]], database: str, owner: str) -> None:
    query = "select pg_get_userbyid(datdba) from pg_database where datname = %s"
    if found := connection.execute(query, [database]).fetchone():
        if found[0] != owner:
            raise RoleTaken(
                f"数据库 {database} 已存在，属于 {found[0]} 而不是 {owner}；请用 HANGSHI_DB_PREFIX 换一个名字。"
            )
        return
    if not _is_superuser(connection):
        connection.execute(_statement("grant {} to current_user", owner))  # one may give away only to oneself
    create = "create database {} owner {} template template0 encoding 'UTF8' "
    if connection.info.server_version >= 170_000:
        locale = "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
    else:
        locale = "locale_provider libc locale 'C.UTF-8'"
    connection.execute(_statement(create, database, owner) + sql.SQL(locale))


def _is_superuser(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    return connection.info.parameter_status("is_superuser") == "on"


def _grant(connection: psycopg.Connection[tuple[Any, ...]], database: str, app: str) -> None:
    connection.execute(_statement("revoke all on database {} from public", database))
    connection.execute(_statement("grant connect on database {} to {}", database, app))
    connection.execute("revoke create on schema public from public")
    for role in (app, *(mode_role(app, mode) for mode in MODES)):
        connection.execute(_statement("grant usage on schema public to {}", role))


def _statement(words: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))


def _entry(admin: Login, database: str, role: str, password: str) -> Login:
    return {
        "HOST": str(admin.get("host") or ""),
        "PORT": str(admin.get("port") or ""),
        "NAME": database,
        "USER": role,
        "PASSWORD": password,
        # What else the administrator's URL says holds for all: sslmode, sslrootcert, …
        "OPTIONS": {key: value for key, value in admin.items() if key not in _BASIC},
    }

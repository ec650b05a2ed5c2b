"""The browser of the tests: `python -m frontend.browser.install` prints its path, bringing one from the registries if there is none.

The machine's own Chromium comes first. The one brought is a Linux build without Chinese faces, so a font package goes with it.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from importlib import metadata
from pathlib import Path

from frontend import build

HERE = Path(__file__).resolve().parent
HOME = HERE / ".unpacked"
NAMES = ("chromium", "chromium-browser", "google-chrome")

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append"><string>Noto Sans CJK SC</string></edit></match>
</fontconfig>
"""
STARTER = """#!/bin/sh
LD_LIBRARY_PATH="{home}/libraries/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
FONTCONFIG_FILE="{home}/fonts.conf"
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec "{home}/chromium.bin" --no-zygote "$@"
"""


class NoBrowser(Exception):
    """There is no browser and none can be brought; the sentence says what to do."""


def find() -> str:
    """HANGSHI_CHROMIUM, else the machine's, else the one brought before, else one brought now. Raises `NoBrowser`."""
    if said := os.environ.get("HANGSHI_CHROMIUM"):
        if found := shutil.which(said):
            return found
        raise NoBrowser(f"HANGSHI_CHROMIUM={said} 不是可以运行的浏览器。")
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    return brought()


def brought() -> str:
    """The browser in this folder, unpacked once for each version of the lock."""
    starter = HOME / "chromium"
    stamp = build.digest([HERE / "package-lock.json", HERE / "install.py", HERE / "unpack.mjs"])
    mark = HOME / ".stamp"
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == stamp):
        if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            raise NoBrowser("这台机器上没有浏览器：请安装 Chromium，或用 HANGSHI_CHROMIUM 指明它的位置。")
        _unpack(starter)
        mark.write_text(stamp, encoding="utf-8")
    return str(starter)


def _unpack(starter: Path) -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    tools = build.node_tools()
    for command in ([*tools["npm"], "ci"], [*tools["node"], "unpack.mjs", str(HOME)]):
        subprocess.run(command, cwd=HERE, env=build.environment(tools), check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(HOME / "libraries.tar") as packed:
        packed.extractall(HOME / "libraries", filter="data")
    (HOME / "libraries.tar").unlink()
    shutil.rmtree(HERE / "node_modules")
    (HOME / "fonts.conf").write_text(FONTS.format(folder=_fonts(), cache=HOME / "font-cache"), encoding="utf-8")
    starter.write_text(STARTER.format(home=HOME), encoding="utf-8")
    for program in (starter, HOME / "chromium.bin"):
        program.chmod(0o755)


def _fonts() -> Path:
    """The folder of the Chinese faces that the font package carries."""
    listed = metadata.files("noto-cjk-sans-otc") or []
    faces = [Path(str(it.locate())) for it in listed if it.suffix == ".ttc"]
    if not faces:
        raise NoBrowser("没有找到中文字体：请重新运行 make setup-dev。")
    return faces[0].parent


if __name__ == "__main__":
    try:
        print(find())
    except NoBrowser as missing:
        print(missing, file=sys.stderr)
        sys.exit(1)

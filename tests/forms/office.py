"""LibreOffice as an independent reader: it opens what we wrote, works every formula out anew, and says what it came to."""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

NAMES = ("soffice", "libreoffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""  # or it would show the values that the file brings along
PATIENCE = 240  # seconds: a first start builds a profile


def program():
    """HANGSHI_SOFFICE, else the machine's, else Debian's brought now; without one the test fails, and says what to install."""
    found = _found() or _brought()
    if found is None:
        pytest.fail("没有 LibreOffice：请安装 libreoffice-calc，或用 HANGSHI_SOFFICE 指明 soffice。", pytrace=False)
    return found


def _found():
    return next(filter(None, map(shutil.which, [os.environ.get("HANGSHI_SOFFICE", ""), *NAMES])), None)


def _brought():
    """Where the machine is ours to install on, as a bare container of a CI is."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True, timeout=PATIENCE)
    wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libreoffice-calc"]
    said = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(wanted, check=False, capture_output=True, timeout=3 * PATIENCE, env=said)
    return _found()


def recalculated(books, folder: Path):
    """Name → the first sheet of each of the workbooks `books` (name → bytes), opened, worked out anew and saved by LibreOffice."""
    profile, into = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    done = subprocess.run(
        [
            program(), "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to", "xlsx", "--outdir", str(into), *(str(folder / f"{name}.xlsx") for name in books),
        ],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    # Without Java it says so each time, whatever it opens; a sheet needs none.
    assert [line for line in done.stderr.splitlines() if "javaldx" not in line] == []
    return {
        name: load_workbook(BytesIO((into / f"{name}.xlsx").read_bytes()), data_only=True).worksheets[0]
        for name in books
    }

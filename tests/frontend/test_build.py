"""What the build promises: nothing names a registry, everything is pinned, and old kernels can read the result."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "hangshi" / "web" / "static" / "dist"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def entries() -> dict[str, str]:
    subprocess.run([sys.executable, FRONTEND / "build.py"], check=True)
    result: dict[str, str] = json.loads((DIST / "meta.json").read_text(encoding="utf-8"))
    return result


@pytest.fixture(scope="session")
def css(entries: dict[str, str]) -> str:
    return (DIST / entries["style.css"]).read_text(encoding="utf-8")


def requirements(name: str) -> list[str]:
    """One text a requirement, its hashes included."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return [it for it in text.replace("\\\n", " ").splitlines() if it and not it.startswith("#")]


def test_the_lock_of_the_pages_names_no_registry() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: it for name, it in lock["packages"].items() if name}
    assert [name for name, it in packages.items() if "resolved" in it] == []
    assert [name for name, it in packages.items() if not it.get("integrity", "").startswith("sha512-")] == []


def test_packages_of_the_pages_are_pinned_to_one_version() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = package["dependencies"] | package["devDependencies"]
    assert versions["@tabler/core"] == "1.0.0"  # later ones lose their side bar on the kernels in use
    assert [it for it in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", it)] == []


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    assert [it for it in requirements(name) if not re.match(r"[\w.-]+(\[[\w,-]+])?==\S+ ", it)] == []
    assert [it for it in requirements(name) if "--hash=sha256:" not in it] == []


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_no_requirement_names_a_place(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|--\S*(?:index|find-links)\S*|\s@\s", text) == []


def test_what_runs_and_what_tests_agree_on_versions() -> None:
    names_and_versions = {it.split(" --hash")[0] for it in requirements("run.txt")}
    assert names_and_versions - {it.split(" --hash")[0] for it in requirements("dev.txt")} == set()


def test_the_manifest_lists_what_is_there(entries: dict[str, str]) -> None:
    assert sorted(entries) == ["charts.js", "icons.svg", "main.js", "maps/610900.json", "style.css"]
    assert [name for name in entries.values() if not (DIST / name).is_file()] == []


def test_names_carry_a_hash_so_that_they_may_be_kept_for_ever(entries: dict[str, str]) -> None:
    hashed = [name for entry, name in entries.items() if not entry.startswith("maps/")]
    assert [name for name in hashed if not re.fullmatch(r"\w+-[0-9A-Z]{8}\.(js|css|svg)", name)] == []


def test_a_second_build_does_nothing(entries: dict[str, str]) -> None:
    before = (DIST / "meta.json").stat().st_mtime_ns
    answer = subprocess.run([sys.executable, FRONTEND / "build.py"], check=True, capture_output=True, text=True)
    assert answer.stdout == "frontend: nothing has changed\n"
    assert (DIST / "meta.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("word", ["light-dark(", "color-mix(", ":has(", "text-transform:uppercase", "@layer"])
def test_the_style_uses_nothing_that_old_kernels_or_chinese_cannot_bear(css: str, word: str) -> None:
    assert word not in css


def test_the_pages_fetch_nothing_from_elsewhere(css: str) -> None:
    addresses = re.findall(r"url\(([^)]{0,30})", css)
    assert [it for it in addresses if not it.strip("\"'").startswith(("data:", "#"))] == []


def test_the_licences_of_what_is_bundled_go_along(entries: dict[str, str]) -> None:
    text = (DIST / "LICENSES.txt").read_text(encoding="utf-8")
    names = re.findall(r"^(\S+) \d+\.\d+\.\d+ \(.+\)$", text, flags=re.MULTILINE)
    assert {"htmx.org", "@tabler/core", "@tabler/icons", "bootstrap", "echarts", "zrender"} - set(names) == set()


def test_every_icon_asked_for_is_in_the_sprite(entries: dict[str, str]) -> None:
    sprite = ElementTree.parse(DIST / entries["icons.svg"])  # built a moment ago
    ids = [it.get("id") for it in sprite.getroot().iter(f"{SVG}symbol")]
    assert ids == (FRONTEND / "icons.txt").read_text(encoding="utf-8").split()


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_badges_can_be_read() -> None:
    rules = re.findall(
        r"(\.bg-[\w-]+-lt)[^{]*\{ color: (#\w{6}) !important; background: (#\w{6}) !important; }",
        (FRONTEND / "style" / "hangshi.css").read_text(encoding="utf-8"),
    )
    assert len(rules) == 10
    assert [name for name, text, ground in rules if contrast(text, ground) < 4.5] == []


@pytest.mark.parametrize("text", ["#566378", "#a3221b", "#465266", "#17642a", "#9b1c1c", "#8a3d0c"])
def test_texts_can_be_read_on_the_page(text: str) -> None:
    assert contrast(text, "#f6f8fb") >= 4.5

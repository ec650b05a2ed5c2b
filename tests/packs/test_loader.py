"""Loading: packs on top of each other, refusal of what is wrong, and the version of a definition."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hangshi.packs import PackError, check, load
from hangshi.packs.loader import load_folders


def test_a_pack_brings_what_it_needs() -> None:
    assert load("ankang").names == ("base", "ankang")
    assert "branch_chain" not in load("base").kinds.duty
    assert load("ankang").kinds.duty["first_secretary"].exclusive


def test_a_pack_with_a_problem_is_not_loaded(pack_dir: Path) -> None:
    (pack_dir / "part.toml").write_text('[indicator.a]\nname = "某"\n', encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_folders([pack_dir])
    assert {it.code for it in refused.value.problems} == {"P111"}


def test_an_unknown_pack_is_refused_with_a_hint() -> None:
    with pytest.raises(PackError, match="没有叫“ankong”的包；是不是“ankang”？"):
        load("ankong")


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert [it.code for it in check(tmp_path / "nowhere")] == ["P103"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ('[pack]\nname = "试验"\nneeds = ["bace"]\n', [(3, "P105", "找不到所依赖的包“bace”；是不是“base”？")]),
        ('[pack]\nneeds = ["base"]\n', [(1, "P111", "缺少“name”")]),
        ("", [(1, "P105", "缺少 [pack] 表，至少要写 name")]),
        ('[pack]\nname = "试验"\nneeds = ["trial"]\n', []),
    ],
)
def test_the_header_is_checked(pack_dir: Path, header: str, said: list[tuple[int, str, str]]) -> None:
    (pack_dir / "pack.toml").write_text(header, encoding="utf-8")
    assert [(it.line, it.code, it.sentence) for it in check(pack_dir)] == said


def test_a_file_in_another_encoding_is_named(pack_dir: Path) -> None:
    (pack_dir / "part.toml").write_bytes('[indicator.a]\nname = "走访"\n'.encode("gb18030"))
    assert [(it.file, it.code) for it in check(pack_dir)] == [("trial/part.toml", "P103")]


ONE = """
[indicator.a]
name = "{name}"
fact = "activities"
where = "{where}"
measure = "count(*)"
time = "within"
unit = "item"
empty = "zero"
source = "试验"
[indicator.fall]
name = "降幅"
change_of = "a"
unit = "percent"
empty = "none"
source = "试验"
"""


@pytest.fixture
def version_of(pack_dir: Path) -> Callable[..., str]:
    def version(key: str, name: str = "某", where: str = "present > 0") -> str:
        (pack_dir / "part.toml").write_text(ONE.format(name=name, where=where), encoding="utf-8")
        return load_folders([pack_dir]).definition_version(key)

    return version


def test_a_version_follows_the_meaning_and_not_the_name(version_of: Callable[..., str]) -> None:
    assert version_of("a", name="另一名") == version_of("a")
    assert version_of("a", where="present > 1") != version_of("a")


def test_a_version_follows_the_parts(version_of: Callable[..., str]) -> None:
    assert version_of("fall", where="present > 1") != version_of("fall")


def test_a_countys_own_folder_is_loaded_by_its_name_before_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "ourcounty"
    folder.mkdir()
    (folder / "pack.toml").write_text('[pack]\nname = "本县"\nneeds = ["base"]\nroot = "330127"\n', encoding="utf-8")
    found = load("base", "ourcounty", dirs=(folder,))
    assert found.names == ("base", "ourcounty")
    assert found.headers["ourcounty"].root == "330127"
    with pytest.raises(PackError, match="没有叫“ourcounti”的包；是不是“ourcounty”"):
        load("ourcounti", dirs=(folder,))

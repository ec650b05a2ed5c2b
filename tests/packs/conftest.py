"""A trial pack above `base`, written from text, and what is said of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hangshi.packs import check

HEADER = '[pack]\nname = "试验"\nneeds = ["base"]\n'
SaidOf = Callable[..., list[str]]
SentenceOf = Callable[[str], str]


@pytest.fixture
def pack_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "pack.toml").write_text(HEADER, encoding="utf-8")
    return folder


@pytest.fixture
def said_of(pack_dir: Path) -> SaidOf:
    """Problems as "file:line code key" of a trial pack with these files (`part` is part.toml)."""

    def said(part: str, **others: str) -> list[str]:
        for name, text in {"part": part, **others}.items():
            (pack_dir / f"{name}.toml").write_text(text, encoding="utf-8")
        return [f"{it.file.removeprefix('trial/')}:{it.line} {it.code} {it.key}" for it in check(pack_dir)]

    return said


@pytest.fixture
def codes_of(said_of: SaidOf) -> SaidOf:
    return lambda part: [line.split()[1] for line in said_of(part)]


@pytest.fixture
def sentence_of(pack_dir: Path, said_of: SaidOf) -> SentenceOf:
    """The one sentence said of a pack with one fault."""

    def sentence(part: str) -> str:
        said_of(part)
        [problem] = check(pack_dir)
        return problem.sentence

    return sentence

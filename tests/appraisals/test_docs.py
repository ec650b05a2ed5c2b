"""The scheme in the guide is one that a pack may hold, once the words of the place are defined beside it."""

import re
from pathlib import Path

from hangshi.packs import check

GUIDE = Path(__file__).parents[2] / "docs" / "appraisals.md"
PLACE = """
[kind.entry.flag_rise]
name = "红旗报酬上浮"
unit = "yuan"
subject = "person"
source = "示例区〔2018〕1号"
"""


def test_the_scheme_of_the_guide_has_no_problem(tmp_path):
    [said] = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "pack.toml").write_text('[pack]\nname = "示例"\nneeds = ["base"]\n', "utf-8")
    (folder / "flags.toml").write_text(said + PLACE, "utf-8")
    assert [str(it) for it in check(folder)] == []

"""One text read beside loaded packs; and a definition cut out of the file it was written in."""

from hangshi.packs.beside import cut, read_beside
from hangshi.packs.documents import read_text
from hangshi.packs.loader import stacked

BASE = stacked("base")
SCHEME = """[scheme.trial]
name = "试验"
unit_kinds = ["branch"]
source = "示例县〔2020〕3号"
[[scheme.trial.editions]]
since = 2020-01-01
grades = [{ key = "all", name = "都算", least = 0 }]
[[scheme.trial.editions.criteria]]
key = "days"
name = "主题党日"
weight = 100
nature = "outcome"
by = "indicator"
indicator = "theme_days"
curve = [{ at = 0, percent = 0 }, { at = 12, percent = 100 }]
"""


def said(text: str) -> list[str]:
    found = read_beside(text, file="办法.toml", stack=BASE)
    return [f"{it.line} {it.code} {it.key.removeprefix('scheme.trial.')}" for it in found.problems]


def test_what_it_names_may_stand_in_the_packs():
    found = read_beside(SCHEME, file="办法.toml", stack=BASE)
    assert (found.problems, found.shaped) == ([], True)
    assert list(found.made) == [("scheme", "trial")]


def test_every_pass_says_its_problems_at_their_lines():
    wrong = SCHEME.replace("theme_days", "them_days").replace("weight = 100", "weight = 90\nwieght = 100")
    assert said(wrong) == [
        "5 P702 editions.0",
        "12 P112 editions.0.criteria.0.wieght",
        "15 P703 editions.0.criteria.0.indicator",
    ]
    found = read_beside(wrong, file="办法.toml", stack=BASE)
    assert [it.sentence for it in found.problems][1:] == [
        "没有“wieght”这个键；是不是“weight”？",
        "没有“them_days”；是不是“theme_days”？",
    ]
    assert not found.shaped


def test_what_the_rules_find_leaves_the_form_sound():
    assert read_beside(SCHEME.replace("weight = 100", "weight = 90"), file="办法.toml", stack=BASE).shaped


def test_a_definition_takes_the_place_of_the_one_in_the_pack():
    text = SCHEME.replace("scheme.trial", "scheme.branch_standard")
    assert read_beside(text, file="办法.toml", stack=BASE).problems == []


def document(text: str):
    return read_text(text, "trial/part.toml")[0]


def test_a_definition_is_cut_out_with_the_comment_right_above_it():
    file = "# 别的\n\n# 考评\n# 两行\n" + SCHEME + "\n[standard.x]\nname = '甲'\n"
    assert cut(document(file), ("scheme", "trial")) == "# 考评\n# 两行\n" + SCHEME


def test_one_of_several_is_cut_out_alone():
    file = SCHEME.replace("trial", "first") + SCHEME + SCHEME.replace("trial", "last")
    assert cut(document(file), ("scheme", "trial")) == SCHEME


def test_what_does_not_stand_in_one_piece_is_not_cut():
    head, rest = SCHEME.split("[[scheme.trial.editions]]", 1)
    file = head + "[standard.x]\nname = '甲'\n[[scheme.trial.editions]]" + rest
    assert cut(document(file), ("scheme", "trial")) == ""
    assert cut(document(file), ("scheme", "other")) == ""


def test_every_shipped_scheme_stands_in_one_piece_and_is_sound_alone():
    stack = stacked("base", "ankang", "nanpiao", "baoshan", "shifan", "jiuquan")
    for key, (it, where) in stack.whole.made.items():
        if key[0] == "scheme":
            found = read_beside(cut(where, key), file="办法.toml", stack=stack)
            assert (found.problems, found.made) == ([], {key: it})

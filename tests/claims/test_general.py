"""The rules are of the language, not of a document: the package names no place and no file that its makers had before them."""

from importlib.resources import files

import pytest

PACKAGE = files("hangshi.claims")
FOLDERS = (PACKAGE, PACKAGE / "words")
TEXTS = {
    it.name: it.read_text(encoding="utf-8")
    for at in FOLDERS
    for it in at.iterdir()
    if it.name.endswith((".py", ".txt"))
}


@pytest.mark.parametrize(
    "name",
    [
        "安康",
        "南票",
        "葫芦岛",
        "保山",
        "酒泉",
        "新县",
        "肃州",
        "汉滨",
        "旬阳",
        "闵行",
        "兰考",
        "鸿雁",
        "多彩田园",
        "铁人",
        "seed",
        "000_",
        "004_",
    ],
)
def test_no_rule_names_a_document(name):
    assert [file for file, text in TEXTS.items() if name in text] == []


def test_no_rule_holds_a_whole_sentence():
    assert len(TEXTS) >= 15

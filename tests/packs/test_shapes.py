"""The second pass: keys and types, in nested tables too."""

import pytest

from tests.packs.conftest import SaidOf, SentenceOf

FIELD = '[kind.entry.a]\nname = "某"\nunit = "yuan"\nsource = "试验"\n[kind.entry.a.fields]\nsize = {{ name = "规模", {} }}\n'


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("indicator = 3\n", ["part.toml:1 P113 indicator"]),
        ("indicators = 3\n", ["part.toml:1 P104 indicators"]),
        ("[indicator]\na = 3\n", ["part.toml:2 P113 indicator.a"]),
        ("[kind.dutty.a]\n", ["part.toml:1 P104 kind.dutty"]),
        ("kind = 3\n", ["part.toml:1 P104 kind"]),
        (FIELD.format('type = "int", lowest = 1'), ["part.toml:6 P112 kind.entry.a.fields.size.lowest"]),
        (FIELD.format('type = "int", low = "x"'), ["part.toml:6 P113 kind.entry.a.fields.size.low"]),
        (FIELD.format('type = "int", required = 1'), ["part.toml:6 P113 kind.entry.a.fields.size.required"]),
        (FIELD.format('type = "int"'), []),
    ],
)
def test_keys_and_types_are_checked_where_they_stand(said_of: SaidOf, part: str, said: list[str]) -> None:
    assert said_of(part) == said


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (FIELD.format('type = "int", requierd = true'), "没有“requierd”这个键；是不是“required”？"),
        (
            FIELD.format('type = "integer"'),
            "“integer”不在可选之列：text、int、decimal、bool、date、choice；是不是“int”？",
        ),
        (FIELD.format('type = "int", required = 1'), "应当是 true 或 false"),
        ("[kind.dutty.a]\n", "没有叫“dutty”的一类定义；是不是“duty”？"),
        ("[fact]\n[fact]\n", "这个键或表在本文件里写了两次，只能写一次"),
    ],
)
def test_the_sentence_says_what_is_wanted(sentence_of: SentenceOf, part: str, sentence: str) -> None:
    assert sentence_of(part) == sentence

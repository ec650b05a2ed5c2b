"""Lines of keys, whatever way the TOML is written."""

import pytest

from hangshi.packs.positions import Key, positions

TEXT = '''\
# a comment with = and [brackets]
[pack]
name = "x # no comment"

[a.b]
text = """
two = 2
lines"""
rows = [
    { since = 1, amount = 2 },   # first
    { since = 3, amount = { deep = 4 } },
]
after.dotted = 5
"quoted key" = [[1], [2]]

[[many]]
x = 1
[[many]]
x = 2
[[many.inner]]
y = 1
[many.inner.deep]
z = 1
[[many]]
[[many.inner]]
y = 2
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("pack", "name"), 3),
        (("a",), 5),
        (("a", "b", "text"), 6),
        (("a", "b", "rows"), 9),
        (("a", "b", "rows", 0, "amount"), 10),
        (("a", "b", "rows", 1, "amount", "deep"), 11),
        (("a", "b", "after", "dotted"), 13),
        (("many", 1, "inner", 0, "y"), 21),
        (("many", 1, "inner", 0, "deep", "z"), 23),
        (("many", 2, "inner", 0, "y"), 26),
        (("a", "b", "quoted key"), 14),
        (("many", 1, "x"), 19),
        (("a", "b", "missing"), 5),
        (("nowhere",), 1),
    ],
)
def test_a_key_has_its_line_or_that_of_the_table_around_it(key: Key, line: int) -> None:
    assert positions(TEXT).line(key) == line


def test_a_statement_spans_its_lines() -> None:
    assert positions(TEXT).span(7) == (6, 8)
    assert positions(TEXT).span(12) == (9, 12)


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "a",
        "a =",
        "= 1",
        "a = [",
        "a = {",
        'a = "',
        'a = """',
        "]",
        "a = [{",
        "}{",
        "[[",
        "a = ]",
    ],
)
def test_what_is_not_toml_is_walked_to_its_end(text: str) -> None:
    assert positions(text).line(("nowhere",)) == 1

"""Texts made to hurt: a million of one character is read once from left to right, and names nothing."""

import pytest

from hangshi.claims.extract import extract
from hangshi.claims.score import dice

MILLION = 1_000_000


@pytest.mark.parametrize("mark", ["7", "一", "(", "“"])
def test_a_million_of_one_character_is_no_claim(mark):
    assert extract(mark * MILLION) == []


@pytest.mark.parametrize("piece", ["3、", "1至", "百分之", "1-", "不少于", "“一", "(xiāng", "》", "近", "每", "\n"])
def test_twenty_thousand_characters_of_a_broken_phrase_end(piece):
    assert len(extract(piece * (20_000 // len(piece)))) <= 1


def test_a_number_longer_than_anybody_writes_is_no_number():
    assert extract(f"党员{'9' * 400}名。") == []


def test_two_empty_texts_are_alike_and_one_is_not():
    assert (dice("", ""), dice("", "村"), dice("村", "村")) == (1.0, 0.0, 1.0)

"""The rules, a sentence each: sentences.tsv says what is a claim, with which interval, unit, role and thing counted."""

import pytest

from hangshi.claims.extract import extract
from hangshi.claims.score import dice
from tests.claims.reading import said, sentences

SET = sentences()


def test_the_set_covers_the_guideline():
    assert len(SET) >= 120
    assert sum(not expected for _, _, expected in SET) >= 30  # what is no claim is as much a rule


@pytest.mark.parametrize(("rule", "text", "expected"), SET, ids=[rule for rule, _, _ in SET])
def test_a_sentence_says_these_claims_and_no_others(rule, text, expected):
    assert said(text) == [claim for claim, _ in expected]
    for found, (_, subject) in zip(extract(text), expected, strict=True):
        assert subject == "-" or dice(found.subject, subject) >= 0.5, found.subject

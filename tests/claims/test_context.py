"""Whose quantity it is and when: scope and period are copied from the sentence."""

import pytest

from hangshi.claims.extract import extract


@pytest.mark.parametrize(
    ("text", "scope", "period"),
    [
        ("2019年，全市发展党员120名。", "全市", "2019年"),
        ("今年以来，我县走访农户300户。", "我县", "今年以来"),
        ("每村每年安排经费5万元。", "每村每年", "每年"),
        ("发展党员120名。", "", ""),
        ("2018年全县先行。建成车间3个。", "", ""),  # another sentence's time is not this one's
    ],
)
def test_scope_and_period_come_from_the_same_sentence(text, scope, period):
    [claim] = extract(text)
    assert (claim.scope, claim.period) == (scope, period)

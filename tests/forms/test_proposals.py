"""What a column is offered to be: by name, alias and head, best first, each with its reason."""

import pytest

from hangshi.forms import proposals


@pytest.mark.parametrize(
    ("label", "target", "reason"),
    [
        ("走访次数", "figure.visits", "等于名称"),
        ("走访入户次数（次）", "figure.visits", "等于别名“走访入户次数”"),
        ("农户/脱贫户", "figure.lifted_households", "等于别名“脱贫户”"),
        ("农户/建档立卡户数（户）", "figure.registered_households", "等于名称"),
        ("建档立卡/户数", "figure.registered_households", "连同上级表头等于名称"),
        ("行政村", "unit.name", "列名就是"),
        ("区划代码", "unit.code", "列名就是"),
        ("序号", "serial", "列名就是"),
    ],
)
def test_the_first_candidate_and_why(pack, label, target, reason):
    best = proposals.candidates(pack, label)[0]
    assert (best.target, best.reason) == (target, reason)


def test_those_that_are_only_like_it_follow(pack):
    found = proposals.candidates(pack, "走访次数")
    assert found[0].score == 1
    assert len(found) <= 5
    assert [it.score for it in found] == sorted((it.score for it in found), reverse=True)
    assert all(0.6 <= it.score <= 1 for it in found)


def test_nothing_is_offered_for_what_the_system_does_not_know(pack):
    assert proposals.candidates(pack, "备注") == []


def test_one_target_is_offered_for_one_column_and_the_better_claim_has_it(pack):
    labels = {"A": "村", "B": "走访次", "C": "走访次数"}
    assert proposals.proposed(pack, labels) == {"A": "unit.name", "C": "figure.visits"}

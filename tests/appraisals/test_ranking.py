"""Places among peers, the interval that the reviewers allow, and the weight that would turn two around."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hangshi.appraisals.ranking import Place, Standing, flips, places
from hangshi.appraisals.scoring import Outcome, score
from tests.appraisals.schemes import criterion, edition


def standing(key, total, low=None, high=None, group="", *, vetoed=False):
    known = None if total is None else Decimal(total)
    return Standing(
        key, group, Outcome([], known, Decimal(low or total or 0), Decimal(high or total or 0), vetoed=vetoed)
    )


def test_equal_totals_share_a_place_and_the_next_is_skipped():
    found = places([standing(1, 90), standing(2, 80), standing(3, 80), standing(4, 70)])
    assert {key: it.rank for key, it in found.items()} == {1: 1, 2: 2, 3: 2, 4: 4}


def test_the_spread_gives_an_interval():
    found = places([standing(1, 90, 84, 95), standing(2, 85, 80, 88), standing(3, 70, 65, 75)])
    assert [(found[key].best, found[key].worst) for key in (1, 2, 3)] == [(1, 2), (1, 2), (3, 3)]


def test_peers_are_compared_with_peers_only():
    found = places([standing(1, 90, group="a"), standing(2, 50, group="b"), standing(3, 60, group="b")])
    assert found == {1: Place(1, 1, 1, 1), 2: Place(2, 2, 2, 2), 3: Place(1, 1, 1, 2)}


def test_without_a_total_or_with_a_veto_there_is_no_place():
    assert set(places([standing(1, 90, vetoed=True), standing(2, None), standing(3, 10)])) == {3}


MEMBERS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(0, 5), st.sampled_from("ab")), max_size=12
)


@settings(max_examples=200, deadline=None)
@given(MEMBERS)
def test_places_are_those_of_counting_one_by_one(members):
    all_ = [
        standing(key, total, max(total - less, 0), total + more, group)
        for key, (total, less, more, group) in enumerate(members)
    ]
    found = places(all_)
    for me in all_:
        others = [it for it in all_ if it.group == me.group and it.key != me.key]
        above = sum(it.outcome.total > me.outcome.total for it in others)
        surely = sum(it.outcome.low > me.outcome.high for it in others)
        maybe = sum(it.outcome.high >= me.outcome.low for it in others)
        assert found[me.key] == Place(1 + above, 1 + surely, 1 + maybe, 1 + len(others))
        assert found[me.key].best <= found[me.key].rank <= found[me.key].worst


def outcome(form, **marks):
    return score(form, 2, {key: {"marks": [str(mark)]} for key, mark in marks.items()})


def test_the_weight_that_turns_two_around_is_found_exactly():
    form = edition(criterion("a", 60), criterion("b", 40))
    ahead, behind = outcome(form, a=90, b=60), outcome(form, a=70, b=80)  # 78 and 74: a leads by 20, b trails by 20
    assert [(it.key, it.now, it.weight) for it in flips(form, ahead, behind)] == [
        ("a", Decimal(60), Fraction(50)),
        ("b", Decimal(40), Fraction(50)),
    ]


def test_no_weight_turns_one_that_leads_everywhere():
    form = edition(criterion("a", 60), criterion("b", 40))
    assert flips(form, outcome(form, a=90, b=80), outcome(form, a=70, b=60)) == []


def test_where_a_cap_bites_nothing_is_said():
    form = edition(
        criterion("a", 60, heading="h"), criterion("b", 40), headings=[{"key": "h", "name": "大项", "cap": 50}]
    )
    assert flips(form, outcome(form, a=90, b=60), outcome(form, a=70, b=80)) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=3))
def test_at_the_weight_found_the_two_are_equal_and_beyond_it_they_have_turned(marks):
    form = edition(criterion("a", 50), criterion("b", 30), criterion("c", 20))
    pair = [outcome(form, a=marks[0][side], b=marks[1][side], c=marks[2][side]) for side in (0, 1)]
    upper, lower = sorted(pair, key=lambda it: -it.total)
    shares = [
        [Fraction(part.points) / Fraction(it.weight) for part, it in zip(one.parts, form.criteria, strict=True)]
        for one in (upper, lower)
    ]

    def lead(key, weight):
        at = "abc".index(key)
        now = [Fraction(it.weight) for it in form.criteria]
        new = [weight if n == at else now[n] * (100 - weight) / (100 - now[at]) for n in range(3)]
        return sum(w * (one - other) for w, one, other in zip(new, *shares, strict=True))

    found = flips(form, upper, lower)
    for it in found:
        assert lead(it.key, it.weight) == 0
        beyond = it.weight + (it.weight - Fraction(it.now)) / 1000
        assert lead(it.key, beyond) < 0
    if upper.total > lower.total:  # and where none is found, no whole weight turns them
        for key in set("abc") - {it.key for it in found}:
            assert all(lead(key, Fraction(weight)) > 0 for weight in range(101))

"""A draw by quota: what it must give, what it may not, and that nobody is favoured."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangshi.planning.lots import bound, shuffled
from hangshi.planning.sampling import Item, Quota, Unmet, draw, unmet

SEED = "00" * 32
# 隆阳 has six townships with three members each, 昌宁 four.
FRAME = [
    Item(f"{county}{township}{number}", county, f"{county}{township}")
    for county, townships in (("隆阳", 6), ("昌宁", 4))
    for township in range(1, townships + 1)
    for number in range(1, 4)
]
TEN = Quota(least=10, most=2)


def test_a_county_with_too_few_townships_is_named_and_nothing_is_drawn():
    assert unmet(FRAME, TEN) == [Unmet("昌宁", needs=10, can=8, parts=4)]
    with pytest.raises(ValueError, match="cannot be met"):
        draw(FRAME, TEN, SEED)


def test_each_county_gives_its_least_and_no_township_more_than_its_most():
    drawn = draw(FRAME, Quota(least=8, most=2), SEED)
    county = {item.key: item.group for item in FRAME}
    township = {item.key: item.part for item in FRAME}
    assert Counter(county[key] for key in drawn) == {"隆阳": 8, "昌宁": 8}
    assert max(Counter(township[key] for key in drawn).values()) == 2


def test_with_cover_every_township_gives_one():
    township = {item.key: item.part for item in FRAME}
    drawn = draw(FRAME, Quota(least=5, most=2, cover=True), SEED)
    assert {township[key] for key in drawn} == {item.part for item in FRAME}
    assert len(drawn) == 6 + 5  # 隆阳 has six townships, 昌宁 must give five


def test_a_total_is_filled_from_all_that_is_left():
    assert len(draw(FRAME, Quota(least=5, most=2, total=17), SEED)) == 17


@pytest.mark.parametrize(("total", "can"), [(21, 20), (9, 10)])
def test_a_total_that_cannot_be_is_reported(total, can):
    assert unmet(FRAME, Quota(least=5, most=2, total=total)) == [Unmet("", needs=total, can=can, parts=2)]


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_frame():
    quota = Quota(least=5, most=1)
    quota_of_four = Quota(least=4, most=1)
    assert unmet(FRAME, quota) == [Unmet("昌宁", needs=5, can=4, parts=4)]
    assert draw(FRAME, quota_of_four, SEED) == draw(FRAME[::-1], quota_of_four, SEED)
    assert draw(FRAME, quota_of_four, SEED) != draw(FRAME, quota_of_four, "11" * 32)


def test_everybody_of_a_group_is_drawn_about_as_often():
    """Of 24 in one township two are drawn, 6,000 times: each is expected 500 times; five standard deviations are 107."""
    frame = [Item(f"p{number}", "县", "镇") for number in range(24)]
    seen = Counter(key for round_ in range(6000) for key in draw(frame, Quota(2, 2), f"{round_:064x}"))
    assert len(seen) == 24
    assert max(abs(count - 500) for count in seen.values()) < 107


frames = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 4)), min_size=1, max_size=40).map(
    lambda rows: [Item(f"{n}", group, f"{group}{part}") for n, (group, part) in enumerate(rows)]
)


@given(frames, st.integers(0, 6), st.integers(1, 3), st.booleans(), st.integers(0, 2**32))
def test_what_can_be_met_is_met(frame, least, most, cover, seed):
    """Feasible exactly when each group, capped part by part, can give its least; and then every bound holds."""
    quota = Quota(least, most, cover)
    groups = {item.group for item in frame}
    parts = Counter((item.group, item.part) for item in frame)
    capped = {group: sum(min(most, size) for (g, _), size in parts.items() if g == group) for group in groups}
    assert {it.group for it in unmet(frame, quota)} == {group for group in groups if capped[group] < least}
    if unmet(frame, quota):
        return
    drawn = set(draw(frame, quota, f"{seed:064x}"))
    chosen = [item for item in frame if item.key in drawn]
    assert all(count <= most for count in Counter((item.group, item.part) for item in chosen).values())
    for group in groups:
        own = len([1 for g, _ in parts if g == group])
        assert sum(item.group == group for item in chosen) == (max(least, own) if cover else least)
    if cover:
        assert {(item.group, item.part) for item in chosen} == set(parts)


def test_a_seed_is_bound_without_being_shown():
    assert bound(SEED) != bound("11" * 32)
    assert SEED not in bound(SEED)
    assert sorted(shuffled(SEED, "draw", ["a", "b", "c"])) == ["a", "b", "c"]

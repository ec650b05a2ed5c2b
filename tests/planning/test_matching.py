"""Who inspects whom: nobody meets whom they must avoid, the load is even, and nobody checks itself."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangshi.planning.matching import pair, ring

SEED = "07" * 32


def test_every_unit_gets_an_inspector_and_the_load_is_even():
    pairs, left = pair(["王", "李"], ["甲", "乙", "丙", "丁"], SEED)
    assert (set(pairs), left) == ({"甲", "乙", "丙", "丁"}, [])
    assert Counter(pairs.values()) == {"王": 2, "李": 2}


def test_nobody_inspects_whom_they_must_avoid():
    pairs, left = pair(["王", "李"], ["甲", "乙"], SEED, avoid=[("王", "甲")])
    assert (pairs, left) == ({"甲": "李", "乙": "王"}, [])


def test_a_unit_that_all_must_avoid_is_reported():
    pairs, left = pair(["王", "李"], ["甲", "乙"], SEED, avoid=[("王", "甲"), ("李", "甲")])
    assert left == ["甲"]
    assert set(pairs) == {"乙"}


def test_a_cap_leaves_units_over_and_says_which():
    pairs, left = pair(["王"], ["甲", "乙", "丙"], SEED, most=2)
    assert len(pairs) == 2
    assert set(left) == {"甲", "乙", "丙"} - set(pairs)


@given(
    st.sets(st.tuples(st.sampled_from("王李张"), st.sampled_from("甲乙丙丁"))), st.integers(1, 2), st.integers(0, 2**32)
)
def test_as_many_units_get_an_inspector_as_can(avoid, most, seed):
    """Against trying every assignment: an inspector is never over the cap, and no assignment serves more units."""
    pairs, left = pair("王李张", "甲乙丙丁", f"{seed:064x}", avoid=avoid, most=most)
    best = 0
    for choice in product(["王", "李", "张", None], repeat=4):
        given_ = {unit: it for unit, it in zip("甲乙丙丁", choice, strict=True) if it}
        if (
            all((it, unit) not in avoid for unit, it in given_.items())
            and max(Counter(given_.values()).values(), default=0) <= most
        ):
            best = max(best, len(given_))
    assert len(pairs) == best
    assert all((it, unit) not in avoid for unit, it in pairs.items())
    assert max(Counter(pairs.values()).values(), default=0) <= most
    assert set(left) == set("甲乙丙丁") - set(pairs)


@given(st.integers(3, 30), st.integers(0, 2**32))
def test_a_mutual_check_has_no_self_and_no_mere_swap(count, seed):
    units = [f"u{number}" for number in range(count)]
    checks = ring(units, f"{seed:064x}")
    assert set(checks) == set(checks.values()) == set(units)
    assert all(checks[unit] != unit and checks[checks[unit]] != unit for unit in units)


def test_two_units_can_only_swap():
    with pytest.raises(ValueError, match="at least three"):
        ring(["甲", "乙"], SEED)

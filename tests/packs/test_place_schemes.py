"""The schemes of places say what the documents say: 500, 400 and 300 a flag, ten and ten."""

from datetime import date

import pytest

from hangshi.packs import load

FLAGS = ("building", "poverty", "industry", "beauty", "governance")


@pytest.mark.parametrize(("role", "amount"), [("secretary", 500), ("head", 400), ("member", 300)])
def test_each_of_five_flags_raises_the_posts_of_a_village(role, amount):
    pack = load("shifan")
    for key in FLAGS:
        [effect] = pack.schemes[f"{key}_flag"].effects
        [rise] = [it for it in effect.rises if it.role == role]
        assert role in pack.kinds.duty[rise.duty].roles
        assert pack.standards[rise.standard].amount(date(2018, 3, 1)) == amount
        assert pack.kinds.entry[effect.book].subject == "person"


def test_ten_branches_and_ten_secretaries_are_honoured():
    schemes = load("baoshan").schemes
    assert [schemes[key].effects[0].quota for key in ("strong_branch", "fine_secretary")] == [10, 10]
    assert {schemes[key].subject for key in ("strong_branch", "fine_secretary")} == {"unit"}

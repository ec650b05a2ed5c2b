"""What a restricted kind counts is public to readers of figures; who is counted is not."""

import pytest

from hangshi.packs import load
from hangshi.web.opened import restricted


@pytest.mark.parametrize(
    ("key", "closed"),
    [("disciplined_cadres", True), ("weak_branches", False), ("paired_households", False), ("visits", False)],
)
def test_rows_of_a_restricted_kind_are_closed(key, closed):
    assert restricted(load("base", "ankang").indicators[key]) == closed

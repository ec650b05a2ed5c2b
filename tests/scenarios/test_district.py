"""示例区 at a small scale: its twenty-two figures have values, its universal statements hold."""

from collections.abc import Iterator

import pytest

from hangshi.scenarios.figures import check
from tests.scenarios.conftest import Load

SCALE = 0.02


@pytest.fixture(scope="module")
def district(standing: Load) -> Iterator[None]:
    with standing(("shifan", SCALE)):
        yield


def test_there_are_twenty_two_and_each_has_a_value(district: None) -> None:
    found = check("shifan")
    assert len(found) == 22
    assert [it.key for it in found if it.computed is None] == []

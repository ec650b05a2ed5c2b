"""南票 by packs alone: the eight figures of its report, at full size."""

from collections.abc import Iterator

import pytest

from hangshi.scenarios.figures import check
from tests.scenarios.conftest import Load


@pytest.fixture(scope="module")
def loaded(standing: Load) -> Iterator[None]:
    with standing(("nanpiao", 1.0)):
        yield


def test_all_eight_figures_are_in(loaded: None) -> None:
    results = check("nanpiao")
    assert [(it.key, it.computed) for it in results if not it.inside] == []
    assert len(results) == 8

"""All five places in one database: each adds up as it does alone, none is seen from another, none comes twice."""

from collections.abc import Iterator

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.scenarios.figures import FigureResult, check
from hangshi.scenarios.load import load
from tests.scenarios.conftest import Load
from tests.scenarios.findings import ask

SCALE = 0.02
PLACES = {"ankang": 30, "nanpiao": 8, "baoshan": 68, "shifan": 22, "jiuquan": 46}


@pytest.fixture(scope="module")
def alone(standing: Load) -> dict[str, list[FigureResult]]:
    """The figures of the two that come last, each in a database of its own."""
    found = {}
    for name in ("shifan", "jiuquan"):
        with standing((name, SCALE)):
            found[name] = check(name)
    return found


@pytest.fixture(scope="module")
def five(alone: dict[str, list[FigureResult]], standing: Load) -> Iterator[None]:
    with standing(*((name, SCALE) for name in PLACES)):
        yield


def test_each_stands_at_its_own_root(five: None) -> None:
    roots = ask(
        "SELECT u.code FROM unit u JOIN unit_link l ON l.unit_id = u.id WHERE l.line = 'place' AND l.parent_id IS NULL ORDER BY u.id"
    )
    assert roots == [("6109",), ("2114",), ("5305",), ("990001",), ("6209",)]  # 南票区 stands in its city


@pytest.mark.parametrize(("name", "figures"), list(PLACES.items()))
def test_the_figures_of_each_are_all_asked(five: None, name: str, figures: int) -> None:
    assert len(check(name)) == figures


@pytest.mark.parametrize("name", ["shifan", "jiuquan"])
def test_a_place_adds_up_beside_others_as_it_does_alone(
    five: None, alone: dict[str, list[FigureResult]], name: str
) -> None:
    assert check(name) == alone[name]


def test_who_sees_one_place_sees_no_other(five: None) -> None:
    [(path,)] = ask("SELECT path FROM unit WHERE code = '6209'")
    with acting(Scope.below(str(path)), read_only=True):
        assert set(Unit.objects.filter(kind="city").values_list("name", flat=True)) == {"酒泉市"}
        assert Person.objects.exclude(path__startswith=str(path)).count() == 0
        assert Person.objects.count() > 1_000


def test_no_record_stands_between_two_places(five: None) -> None:
    for table, column in (("duty", "target_unit_id"), ("duty", "bearer_unit_id")):
        crossed = f"SELECT 1 FROM {table} d JOIN unit u ON u.id = d.{column} WHERE split_part(d.path, '/', 1) <> split_part(u.path, '/', 1)"
        assert ask(crossed) == []
    bearers = "SELECT 1 FROM duty d JOIN person p ON p.id = d.bearer_id WHERE split_part(d.path, '/', 1) <> split_part(p.path, '/', 1)"
    assert ask(bearers) == []


@pytest.mark.parametrize("name", list(PLACES))
def test_no_place_comes_twice(five: None, name: str) -> None:
    with pytest.raises(Refused) as refused:
        load(name, SCALE)
    assert refused.value.code == "scenario.not_empty"

"""Every row of 示例区 and 酒泉 is one that its kind allows: what a form would refuse, no builder makes."""

from collections.abc import Iterator
from typing import Any

import pytest

from hangshi.indicators import queries
from tests.scenarios.conftest import Load
from tests.scenarios.findings import ask

PLACES = (("shifan", 0.02), ("jiuquan", 0.02))
PACK = queries.pack()


@pytest.fixture(scope="module")
def two(standing: Load) -> Iterator[None]:
    with standing(*PLACES):
        yield


def said(statement: str) -> set[tuple[Any, ...]]:
    return set(ask(statement))


@pytest.mark.parametrize(
    ("table", "family"),
    [("unit", "unit"), ("duty", "duty"), ("activity", "activity"), ("case_file", "case"), ("entry", "entry")],
)
def test_every_kind_is_defined(two: None, table: str, family: str) -> None:
    used = {kind for (kind,) in said(f"SELECT DISTINCT kind FROM {table}")}
    assert used - PACK.kinds.family(family).keys() == set()
    assert len(used) > 3


def test_a_unit_stands_where_its_kind_may_hang(two: None) -> None:
    pairs = said(
        "SELECT DISTINCT u.kind, p.kind FROM unit_link l JOIN unit u ON u.id = l.unit_id JOIN unit p ON p.id = l.parent_id WHERE l.line = 'place'"
    )
    assert {(kind, above) for kind, above in pairs if above not in PACK.kinds.unit[kind].parents} == set()


def test_a_duty_has_a_role_and_a_target_of_its_kind(two: None) -> None:
    roles = said("SELECT DISTINCT kind, role FROM duty WHERE role <> ''")
    assert {(kind, role) for kind, role in roles if role not in PACK.kinds.duty[kind].roles} == set()
    targets = said("SELECT DISTINCT d.kind, u.kind FROM duty d JOIN unit u ON u.id = d.target_unit_id")
    assert {(kind, target) for kind, target in targets if target not in PACK.kinds.duty[kind].target_kinds} == set()
    reasons = said("SELECT DISTINCT kind, end_reason FROM duty WHERE end_reason <> ''")
    assert {(kind, reason) for kind, reason in reasons if reason not in PACK.kinds.duty[kind].end_reasons} == set()


def test_a_duty_that_excludes_others_has_its_slot_and_only_that(two: None) -> None:
    slots = dict(said("SELECT kind, bool_and(slot IS NOT NULL) FROM duty GROUP BY kind"))
    assert slots == {kind: PACK.kinds.duty[kind].exclusive for kind in slots}


def test_an_activity_is_held_where_its_kind_is_held(two: None) -> None:
    places = said("SELECT DISTINCT a.kind, u.kind FROM activity a JOIN unit u ON u.id = a.unit_id")
    assert {
        (kind, place) for kind, place in places if place not in (PACK.kinds.activity[kind].unit_kinds or (place,))
    } == set()


def test_a_case_has_a_stage_and_a_ground_of_its_kind_and_is_closed_at_an_end(two: None) -> None:
    for kind, stage, ground, closed in said(
        "SELECT DISTINCT kind, stage, ground, closed_on IS NOT NULL FROM case_file"
    ):
        it = PACK.kinds.case[kind]
        assert stage in {step.key for step in it.stages}, kind
        assert closed == (stage in it.closing), kind
        assert ground in {"", *it.grounds, *(one for listed in it.catalogues for one in listed.grounds)}, kind


def test_every_field_is_one_of_its_kind_and_the_demanded_ones_are_there(two: None) -> None:
    for table, family in (("unit", "unit"), ("duty", "duty"), ("activity", "activity"), ("case_file", "case")):
        kinds: dict[str, Any] = PACK.kinds.family(family)
        fields = said(f"SELECT DISTINCT kind, jsonb_object_keys(extra) FROM {table}")
        assert {
            (kind, name)
            for kind, name in fields
            if name not in kinds[kind].fields and name not in ("synthetic", "report_day")
        } == set()
        for kind in {kind for (kind,) in said(f"SELECT DISTINCT kind FROM {table}")}:
            for name, it in kinds[kind].fields.items():
                if it.required:
                    assert ask(f"SELECT count(*) FROM {table} WHERE kind = '{kind}' AND NOT extra ? '{name}'") == [
                        (0,)
                    ], (kind, name)

"""New units from a list: below units that stand already, found and counted like those made one by one."""

from datetime import date

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.intake import services
from hangshi.intake.targets import titles
from hangshi.registry import search, tree
from hangshi.registry.models import Unit, UnitLink, UnitName, UnitPath
from hangshi.registry.people import register_person
from tests.intake.conftest import ACTOR, TODAY, counts, reasons
from tests.land import FIRST
from tests.refusals import refusal_of

HEAD = "上级单位 | 名称 | 区划代码 | 设立日期"
ALL = f"{HEAD}\n东镇 | 东岭村 | 610902001001 | 2018.5\n西镇 | 西岭村 | | 2018-05-02"


def test_a_unit_stands_below_its_parent_from_its_day_on(bring, commit, land):
    intake = bring("units.village", ALL)
    assert counts(intake) == (2, 0, 0, 0), intake.preview
    commit(intake)
    unit = Unit.objects.get(name="东岭村")
    assert (unit.kind, unit.code, unit.since, unit.path) == (
        "village",
        "610902001001",
        date(2018, 5, 1),
        f"{land.east.path}{unit.pk}/",
    )
    assert tree.path_on(unit, tree.PLACE, date(2018, 5, 1)) == unit.path
    assert tree.path_on(unit, tree.PLACE, date(2018, 4, 30)) is None
    assert unit in tree.children_on(land.east, tree.PLACE, TODAY)
    assert unit.names.get().code == "610902001001"
    assert list(search.named(Unit.objects.all(), "unit", "东岭")) == [unit]
    assert counts(bring("units.village", ALL)) == (0, 0, 2, 0)


def test_undo_leaves_nothing_of_it(bring, commit, land, pack):
    def rows() -> list[int]:
        return [it.objects.count() for it in (Unit, UnitName, UnitLink, UnitPath)]

    before = rows()
    intake = commit(bring("units.village", ALL))
    assert rows() == [it + 2 for it in before]
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert rows() == before
    assert not search.named(Unit.objects.all(), "unit", "东岭").exists()


def test_undo_is_refused_once_somebody_lives_there(bring, commit, land, pack):
    intake = commit(bring("units.village", ALL))
    register_person(Unit.objects.get(name="东岭村"), name="王一", on=TODAY, actor=None)
    assert refusal_of(services.undo, pack, intake, on=TODAY, account=ACTOR) == "intake.depends"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("没这镇 | 东岭村 | | 2018-05-01", "您的范围内没有叫“没这镇”的单位，请写全称或代码。"),
        (
            "东湾村 | 东岭村 | | 2018-05-01",
            "您的范围内没有叫“东湾村”的单位，请写全称或代码。",
        ),  # no village below a village
        ("东镇 | | | 2018-05-01", "“名称”必须填写。"),
        ("东镇 | 东岭村 | | 2015-12-31", "设立日期早于上级单位的设立日期。"),
        ("东镇 | 东岭村 | 61 | 2018-05-01", "此代码已由别的单位使用。"),
        ("东镇 | 东湾村 | | 2018-05-01", "与在册的设立日期不同，请核对。"),
        ("东镇 | 东湾村 | 99 | 2016-01-01", "与在册的代码不同，请办理更名或更正。"),
    ],
)
def test_rows_refused(bring, land, cells, reason):
    UnitName.objects.filter(unit=land.hill).update(code="61")
    assert reasons(bring("units.village", f"{HEAD}\n{cells}")) == [(2, reason)]


def test_one_name_twice_below_one_parent_and_one_code_twice_are_refused(bring, land):
    rows = f"{HEAD}\n东镇 | 东岭村 | 7 | 2018-05-01\n东镇 | 东岭村 | 8 | 2018-05-01\n西镇 | 西岭村 | 7 | 2018-05-01"
    assert reasons(bring("units.village", rows)) == [(3, "与第2行重复。"), (4, "与第2行重复。")]


def test_a_township_brings_units_below_itself_only(land, bring):
    with acting(Scope.below(land.east.path, actor=ACTOR)):
        assert reasons(bring("units.village", f"{HEAD}\n西镇 | 西岭村 | | 2018-05-01", unit=land.east))[0][
            1
        ].startswith("您的范围内没有叫“西镇”")


def test_units_are_offered_to_who_may_found_them(pack):
    assert titles(pack, lambda permission: permission == "unit.write")["units.village"] == "单位：村"
    assert "units.village" not in titles(pack, lambda permission: permission == "register.write")


def test_the_day_of_the_first_unit_is_the_day_of_its_parent(bring, land):
    assert counts(bring("units.village", f"{HEAD}\n东镇 | 东岭村 | | {FIRST}")) == (1, 0, 0, 0)

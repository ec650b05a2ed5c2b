from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from psycopg import sql

from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.registry import people as of_people
from hangshi.registry import queries, services, tree
from hangshi.registry.models import Membership, Person, SearchToken, Succession, Unit, UnitPath
from tests.land import FIRST, KINDS, make
from tests.refusals import refusal_of

JULY_1 = date(2017, 7, 1)
JUNE_30 = date(2017, 6, 30)


def names(units: object) -> list[str]:
    return sorted(unit.name for unit in units)  # type: ignore[attr-defined]


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def test_a_unit_stands_below_its_parent_from_its_day(land: SimpleNamespace) -> None:
    assert land.bay.path == f"{land.county.pk}/{land.east.pk}/{land.bay.pk}/"
    assert tree.path_on(land.bay, "place", FIRST) == land.bay.path
    assert tree.path_on(land.bay, "place", date(2015, 12, 31)) is None
    assert names(tree.units_on("place", date(2015, 12, 31))) == []
    assert UnitPath.objects.get(unit=land.bay).depth == 3


def test_a_move_changes_the_tree_from_its_day_and_not_before(land: SimpleNamespace) -> None:
    services.move(land.bay, parent=land.west, on=JULY_1, actor=None)
    assert names(tree.children_on(land.west, "place", JULY_1)) == ["东湾村", "西沟村"]
    assert names(tree.children_on(land.west, "place", JUNE_30)) == ["西沟村"]
    assert names(tree.below_on(land.west, "place", JULY_1)) == ["东湾村", "东湾村党支部", "西沟村", "西镇"]
    assert names(tree.below_on(land.east, "place", JUNE_30)) == [
        "东坡村",
        "东坡村党支部",
        "东湾村",
        "东湾村党支部",
        "东镇",
    ]


def test_a_move_carries_the_path_of_every_table_below(land: SimpleNamespace, people: SimpleNamespace) -> None:
    account = Account.objects.create(username="bay", name="东湾", password="x")
    Grant.objects.create(account=account, role="clerk", unit_id=land.bay.pk, path=land.bay.path, since=FIRST)
    services.move(land.bay, parent=land.west, on=JULY_1, actor=None)
    with connection.cursor() as cursor:
        for table in tree.tables_with_path():
            below = sql.SQL("SELECT count(*) FROM {} WHERE path >= %s AND path < %s").format(sql.Identifier(table))
            cursor.execute(below, [land.bay.path, tree.upper(land.bay.path)])
            assert (table, cursor.fetchone()) == (table, (0,))
    west = fresh(land.west).path
    assert Person.objects.get(pk=people.wang.pk).path == f"{west}{land.bay.pk}/"
    assert Membership.objects.get(person=people.wang).path == f"{west}{land.bay.pk}/{land.bay_branch.pk}/"
    assert Grant.objects.get().path == f"{west}{land.bay.pk}/"


def test_the_tables_with_a_path_are_those_of_all_rooms(land: SimpleNamespace) -> None:
    assert {
        "unit",
        "person",
        "membership",
        "duty",
        "activity",
        "attendance",
        "case_file",
        "case_step",
        "entry",
        "access_grant",
        "search_token",
    } <= set(tree.tables_with_path())


def test_a_unit_made_before_a_later_move_of_its_parent_has_moved_with_it(land: SimpleNamespace) -> None:
    services.move(land.bay, parent=land.west, on=JULY_1, actor=None)
    late = make("branch", "补录支部", fresh(land.bay), on=date(2017, 1, 1))
    assert tree.path_on(late, "place", JUNE_30) == f"{land.county.pk}/{land.east.pk}/{land.bay.pk}/{late.pk}/"
    assert tree.path_on(late, "place", JULY_1) == late.path == f"{fresh(land.bay).path}{late.pk}/"


@pytest.mark.parametrize(
    ("who", "to", "on", "code"),
    [
        ("east", "bay", JULY_1, "unit.ring"),
        ("east", "east", JULY_1, "unit.ring"),
        ("bay", "east", JULY_1, "unit.same_parent"),
        ("bay", "west", date(2015, 1, 1), "unit.not_yet"),
        ("bay", "west", JULY_1, None),
    ],
)
def test_which_moves_are_refused(land: SimpleNamespace, who: str, to: str, on: date, code: str | None) -> None:
    assert refusal_of(services.move, getattr(land, who), parent=getattr(land, to), on=on, actor=None) == code


def test_moves_are_made_in_the_order_of_their_dates(land: SimpleNamespace) -> None:
    services.move(land.bay, parent=land.west, on=JULY_1, actor=None)
    assert refusal_of(services.move, fresh(land.bay), parent=land.east, on=date(2017, 1, 1), actor=None) == "unit.later"
    services.move(fresh(land.bay), parent=land.county, on=JULY_1, actor=None)  # the same day: the first is corrected
    rows = UnitPath.objects.filter(unit=land.bay).order_by("since").values_list("since", "until", "tree_path")
    assert list(rows) == [(FIRST, JUNE_30, land.bay.path), (JULY_1, None, f"{land.county.pk}/{land.bay.pk}/")]


def test_a_unit_keeps_its_earlier_names(land: SimpleNamespace) -> None:
    services.rename(land.bay, name="龙湾村", on=JULY_1, actor=None, code="610900000001")
    assert [queries.name_on(land.bay, day) for day in (JUNE_30, JULY_1)] == ["东湾村", "龙湾村"]
    assert names(queries.find_units("龙湾")) == ["龙湾村"]
    assert names(queries.find_units("东湾村")) == ["东湾村党支部"]
    taken = refusal_of(services.rename, land.hill, name="东坡村", on=JULY_1, actor=None, code="610900000001")
    assert taken == "unit.code"


def test_the_party_line_is_a_tree_of_its_own(land: SimpleNamespace) -> None:
    county, east = make("committee", "示例县委", land.county), make("committee", "东镇党委", land.east)
    services.hang(county, line="party", parent=None, on=FIRST, actor=None)
    services.hang(east, line="party", parent=county, on=FIRST, actor=None)
    assert tree.path_on(east, "party", FIRST) == f"{county.pk}/{east.pk}/"
    assert fresh(east).path == f"{land.east.path}{east.pk}/"
    assert refusal_of(services.hang, east, line="party", parent=county, on=FIRST, actor=None) == "unit.stands"


def test_after_a_merger_the_past_stands_and_the_present_goes_on_at_the_successor(
    land: SimpleNamespace, people: SimpleNamespace
) -> None:
    services.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    assert names(tree.children_on(land.east, "place", JUNE_30)) == ["东坡村", "东湾村"]
    assert names(tree.children_on(land.east, "place", JULY_1)) == ["东坡村"]
    assert names(tree.children_on(land.hill, "place", JULY_1)) == ["东坡村党支部", "东湾村党支部"]
    assert fresh(land.bay).until == JUNE_30
    assert fresh(land.bay).path == f"{land.hill.path}{land.bay.pk}/"  # its past is in scope of the successor
    assert fresh(land.bay_branch).path == f"{land.hill.path}{land.bay_branch.pk}/"
    assert Person.objects.get(pk=people.wang.pk).unit_id == land.hill.pk
    rows = people.zhao.statuses.order_by("since").values_list("unit", "since", "until", "status")
    assert list(rows) == [(land.bay.pk, FIRST, JUNE_30, "registered"), (land.hill.pk, JULY_1, None, "registered")]
    assert Succession.objects.values_list("unit", "successor", "day", "how").get() == (
        land.bay.pk,
        land.hill.pk,
        JULY_1,
        "merge",
    )


def test_merged_branches_hand_over_their_members(land: SimpleNamespace, people: SimpleNamespace) -> None:
    services.merge([land.bay_branch], into=land.hill_branch, on=JULY_1, actor=None)
    assert queries.members_on(JUNE_30).filter(unit=land.bay_branch).count() == 1
    assert queries.members_on(JULY_1).filter(unit=land.hill_branch).count() == 2
    assert queries.members_on(JULY_1).filter(unit=land.bay_branch).count() == 0


@pytest.mark.parametrize(
    ("who", "into", "code"),
    [("bay", "bay", "unit.itself"), ("bay", "east", "unit.kind"), ("east", "bay", "unit.ring"), ("bay", "ditch", None)],
)
def test_which_mergers_are_refused(land: SimpleNamespace, who: str, into: str, code: str | None) -> None:
    assert refusal_of(services.merge, [getattr(land, who)], into=getattr(land, into), on=JULY_1, actor=None) == code


def test_a_split_leaves_nothing_behind(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert refusal_of(services.split, land.bay, names=["上湾村", "下湾村"], on=JULY_1, actor=None) == "unit.left"
    upper, lower = services.split(land.bay, names=["上湾村", "下湾村"], on=JULY_1, actor=None, heir=1)
    assert names(tree.children_on(land.east, "place", JULY_1)) == ["上湾村", "下湾村", "东坡村"]
    assert names(tree.children_on(lower, "place", JULY_1)) == ["东湾村党支部"]
    assert Person.objects.get(pk=people.wang.pk).unit_id == lower.pk
    assert names(row.successor for row in queries.successors(land.bay)) == ["上湾村", "下湾村"]
    assert refusal_of(services.close, upper, on=JULY_1, actor=None) is None


def test_a_unit_is_closed_only_when_empty(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert refusal_of(services.close, land.east, on=JUNE_30, actor=None) == "unit.left"
    assert refusal_of(services.close, land.bay_branch, on=JUNE_30, actor=None) == "unit.left"
    of_people.transfer(people.wang, land.hill_branch, on=JULY_1, actor=None)
    services.close(land.bay_branch, on=JUNE_30, actor=None)
    assert tree.path_on(land.bay_branch, "place", JUNE_30) == land.bay_branch.path
    assert tree.path_on(land.bay_branch, "place", JULY_1) is None
    assert refusal_of(services.close, fresh(land.bay_branch), on=JULY_1, actor=None) == "unit.ended"


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [("village", "新村", "unit.parent_kind"), ("township", " ", "unit.name"), ("township", "新镇", None)],
)
def test_where_a_unit_may_be_set_up(land: SimpleNamespace, kind: str, name: str, code: str | None) -> None:
    assert refusal_of(services.create, KINDS[kind], name=name, parent=land.county, on=FIRST, actor=None) == code


def test_two_characters_of_a_name_find_it(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert names(queries.find_units("湾村")) == ["东湾村", "东湾村党支部"]
    assert names(queries.find_units("沟")) == ["西沟村"]
    assert names(queries.find_persons("建国")) == ["王建国"]
    assert names(queries.find_units(" ")) == []
    assert SearchToken.objects.filter(target="unit", target_id=land.bay.pk).count() == 2


def test_a_clerk_of_the_county_moves_the_grants_of_others_too(land: SimpleNamespace) -> None:
    account = Account.objects.create(username="bay", name="东湾", password="x")
    Grant.objects.create(account=account, role="clerk", unit_id=land.bay.pk, path=land.bay.path, since=FIRST)
    with acting(Scope.below(land.county.path, actor=account.pk + 1)):
        services.move(land.bay, parent=land.west, on=JULY_1, actor=account.pk + 1)
        assert Grant.objects.count() == 0  # the mover's scope is as narrow as before
    with acting(EVERYTHING):
        assert Grant.objects.get().path == f"{land.west.path}{land.bay.pk}/"


def test_a_clerk_of_one_township_cannot_take_from_another(land: SimpleNamespace) -> None:
    with acting(Scope.below(land.east.path)), pytest.raises(Unit.DoesNotExist):
        services.move(land.ditch, parent=land.east, on=JULY_1, actor=None)

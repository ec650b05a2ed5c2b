"""A pair is found, judged, joined and parted: nothing by itself, nothing without a word, and undone it is as it was."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities.models import Activity, Attendance
from hangshi.duplicates import joining, queries, services
from hangshi.duplicates.models import Pair
from hangshi.ledger.models import Entry
from hangshi.registry.models import HouseholdMember, Membership, Person
from hangshi.registry.people import correct, enter_household, join, register_household, register_person
from hangshi.registry.queries import find_persons
from tests.land import FIRST
from tests.refusals import refusal_of

MAY_1, JUNE_1 = date(2017, 5, 1), date(2017, 6, 1)
NUMBER = "11010519491231002X"
ACTOR = 7


@pytest.fixture
def two(land, people) -> SimpleNamespace:
    """周月 stands twice in 东湾村: once with her number, once as a member of the household 赵大山 and of the branch."""
    numbered = register_person(land.bay, name="周月", on=FIRST, actor=None, number=NUMBER)
    again = register_person(land.bay, name="周月", on=FIRST, actor=None)
    correct(again, on=FIRST, actor=None, sex="女", born=date(1949, 12, 31))
    again.refresh_from_db()
    enter_household(again, people.zhao, relation="之妻", on=FIRST, actor=None)
    join(again, land.bay_branch, on=MAY_1, actor=None, status="full", category="rural")
    meeting = Activity.objects.create(
        kind="meeting", unit=land.bay_branch, path=land.bay_branch.path, day=JUNE_1, leader=again
    )
    Attendance.objects.create(
        activity=meeting, person=again, unit=land.bay_branch, path=land.bay_branch.path, day=JUNE_1
    )
    return SimpleNamespace(numbered=numbered, again=again, meeting=meeting, **vars(land))


def pair(two: SimpleNamespace) -> Pair:
    assert services.look(account=ACTOR) == 1
    return Pair.objects.get()


def judged(two: SimpleNamespace) -> Pair:
    return services.judge(pair(two), verdict="same", note="入户核实，户口簿为证", on=JUNE_1, account=ACTOR)


def standing() -> dict[str, list[tuple[object, ...]]]:
    """All that names a person, as it stands."""
    return {
        "persons": list(Person.objects.order_by("pk").values_list()),
        "members": list(Membership.objects.order_by("pk").values_list()),
        "households": list(HouseholdMember.objects.order_by("pk").values_list()),
        "attendance": list(Attendance.objects.order_by("pk").values_list()),
        "leaders": list(Activity.objects.order_by("pk").values_list("pk", "leader")),
        "found": sorted(find_persons("周月").values_list("pk", flat=True)),
    }


def test_a_search_finds_the_pair_and_says_why(two):
    found = pair(two)
    assert (found.first, found.second, found.state) == (two.numbered.pk, two.again.pk, "open")
    assert found.grounds == ["name", "born", "unit"]
    assert found.path == two.bay.path


def test_a_search_joins_nothing_and_another_search_adds_nothing(two):
    before = standing()
    pair(two)
    assert services.look(account=ACTOR) == 1
    assert standing() == before


@pytest.mark.parametrize("verdict", ["different", "later"])
def test_a_judgement_stands_through_later_searches(two, verdict):
    services.judge(pair(two), verdict=verdict, note="两人相貌年龄不同", on=JUNE_1, account=ACTOR)
    assert services.look(account=ACTOR) == 0
    kept = Pair.objects.get()
    assert (kept.state, kept.note, kept.judged_by, kept.judged_on) == (verdict, "两人相貌年龄不同", ACTOR, JUNE_1)


def test_an_open_pair_that_is_no_longer_likely_goes(two):
    pair(two)
    correct(two.again, on=JUNE_1, actor=None, name="钱桂兰", born=date(1990, 1, 1))
    assert services.look(account=ACTOR) == 0
    assert not Pair.objects.exists()


def test_an_open_pair_says_by_what_it_is_found_today(two):
    pair(two)
    correct(two.again, on=JUNE_1, actor=None, born=date(1949, 12, 30))
    services.look(account=ACTOR)
    assert Pair.objects.get().grounds == ["name", "born_near", "unit"]


def test_a_pair_that_stands_out_of_sight_does_not_stop_the_search(two):
    pair(two)
    Pair.objects.update(unit=two.county, path=two.county.path)  # as it was before one of them moved here
    with acting(Scope.below(two.east.path, actor=ACTOR)):
        assert services.look(account=ACTOR) == 0
    with acting(EVERYTHING):
        assert Pair.objects.get().path == two.county.path


@pytest.mark.parametrize(
    ("verdict", "note", "code"),
    [
        ("maybe", "核实", "pair.verdict"),
        ("same", "  ", "pair.note"),
        ("different", "", "pair.note"),
        ("later", "", None),
        ("same", "核实", None),
    ],
)
def test_a_judgement_needs_its_reason(two, verdict, note, code):
    asked = pair(two)
    assert refusal_of(services.judge, asked, verdict=verdict, note=note, on=JUNE_1, account=ACTOR) == code
    asked.refresh_from_db()
    assert asked.state == ("open" if code else verdict)


def test_all_that_named_the_other_names_the_kept_one(two):
    done = joining.join(judged(two), keep=two.numbered.pk, on=JUNE_1, account=ACTOR)
    kept = two.numbered.pk
    assert (done.state, done.kept) == ("joined", kept)
    assert not Person.objects.filter(pk=two.again.pk).exists()
    assert Membership.objects.get(unit=two.bay_branch, since=MAY_1).person_id == kept
    assert HouseholdMember.objects.get().person_id == kept
    assert Attendance.objects.get().person_id == kept
    assert Activity.objects.get().leader_id == kept
    assert list(find_persons("周月").values_list("pk", flat=True)) == [kept]


def test_undone_both_are_as_they_were(two):
    asked, before = judged(two), standing()
    joining.join(asked, keep=two.numbered.pk, on=JUNE_1, account=ACTOR)
    assert standing() != before
    parted = joining.part(asked, account=ACTOR)
    assert standing() == before
    assert (parted.state, parted.kept, parted.note) == ("same", None, "入户核实，户口簿为证")
    assert refusal_of(joining.part, asked, account=ACTOR) == "pair.not_joined"


def test_what_both_have_twice_is_kept_once_and_comes_back(two, people):
    join(two.numbered, two.bay_branch, on=FIRST, actor=None, status="full", category="rural")
    enter_household(two.numbered, people.zhao, relation="配偶", on=FIRST, actor=None)
    Attendance.objects.create(
        activity=two.meeting, person=two.numbered, unit=two.bay_branch, path=two.bay_branch.path, day=JUNE_1
    )
    asked, before = judged(two), standing()
    joining.join(asked, keep=two.numbered.pk, on=JUNE_1, account=ACTOR)
    assert Membership.objects.filter(person=two.numbered).values_list("since", flat=True).get() == FIRST
    assert HouseholdMember.objects.get().relation == "配偶"
    assert Attendance.objects.get().person_id == two.numbered.pk
    joining.part(asked, account=ACTOR)
    assert standing() == before


@pytest.mark.parametrize(
    ("make", "code"),
    [
        ("nothing", None),
        ("unjudged", "pair.unjudged"),
        ("keep the one without a number", "pair.number"),
        ("keep somebody else", "pair.keep"),
        ("two branches at one time", "pair.clashes"),
        ("entries of the other", "pair.entries"),
        ("an account of the other", "pair.account"),
        ("an account of the kept one", None),
        ("one is gone", "pair.gone"),
    ],
)
def test_what_stands_against_joining(two, people, make, code):
    asked, keep = judged(two), two.numbered.pk
    match make:
        case "unjudged":
            services.judge(asked, verdict="later", note="", on=JUNE_1, account=ACTOR)
        case "keep the one without a number":
            keep = two.again.pk
        case "keep somebody else":
            keep = people.li.pk
        case "two branches at one time":
            join(two.numbered, two.hill_branch, on=FIRST, actor=None, status="full", category="rural")
        case "entries of the other":
            Entry.objects.create(
                kind="reward", unit=two.bay, path=two.bay.path, day=JUNE_1, amount=100, person=two.again
            )
        case "an account of the other":
            Account.objects.create(username="zhou", name="周", password="!", person_id=two.again.pk)
        case "an account of the kept one":
            Account.objects.create(username="zhou", name="周", password="!", person_id=two.numbered.pk)
        case "one is gone":
            Attendance.objects.all().delete()
            Activity.objects.update(leader=None)
            Person.objects.filter(pk=two.again.pk).delete()
    before = standing()
    assert refusal_of(joining.join, asked, keep=keep, on=JUNE_1, account=ACTOR) == code
    assert (standing() == before) is (code is not None)


def test_undo_is_refused_once_what_was_moved_was_changed(two, people):
    asked = joining.join(judged(two), keep=two.numbered.pk, on=JUNE_1, account=ACTOR)
    Attendance.objects.update(person=people.li)
    before = standing()
    assert refusal_of(joining.part, asked, account=ACTOR) == "pair.later"
    assert standing() == before


def test_two_numbers_are_two_persons(two):
    asked = judged(two)
    Person.objects.filter(pk=two.again.pk).update(id_index=b"of another number")
    assert refusal_of(services.judge, asked, verdict="same", note="核实", on=JUNE_1, account=ACTOR) == "pair.numbers"
    assert refusal_of(joining.join, asked, keep=two.numbered.pk, on=JUNE_1, account=ACTOR) == "pair.numbers"


def test_a_pair_of_two_villages_belongs_to_the_township_above_both(two):
    hill = register_person(two.hill, name="周月", on=FIRST, actor=None)
    correct(hill, on=FIRST, actor=None, born=date(1949, 12, 31))
    services.look(account=ACTOR)
    across = Pair.objects.get(second=hill.pk, first=two.numbered.pk)
    assert across.unit_id == two.east.pk
    with acting(Scope.below(two.bay.path, actor=ACTOR)):
        assert list(Pair.objects.values_list("first", "second")) == [(two.numbered.pk, two.again.pk)]
    with acting(Scope.below(two.east.path, actor=ACTOR)):
        assert Pair.objects.count() == 3


def test_rows_out_of_sight_stop_the_joining(two):
    asked = judged(two)
    with acting(EVERYTHING):
        other = Activity.objects.create(
            kind="meeting", unit=two.ditch, path=two.ditch.path, day=JUNE_1, leader=two.again
        )
    with acting(Scope.below(two.east.path, actor=ACTOR)):
        assert refusal_of(joining.join, asked, keep=two.numbered.pk, on=JUNE_1, account=ACTOR) == "pair.beyond"
    with acting(EVERYTHING):
        other.refresh_from_db()
        assert other.leader_id == two.again.pk


@pytest.mark.parametrize(
    ("one", "other", "above"),
    [
        ("1/2/3/", "1/2/4/", "1/2/"),
        ("1/2/", "1/2/3/", "1/2/"),
        ("1/2/", "1/23/", "1/"),
        ("1/", "2/", ""),
        ("1/2/", "1/2/", "1/2/"),
    ],
)
def test_the_unit_above_both(one, other, above):
    assert services.common(one, other) == above


def test_relatives_are_who_shares_the_household(two, people, land):
    enter_household(people.wang, people.zhao, relation="之子", on=FIRST, actor=None)
    register_household(land.bay, number="东湾-2", head="钱二", status="general", on=FIRST, actor=None)
    rows = {row["id"]: row for row in queries.people().iter_rows(named=True)}
    assert rows[two.again.pk]["kin"] == ["王建国"]
    assert rows[people.li.pk]["kin"] is None
    assert (rows[two.numbered.pk]["numbered"], rows[two.again.pk]["numbered"]) == (True, False)
    assert rows[two.again.pk]["above"] == two.east.pk

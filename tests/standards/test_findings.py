"""A rule that is not kept is a finding: found, counted, opened to its rows, and gone when it is kept."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.activities.services import record
from hangshi.duties.services import assign, end
from hangshi.ledger.services import book
from hangshi.packs import load
from hangshi.packs.checks import Check
from hangshi.registry.models import Unit
from hangshi.registry.people import register_person, set_status
from hangshi.registry.reach import Root
from hangshi.standards import queries
from hangshi.standards.models import Finding, Looked
from hangshi.standards.refresh import look, settle
from tests.land import FIRST, make

PACK = load("base", "ankang")
KINDS = PACK.kinds
JULY_15 = date(2017, 7, 15)


@pytest.fixture
def place(land, people) -> SimpleNamespace:
    """东湾村 is poor; its branch is a rural one, as 东坡村's is. Zhao in 东湾村 is 建档立卡."""
    Unit.objects.filter(pk=land.bay.pk).update(extra={"poor": True})
    for branch in (land.bay_branch, land.hill_branch):
        Unit.objects.filter(pk=branch.pk).update(extra={"field": "rural"})
    land.bay.refresh_from_db()
    return SimpleNamespace(**vars(land), **vars(people))


def found(key: str, on: date = JULY_15) -> list[tuple[int, str, str]]:
    """Subject, has and needs of what is open after a look at the check."""
    settle(PACK.checks[key], PACK, on)
    rows = Finding.objects.filter(check_key=key, closed_on=None).order_by("subject")
    return [(it.subject, str(it.has), str(it.needs)) for it in rows]


def test_a_household_without_a_bearer_is_found_until_it_has_one(place):
    assert found("registered_household_bearer") == [(place.zhao.pk, "0.00", "1.00")]
    duty = assign(KINDS.duty["pairing"], bearer=place.wang, target=place.zhao, on=FIRST, actor=None)
    assert found("registered_household_bearer") == []
    end(KINDS.duty["pairing"], duty, on=date(2017, 7, 16), reason="adjusted", actor=None)
    assert found("registered_household_bearer", date(2017, 7, 16)) == []  # the last day still counts
    assert found("registered_household_bearer", date(2017, 7, 17)) == [(place.zhao.pk, "0.00", "1.00")]
    spans = [(it.opened_on, it.closed_on) for it in Finding.objects.order_by("pk")]
    assert spans == [(JULY_15, JULY_15), (date(2017, 7, 17), None)]


def test_a_household_that_is_lifted_needs_none_any_more(place):
    assert len(found("registered_household_bearer")) == 1
    set_status(place.zhao, status="lifted", on=date(2017, 7, 10), actor=None)
    assert found("registered_household_bearer") == []


def test_only_a_poor_village_needs_a_first_secretary_and_exactly_one(place):
    assert found("poor_village_first_secretary") == [(place.bay.pk, "0.00", "1.00")]
    assign(KINDS.duty["first_secretary"], bearer=place.li, target=place.bay, on=FIRST, actor=None)
    assert found("poor_village_first_secretary") == []


def test_a_frequency_is_judged_by_the_last_whole_month(place):
    branches = sorted((place.bay_branch.pk, place.hill_branch.pk))
    assert [subject for subject, _, _ in found("theme_day_monthly")] == branches
    record(KINDS.activity["theme_day"], unit=place.bay_branch, on=date(2017, 6, 30), leader=place.wang, actor=None)
    record(KINDS.activity["theme_day"], unit=place.hill_branch, on=date(2017, 7, 1), leader=place.li, actor=None)
    assert found("theme_day_monthly") == [(place.hill_branch.pk, "0.00", "1.00")]
    assert found("theme_day_monthly", date(2017, 7, 31)) == [(place.bay_branch.pk, "0.00", "1.00")]


def test_a_branch_that_did_not_exist_all_month_is_not_blamed_for_it(place):
    Unit.objects.filter(pk=place.bay_branch.pk).update(since=date(2017, 6, 2))
    assert [subject for subject, _, _ in found("theme_day_monthly")] == [place.hill_branch.pk]


@pytest.mark.parametrize(
    ("amount", "open_"), [("4999.99", [("4999.99", "5000.00")]), ("5000", []), (None, [("0.00", "5000.00")])]
)
def test_money_is_held_against_the_standard_of_the_year_before(place, amount, open_):
    for branch in (place.bay_branch, place.hill_branch):
        if amount or branch is place.hill_branch:
            said = Decimal(amount or 5000) if branch is place.bay_branch else Decimal(5000)
            book(KINDS.entry["branch_fund"], unit=branch, amount=said, on=date(2017, 3, 20), actor=None)
    assert [(has, needs) for _, has, needs in found("party_work_fund_met", date(2018, 2, 1))] == open_


def test_a_standard_times_the_members(place):
    for branch, amount in ((place.bay_branch, 99), (place.hill_branch, 100)):
        book(KINDS.entry["member_fund"], unit=branch, amount=amount, on=date(2017, 3, 20), actor=None)
    assert found("member_training_fund_met", date(2018, 2, 1)) == [(place.bay_branch.pk, "99.00", "100.00")]


def test_a_rule_that_was_not_in_force_says_nothing(place):
    assert found("team_size", date(2017, 12, 23)) == []
    member = KINDS.duty["team_member"]
    team = Unit.objects.create(kind="work_team", name="驻东湾村工作队", since=FIRST, path=f"{place.bay.path}99/")
    assign(member, bearer=place.wang, target=team, unit=place.bay, on=FIRST, actor=None, role="leader")
    assert found("team_size", date(2017, 12, 23)) == []
    assert found("team_size", date(2017, 12, 24)) == [(place.bay.pk, "1.00", "3.00")]


@pytest.mark.parametrize(("on", "count"), [(date(2018, 12, 31), 0), (date(2019, 12, 31), 0), (date(2020, 1, 1), 1)])
def test_a_term_is_counted_in_whole_years(place, on, count):
    assign(KINDS.duty["first_secretary"], bearer=place.li, target=place.bay, on=FIRST, actor=None)  # 2016-01-01
    assert len(found("first_secretary_term", on)) == count


def test_a_finding_opens_to_the_rows_that_were_counted(place):
    book(KINDS.entry["branch_fund"], unit=place.bay_branch, amount=3000, on=date(2017, 3, 20), actor=None)
    book(KINDS.entry["branch_fund"], unit=place.bay_branch, amount=1500, on=date(2017, 9, 1), actor=None)
    book(KINDS.entry["branch_fund"], unit=place.bay_branch, amount=9000, on=date(2016, 9, 1), actor=None)
    on = date(2018, 2, 1)
    found("party_work_fund_met", on)
    check = PACK.checks["party_work_fund_met"]
    finding = Finding.objects.get(subject=place.bay_branch.pk)
    rows = queries.rows(check, finding, PACK, on)
    at = rows.columns.index("amount")
    assert (rows.total, sorted(row[at] for row in rows.rows)) == (2, [Decimal(1500), Decimal(3000)])
    assert queries.sentence(check, finding) == "上年入账党建工作经费4,500元，标准为每年不低于5,000元"


def test_findings_are_seen_in_scope_only_and_counted_by_check(place):
    look(PACK, JULY_15, "1")
    tallies = {it.check.key: it.open for it in queries.tallies(place.county, PACK)}
    assert (tallies["theme_day_monthly"], tallies["registered_household_bearer"]) == (2, 1)
    with acting(Scope.below(place.west.path)):
        assert Finding.objects.count() == 0
    with acting(Scope.below(place.hill.path)):
        assert {it.open for it in queries.tallies(place.hill, PACK) if it.check.key == "theme_day_monthly"} == {1}


def test_subjects_have_names(place):
    look(PACK, JULY_15, "1")
    names = queries.named(list(queries.open_findings(place.county)))
    assert {"赵大山", "东湾村", "东湾村党支部"} <= set(names.values())


def test_a_second_look_while_nothing_changed_asks_nothing(place, django_assert_max_num_queries):
    look(PACK, JULY_15, "1")
    with django_assert_max_num_queries(1):
        assert look(PACK, JULY_15, "1") == (0, 0)
    assign(KINDS.duty["pairing"], bearer=place.wang, target=place.zhao, on=FIRST, actor=None)
    assert look(PACK, JULY_15, "2")[1] == 1


def test_a_look_twice_changes_nothing(place):
    look(PACK, JULY_15, "1")
    before = list(Finding.objects.order_by("pk").values())
    assert look(PACK, JULY_15, "2", force=True) == (0, 0)
    assert list(Finding.objects.order_by("pk").values()) == before


def test_findings_of_a_check_that_is_gone_are_closed(place):
    look(PACK, JULY_15, "1")
    fewer = PACK.model_copy(update={"checks": {"theme_day_monthly": PACK.checks["theme_day_monthly"]}})
    look(fewer, JULY_15, "1")
    assert set(Finding.objects.filter(closed_on=None).values_list("check_key", flat=True)) == {"theme_day_monthly"}
    assert set(Looked.objects.values_list("check_key", flat=True)) == {"theme_day_monthly"}


def test_a_place_that_stands_still_is_looked_at_on_its_own_day(place):
    """东镇 speaks of June, when the branch of 东坡村 had held its theme day of May; 西镇 speaks of today, in July."""
    theme = KINDS.activity["theme_day"]
    west_branch = make("branch", "西沟村党支部", place.ditch)
    Unit.objects.filter(pk=west_branch.pk).update(extra={"field": "rural"})
    for branch, day in ((place.hill_branch, date(2017, 5, 10)), (west_branch, date(2017, 6, 10))):
        record(theme, unit=branch, on=day, leader=place.wang, attendance={place.wang.pk: "present"}, actor=None)
    look(PACK, JULY_15, "1", standing=[Root("610902", place.east.path, date(2017, 6, 29))])
    found = Finding.objects.filter(check_key="theme_day_monthly", closed_on=None)
    assert {(it.subject, it.opened_on) for it in found} == {(place.bay_branch.pk, date(2017, 6, 29))}


def test_a_check_of_a_place_is_left_when_the_place_is_set_up_elsewhere(place):
    """Before its own place stands here, a pack's check holds everywhere; from then on only there."""
    key = next(key for key in PACK.checks if f"check.{key}" in PACK.places)
    Finding.objects.create(
        check_key=key,
        version="1",
        about="unit",
        subject=place.ditch.pk,
        unit=place.ditch,
        path=place.ditch.path,
        opened_on=FIRST,
    )
    look(PACK, JULY_15, "1", standing=[Root("6109", place.east.path, None)])
    assert not Finding.objects.filter(check_key=key, closed_on=None, path__startswith=place.west.path).exists()


def test_a_cap_on_the_load_of_a_person(place):
    """One person, two households, a cap of one: the finding is the person's, where they are at home."""
    check = Check.model_validate({
        "key": "pairing_cap", "name": "每名干部结对不超过1户", "of": "duties", "of_where": "kind = 'pairing'", "subject": "bearer",
        "has": {"fact": "duties", "where": "kind = 'pairing'", "measure": "count(distinct household)", "by": "bearer", "time": "as_of"},
        "bound": "most", "amount": [{"since": FIRST, "amount": 1}], "sentence": "结对{has}户，最多{needs}户", "todo": "调整结对。",
    })  # fmt: skip
    second = place.zhao.__class__.objects.create(number="东湾-2", head="钱二", unit=place.bay, path=place.bay.path)
    for household in (place.zhao, second):
        assign(KINDS.duty["pairing"], bearer=place.li, target=household, on=FIRST, actor=None)
    assert settle(check, PACK, JULY_15) == (1, 0)
    finding = Finding.objects.get(check_key="pairing_cap")
    assert (finding.about, finding.subject, finding.unit_id) == ("person", place.li.pk, place.hill.pk)


def test_rows_below_a_unit(place):
    check = Check.model_validate({
        "key": "members_below", "name": "村里有党员", "of": "units", "of_where": "kind = 'village'", "subject": "unit_id",
        "has": {"fact": "members", "measure": "count(*)", "by": "below", "time": "as_of"},
        "bound": "least", "amount": [{"since": FIRST, "amount": 1}], "sentence": "没有党员", "todo": "发展党员。",
    })  # fmt: skip
    register_person(place.ditch, name="吴强", on=FIRST, actor=None)
    settle(check, PACK, JULY_15)
    assert [it.subject for it in Finding.objects.filter(check_key="members_below")] == [place.ditch.pk]

"""The course of a round: from self-report to the fixed result, what each step asks, and that the result can be computed again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from hangshi.activities.services import record
from hangshi.appraisals import compute, queries, services
from hangshi.appraisals.marks import By
from hangshi.appraisals.models import Mark, Sheet
from hangshi.ledger import points
from hangshi.registry.signing import Signer
from tests.appraisals.conftest import BRANCHES, FIRST, JAN_10, KINDS, LAST
from tests.appraisals.schemes import criterion, edition, scheme
from tests.refusals import refusal_of

WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db
JAN_13, JAN_14 = date(2018, 1, 13), date(2018, 1, 14)


def step(it, name, on=JAN_10, reason=""):
    return refusal_of(services.step, it.round, name, on=on, actor=1, reason=reason)


def test_every_unit_of_the_kind_there_on_the_last_day_gets_a_sheet(branches):
    assert sorted(it.unit.name for it in branches.round.sheets.all()) == ["东坡村党支部", "东湾村党支部"]


def test_points_come_from_records_and_marks(shown):
    # 10 + 15 + 32.5 and 20 + 0 + 42.5
    assert (shown.bay.total, shown.bay.grade, shown.bay.rank) == (Decimal("57.5"), "poor", 2)
    assert (shown.hill.total, shown.hill.grade, shown.hill.rank) == (Decimal("62.5"), "fair", 1)
    assert [(it["key"], it["points"]) for it in shown.bay.parts] == [
        ("duty", "10.00"),
        ("days", "15.00"),
        ("seen", "32.50"),
    ]


def test_the_reviewers_spread_tells_how_sure_a_place_is(shown):
    # bay 55 to 60, hill 60 to 65: the mildest reading of one meets the strictest of the other
    assert (shown.bay.low, shown.bay.high, shown.hill.low) == (Decimal(55), Decimal(60), Decimal(60))
    assert [(it.best, it.worst) for it in (shown.bay, shown.hill)] == [(1, 2), (1, 2)]


def test_a_later_record_changes_no_result_and_a_recomputation_gives_the_same_digits(shown):
    record(KINDS.activity["theme_day"], unit=shown.bay.unit, on=date(2017, 12, 5), leader=shown.people.wang, actor=None)
    assert compute.verify(shown.round) == []
    assert Sheet.objects.get(pk=shown.bay.pk).total == Decimal("57.5")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("inputs", {"vetoes": []}, 3), ("total", Decimal(99), 1), ("rank", 1, 1), ("grade", "good", 1)],
)
def test_what_was_changed_afterwards_is_found(shown, field, value, said):
    # without its inputs 东湾 has no place, and so 东坡 another one: the digest, and a sentence for each
    Sheet.objects.filter(pk=shown.bay.pk).update(**{field: value})
    assert len(compute.verify(shown.round)) == said


def test_the_scheme_of_the_round_stays_what_it_was(shown):
    changed = scheme(criterion("seen", 100))
    assert BRANCHES.key == changed.key
    assert [it.key for it in queries.scheme_of(shown.round)[1].criteria] == ["duty", "days", "seen"]


def test_the_edition_in_force_on_the_last_day_is_used(land):
    later = edition(criterion("new", 100), since=date(2017, 12, 31))
    dated = scheme(editions=[edition(criterion("old", 100)), later])
    for last, key in ((date(2017, 12, 30), "old"), (LAST, "new")):
        round_ = services.open_round(dated, unit=land.county, title="考评", first=FIRST, last=last, on=JAN_10, actor=1)
        assert queries.scheme_of(round_)[1].criteria[0].key == key
    early = {"unit": land.county, "title": "考评", "first": date(2015, 1, 1), "last": date(2015, 12, 31)}
    assert refusal_of(services.open_round, dated, on=JAN_10, actor=1, **early) == "appraisal.edition"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"title": " "}, "appraisal.title"),
        ({"first": date(2018, 1, 1)}, "appraisal.dates"),
        ({"last": date(2015, 12, 31), "first": date(2015, 1, 1)}, "appraisal.edition"),
    ],
)
def test_what_a_round_needs(land, changed, refusal):
    said = {"unit": land.county, "title": "考评", "first": FIRST, "last": LAST, "on": JAN_10, "actor": 1} | changed
    assert refusal_of(services.open_round, BRANCHES, **said) == refusal


def test_a_round_of_nobody_is_refused(land):
    said = {"unit": land.west, "title": "考评", "first": FIRST, "last": LAST, "on": JAN_10, "actor": 1}
    assert refusal_of(services.open_round, BRANCHES, **said) == "appraisal.nobody"


def test_a_sheet_that_lacks_a_mark_waits_and_is_not_shown(marked):
    Mark.objects.filter(sheet=marked.bay, criterion="seen", reviewer=12).delete()
    assert step(marked, "compute") is None
    assert Sheet.objects.get(pk=marked.bay.pk).total is None
    assert step(marked, "show") == "appraisal.waits"


def test_it_is_computed_after_its_days_have_ended(land, mark):
    round_ = services.open_round(BRANCHES, unit=land.county, title="考评", first=FIRST, last=LAST, on=FIRST, actor=1)
    services.step(round_, "check", on=FIRST, actor=1)
    assert refusal_of(services.step, round_, "compute", on=date(2017, 12, 30), actor=1) == "appraisal.early"


def test_steps_come_in_their_order(branches):
    assert [step(branches, name) for name in ("compute", "show", "fix", "use", "nothing")] == ["appraisal.step"] * 5
    assert step(branches, "check") is None
    assert step(branches, "check") == "appraisal.step"


def test_it_is_fixed_when_the_days_of_objection_are_over(shown):
    assert step(shown, "fix", JAN_13) == "appraisal.window"
    assert step(shown, "fix", JAN_14) is None


def objected(it, **more):
    said = {"text": "十二月的主题党日没有算", "on": JAN_13, "actor": 7, "criterion": "days"} | more
    return services.object_to(Sheet.objects.get(pk=it.bay.pk), **said)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"text": ""}, "appraisal.text"),
        ({"on": JAN_14}, "appraisal.late"),
        ({"criterion": "no"}, "appraisal.criterion"),
    ],
)
def test_one_may_object_with_reasons_and_in_time(shown, changed, refusal):
    assert refusal_of(objected, shown, **changed) == refusal


def test_nobody_objects_to_what_was_not_shown(marked):
    assert refusal_of(objected, marked) == "appraisal.not_shown"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({}, None), ({"actor": 7}, "appraisal.own"), ({"text": " "}, "appraisal.text"), ({"on": JAN_10}, "appraisal.day")],
)
def test_an_objection_is_answered_by_somebody_else(shown, changed, refusal):
    said = {"upheld": False, "text": "已核对", "on": JAN_13, "actor": 1} | changed
    assert refusal_of(services.answer, objected(shown), **said) == refusal


def test_an_unanswered_objection_holds_the_result_open(shown):
    objection = objected(shown)
    assert step(shown, "fix", JAN_14) == "appraisal.objections"
    services.answer(objection, upheld=False, text="记录在次年", on=JAN_13, actor=1)
    assert refusal_of(services.answer, objection, upheld=True, text="改口", on=JAN_13, actor=1) == "appraisal.answered"
    assert step(shown, "fix", JAN_14) is None


def test_an_upheld_objection_is_corrected_before_the_result_is_fixed(shown):
    objection = objected(shown)
    record(KINDS.activity["theme_day"], unit=shown.bay.unit, on=date(2017, 12, 5), leader=shown.people.wang, actor=None)
    services.answer(objection, upheld=True, text="补登的一次成立", on=JAN_13, actor=1)
    assert step(shown, "fix", JAN_14) == "appraisal.upheld"
    assert step(shown, "reopen", JAN_14) == "appraisal.reason"
    assert step(shown, "reopen", JAN_14, "补登主题党日") is None
    for name in ("compute", "show"):
        assert step(shown, name, JAN_14) is None
    assert Sheet.objects.get(pk=shown.bay.pk).total == Decimal(60)  # 7 of 12 theme days
    assert step(shown, "fix", date(2018, 1, 18)) is None


def test_the_earlier_result_stays_in_the_history(shown):
    digest = shown.round.digest
    step(shown, "reopen", JAN_14, "更正")
    Mark.objects.filter(sheet=shown.bay, reviewer=11).update(value=100)
    step(shown, "compute", JAN_14)
    shown.round.refresh_from_db()
    assert shown.round.digest != digest
    earlier = Sheet.objects.raw(
        "SELECT id, total FROM appraisal_sheet_history WHERE id = %s AND total IS NOT NULL", [shown.bay.pk]
    )
    assert [it.total for it in earlier] == [Decimal("57.5")]


@pytest.mark.parametrize(
    ("criterion_", "stance", "values", "note", "refusal"),
    [
        ("duty", "check", {"a": 0}, "", None),
        ("duty", "check", {"a": 2}, "", "appraisal.value"),
        ("duty", "check", {"z": 1}, "", "appraisal.part"),
        ("duty", "check", {}, "", "appraisal.empty"),
        ("duty", "review", {"": 50}, "", "appraisal.criterion"),
        ("seen", "review", {"": Decimal("100.01")}, "", "appraisal.value"),
        ("seen", "review", {"": Decimal("-1")}, "", "appraisal.value"),
        ("seen", "review", {"": Decimal("99.999")}, "", "appraisal.value"),
        ("seen", "review", {"": Decimal("NaN")}, "", "appraisal.value"),
        ("days", "check", {"": 1}, "", "appraisal.criterion"),
        ("duty", "element", {"late": 1}, "", "appraisal.ground"),
        ("duty", "element", {"late": 1}, "换届晚了八个月", None),
        ("duty", "element", {"late": Decimal("1.5")}, "记录", "appraisal.value"),
        ("duty", "self", {"a": 1}, "", "appraisal.closed"),
        ("nothing", "check", {"a": 1}, "", "appraisal.criterion"),
    ],
)
def test_what_may_be_put_on_a_sheet_while_it_is_checked(marked, mark, criterion_, stance, values, note, refusal):
    assert refusal_of(mark, marked.bay, criterion_, stance, values, note=note) == refusal


def test_a_unit_reports_itself_and_others_check(branches, mark):
    mark(branches.bay, "duty", "self", {"a": 1, "b": 1}, by=By(7, unit=branches.bay.unit_id))
    step(branches, "check")
    own = By(8, unit=branches.bay.unit_id)
    assert refusal_of(mark, branches.bay, "duty", "check", {"a": 1}, by=own) == "appraisal.own"
    assert refusal_of(mark, branches.bay, "seen", "review", 100, by=own) == "appraisal.own"
    assert refusal_of(mark, branches.bay, "duty", "check", {"a": 1}, by=By(7)) == "appraisal.own"
    assert refusal_of(mark, branches.bay, "duty", "check", {"a": 1}, by=By(9)) is None


def test_what_a_unit_says_of_itself_is_no_point_before_it_is_checked(branches, mark):
    mark(branches.bay, "duty", "self", {"a": 1, "b": 1})
    step(branches, "check")
    step(branches, "compute")
    assert Sheet.objects.get(pk=branches.bay.pk).parts[0]["state"] == "wait"


def test_a_reviewer_has_one_mark(marked, mark):
    mark(marked.bay, "seen", "review", 100, by=By(11))
    assert sorted(Mark.objects.filter(sheet=marked.bay, stance="review").values_list("value", flat=True)) == [70, 100]


def test_points_of_a_members_account_are_summed_within_the_days(people, land):
    members = scheme(criterion("service", 100, "ledger"), subject="person")
    for day, amount in ((date(2016, 12, 31), 9), (FIRST, 4), (LAST, 3), (date(2018, 1, 1), 9)):
        given = points.Given(Decimal(amount), "志愿服务")
        proposed = points.propose(
            KINDS.entry["member_points"], subject=people.wang, points=given, on=day - WEEK, actor=1
        )
        points.approve(proposed, on=day, by=Signer(2))
    round_ = services.open_round(
        members, unit=land.bay_branch, title="先锋指数", first=FIRST, last=LAST, on=JAN_10, actor=1
    )
    for name in ("check", "compute"):
        services.step(round_, name, on=JAN_10, actor=1)
    [sheet] = round_.sheets.all()
    assert (sheet.person, sheet.total, sheet.rank, sheet.among) == (people.wang, Decimal(35), None, None)


def test_a_round_about_persons_is_the_branchs_own(land, people):
    members = scheme(criterion("a", 100), subject="person")
    said = {"title": "先锋指数", "first": FIRST, "last": LAST, "on": JAN_10, "actor": 1}
    assert refusal_of(services.open_round, members, unit=land.bay, **said) == "appraisal.branch"
    assert refusal_of(services.open_round, members, unit=land.bay_branch, **said) is None

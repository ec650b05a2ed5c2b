"""What one record causes in another: once, in one place, visible in what was caused, lost by no crash."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import reviews
from hangshi.activities import services as activities
from hangshi.activities.models import Activity
from hangshi.cases import course
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.duties import services as duties
from hangshi.indicators.plan import Period
from hangshi.indicators.queries import value
from hangshi.ledger import points
from hangshi.ledger.models import Entry, PointProposal
from hangshi.outbox import services as outbox
from hangshi.outbox.models import Event
from hangshi.packs import load
from hangshi.packs.models import CaseKind, Pack
from hangshi.packs.points import PointRules
from hangshi.packs.work import Reaction, Stage
from hangshi.reactions import queries, services
from hangshi.reactions.models import Done
from hangshi.reactions.sweep import tell_of_expired
from hangshi.registry.models import Unit
from hangshi.registry.people import register_person
from hangshi.registry.signing import Signer
from tests.committed import at_once
from tests.land import FIRST, make

PACK = load("ankang")
JUNE_10, JUNE_20 = date(2020, 6, 10), date(2020, 6, 20)


def answered(pack: Pack = PACK) -> int:
    """All that waits, in this test's own transaction; how many events."""
    count = 0
    while services.answer_next(pack):
        count += 1
    return count


@pytest.fixture
def theme_day(land: SimpleNamespace, people: SimpleNamespace) -> Activity:
    return activities.record(
        PACK.kinds.activity["theme_day"],
        unit=land.bay_branch,
        on=JUNE_10,
        actor=7,
        leader=people.wang,
        attendance={people.wang.pk: "present", people.li.pk: "leave"},
    )


def accepted(activity: Activity) -> Activity:
    for state in ("checked", "accepted"):
        reviews.review(activity, to=state, on=JUNE_20, actor=8)
    return activity


def test_who_attended_is_proposed_for_points_once_the_record_is_accepted(
    theme_day: Activity, people: SimpleNamespace, land: SimpleNamespace
) -> None:
    answered()
    assert PointProposal.objects.count() == 0  # recorded is not accepted
    accepted(theme_day)
    answered()
    it = PointProposal.objects.get()
    assert (it.kind, it.person, it.unit, it.amount, it.proposed_on, it.shown_until, it.state) == (
        "member_points",
        people.wang,
        land.bay,
        Decimal(1),
        JUNE_20,
        date(2020, 6, 24),
        "shown",
    )
    assert it.why == f"按“参加主题党日记积分”由2020-06-20的主题党日（编号{theme_day.pk}）自动产生"
    assert [done.source_id for done in queries.behind("point_proposal", it.pk)] == [theme_day.pk]
    assert Entry.objects.count() == 0  # shown is not posted


def inspected(land: SimpleNamespace, people: SimpleNamespace, **extra: str) -> Activity:
    kind = PACK.kinds.activity["inspection"]
    return activities.record(kind, unit=land.bay, on=JUNE_10, actor=7, leader=people.li, extra=extra)


def test_a_finding_of_an_inspection_opens_a_case_and_says_so(land: SimpleNamespace, people: SimpleNamespace) -> None:
    activity = inspected(land, people, finding="台账缺三个月")
    answered()
    case = Case.objects.get()
    assert (case.kind, case.title, case.unit, case.stage, case.recorded_by) == (
        "problem",
        "东湾村：督查发现的问题",
        land.bay,
        "entered",
        7,
    )
    assert case.steps.get().note == f"按“督查发现问题进清单”由2020-06-10的督查（编号{activity.pk}）自动产生"
    assert [it.caused_id for it in queries.led_to("activity", activity.pk)] == [case.pk]


@pytest.mark.parametrize("extra", [{}, {"finding": ""}])
def test_an_inspection_without_a_finding_opens_none(
    land: SimpleNamespace, people: SimpleNamespace, extra: dict[str, str]
) -> None:
    inspected(land, people, **extra)
    assert (answered(), Case.objects.count()) == (1, 0)


def test_what_nobody_listens_to_is_forgotten(land: SimpleNamespace) -> None:
    cases.open_case(PACK.kinds.case["service_request"], unit=land.bay, title="修路", on=JUNE_10, actor=7)
    assert (answered(), Event.objects.count(), Done.objects.count()) == (1, 0, 0)


def test_a_reaction_happens_once_for_its_source_however_often_it_is_told(theme_day: Activity) -> None:
    accepted(theme_day)
    answered()
    Event.objects.filter(topic="activity.accepted").update(handled=False)
    answered()
    assert (PointProposal.objects.count(), Done.objects.count()) == (1, 1)


def secretary(land: SimpleNamespace, people: SimpleNamespace, until: date | None, on: date = FIRST) -> None:
    kind = PACK.kinds.duty["first_secretary"]
    duties.assign(kind, bearer=people.li, target=land.bay, on=on, until=until, actor=7)


def test_a_duty_that_ran_out_opens_a_vacancy(land: SimpleNamespace, people: SimpleNamespace) -> None:
    secretary(land, people, until=date(2020, 6, 1))
    assert tell_of_expired(PACK, today=date(2020, 6, 1)) == 0  # its last day
    assert tell_of_expired(PACK, today=date(2020, 6, 2)) == 1
    assert tell_of_expired(PACK, today=date(2020, 6, 3)) == 0  # told once
    answered()
    case = Case.objects.get()
    assert (case.kind, case.title, case.opened_on) == ("vacancy", "东湾村：第一书记空缺", date(2020, 6, 2))


@pytest.mark.parametrize(
    ("until", "next_on", "today"),
    [
        (date(2020, 6, 1), date(2020, 6, 2), date(2020, 6, 2)),  # a successor
        (None, None, date(2020, 6, 2)),  # no end
        (date(2020, 1, 1), None, date(2020, 6, 2)),  # long ago
    ],
)
def test_no_vacancy_where_there_is_a_successor_or_no_recent_end(
    land: SimpleNamespace, people: SimpleNamespace, until: date | None, next_on: date | None, today: date
) -> None:
    secretary(land, people, until)
    if next_on:
        secretary(land, people, None, on=next_on)
    assert tell_of_expired(PACK, today=today) == 0


def test_without_a_reaction_to_expired_duties_none_is_told_of(land: SimpleNamespace, people: SimpleNamespace) -> None:
    secretary(land, people, until=date(2020, 6, 1))
    assert tell_of_expired(PACK.model_copy(update={"reactions": {}}), today=date(2020, 6, 2)) == 0


def test_a_closed_case_feeds_its_indicator(land: SimpleNamespace) -> None:
    kind = CaseKind(
        key="weak_branch",
        name="后进整顿",
        subject="unit",
        stages=[Stage(key="mending", name="整顿"), Stage(key="accepted", name="验收销号")],
    )
    case = cases.open_case(kind, unit=land.bay_branch, title="整顿", on=JUNE_10, actor=7)

    def mended() -> object:
        return value("mended_branches", land.county, Period(date(2020, 6, 1), date(2020, 6, 30))).value

    assert mended() == 0
    cases.close(kind, case, verdict="达标", on=JUNE_20, actor=8)
    assert mended() == 1


def with_reaction(**given: object) -> Pack:
    reaction = Reaction(key="chain", name="连办", source="某文件", **given)
    return PACK.model_copy(update={"reactions": {"chain": reaction}})


CHAIN = with_reaction(on="case.closed", kinds=("vacancy",), do="open_case", case="vacancy", title="又一件")


def close_vacancy(land: SimpleNamespace) -> Case:
    kind = PACK.kinds.case["vacancy"]
    case = cases.open_case(kind, unit=land.bay, title="空缺", on=JUNE_10, actor=7)
    return cases.close(kind, case, verdict="已派", on=JUNE_20, actor=8)


def test_what_a_reaction_was_refused_is_kept_with_its_reason(land: SimpleNamespace) -> None:
    close_vacancy(land)
    blocked = cases.open_case(PACK.kinds.case["vacancy"], unit=land.bay, title="已有一件", on=JUNE_20, actor=7)
    answered(CHAIN)
    assert list(Case.objects.filter(closed_on=None)) == [blocked]
    done = queries.refused().get()
    assert done.sentence == "“已有一件”还没有办结，同一对象不能再立一件责任空缺。"
    assert Event.objects.get().handled


def test_a_case_may_lead_to_the_next_and_that_is_told_too(land: SimpleNamespace) -> None:
    closed = close_vacancy(land)
    assert answered(CHAIN) == 3  # opened, closed, and the new one opened
    assert Case.objects.exclude(pk=closed.pk).get().title == "又一件"


def test_a_reopened_case_that_is_closed_again_causes_nothing_twice(land: SimpleNamespace) -> None:
    kind = PACK.kinds.case["vacancy"].model_copy(update={"reopens": "open"})
    case = close_vacancy(land)
    course.reopen(kind, case, reason="未到任", on=JUNE_20, actor=8)
    cases.close(kind, case, verdict="已派", on=JUNE_20, actor=8)
    answered(CHAIN)
    assert Case.objects.filter(title="又一件").count() == 1


class Cut(Exception):
    """The process ends here."""


def committed_finding() -> int:
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        person = register_person(unit, name="王建国", on=FIRST, actor=None)
        kind = PACK.kinds.activity["inspection"].model_copy(update={"unit_kinds": ()})
        return activities.record(
            kind, unit=unit, on=JUNE_10, actor=7, leader=person, extra={"finding": "台账缺三个月"}
        ).pk


def counts() -> tuple[int, int, int]:
    with acting(EVERYTHING):
        return Case.objects.count(), Done.objects.count(), Event.objects.filter(handled=False).count()


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (services, "_happening"),  # before anything is caused
        (Done, "save"),  # the case is written, what caused it is not yet
        (outbox, "done"),  # all is written but that it is done
    ],
)
def test_a_crash_between_a_change_and_its_reaction_loses_neither(
    committed: None, monkeypatch: pytest.MonkeyPatch, place: Any, name: str
) -> None:
    committed_finding()

    def cut(*_: object, **__: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(place, name, cut)
        with pytest.raises(Cut):
            services.run(PACK)
    assert counts() == (0, 0, 1)  # the change is there and waits; nothing is half done
    services.run(PACK)
    assert counts() == (1, 1, 0)


def test_a_crash_before_the_change_is_committed_causes_nothing(committed: None) -> None:
    def recorded_and_cut() -> None:
        with acting(EVERYTHING):
            committed_finding()
            raise Cut

    with pytest.raises(Cut):
        recorded_and_cut()
    assert (services.run(PACK).events, counts()) == (0, (0, 0, 0))


def test_two_who_run_at_once_cause_each_thing_once(committed: None) -> None:
    committed_finding()

    def run(_: int) -> int:
        return int(services.answer_next(PACK))

    assert sorted(at_once(run)) == [0, 1]
    while services.run(PACK).events:
        pass
    assert counts() == (1, 1, 0)


def test_a_run_stops_at_its_limit(committed: None) -> None:
    committed_finding()
    committed_finding()
    assert [services.run(PACK, most=1).events, services.run(PACK).events >= 1] == [1, True]


def test_points_that_were_declined_are_not_proposed_again(theme_day: Activity) -> None:
    accepted(theme_day)
    answered()
    points.decline(PointProposal.objects.get(), reason="记错", on=JUNE_20, by=Signer(9))
    Event.objects.update(handled=False)
    answered()
    assert [it.state for it in PointProposal.objects.all()] == ["declined"]


def test_points_of_a_place_are_shown_as_long_as_its_own_rules_say(
    theme_day: Activity, land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = PointRules(key="ours", name="积分办法", book="member_points", source="某县文件", shown_days=7)
    monkeypatch.setitem(PACK.points, "ours", rules)
    monkeypatch.setitem(PACK.places, "points.ours", "6109")
    Unit.objects.filter(pk=land.county.pk).update(code="6109")
    accepted(theme_day)
    answered()
    assert [it.shown_until for it in PointProposal.objects.all()] == [date(2020, 6, 26)]


@pytest.mark.parametrize(("stands_at", "proposed"), [("county", 1), ("west", 0), (None, 1)])
def test_a_reaction_of_a_place_is_caused_in_its_place_only(
    theme_day: Activity, land: SimpleNamespace, stands_at: str | None, proposed: int
) -> None:
    """`theme_day_points` is 安康's: it answers there, or everywhere while 安康 is no place here."""
    assert PACK.places["reaction.theme_day_points"] == "6109"
    if stands_at:
        Unit.objects.filter(pk=getattr(land, stands_at).pk).update(code="6109")
    accepted(theme_day)
    answered()
    assert PointProposal.objects.filter(kind="member_points").count() == proposed


def visited(people: SimpleNamespace) -> Activity:
    kind = PACK.kinds.activity["visit"].model_copy(update={"leader": False})
    return activities.record(kind, unit=people.zhao.unit, on=JUNE_10, actor=7, household=people.zhao)


def test_a_record_about_a_household_proposes_for_the_household(people: SimpleNamespace) -> None:
    said = {"on": "activity.recorded", "kinds": ("visit",), "do": "book_entry", "entry": "household_points"}
    visited(people)
    answered(with_reaction(amount=Decimal(1), **said))
    it = PointProposal.objects.get()
    assert (it.kind, it.household, it.person, it.amount, it.state) == (
        "household_points",
        people.zhao,
        None,
        Decimal(1),
        "shown",
    )
    assert Entry.objects.count() == 0


def test_a_record_that_names_nobody_says_why_it_proposed_nothing(people: SimpleNamespace) -> None:
    said = {"on": "activity.recorded", "kinds": ("visit",), "do": "book_entry", "entry": "member_points"}
    visited(people)
    answered(with_reaction(amount=Decimal(1), **said))
    assert [it.sentence for it in Done.objects.all()] == ["这条记录没有写明是谁，没有提出党员积分。"]
    assert PointProposal.objects.count() == 0

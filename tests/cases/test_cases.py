from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import queries, services
from hangshi.cases.models import Case, Step
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Stage
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of

APRIL_1, MAY_1, JULY_1 = date(2017, 4, 1), date(2017, 5, 1), date(2017, 7, 1)
WEAK = CaseKind(
    key="weak_branch",
    name="后进整顿",
    subject="unit",
    unit_kinds=("branch",),
    grounds={"weak": "班子软弱"},
    stages=[
        Stage(key="screened", name="排查", days=10),
        Stage(key="plan", name="方案", days=20),
        Stage(key="mending", name="整顿"),
        Stage(key="accepted", name="验收销号"),
    ],
)
DISCIPLINE = CaseKind(
    key="discipline",
    name="违纪违法查处",
    subject="person",
    stages=[Stage(key="filed", name="立案"), Stage(key="closed", name="结案")],
)


@pytest.fixture
def case(land: SimpleNamespace) -> Case:
    return services.open_case(WEAK, unit=land.bay_branch, title="东湾村党支部整顿", ground="weak", on=APRIL_1, actor=7)


def at(case: Case, stage: str) -> Case:
    Case.objects.filter(pk=case.pk).update(stage=stage)
    return Case.objects.get(pk=case.pk)


def test_a_case_begins_at_the_first_stage_and_is_due_when_its_stages_are(case: Case) -> None:
    assert (case.stage, case.due_on, case.recorded_by) == ("screened", MAY_1, 7)
    assert [(it.before, it.after, it.day) for it in queries.steps(case)] == [("", "screened", APRIL_1)]


def test_every_move_leaves_a_step(case: Case) -> None:
    services.move(WEAK, case, to="plan", on=APRIL_1, actor=7)
    services.move(WEAK, case, to="mending", on=MAY_1, actor=8, note="方案已定")
    services.close(WEAK, case, verdict="达标", on=JULY_1, actor=9)
    rows = queries.steps(case).values_list("before", "after", "day", "recorded_by")
    assert list(rows) == [
        ("", "screened", APRIL_1, 7),
        ("screened", "plan", APRIL_1, 7),
        ("plan", "mending", MAY_1, 8),
        ("mending", "accepted", JULY_1, 9),
    ]
    stored = Case.objects.get()
    assert (stored.stage, stored.closed_on, stored.verdict) == ("accepted", JULY_1, "达标")


@pytest.mark.parametrize(
    ("stage", "to", "on", "note", "code"),
    [
        ("screened", "mending", MAY_1, "", "case.skip"),
        ("screened", "screened", MAY_1, "", "case.stage"),
        ("screened", "elsewhere", MAY_1, "", "case.stage"),
        ("mending", "accepted", MAY_1, "", "case.last_stage"),
        ("mending", "plan", MAY_1, "", "case.back"),
        ("mending", "plan", MAY_1, "方案不实", None),
        ("screened", "plan", date(2017, 3, 1), "", "case.dates"),
        ("screened", "plan", MAY_1, "", None),
    ],
)
def test_which_moves_are_refused(case: Case, stage: str, to: str, on: date, note: str, code: str | None) -> None:
    assert refusal_of(services.move, WEAK, at(case, stage), to=to, on=on, note=note, actor=None) == code
    assert Step.objects.count() == (1 if code else 2)


@pytest.mark.parametrize(
    ("stage", "verdict", "code"),
    [("plan", "达标", "case.skip"), ("mending", " ", "case.verdict"), ("mending", "达标", None)],
)
def test_which_closings_are_refused(case: Case, stage: str, verdict: str, code: str | None) -> None:
    assert refusal_of(services.close, WEAK, at(case, stage), verdict=verdict, on=JULY_1, actor=None) == code
    assert (Case.objects.get().closed_on is None) == (code is not None)


def test_a_closed_case_is_not_changed_any_more(case: Case) -> None:
    services.close(WEAK, at(case, "mending"), verdict="达标", on=JULY_1, actor=None)
    assert refusal_of(services.close, WEAK, case, verdict="达标", on=JULY_1, actor=None) == "case.closed"
    assert refusal_of(services.move, WEAK, case, to="plan", on=JULY_1, actor=None) == "case.closed"


@pytest.mark.parametrize(
    ("kind", "unit", "title", "ground", "code"),
    [
        (WEAK, "bay", "整顿", "weak", "case.unit_kind"),
        (WEAK, "bay_branch", " ", "weak", "case.title"),
        (WEAK, "bay_branch", "整顿", "", "case.ground"),
        (DISCIPLINE, "bay", "查处", "", "case.subject"),
        (WEAK, "bay_branch", "整顿", "weak", None),
    ],
)
def test_what_may_be_opened(
    land: SimpleNamespace, kind: CaseKind, unit: str, title: str, ground: str, code: str | None
) -> None:
    assert (
        refusal_of(
            services.open_case, kind, unit=getattr(land, unit), title=title, ground=ground, on=APRIL_1, actor=None
        )
        == code
    )


def test_what_is_open_and_overdue_on_a_day(case: Case) -> None:
    assert queries.overdue(MAY_1).count() == 0  # the last day is still in time
    assert queries.overdue(date(2017, 5, 2)).count() == 1
    services.close(WEAK, at(case, "mending"), verdict="达标", on=JULY_1, actor=None)
    assert [queries.open_on(day).count() for day in (date(2017, 3, 31), date(2017, 6, 30), JULY_1)] == [0, 1, 0]


def test_of_two_who_close_a_case_at_once_one_does(committed: None) -> None:
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        case = services.open_case(
            DISCIPLINE.model_copy(update={"subject": "unit"}), unit=unit, title="查处", on=APRIL_1, actor=None
        )
    results = at_once(lambda _: refusal_of(services.close, DISCIPLINE, case, verdict="警告", on=JULY_1, actor=None))
    with acting(EVERYTHING):
        assert (set(results), Step.objects.count()) == ({None, "case.closed"}, 2)

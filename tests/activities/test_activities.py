from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.activities import queries, services
from hangshi.activities.models import Activity
from hangshi.packs.models import ActivityKind, ExtraField
from hangshi.registry.models import Household
from tests.refusals import refusal_of

DAY = date(2017, 7, 31)
MEETING = ActivityKind(
    key="branch_meeting",
    name="支部党员大会",
    unit_kinds=("branch",),
    attendance="named",
    fields={
        "votes": ExtraField(name="票数", type="int", low=Decimal(0), high=Decimal(100)),
        "cost": ExtraField(name="费用", type="decimal"),
        "next": ExtraField(name="下次日期", type="date"),
        "form": ExtraField(name="形式", type="choice", choices={"hall": "会议"}),
        "note": ExtraField(name="备注", type="text"),
    },
)
VISIT = ActivityKind(key="visit", name="走访入户", attendance="none", household=True, leader=True)


def record(land: SimpleNamespace, **given: object) -> Activity:
    all_given = {"unit": land.bay_branch, "on": DAY, "actor": 7} | given
    return services.record(all_given.pop("kind", MEETING), **all_given)


def test_who_was_there_is_counted(land: SimpleNamespace, people: SimpleNamespace) -> None:
    activity = record(land, attendance={people.wang.pk: "present", people.li.pk: "leave"}, topic="学习")
    assert (activity.present, activity.recorded_by, activity.path) == (1, 7, land.bay_branch.path)
    rows = activity.attendances.order_by("person").values_list("person", "unit", "day", "state", "path")
    assert list(rows) == [
        (people.wang.pk, land.bay_branch.pk, DAY, "present", activity.path),
        (people.li.pk, land.bay_branch.pk, DAY, "leave", activity.path),
    ]
    assert [it.activity for it in queries.attended_by(people.wang)] == [activity]


def test_more_may_have_been_there_than_are_named(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert record(land, attendance={people.wang.pk: "present"}, present=30).present == 30
    assert refusal_of(record, land, attendance={people.wang.pk: "present"}, present=0) == "activity.present"


@pytest.mark.parametrize(
    ("extra", "stored"),
    [
        ({"votes": "12"}, {"votes": 12}),
        ({"votes": 101}, "extra.bounds"),
        ({"votes": 1.5}, "extra.type"),
        ({"votes": True}, "extra.type"),
        ({"votes": ""}, {}),
        ({"cost": "0.10"}, {"cost": "0.10"}),
        ({"cost": "NaN"}, "extra.type"),
        ({"next": "2017-08-31"}, {"next": "2017-08-31"}),
        ({"next": date(2017, 8, 31)}, {"next": "2017-08-31"}),
        ({"next": "31/8"}, "extra.type"),
        ({"form": "hall"}, {"form": "hall"}),
        ({"form": "web"}, "extra.type"),
        ({"note": 3}, "extra.type"),
        ({"other": 3}, "extra.unknown"),
    ],
)
def test_extra_fields_are_those_of_the_kind(land: SimpleNamespace, extra: dict[str, object], stored: object) -> None:
    refusal = refusal_of(record, land, extra=extra)
    assert (refusal or Activity.objects.get().extra) == stored


def test_a_required_field_is_asked_for(land: SimpleNamespace) -> None:
    kind = MEETING.model_copy(update={"fields": {"votes": ExtraField(name="票数", type="int", required=True)}})
    assert refusal_of(record, land, kind=kind) == "extra.missing"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"on": date(2015, 1, 1)}, "activity.unit_ended"),
        ({"kind": VISIT}, "activity.household"),
        ({"attendance": {1: "asleep"}}, "activity.state"),
        ({"attendance": {10**9: "present"}}, "activity.person"),
        (
            {"kind": VISIT.model_copy(update={"household": False, "leader": False}), "attendance": {1: "present"}},
            "activity.attendance",
        ),
        ({"kind": VISIT.model_copy(update={"household": False})}, "activity.leader"),
    ],
)
def test_what_is_refused(land: SimpleNamespace, given: dict[str, object], code: str) -> None:
    assert refusal_of(record, land, **given) == code


def test_a_visit_belongs_to_the_village_of_the_household(land: SimpleNamespace, people: SimpleNamespace) -> None:
    given = {"kind": VISIT, "leader": people.li, "household": people.zhao}
    assert refusal_of(record, land, unit=land.hill, **given) == "activity.household_unit"
    assert refusal_of(record, land, unit=land.hill, leader=people.li) == "activity.unit_kind"
    households = Household.objects.all()
    assert queries.unvisited(households, date(2017, 7, 1), DAY).count() == 1
    record(land, unit=land.bay, **given)
    assert queries.unvisited(households, date(2017, 7, 1), DAY).count() == 0  # the last day belongs to the month
    assert queries.unvisited(households, date(2017, 7, 1), date(2017, 7, 30)).count() == 1

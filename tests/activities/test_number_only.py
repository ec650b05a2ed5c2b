"""A ceremony is counted, nobody is named: there is nowhere to write a name."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from hangshi.activities import attachments, plans, reviews, services
from hangshi.activities.models import Activity
from hangshi.packs.loader import load
from hangshi.packs.models import ActivityKind
from tests.refusals import refusal_of

JUNE_30 = date(2020, 6, 30)
COUNT = ActivityKind(
    key="ceremony_count", name="红白事简办统计", attendance="none", counts="简办次数", number_only=True
)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"topic": "张家婚礼"}, "activity.number_only"),
        ({"place": "张家院子"}, "activity.number_only"),
        ({"minutes": "张三办席二十桌"}, "activity.number_only"),
        ({"agenda": [services.Item("张三办席")]}, "activity.number_only"),
        ({"leader": "wang"}, "activity.number_only"),
        ({"household": "zhao"}, "activity.number_only"),
    ],
)
def test_it_is_a_number_and_no_word(
    land: SimpleNamespace, people: SimpleNamespace, given: dict[str, object], code: str | None
) -> None:
    said = {
        key: getattr(people, it) if isinstance(it, str) and hasattr(people, it) else it for key, it in given.items()
    }
    assert refusal_of(services.record, COUNT, unit=land.bay, on=JUNE_30, actor=7, present=3, **said) == code
    assert list(Activity.objects.values_list("present", "topic")) == ([] if code else [(3, "")])


def test_the_number_is_put_right_and_stays_a_number(land: SimpleNamespace) -> None:
    it = services.record(COUNT, unit=land.bay, on=JUNE_30, actor=7, present=3)
    assert refusal_of(reviews.correct, COUNT, it, on=JUNE_30, actor=7, minutes="张三家") == "activity.number_only"
    assert reviews.correct(COUNT, it, on=JUNE_30, actor=7, present=4).present == 4


def test_it_is_not_planned_and_carries_no_photograph(land: SimpleNamespace) -> None:
    it = services.record(COUNT, unit=land.bay, on=JUNE_30, actor=7, present=3)
    assert refusal_of(attachments.check_may_attach, COUNT, it, name="婚礼.jpg") == "attachment.number_only"
    given = {"unit": land.bay, "on": JUNE_30, "topic": "张家婚礼"}
    assert refusal_of(plans.plan, COUNT, actor=7, **given) == "activity.number_only"


@pytest.mark.parametrize("key", ["ceremony_count", "banquet_count"])
@pytest.mark.parametrize("column", ["topic", "place", "minutes"])
def test_the_database_refuses_a_word_whoever_writes_it(land: SimpleNamespace, key: str, column: str) -> None:
    row = {"kind": key, "unit": land.bay, "path": land.bay.path, "day": JUNE_30, "present": 3}
    Activity.objects.create(**row)
    with pytest.raises(IntegrityError, match="activity_number_only"), transaction.atomic():
        Activity.objects.create(**row, **{column: "张三"})


def test_both_counts_of_ceremonies_that_are_shipped_are_numbers_only() -> None:
    kinds = load("base", "ankang").kinds.activity
    assert [key for key, it in kinds.items() if it.number_only] == ["ceremony_count", "banquet_count"]

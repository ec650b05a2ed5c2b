"""An event stays or goes with the change it tells of, and is taken once, in order."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.outbox import services
from hangshi.outbox.models import Event
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Stage
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of

DAY = date(2020, 6, 1)
KIND = CaseKind(
    key="problem",
    name="问题",
    subject="unit",
    stages=[Stage(key="entered", name="登记"), Stage(key="struck", name="销号")],
)


def opened(unit: object) -> Case:
    return cases.open_case(KIND, unit=unit, title="账目不清", on=DAY, actor=7)


def test_opening_and_closing_are_told(land: SimpleNamespace) -> None:
    case = opened(land.bay)
    cases.close(KIND, case, verdict="好", on=DAY, actor=8)
    told = Event.objects.order_by("pk").values_list(
        "topic", "kind", "source", "source_id", "path", "told_by", "handled"
    )
    assert list(told) == [
        ("case.opened", "problem", "case_file", case.pk, land.bay.path, 7, False),
        ("case.closed", "problem", "case_file", case.pk, land.bay.path, 8, False),
    ]


def test_a_change_that_is_undone_tells_nothing(land: SimpleNamespace) -> None:
    def opened_and_failed() -> None:
        with transaction.atomic():
            opened(land.bay)
            raise ConnectionError("the line was cut")

    with pytest.raises(ConnectionError):
        opened_and_failed()
    assert (Case.objects.count(), Event.objects.count()) == (0, 0)


def test_a_refused_change_tells_nothing(land: SimpleNamespace) -> None:
    case = opened(land.bay)
    assert refusal_of(cases.close, KIND, case, verdict="", on=DAY, actor=8) == "case.verdict"
    assert Event.objects.count() == 1


def test_events_are_taken_in_their_order_until_none_waits(land: SimpleNamespace) -> None:
    first, second = opened(land.bay), opened(land.hill)
    taken = []
    while event := services.take():
        taken.append(event.source_id)
        services.done(event)
    assert taken == [first.pk, second.pk]


def test_only_events_in_scope_are_taken(land: SimpleNamespace) -> None:
    opened(land.bay)
    with acting(Scope.below(land.west.path)):
        assert services.take() is None
    with acting(Scope.below(land.east.path)):
        assert services.take() is not None


def test_two_who_take_at_once_take_different_events(committed: None) -> None:
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        wanted = {opened(unit).pk, opened(unit).pk}

    def take(_: int) -> int:
        event = services.take()
        assert event is not None
        services.done(event)
        return event.source_id

    taken = at_once(take)
    with acting(EVERYTHING):
        assert (set(taken), Event.objects.filter(handled=False).count()) == (wanted, 0)

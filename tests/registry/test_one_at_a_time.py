"""What the database itself refuses: two branches, or two statuses, of one on one day, whichever way they come."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import people
from hangshi.registry.models import HouseholdStatus, Membership
from tests.committed import at_once, committed
from tests.land import FIRST, make

__all__ = ["committed"]

SPRING, JUNE_30, JULY_1, JULY_2 = date(2016, 3, 1), date(2017, 6, 30), date(2017, 7, 1), date(2017, 7, 2)
Days = tuple[date, date | None]


def refused(write: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return getattr(error.__cause__, "sqlstate", "") in ("23505", "23P01")
    return False


def memberships(land: SimpleNamespace, people: SimpleNamespace, *periods: Days) -> list[Membership]:
    return [
        Membership(person=people.wang, unit=land.bay_branch, path=land.bay_branch.path, status="full", category="rural", since=since, until=until)
        for since, until in periods
    ]  # fmt: skip


PERIODS: dict[str, tuple[Days, Days, bool]] = {
    "both in force": ((SPRING, None), (JULY_1, None), True),
    "ended on the day the other begins": ((SPRING, JULY_1), (JULY_1, None), True),
    "ended the day before": ((SPRING, JUNE_30), (JULY_1, None), False),
    "ended after the other began": ((SPRING, JULY_2), (JULY_1, None), True),
    "in force before one that ended": ((SPRING, None), (JULY_1, JULY_2), True),
    "both ended, one day in common": ((SPRING, JULY_1), (JULY_1, JULY_2), True),
    "both ended, apart": ((SPRING, JUNE_30), (JULY_1, JULY_2), False),
}


@pytest.mark.parametrize("together", [True, False], ids=["in one statement", "in two"])
@pytest.mark.parametrize("name", PERIODS)
def test_no_two_memberships_on_one_day(land, people, name, together):
    first, second, clash = PERIODS[name]
    Membership.objects.filter(person=people.wang).delete()
    rows = memberships(land, people, first, second)
    if together:
        assert refused(lambda: Membership.objects.bulk_create(rows)) is clash
    else:
        rows[0].save()
        assert refused(rows[1].save) is clash


def test_a_membership_cannot_be_opened_again_over_one_that_ended_later(land, people):
    Membership.objects.filter(person=people.wang).delete()
    early, late = memberships(land, people, (FIRST, JUNE_30), (JULY_1, JULY_2))
    early.save()
    late.save()
    rows = Membership.objects.filter(pk=early.pk)
    assert refused(lambda: rows.update(until=None))
    assert not refused(lambda: rows.update(until=date(2017, 6, 1)))
    assert not refused(lambda: Membership.objects.filter(pk=late.pk).update(until=None))


def test_no_two_statuses_of_a_household_on_one_day(land, people):
    HouseholdStatus.objects.filter(household=people.zhao).update(until=JUNE_30)

    def status(since: date) -> HouseholdStatus:
        return HouseholdStatus(household=people.zhao, unit=land.bay, path=land.bay.path, status="lifted", since=since)

    assert refused(status(JUNE_30).save)
    assert not refused(status(JULY_1).save)
    assert refused(status(JULY_2).save)


def test_one_in_force_and_one_that_ended_written_at_once(committed):
    """Neither of the two sees the other's row until it has committed; who comes second waits, looks again and is refused."""
    with acting(EVERYTHING):
        county = make("county", "示例县", None)
        branches = [make("branch", f"第{n}支部", county) for n in "一二"]
        person = people.register_person(county, name="王建国", on=FIRST, actor=None)

    def take(index: int) -> bool:
        since, until = [(JULY_1, None), (SPRING, JULY_2)][index]
        unit = branches[index]
        row = Membership(
            person=person, unit=unit, path=unit.path, status="full", category="rural", since=since, until=until
        )
        return refused(row.save)

    assert sorted(at_once(take)) == [False, True]
    with acting(EVERYTHING):
        assert Membership.objects.count() == 1

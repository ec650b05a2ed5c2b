"""四联系: whoever bears the duty bears it for one unit of each part at least."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.duties import services
from hangshi.duties.models import Duty
from hangshi.duties.queries import tallies
from hangshi.duties.sets import held
from hangshi.packs.models import DutyKind
from hangshi.packs.work import RequiredSet, SetPart
from hangshi.registry.models import Person, Unit
from tests.land import FIRST

CONTACT = DutyKind(
    key="contact", name="联系点", bearer="person", target="unit", roles={"city": "市级", "county": "县级"}
)
CONTACTS = RequiredSet(
    key="contacts",
    name="两联系",
    duty="contact",
    roles=("city",),
    parts={
        "village": SetPart(name="村", unit_kinds=("village",)),
        "township": SetPart(name="乡镇", unit_kinds=("township",)),
    },
)
MAY_1, JUNE_1 = date(2017, 5, 1), date(2017, 6, 1)


@pytest.fixture
def given(land: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    """Wang has two villages and, until the end of May, a township; Li has a village at the level of the county."""

    def give(bearer: Person, target: Unit, role: str, until: date | None = None) -> Duty:
        return services.assign(CONTACT, bearer=bearer, target=target, on=FIRST, until=until, role=role, actor=None)

    give(people.wang, land.bay, "city")
    give(people.wang, land.hill, "city")
    give(people.wang, land.east, "city", date(2017, 5, 31))
    give(people.li, land.bay, "county")
    return people


@pytest.mark.parametrize(("on", "townships", "lacking"), [(date(2017, 5, 31), 1, []), (JUNE_1, 0, ["township"])])
def test_a_part_is_missing_from_the_day_after_its_last_duty(
    given: SimpleNamespace, on: date, townships: int, lacking: list[str]
) -> None:
    [one] = held(CONTACTS, on)  # who bears the duty in another role need not keep the set
    assert (one.bearer, len(one.parts["village"]), len(one.parts["township"])) == (given.wang.pk, 2, townships)
    assert one.lacking == lacking


def test_without_roles_everybody_who_bears_the_duty_keeps_the_set(given: SimpleNamespace) -> None:
    everybody = CONTACTS.model_copy(update={"roles": ()})
    assert {it.bearer: it.lacking for it in held(everybody, MAY_1)} == {given.wang.pk: [], given.li.pk: ["township"]}


def test_nobody_bears_it_and_nobody_lacks_anything(land: SimpleNamespace) -> None:
    assert held(CONTACTS, MAY_1) == []


def test_duties_are_counted_by_kind_with_those_that_run_out(given: SimpleNamespace) -> None:
    found = tallies(MAY_1, 30)["contact"]
    assert (found.duties, found.persons, found.units, found.ending) == (4, 2, 0, 1)
    assert tallies(MAY_1, 29)["contact"].ending == 0
    assert tallies(JUNE_1, 30)["contact"].duties == 3
    assert tallies(date(2015, 1, 1), 30) == {}

"""What the demonstration shows of points and of the pay of flags, made by the services themselves."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals.models import Honour
from hangshi.duties.services import assign
from hangshi.flagpay.models import PaySheet
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs import load
from hangshi.registry.models import Unit
from hangshi.registry.people import join, register_household, register_person
from hangshi.scenarios import flags, pointing
from tests.land import FIRST, land

__all__ = ["land"]
PACK = load("base", "shifan")


@pytest.fixture
def village(land: SimpleNamespace) -> Unit:
    """东湾村 in 东镇 with eight members and six households; the county has the code 6109."""
    for number in range(8):
        person = register_person(land.bay, name=f"党员{number}", on=FIRST, actor=None)
        join(person, land.bay_branch, on=FIRST, actor=None, status="full", category="rural")
    for number in range(6):
        said = {"number": f"东湾-{number}", "head": "赵", "status": "registered"}
        register_household(land.bay, on=FIRST, actor=None, **said)
    Unit.objects.filter(pk=land.county.pk).update(code="6109")
    found: Unit = land.bay
    return found


def test_the_village_has_points_in_every_state(village: Unit):
    pointing.fill("6109", "东镇")
    with acting(EVERYTHING):
        members = PointProposal.objects.filter(kind="member_points")
        assert [members.filter(state=it).count() for it in ("posted", "shown")] == [8, 7]
        assert members.filter(amount__lt=0).count() == 1
        assert members.exclude(appealed_on=None).exclude(heard="").count() == 1
        homes = Entry.objects.filter(kind="household_points", source="redemption")
        assert [(it.amount, it.note) for it in homes] == [(Decimal("-5.00"), "洗衣粉")] * 2
        assert {it.unit_id for it in PointProposal.objects.all()} == {village.pk}


def test_flags_are_held_for_a_year_and_a_sheet_waits_for_approval(land: SimpleNamespace):
    Unit.objects.filter(pk=land.county.pk).update(code="990001")
    person = register_person(land.bay, name="赵一", on=FIRST, actor=None)
    post, flag = PACK.kinds.duty["village_post"], PACK.kinds.duty["red_flag"]
    assign(post, bearer=person, target=land.bay, on=FIRST, role="secretary", actor=None)
    for sort, since in (("building", date(2019, 2, 19)), ("beauty", date(2019, 6, 2))):
        assign(flag, bearer=land.east, target=land.bay, on=since, role=sort, actor=None)
    flags.fill("990001")
    with acting(EVERYTHING):
        held = Honour.objects.order_by("since").values_list("name", "since", "until")
        assert list(held) == [
            ("基层党建红旗", date(2019, 2, 19), date(2020, 2, 18)),
            ("美丽乡村红旗", date(2019, 6, 2), date(2020, 6, 1)),
        ]
        sheet = PaySheet.objects.get()
        assert (sheet.month, sheet.total, sheet.state) == (date(2019, 6, 1), Decimal("500.00"), "drawn")

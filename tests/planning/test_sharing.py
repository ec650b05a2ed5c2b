"""A ring that was drawn becomes duties: all of it, once, for the days of the round."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.duties.models import Duty
from hangshi.packs.loader import load
from hangshi.planning import services, sharing
from hangshi.planning.models import Draw
from tests.land import make
from tests.refusals import refusal_of

APRIL_1, APRIL_10, JUNE_30 = date(2017, 4, 1), date(2017, 4, 10), date(2017, 6, 30)
KIND = load("base").kinds.duty["mutual_check"]
ROUND = {"since": APRIL_10, "until": JUNE_30, "actor": None}


@pytest.fixture
def frozen(land: SimpleNamespace) -> Draw:
    villages = [str(it.pk) for it in (land.bay, land.hill, land.ditch)]
    return services.freeze_ring(land.county, title="互查互学互鉴", units=villages, on=APRIL_1, actor=None)


@pytest.fixture
def drawn(frozen: Draw) -> Draw:
    return services.hold(frozen, on=APRIL_1, actor=None)


def test_each_of_the_ring_is_to_check_the_one_it_drew(land: SimpleNamespace, drawn: Draw) -> None:
    assert not sharing.shared(drawn)
    made = sharing.share_out(KIND, drawn, **ROUND)
    pairs = {(str(it.bearer_unit_id), str(it.target_unit_id)) for it in made}
    assert pairs == set(drawn.result["drawn"]["pairs"].items())
    assert {(it.kind, it.since, it.until) for it in made} == {("mutual_check", APRIL_10, JUNE_30)}
    assert (
        {one for one, _ in pairs}
        == {other for _, other in pairs}
        == {str(it.pk) for it in (land.bay, land.hill, land.ditch)}
    )
    assert sharing.shared(drawn)


def test_it_is_written_down_once(drawn: Draw) -> None:
    sharing.share_out(KIND, drawn, **ROUND)
    assert refusal_of(sharing.share_out, KIND, drawn, **ROUND) == "duty.taken"
    assert Duty.objects.count() == 3


def test_what_is_no_ring_gives_no_duties(land: SimpleNamespace, frozen: Draw) -> None:
    assert refusal_of(sharing.share_out, KIND, frozen, **ROUND) == "draw.no_ring"
    villages = [str(land.bay.pk)]
    pairing = services.freeze_pairing(
        land.county, title="督查", inspectors=["7"], units=villages, avoid=[], most=None, on=APRIL_1, actor=None
    )
    assert (
        refusal_of(sharing.share_out, KIND, services.hold(pairing, on=APRIL_1, actor=None), **ROUND) == "draw.no_ring"
    )
    assert Duty.objects.count() == 0


def test_half_a_ring_is_not_written(land: SimpleNamespace, drawn: Draw) -> None:
    with acting(Scope.below(land.east.path)):
        assert refusal_of(sharing.share_out, KIND, drawn, **ROUND) == "draw.outside"
    assert Duty.objects.count() == 0


def test_a_unit_that_ends_in_the_round_leaves_nothing_half_done(land: SimpleNamespace) -> None:
    gone = make("village", "北湾村", land.west)
    gone.until = date(2017, 5, 1)
    gone.save()
    units = [str(it.pk) for it in (land.bay, land.hill, gone)]
    ring = services.freeze_ring(land.county, title="互查", units=units, on=APRIL_1, actor=None)
    held = services.hold(ring, on=APRIL_1, actor=None)
    assert refusal_of(sharing.share_out, KIND, held, **ROUND) == "duty.unit_ended"
    assert Duty.objects.count() == 0

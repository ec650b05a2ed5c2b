from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties import queries, services
from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind, ExtraField
from hangshi.registry import people as of_people
from hangshi.registry import services as tree_services
from hangshi.registry.models import Unit
from tests.committed import at_once
from tests.land import FIRST, make
from tests.refusals import refusal_of

JULY_1 = date(2017, 7, 1)
SECRETARY = DutyKind(
    key="first_secretary",
    name="第一书记",
    bearer="person",
    target="unit",
    target_kinds=("village",),
    exclusive=True,
    end_reasons={"term": "期满", "recall": "召回"},
    fields={"reserve": ExtraField(name="后备干部", type="bool")},
)
PAIRING = DutyKind(key="pairing", name="结对帮扶", bearer="person", target="household")
CHAIN = DutyKind(key="branch_chain", name="支部+X", bearer="unit", bearer_kinds=("branch",), target="unit")


def assign(land: SimpleNamespace, people: SimpleNamespace, **given: object) -> str | None:
    all_given = {"bearer": people.wang, "target": land.bay, "on": FIRST, "actor": None} | given
    return refusal_of(services.assign, all_given.pop("kind", SECRETARY), **all_given)


def test_a_duty_hangs_at_its_target(land: SimpleNamespace, people: SimpleNamespace) -> None:
    duty = services.assign(
        SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None, extra={"reserve": True}
    )
    stored = Duty.objects.get(pk=duty.pk)
    assert (stored.unit_id, stored.path, stored.bearer_id, stored.extra) == (
        land.bay.pk,
        land.bay.path,
        people.wang.pk,
        {"reserve": True},
    )
    assert services.assign(PAIRING, bearer=people.li, target=people.zhao, on=FIRST, actor=None).unit_id == land.bay.pk


@pytest.mark.parametrize(("on", "code"), [(date(2017, 12, 31), "duty.taken"), (date(2018, 1, 1), None)])
def test_one_at_a_time_where_the_kind_says_so(
    land: SimpleNamespace, people: SimpleNamespace, on: date, code: str | None
) -> None:
    services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, until=date(2017, 12, 31), actor=None)
    assert assign(land, people, bearer=people.li, on=on) == code
    assert Duty.objects.count() == (1 if code else 2)
    assert assign(land, people, bearer=people.li, target=land.hill) is None  # another village is another slot


def test_two_may_pair_with_one_household(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert assign(land, people, kind=PAIRING, target=people.zhao) is None
    assert assign(land, people, kind=PAIRING, target=people.zhao, bearer=people.li) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"until": date(2015, 1, 1)}, "duty.dates"),
        ({"on": date(2015, 1, 1)}, "duty.unit_ended"),
        ({"extra": {"reserv": True}}, "extra.unknown"),
        ({"extra": {"reserve": "是"}}, "extra.type"),
        ({"kind": PAIRING}, "duty.target"),
        ({"kind": CHAIN}, "duty.bearer"),
        ({}, None),
    ],
)
def test_what_is_refused(
    land: SimpleNamespace, people: SimpleNamespace, given: dict[str, object], code: str | None
) -> None:
    assert assign(land, people, **given) == code


def test_kinds_of_units_are_kept(land: SimpleNamespace, people: SimpleNamespace) -> None:
    assert assign(land, people, target=land.east) == "duty.target_kind"
    assert assign(land, people, kind=CHAIN, bearer=land.hill) == "duty.bearer_kind"
    assert assign(land, people, kind=CHAIN, bearer=land.bay_branch) is None


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [(date(2015, 1, 1), "term", "duty.dates"), (JULY_1, "bored", "duty.reason"), (JULY_1, "recall", None)],
)
def test_how_a_duty_ends(
    land: SimpleNamespace, people: SimpleNamespace, on: date, reason: str, code: str | None
) -> None:
    duty = services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None)
    assert refusal_of(services.end, SECRETARY, duty, on=on, reason=reason, actor=None) == code
    assert queries.on_day(date(2017, 7, 2)).count() == (1 if code else 0)
    assert queries.on_day(JULY_1).count() == 1  # the last day counts


def test_what_is_over_is_not_ended_again(land: SimpleNamespace, people: SimpleNamespace) -> None:
    duty = services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None)
    services.end(SECRETARY, duty, on=JULY_1, reason="term", actor=None)
    assert refusal_of(services.end, SECRETARY, duty, on=JULY_1, reason="term", actor=None) == "duty.ended"


def test_who_has_nobody(land: SimpleNamespace, people: SimpleNamespace) -> None:
    services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None)
    villages = Unit.objects.filter(kind="village")
    assert [unit.name for unit in queries.units_without("first_secretary", FIRST, villages).order_by("pk")] == [
        "东坡村",
        "西沟村",
    ]
    assert queries.borne_by(people.wang).count() == 1


def test_a_merger_hands_the_duties_over(land: SimpleNamespace, people: SimpleNamespace) -> None:
    services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None)
    services.assign(PAIRING, bearer=people.li, target=people.zhao, on=FIRST, actor=None)
    tree_services.merge([land.bay], into=land.hill, on=JULY_1, actor=None)
    assert queries.on_day(date(2017, 6, 30)).filter(unit=land.bay).count() == 2
    now = queries.on_day(JULY_1).order_by("kind")
    assert [(it.kind, it.unit_id, it.target_unit_id) for it in now] == [
        ("first_secretary", land.hill.pk, land.hill.pk),
        ("pairing", land.hill.pk, None),
    ]
    assert assign(land, people, bearer=people.li, target=Unit.objects.get(pk=land.hill.pk), on=JULY_1) == "duty.taken"


def test_two_first_secretaries_stop_a_merger(land: SimpleNamespace, people: SimpleNamespace) -> None:
    services.assign(SECRETARY, bearer=people.wang, target=land.bay, on=FIRST, actor=None)
    services.assign(SECRETARY, bearer=people.li, target=land.hill, on=FIRST, actor=None)
    assert refusal_of(tree_services.merge, [land.bay], into=land.hill, on=JULY_1, actor=None) == "unit.taken"


def test_of_two_writers_of_one_slot_one_wins(committed: None) -> None:
    with acting(EVERYTHING):
        county = make("county", "示例县", None)
        village = make("village", "东湾村", make("township", "东镇", county))
        bearers = [of_people.register_person(county, name=name, on=FIRST, actor=None) for name in ("王建国", "李秀英")]
    results = at_once(
        lambda index: refusal_of(
            services.assign, SECRETARY, bearer=bearers[index], target=village, on=FIRST, actor=None
        )
    )
    with acting(EVERYTHING):
        assert (set(results), Duty.objects.count()) == ({None, "duty.taken"}, 1)

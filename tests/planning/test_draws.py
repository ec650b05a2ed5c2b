"""A draw from its frame to its published file: bound before, held once, checked by anybody."""

import copy
import json
from datetime import date

import pytest
from click.testing import CliRunner

from hangshi.access.scope import Scope, acting
from hangshi.cli.main import cli
from hangshi.duties.services import assign
from hangshi.packs.models import DutyKind
from hangshi.planning import queries, services
from hangshi.planning.models import Draw
from hangshi.planning.proof import faults, mixed, outcome, published
from hangshi.planning.sampling import Item, Quota
from hangshi.refusal import Refused
from hangshi.registry.people import register_person
from tests.land import FIRST
from tests.refusals import refusal_of

MAY_1, MAY_3 = date(2020, 5, 1), date(2020, 5, 3)
NAMES = {"县": "示例县", "东": "东镇", "西": "西镇"}
ITEMS = [Item(f"{part}{number}", "县", part) for part in ("东", "西") for number in range(1, 4)]


@pytest.fixture
def frozen(land) -> Draw:
    return services.freeze_sample(
        land.county, title="5月电话抽查", items=ITEMS, names=NAMES, quota=Quota(3, 2), on=MAY_1, actor=None
    )


def test_the_seed_is_not_known_before_the_draw_and_fits_its_bound_after(frozen):
    assert (frozen.seed, frozen.result) == ("", None)
    assert faults(published(frozen)) == ["还没有抽取，种子尚未公布。"]
    held = services.hold(frozen, on=MAY_3, actor=None, witness="2020053")
    assert len(held.result["drawn"]) == 3
    assert faults(published(held)) == []


def test_a_draw_is_held_once(frozen):
    services.hold(frozen, on=MAY_3, actor=None)
    assert refusal_of(services.hold, frozen, on=MAY_3, actor=None) == "draw.held"


def test_a_draw_is_not_held_before_it_is_frozen(frozen):
    assert refusal_of(services.hold, frozen, on=date(2020, 4, 30), actor=None) == "draw.dates"
    frozen.refresh_from_db()
    assert frozen.drawn_on is None


def test_what_the_witnesses_say_changes_the_lots(frozen):
    """Without it whoever can read the kept seed would know the outcome beforehand."""
    one = published(services.hold(frozen, on=MAY_3, actor=None, witness="1"))
    assert _drawn(one, "1") == one["result"]["drawn"]
    many = {json.dumps(_drawn(one, str(number)), ensure_ascii=False) for number in range(20)}
    assert len(many) > 5


def _drawn(said, witness):
    return outcome("sample", said["frame"], said["rule"], mixed(said["seed"], witness))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda said: said["frame"]["items"].pop(), "名单或规则与封存时的摘要不符：封存后被改动过。"),
        (lambda said: said["rule"].update(most=1), "名单或规则与封存时的摘要不符：封存后被改动过。"),
        (lambda said: said.update(seed="11" * 32), "公布的种子与事先公布的种子摘要不符：种子被换过。"),
        (lambda said: said["result"]["drawn"].reverse(), "按公布的名单、规则和种子重新抽取，结果与公布的不同。"),
        (lambda said: said.update(format="?"), "这不是抽样公布文件，或版本不认识。"),
    ],
)
def test_what_was_changed_afterwards_is_named(frozen, change, sentence):
    said = copy.deepcopy(published(services.hold(frozen, on=MAY_3, actor=None)))
    change(said)
    assert sentence in faults(said)


def test_a_county_that_cannot_give_enough_is_named_in_words(land):
    quota = Quota(least=10, most=2)
    with pytest.raises(Refused) as refused:
        services.freeze_sample(land.county, title="抽查", items=ITEMS, names=NAMES, quota=quota, on=MAY_1, actor=None)
    assert refused.value.sentence == (
        "示例县只有2个乡镇有可抽对象，每个乡镇至多2名，合计至多4名，达不到不少于10名的要求。请修改规则后重新封存。"
    )
    assert Draw.objects.count() == 0


@pytest.mark.parametrize(
    ("title", "items", "quota", "code"),
    [
        (" ", ITEMS, Quota(1, 1), "draw.title"),
        ("抽查", [], Quota(1, 1), "draw.empty"),
        ("抽查", [ITEMS[0], ITEMS[0]], Quota(1, 1), "draw.twice"),
        ("抽查", ITEMS, Quota(-1, 1), "draw.quota"),
        ("抽查", ITEMS, Quota(1, 0), "draw.quota"),
    ],
)
def test_a_frame_that_cannot_be_drawn_from_is_refused(land, title, items, quota, code):
    assert (
        refusal_of(
            services.freeze_sample,
            land.county,
            title=title,
            items=items,
            names=NAMES,
            quota=quota,
            on=MAY_1,
            actor=None,
        )
        == code
    )


def test_inspectors_are_drawn_to_units_and_whoever_must_avoid_is_kept_apart(land):
    draw = services.freeze_pairing(
        land.county, title="双随机", inspectors=["1", "2"], units=["7", "8"], avoid=[("1", "7")], most=None, on=MAY_1, actor=None
    )  # fmt: skip
    held = services.hold(draw, on=MAY_3, actor=None)
    assert held.result["drawn"] == {"pairs": {"7": "2", "8": "1"}, "left": []}
    assert faults(published(held)) == []


def test_two_units_are_too_few_to_check_each_other(land):
    assert (
        refusal_of(services.freeze_ring, land.county, title="互查", units=["7", "8", "8"], on=MAY_1, actor=None)
        == "draw.few"
    )


def test_a_frame_comes_from_the_duties_in_force_each_bearer_once(land):
    kind = DutyKind(key="helper", name="帮扶联系人", bearer="person", target="unit")
    li = register_person(land.bay, name="李秀英", on=FIRST, actor=None)
    zhou = register_person(land.ditch, name="周明", on=FIRST, actor=None)
    gone = register_person(land.bay, name="吴强", on=FIRST, actor=None)
    for who, where, until in (
        (li, land.bay, None), (li, land.hill, None), (zhou, land.ditch, None), (gone, land.bay, date(2020, 4, 30)),
    ):  # fmt: skip
        assign(kind, bearer=who, target=where, on=FIRST, until=until, actor=None)
    items, names = queries.bearers(land.county, "helper", on=MAY_1, group="county", part="township")
    county, east, west = str(land.county.pk), str(land.east.pk), str(land.west.pk)
    assert sorted(items, key=lambda it: it.part) == [Item(str(li.pk), county, east), Item(str(zhou.pk), county, west)]
    assert names == {county: "示例县", east: "东镇", west: "西镇"}


def test_a_draw_of_the_county_is_not_seen_from_a_township(frozen, land):
    with acting(Scope.below(land.east.path)):
        assert Draw.objects.count() == 0


def test_held_and_waiting(frozen, land):
    other = services.freeze_ring(land.county, title="互查", units=["1", "2", "3"], on=MAY_1, actor=None)
    services.hold(other, on=MAY_3, actor=None)
    assert [it.title for it in queries.waiting()] == ["5月电话抽查"]
    assert [it.title for it in queries.held()] == ["互查"]


def test_anybody_can_verify_the_published_file(frozen, tmp_path):
    said = published(services.hold(frozen, on=MAY_3, actor=None))
    good, bad, torn = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "torn.json"
    good.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    bad.write_text(json.dumps(said | {"seed": "11" * 32}), "utf-8")
    torn.write_text('{"format": "hangshi-draw-1"}')
    told = CliRunner().invoke(cli, ["draw", "verify", str(good)])
    assert (told.exit_code, told.output) == (0, "“5月电话抽查”核对无误，结果共 3 项。\n")
    told = CliRunner().invoke(cli, ["draw", "verify", str(bad)])
    assert told.exit_code == 1
    assert "种子被换过" in told.output
    assert (
        CliRunner().invoke(cli, ["draw", "verify", str(torn)]).exception.sentence
        == "torn.json 不是完整的抽样公布文件。"
    )

"""Items of two forms that ask the same are found by words and judged by a person."""

import pytest

from hangshi.demands import judging, likeness, services
from hangshi.demands.models import Demand, Item, Judgement
from tests.demands.conftest import DAY
from tests.refusals import refusal_of


@pytest.fixture
def found(pack):
    """Item, like item of another form, why: as strings, in the order shown."""

    def like(demand):
        return [(it.item.label, it.other.label, it.why) for it in likeness.pairs(pack, demand)]

    return like


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("防溺水巡查次数", "防溺水巡查次数", "字面相同"),
        ("防溺水巡查（次）", "安全/防溺水巡查次数", "字面相同"),
        ("村级光伏装机容量", "光伏装机容量(千瓦)", "字面相近（86%）"),
        ("人居环境整治投入", "投入人居环境整治", "字面相近（95%）"),
    ],
)
def test_what_is_called_alike_is_found(propose, found, one, other, why):
    propose((other, "备注说明"), title="另一张表")
    assert found(propose((one,))) == [(one, other, why)]


def test_what_is_called_by_the_name_and_the_alias_of_one_figure_is_found_unless_the_system_fills_both(
    pack, propose, found
):
    other = propose(("走访入户次数",), title="另一张表")
    demand = propose(("走访次数",))
    assert found(demand) == []
    services.choose(pack, other, targets={1: ""}, actor=7)
    assert found(demand) == [("走访次数", "走访入户次数", "都是系统里的“走访次数”")]


@pytest.mark.parametrize("other", ["大棚面积", "巡查人员姓名", "合作社"])
def test_what_is_called_otherwise_is_not(propose, found, other):
    propose((other,), title="另一张表")
    assert found(propose(("防溺水巡查次数",))) == []


def test_only_forms_that_the_same_units_fill_are_looked_at(propose, found, land):
    for title, other in (
        ("同镇", {"unit": land.east}),
        ("别的镇", {"unit": land.west}),
        ("镇上填的", {"level": "township"}),
    ):
        propose((f"{title}巡查次数",), title=title, **other)
    refused = propose(("已拒巡查次数",))
    Demand.objects.filter(pk=refused.pk).update(state="refused")
    assert [other for _, other, _ in found(propose(("本镇巡查次数",), unit=land.east))] == ["同镇巡查次数"]


def test_a_pair_is_judged_once_and_stands_below_those_to_judge(pack, propose, found):
    other = propose(("危房改造户数", "危房改造完成户数"), title="住建月报")
    demand = propose(("危房改造户数",))
    assert [it[1] for it in found(demand)] == ["危房改造户数", "危房改造完成户数"]
    mine, theirs = demand.items.get(), other.items.get(number=1)
    judging.judge(mine, theirs, same=False, reason="先判错了", on=DAY, actor=7)
    judging.judge(theirs, mine, same=True, reason="", on=DAY, actor=8)
    [judged] = Judgement.objects.all()
    assert (judged.first, judged.second, judged.same, judged.recorded_by) == (theirs, mine, True, 8)
    pairs = likeness.pairs(pack, demand)
    assert [(it.other.label, it.judged) for it in pairs] == [("危房改造完成户数", None), ("危房改造户数", judged)]


@pytest.mark.parametrize(
    ("same", "reason", "code"), [(True, "", None), (False, "一个按月、一个累计", None), (False, " ", "demand.reason")]
)
def test_different_needs_its_reason(propose, same, reason, code):
    one, other = propose(("危房户数",)).items.get(), propose(("危房户",)).items.get()
    assert refusal_of(judging.judge, one, other, same=same, reason=reason, on=DAY, actor=7) == code
    assert Judgement.objects.exists() == (code is None)


def test_items_of_one_form_or_of_units_apart_are_not_judged(propose, land):
    one, two = propose(("甲", "乙")).items.order_by("number")
    east, west = (propose(("甲",), unit=it).items.get() for it in (land.east, land.west))
    for first, second, code in ((one, two, "demand.one_form"), (east, west, "demand.apart")):
        assert refusal_of(judging.judge, first, second, same=True, reason="", on=DAY, actor=7) == code
    judging.judge(one, east, same=True, reason="", on=DAY, actor=7)
    assert Judgement.objects.get().path == land.county.path


def test_the_same_as_the_same_is_the_same(propose):
    a, b, c, d = (propose((label,)).items.get() for label in ("甲", "乙", "丙", "丁"))
    for one, other, same in ((a, b, True), (c, b, True), (c, d, False)):
        judging.judge(one, other, same=same, reason="口径不同", on=DAY, actor=7)
    assert judging.same_as([a.pk, d.pk]) == {a.pk: {b.pk, c.pk}, d.pk: set()}
    assert Item.objects.count() == 4

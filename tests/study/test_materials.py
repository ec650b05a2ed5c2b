"""Materials, lists and plans: who publishes, who reads, who may change what, and what is refused."""

from datetime import date

import pytest

from hangshi.access.scope import NOWHERE, acting
from hangshi.study import learners, queries, services
from hangshi.study.models import Intent, Material
from tests.refusals import refusal_of
from tests.study.conftest import JULY_1, JULY_2, JULY_9, JULY_10, KINDS, at

pytestmark = pytest.mark.django_db
DOCUMENT = KINDS.material["document"]
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"


def added(unit, title="产业扶贫政策问答", **changed):
    said = {"learners": [], "since": JULY_1, "until": JULY_9, "link": "https://www.12371.cn/a"} | changed
    return services.add_material(DOCUMENT, unit=unit, title=title, kinds=KINDS.learner, actor=1, **said)


def published(unit, title="产业扶贫政策问答", **changed):
    return services.publish(added(unit, title, **changed), actor=1)


def titles(scope, **asked):
    with acting(scope):
        return sorted(str(it) for it in queries.readable(**{"on": JULY_2} | asked))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"title": "  "}, "study.title"),
        ({"until": date(2017, 6, 30)}, "study.dates"),
        ({"until": JULY_1}, None),
        ({"until": None}, None),
        ({"link": ""}, "material.content"),
        ({"data": PDF}, "material.content"),
        ({"link": "", "data": PDF}, None),
        ({"link": "", "data": b"MZ\x90 a programme"}, "file.kind"),
        ({"link": "javascript:alert(1)"}, "material.link"),
        ({"link": "http://["}, "material.link"),
        ({"link": "/srv/share/a.pdf"}, "material.link"),
        ({"learners": ["nobody_knows"]}, "study.learners"),
    ],
)
def test_what_can_be_added(place, changed, refusal):
    assert refusal_of(added, place.county, **changed) == refusal
    assert Material.objects.count() == (refusal is None)


@pytest.mark.parametrize(
    ("state", "step", "refusal"),
    [
        ("draft", services.publish, None),
        ("draft", services.withdraw, "material.state"),
        ("published", services.publish, "material.state"),
        ("published", services.withdraw, None),
        ("withdrawn", services.publish, "material.state"),
        ("withdrawn", services.withdraw, "material.state"),
    ],
)
def test_each_step_from_each_state(place, state, step, refusal):
    it = added(place.county)
    Material.objects.filter(pk=it.pk).update(state=state)
    assert refusal_of(step, it, actor=1) == refusal


def test_what_is_published_is_read_below_and_not_beside_or_above(place):
    published(place.east)
    readers = (place.county, place.east, place.bay, place.bay_branch, place.west, place.ditch)
    assert [len(titles(at(unit))) for unit in readers] == [1, 1, 1, 1, 0, 0]
    assert titles(at(place.bay_branch, "party")) == ["产业扶贫政策问答"]
    assert titles(at(place.bay_branch, "households", person=place.wang)) == ["产业扶贫政策问答"]
    assert titles(NOWHERE) == []


def test_a_draft_and_a_withdrawn_one_are_read_by_no_unit_below(place):
    draft, withdrawn = added(place.county, "草稿"), services.withdraw(published(place.county, "旧的"), actor=1)
    with acting(at(place.bay)):
        assert not Material.objects.filter(pk__in=[draft.pk, withdrawn.pk]).exists()
    with acting(at(place.county)):
        assert [it.title for it in queries.held(place.county.path)] == ["旧的", "草稿"]


def test_a_committee_speaks_to_the_place_it_stands_in(place):
    published(place.committee)
    assert titles(at(place.bay_branch, "party")) == ["产业扶贫政策问答"]
    assert titles(at(place.ditch)) == ["产业扶贫政策问答"]


def test_who_reads_from_below_changes_nothing(place):
    it = published(place.county)
    with acting(at(place.bay)):
        assert Material.objects.filter(pk=it.pk).update(title="改过的") == 0
        with pytest.raises(Material.DoesNotExist):
            services.withdraw(it, actor=1)


def test_it_is_read_on_its_first_and_its_last_day(place):
    published(place.county)
    found = [len(titles(at(place.bay), on=day)) for day in (date(2017, 6, 30), JULY_1, JULY_9, JULY_10)]
    assert found == [0, 1, 1, 0]


def test_a_class_reads_what_is_meant_for_it_and_for_everybody(place):
    published(place.county, "给农村党员", learners=["rural_member"])
    published(place.county, "给机关党员", learners=["organ_member"])
    published(place.county, "给全体")
    assert titles(at(place.bay), learner="rural_member") == ["给全体", "给农村党员"]
    assert titles(at(place.bay)) == ["给全体", "给农村党员", "给机关党员"]


def test_a_class_of_learners_is_members_cadres_and_bearers_of_a_duty_each_once(place):
    def meant(*keys, path=place.county.path):
        return learners.meant(learners.rule_of(keys, KINDS.learner), path, on=JULY_2)

    def units(*keys):
        return {pk: unit for pk, (unit, _) in meant(*keys).items()}

    bay, hill = place.bay_branch.pk, place.hill_branch.pk
    assert units("rural_member") == {place.wang.pk: bay, place.li.pk: hill, place.sun.pk: bay}
    assert units("village_secretary") == units("village_cadre") == {place.he.pk: place.hill.pk}  # no member on record
    assert set(meant("rural_member", "village_secretary", path=place.hill.path)) == {place.li.pk, place.he.pk}
    assert meant("organ_member") == {}
    assert refusal_of(learners.rule_of, [], KINDS.learner) == "study.nobody"


@pytest.mark.parametrize(
    ("required", "optional", "refusal"),
    [
        ("ab", "", None),
        ("", "a", None),
        ("", "", "list.empty"),
        ("a", "a", "list.twice"),
        ("ad", "", "list.unpublished"),
    ],
)
def test_what_a_list_may_hold(place, required, optional, refusal):
    known = {"a": published(place.county, "甲"), "b": published(place.county, "乙"), "d": added(place.county, "草稿")}
    said = {
        "unit": place.county, "title": "七月学习清单", "learners": ["rural_member"], "kinds": KINDS.learner, "since": JULY_1,
        "until": None, "required": [known[it] for it in required], "optional": [known[it] for it in optional], "actor": 1,
    }  # fmt: skip
    assert refusal_of(services.make_list, **said) == refusal
    with acting(at(place.bay_branch, "households", person=place.wang)):
        read = list(queries.lists(on=JULY_2, learner="rural_member"))
        assert [it.title for it in read] == (["七月学习清单"] if refusal is None else [])
        marks = [(it.material.title, it.required) for it in queries.lines(read)]
    wanted = {"ab": [("甲", True), ("乙", True)], "": [("甲", False)]}
    assert marks == (wanted[required] if refusal is None else [])


def test_what_is_withdrawn_leaves_the_list(place):
    one, two = published(place.county, "甲"), published(place.county, "乙")
    services.make_list(
        unit=place.county, title="清单", learners=["rural_member"], kinds=KINDS.learner, since=JULY_1, until=None,
        required=[one, two], actor=1,
    )  # fmt: skip
    services.withdraw(one, actor=1)
    with acting(at(place.bay)):
        assert [it.material.title for it in queries.lines(list(queries.lists(on=JULY_2)))] == ["乙"]


@pytest.fixture
def intent(place) -> Intent:
    """Wang's."""
    return services.intend(place.wang, branch=place.bay_branch, title="党章", due=JULY_9, on=JULY_2, actor=1)


def test_a_plan_is_read_by_the_member_and_the_branch_alone(place, intent):
    def seen(scope):
        with acting(scope):
            return Intent.objects.count()

    assert seen(at(place.bay_branch, "households", person=place.wang)) == 1
    assert seen(at(place.bay_branch, "party")) == 1
    assert seen(at(place.bay_branch, "households", person=place.sun)) == 0
    assert [seen(at(unit)) for unit in (place.bay, place.east, place.county, place.hill_branch)] == [0, 0, 0, 0]
    assert seen(NOWHERE) == 0


@pytest.mark.parametrize(("who", "refusal"), [("wang", None), ("sun", "intent.own"), (None, "intent.own")])
@pytest.mark.parametrize("step", [services.studied, services.give_up])
def test_only_the_member_changes_the_plan(place, intent, who, refusal, step):
    said = {"person": getattr(place, who).pk if who else None, "actor": 1} | (
        {"on": JULY_9} if step is services.studied else {}
    )
    assert refusal_of(step, intent, **said) == refusal
    assert Intent.objects.filter(done_on=None).exists() == (refusal is not None)


def test_what_is_done_stays(place, intent):
    services.studied(intent, person=place.wang.pk, on=JULY_9, note="要带头", actor=1)
    assert refusal_of(services.give_up, intent, person=place.wang.pk, actor=1) == "intent.done"
    assert Intent.objects.values_list("done_on", "note").get() == (JULY_9, "要带头")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({"due": JULY_2}, None), ({"due": JULY_1}, "intent.due"), ({"title": " "}, "intent.title")],
)
def test_what_may_be_planned(place, changed, refusal):
    said = {"branch": place.bay_branch, "title": "党章", "due": JULY_9, "on": JULY_2, "actor": 1} | changed
    assert refusal_of(services.intend, place.wang, **said) == refusal


def test_a_plan_has_an_end(place):
    for number in range(services.MOST_INTENTS):
        services.intend(place.wang, branch=place.bay_branch, title=f"第{number}章", due=JULY_9, on=JULY_2, actor=1)
    said = {"branch": place.bay_branch, "title": "再一章", "due": JULY_9, "on": JULY_2, "actor": 1}
    assert refusal_of(services.intend, place.wang, **said) == "intent.most"
    assert refusal_of(services.intend, place.sun, **said) is None

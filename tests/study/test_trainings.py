"""A training class: each step from each state, quotas, names, attendance, and who may do and see which."""

import pytest

from hangshi.access.scope import NOWHERE, acting
from hangshi.registry.models import Person
from hangshi.study import learners, queries, trainings
from hangshi.study.models import Quota, Trainee, Training
from tests.refusals import refusal_of
from tests.study.conftest import JULY_1, JULY_2, JULY_9, JULY_10, KINDS, at

pytestmark = pytest.mark.django_db
ROTATION = KINDS.training["rotation"]


def planned(unit, **changed):
    said = {
        "title": "村书记轮训班", "topic": "乡村治理", "learners": ["village_secretary", "rural_member"], "since": JULY_2,
        "until": JULY_9, "seats": 3,
    } | changed  # fmt: skip
    return trainings.plan(ROTATION, unit=unit, kinds=KINDS.learner, actor=1, **said)


@pytest.fixture
def training(place):
    """Of the county; 东镇 has two seats of three, and it is open for names."""
    made = planned(place.county)
    trainings.allot(made, unit=place.east, seats=2, actor=1)
    return trainings.step(made, "open", on=JULY_1, actor=1)


@pytest.fixture
def quota(training):
    return training.quotas.get()


@pytest.fixture
def he(place, quota):
    return trainings.name(quota, person=place.he, actor=2)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"title": ""}, "study.title"),
        ({"topic": " "}, "training.topic"),
        ({"until": JULY_1}, "study.dates"),
        ({"until": JULY_2}, None),
        ({"seats": 0}, "training.seats"),
        ({"learners": []}, "study.nobody"),
        ({"learners": ["unknown"]}, "study.learners"),
    ],
)
def test_what_can_be_planned(place, changed, refusal):
    assert refusal_of(planned, place.county, **changed) == refusal
    assert Training.objects.count() == (refusal is None)


@pytest.mark.parametrize("state", ["planned", "open", "held", "called_off"])
@pytest.mark.parametrize("to", ["planned", "open", "held", "called_off"])
def test_each_step_from_each_state(training, state, to):
    allowed = {("planned", "open"), ("planned", "called_off"), ("open", "held"), ("open", "called_off")}
    Training.objects.filter(pk=training.pk).update(state=state)
    wanted = None if (state, to) in allowed else "training.step" if to == "planned" else "training.state"
    assert refusal_of(trainings.step, training, to, on=JULY_9, reason="防汛", actor=1) == wanted
    training.refresh_from_db()
    assert training.state == (to if wanted is None else state)


def test_a_class_without_quotas_is_not_opened_and_none_is_called_off_without_a_reason(place):
    bare = planned(place.county)
    assert refusal_of(trainings.step, bare, "open", on=JULY_1, actor=1) == "training.quotas"
    assert refusal_of(trainings.step, bare, "called_off", on=JULY_1, reason=" ", actor=1) == "training.reason"


def test_a_class_is_over_on_its_last_day_when_everybody_is_accounted_for(training, he):
    assert refusal_of(trainings.step, training, "held", on=JULY_2, actor=1) == "training.early"
    assert refusal_of(trainings.step, training, "held", on=JULY_9, actor=1) == "training.waiting"
    trainings.attend(he, "present", on=JULY_9, certificate="2017-001", actor=1)
    assert refusal_of(trainings.step, training, "held", on=JULY_9, actor=1) is None
    assert refusal_of(trainings.attend, he, "absent", on=JULY_10, actor=1) == "training.state"
    assert refusal_of(trainings.take_back, he, actor=1) == "training.state"


@pytest.mark.parametrize(
    ("unit", "seats", "refusal"),
    [
        ("west", 1, None),
        ("west", 2, "quota.over"),
        ("east", 3, None),
        ("east", 4, "quota.over"),
        ("west", 0, "training.seats"),
    ],
)
def test_quotas_stay_within_the_seats(place, training, unit, seats, refusal):
    assert refusal_of(trainings.allot, training, unit=getattr(place, unit), seats=seats, actor=1) == refusal


def test_a_quota_is_not_less_than_who_was_named_and_not_for_units_elsewhere(place, training, quota, he):
    trainings.name(quota, person=place.li, actor=2)
    assert refusal_of(trainings.allot, training, unit=place.east, seats=1, actor=1) == "quota.named"
    of_the_east = planned(place.east)
    assert refusal_of(trainings.allot, of_the_east, unit=place.west, seats=1, actor=1) == "quota.unit"


@pytest.mark.parametrize(
    ("who", "refusal"), [("he", None), ("li", None), ("wang", None), ("zhou", "trainee.not_meant")]
)
def test_only_who_is_meant_is_named(place, quota, who, refusal):
    place.zhou = Person.objects.create(name="周一", unit=place.hill, path=place.hill.path)
    assert refusal_of(trainings.name, quota, person=getattr(place, who), actor=2) == refusal
    assert Trainee.objects.count() == (refusal is None)


def test_nobody_is_named_twice_or_beyond_the_quota(place, quota, he):
    assert refusal_of(trainings.name, quota, person=place.he, actor=2) == "trainee.known"
    trainings.name(quota, person=place.li, actor=2)
    assert refusal_of(trainings.name, quota, person=place.wang, actor=2) == "quota.full"
    trainings.take_back(he, actor=2)
    assert refusal_of(trainings.name, quota, person=place.wang, actor=2) is None


@pytest.mark.parametrize(
    ("state", "said", "refusal"),
    [
        ("present", {}, None),
        ("present", {"certificate": "2017-001"}, None),
        ("present", {"reason": "病假"}, "trainee.reason_stray"),
        ("leave", {"reason": "病假"}, None),
        ("leave", {}, "trainee.reason"),
        ("leave", {"reason": "病假", "certificate": "2017-001"}, "trainee.certificate"),
        ("absent", {}, None),
        ("absent", {"certificate": "2017-001"}, "trainee.certificate"),
        ("named", {}, "trainee.state"),
        ("present", {"on": JULY_1}, "training.not_begun"),
        ("present", {"on": JULY_2}, None),
    ],
)
def test_what_attendance_may_say(he, state, said, refusal):
    assert refusal_of(trainings.attend, he, state, **{"on": JULY_9, "actor": 1} | said) == refusal
    he.refresh_from_db()
    assert he.state == (state if refusal is None else "named")


def test_who_was_marked_is_not_taken_back(he):
    trainings.attend(he, "leave", on=JULY_2, reason="病假", actor=1)
    assert refusal_of(trainings.take_back, he, actor=2) == "trainee.marked"


def test_the_township_names_within_its_quota_and_moves_nothing_else(place, training, quota):
    with acting(at(place.east)):
        assert trainings.name(quota, person=place.he, actor=2).state == "named"
        for step in (
            lambda: trainings.step(training, "held", on=JULY_9, actor=2),
            lambda: trainings.allot(training, unit=place.east, seats=3, actor=2),
        ):
            with pytest.raises(Training.DoesNotExist):
                step()
    with acting(at(place.west)):
        assert Training.objects.filter(pk=training.pk).exists()
        assert not Quota.objects.exists()
        with pytest.raises(Quota.DoesNotExist):
            trainings.name(quota, person=place.he, actor=3)


def test_a_plan_is_not_seen_below_before_it_opens(place):
    made = planned(place.county)
    with acting(at(place.east)):
        assert not Training.objects.filter(pk=made.pk).exists()


def test_somebody_reads_their_own_certificate_and_nobody_elses(place, training, quota, he):
    trainings.attend(he, "present", on=JULY_9, certificate="2017-001", actor=1)
    trainings.name(quota, person=place.li, actor=1)

    def seen(scope):
        with acting(scope):
            return sorted(Trainee.objects.values_list("certificate", flat=True))

    assert seen(at(place.hill_branch, "households", person=place.he)) == ["2017-001"]
    assert seen(at(place.bay_branch, "households", person=place.wang)) == []
    assert seen(at(place.county)) == ["", "2017-001"]
    assert seen(at(place.west)) == seen(NOWHERE) == []
    assert [it.training.title for it in queries.classes_of(place.he.pk)] == ["村书记轮训班"]


def test_trained_is_who_was_there_in_such_a_class_in_those_days(place, training, quota, he):
    def covered(unit=place.county, first=JULY_1, last=JULY_9, kind="rotation"):
        return learners.coverage(training.rule, unit.path, on=JULY_9, kind=kind, first=first, last=last)

    assert covered() == (4, 0)
    trainings.attend(he, "present", on=JULY_9, actor=1)
    again = trainings.allot(planned(place.county, title="补训"), unit=place.hill, seats=1, actor=1)
    trainings.step(again.training, "open", on=JULY_1, actor=1)
    trainings.attend(trainings.name(again, person=place.he, actor=1), "present", on=JULY_9, actor=1)
    assert covered() == (4, 1)
    assert [covered(unit) for unit in (place.hill, place.bay, place.west)] == [(2, 1), (2, 0), (0, 0)]
    assert covered(last=JULY_2) == covered(first=JULY_10, last=JULY_10) == covered(kind="seminar") == (4, 0)

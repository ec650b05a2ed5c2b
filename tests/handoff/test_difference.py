"""A hand-off is the difference since what the upper system last took: new, changed, ended, and what may not go out is named."""

import random
from datetime import date

import pytest

from hangshi.access import keyring
from hangshi.access.scope import Scope, acting
from hangshi.handoff import queries, services
from hangshi.handoff.difference import side_by_side
from hangshi.handoff.models import Handoff, Held, Line
from hangshi.handoff.shaping import bits
from hangshi.handoff.sources import Record
from hangshi.refusal import Refused
from hangshi.registry import identity, people
from hangshi.registry.models import Person
from tests.handoff.conftest import CLERK, DAY, HEAD, LATER, TODAY, acts, citizen


@pytest.fixture
def accepted(send, answer, members):
    """Everybody went out on 2026-06-30 and was taken."""
    first = send()
    answer(first, *([citizen(serial), "成功", ""] for serial in (11, 12, 13)))
    return first


def changed_columns(pack, handoff, person):
    line = Line.objects.get(handoff=handoff, subject=person.pk)
    return [pack.uppers[handoff.upper].compared[i].name for i in bits(line.columns)]


def test_at_first_everybody_is_new(make, members):
    made = make()
    assert acts(made) == {"new": ["王建国", "李秀英", "赵大山"]}
    assert made.counts == {"new": 3}
    assert (made.state, made.made_by, made.day) == ("draft", 901, DAY)


def test_where_nothing_changed_there_is_nothing_to_hand_on(make, accepted):
    assert (accepted.state, Held.objects.count()) == ("sent", 3)
    accepted.refresh_from_db()
    assert accepted.state == "done"
    with pytest.raises(Refused, match="没有变动，不需要上报"):
        make(LATER, LATER)


def test_new_changed_field_by_field_and_ended(make, accepted, member, members, land, pack):
    people.correct(members.wang, on=LATER, actor=None, name="王建军")
    people.leave(members.zhao, on=date(2026, 7, 15), actor=None, reason="other")
    member("钱小玲", 14)
    made = make(LATER, LATER)
    assert acts(made) == {"new": ["钱小玲"], "changed": ["王建军"], "ended": ["赵大山"]}
    assert made.counts == {"new": 1, "changed": 1, "same": 1, "ended": 1}
    assert changed_columns(pack, made, members.wang) == ["姓名"]


def test_a_transfer_within_the_county_is_a_change_of_the_branch(make, accepted, members, land, pack):
    people.transfer(members.li, land.hill_branch, on=date(2026, 7, 10), actor=None)
    made = make(LATER, LATER)
    assert acts(made) == {"changed": ["李秀英"]}
    assert changed_columns(pack, made, members.li) == ["所在党支部", "转入党支部日期"]


def test_a_corrected_number_is_a_change_of_the_number(make, accepted, members, pack):
    people.correct(members.wang, on=LATER, actor=None, number=citizen(15))
    made = make(LATER, LATER)
    assert changed_columns(pack, made, members.wang) == ["公民身份号码"]


def test_a_day_later_within_the_same_state_changes_nothing(make, accepted, members):
    people.correct(members.wang, on=LATER, actor=None, name="王建军")
    assert make(DAY, TODAY).counts == {"changed": 1, "same": 2}


def test_who_lacks_a_required_value_is_named_and_held_back(make, member, members, pack):
    member("无号人", None)
    made = make()
    assert acts(made) == {"new": ["王建国", "李秀英", "赵大山"], "lacking": ["无号人"]}
    line = Line.objects.get(handoff=made, act="lacking")
    assert [pack.uppers["party_members"].compared[i].name for i in bits(line.columns)] == [
        "公民身份号码",
        "性别",
        "出生日期",
    ]
    assert (bytes(line.digest), line.key_index) == (b"", None)


@pytest.fixture
def guest(member, land):
    """钱小玲 is a member of 东湾村党支部, and at home in 西镇, which 东镇 does not see."""
    person = member("钱小玲", 14)
    Person.objects.filter(pk=person.pk).update(unit=land.west, path=land.west.path)
    return person


def test_a_member_whose_own_row_is_out_of_sight_is_named_as_lacking_never_left_out(make, guest, members, land):
    with acting(Scope.below(land.east.path)):
        made = make(unit=land.east)
        assert (made.counts, acts(made)["lacking"]) == ({"new": 3, "lacking": 1}, [str(guest.pk)])
        assert [(it.name, it.unit) for it in queries.told(None, list(made.lines.filter(act="lacking")))] == [
            ("", "东湾村党支部")
        ]


def test_who_left_and_is_out_of_sight_is_said_to_be_taken_off_by_hand(make, send, answer, guest, land):
    answer(send(unit=land.east), [citizen(14), "成功", ""])
    people.leave(guest, on=date(2026, 7, 15), actor=None, reason="other")
    with acting(Scope.below(land.east.path)):
        assert acts(make(LATER, LATER, unit=land.east)) == {"lost": [str(guest.pk)]}


def test_another_township_sees_nothing_of_it(make, members, land):
    make(unit=land.east)
    with acting(Scope.below(land.west.path)):
        assert (Handoff.objects.count(), Line.objects.count()) == (0, 0)
    with acting(Scope.below(land.east.path)):
        assert (Handoff.objects.count(), Line.objects.count()) == (1, 3)


def test_a_township_hands_on_its_own_and_keeps_its_own_state(make, accepted, land, members, member):
    made = make(unit=land.east)
    assert acts(made) == {"new": ["王建国", "李秀英", "赵大山"]}
    with pytest.raises(Refused, match="没有变动"):
        make(unit=land.west)


def test_no_cell_of_a_record_is_kept(make, members):
    make()
    kept = repr(list(Line.objects.values_list("act", "digest", "key_index", "columns")))
    assert "王建国" not in kept
    assert citizen(11) not in kept
    assert {len(bytes(it)) for it in Line.objects.values_list("digest", flat=True)} == {8 * 8}


def test_the_same_value_of_two_members_has_two_digests(make, members):
    make()
    sexes = {bytes(it)[16:24] for it in Line.objects.values_list("digest", flat=True)}
    assert len(sexes) == 3  # two men and a woman: what is known of one says nothing of another


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"unit": "bay"}, "handoff.unit"),
        ({"day": LATER}, "handoff.day"),
        ({"day": date(2015, 1, 1)}, "handoff.unit_ended"),
        ({}, None),
    ],
)
def test_what_may_be_made(make, members, land, how, code):
    said = how | ({"unit": getattr(land, how["unit"])} if "unit" in how else {})
    if code is None:
        assert make(**said).counts == {"new": 3}
        return
    with pytest.raises(Refused) as refused:
        make(**said)
    assert refused.value.code == code
    assert Line.objects.count() == 0


def test_one_under_way_at_a_time(make, members):
    make()
    with pytest.raises(Refused, match="还有一次上报没有办结"):
        make()


def test_not_before_the_day_of_the_last_one(make, accepted):
    with pytest.raises(Refused, match="上一次上报截止到2026-06-30"):
        make(date(2026, 6, 29))


def test_more_than_one_export_may_hold_is_made_by_nobody(make, members, settings):
    settings.EXPORT_ROWS = 2
    with pytest.raises(Refused, match="要报的超过 2 行"):
        make()
    assert Line.objects.count() == 0
    settings.EXPORT_ROWS = 3
    assert make().counts == {"new": 3}


def test_a_draft_is_withdrawn_and_made_anew(make, members):
    made = make()
    services.withdraw(made, on=TODAY, by=HEAD)
    made.refresh_from_db()
    assert (made.state, made.ended_on, Line.objects.count()) == ("withdrawn", TODAY, 0)
    assert make().counts == {"new": 3}


def test_a_new_key_is_no_change(make, accepted, settings):
    """A blind index under another key is the same number: it is opened once and found the same."""
    settings.INDEX_KEY = ",".join([ring_text(), "second-secret"])
    Person.objects.update(id_index=None)
    for person, serial in zip(Person.objects.order_by("pk"), (11, 12, 13), strict=True):
        Person.objects.filter(pk=person.pk).update(id_index=identity.index(citizen(serial)))
    with pytest.raises(Refused, match="没有变动"):
        make(LATER, LATER)


def ring_text():
    return keyring.ring("index").secrets[1]


def test_where_the_old_key_is_gone_everything_goes_out_again(make, accepted, settings):
    settings.INDEX_KEY = "9:another-secret"
    assert make(LATER, LATER).counts == {"changed": 3}


def test_another_template_is_handed_on_anew(make, accepted, pack, county):
    upper = pack.uppers["party_members"]
    columns = [*upper.columns, upper.columns[0].model_copy(update={"name": "党员类别", "field": "category"})]
    other = upper.model_copy(update={"columns": columns})
    made = services.make(pack, other, county, day=LATER, on=LATER, by=CLERK)
    assert made.counts == {"changed": 3}


class TestHouseholds:
    @pytest.fixture
    def upper_key(self):
        return "monitored_households"

    def test_only_the_statuses_of_the_template_and_back_out_when_they_end(self, make, send, answer, household, land):
        one, other = household("H1", "赵大山"), household("H2", "钱二", status="monitored_sudden")
        household("H3", "孙三", status="general")
        first = send()
        assert acts(first) == {"new": ["赵大山", "钱二"]}
        assert answer(first, ["H1", "通过", ""], ["H2", "通过", ""]) == {
            "rows": 2,
            "accepted": 2,
            "rejected": 0,
            "unknown": 0,
        }
        people.set_status(one, status="lifted", on=date(2026, 7, 10), actor=None)
        people.set_status(other, status="monitored_relapse", on=date(2026, 7, 10), actor=None)
        made = make(LATER, LATER)
        assert acts(made) == {"changed": ["钱二"], "ended": ["赵大山"]}


def test_side_by_side_against_plain_sets():
    """The second way to compute it: sets of numbers."""
    for records, held in (([1, 2, 5], [2, 3]), ([], [1]), ([1], []), ([4, 9], [1, 4, 9, 10])):
        pairs = side_by_side([Record(it, 0, None, ()) for it in records], [Held(subject=it) for it in held])
        found = [(a and a.subject, b and b.subject) for a, b in pairs]
        assert sorted(found, key=str) == sorted(
            [(it if it in records else None, it if it in held else None) for it in {*records, *held}], key=str
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_month_after_month_against_plain_dictionaries(make, pack, answer, member, seed):
    """Names are corrected, members leave and come back, rows are accepted, rejected or not answered: what goes out is what a plain account says."""
    chance = random.Random(seed)
    everybody = {serial: member(f"党员{serial}", serial) for serial in range(11, 17)}
    now = {serial: f"党员{serial}" for serial in everybody}
    held: dict[int, str] = {}
    refused: dict[int, str | None] = {}
    for month in range(1, 7):
        day = date(2027, month, 20)
        for serial in chance.sample(sorted(now), 1):
            now[serial] = f"改{month}名{serial}"
            people.correct(everybody[serial], on=day, actor=None, name=now[serial])
        if month == 3:
            del now[11]
            people.leave(everybody[11], on=date(2027, 3, 1), actor=None, reason="other")
        going = {
            it for it in {*now, *held} if now.get(it) != held.get(it) and refused.get(it, "nothing") != now.get(it)
        }
        made = make(day, day)
        assert {it.subject for it in made.lines.all()} == {everybody[it].pk for it in going}
        answers = {it: chance.choice(["成功", "失败"]) for it in sorted(going) if chance.random() < 0.8}
        services.send(pack, made, on=day, by=HEAD, stored_on=day)
        answer(made, *([citizen(it), said, "原因"] for it, said in answers.items()), on=day)
        for it, said in answers.items():
            if said == "失败":
                refused[it] = now.get(it)
                continue
            refused.pop(it, None)
            held.pop(it, None)
            held |= {it: now[it]} if it in now else {}
        made.refresh_from_db()
        if made.state == "sent":
            services.finish(made, on=day, by=HEAD)

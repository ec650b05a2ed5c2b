"""A roster of Party members: persons and their memberships from one sheet."""

from datetime import date

import pytest
from django.db import connection

from hangshi.intake import services
from hangshi.registry import identity, people
from hangshi.registry.models import Membership, Person, SearchToken
from hangshi.registry.queries import find_persons
from tests.intake.conftest import ACTOR, TODAY, citizen, counts, reasons
from tests.refusals import refusal_of

ZHANG, LIU = citizen(1, "19650812"), citizen(2, "19900305")
ROSTER = f"""
    姓名 | 身份证号 | 所在党支部 | 入党时间 | 人员类别 | 类别
    张爱民 | {ZHANG} | 东湾村党支部 | 1989.7 | 正式党员 | 农村
    刘小梅 | {LIU} | 东坡村支部 | 2019年7月1日 | 预备党员 | 农村党员
"""


def test_new_people_become_members_with_sealed_numbers(bring, commit, land):
    intake = bring("members", ROSTER)
    assert counts(intake) == (2, 0, 0, 0), intake.preview
    assert Membership.objects.count() == 0  # shown before it is written
    commit(intake)
    zhang = Person.objects.get(name="张爱民")
    assert (zhang.sex, zhang.born, zhang.unit) == ("男", date(1965, 8, 12), land.bay)
    assert identity.reveal(zhang.id_sealed, row=zhang.pk) == ZHANG
    said = zhang.memberships.get()
    assert (said.unit, said.since, said.status, said.category) == (land.bay_branch, date(1989, 7, 1), "full", "rural")
    assert list(find_persons("爱民")) == [zhang]


def test_a_pair_of_signs_that_comes_twice_in_a_name_is_searched_by_once(bring, commit):
    commit(bring("members", ROSTER.replace("刘小梅", "王丽丽丽")))
    person = Person.objects.get(name="王丽丽丽")
    tokens = SearchToken.objects.filter(target="person", target_id=person.pk).values_list("token", "path")
    assert sorted(tokens) == [("丽丽", person.path), ("王丽", person.path)]
    assert list(find_persons("丽丽")) == [person]


def test_what_repeats_in_a_column_is_read_alike_in_every_row(bring):
    """Seven rows, and two different days in them: one that is none is told in each row where it stands."""
    days = ["2001.7.1", "去年", "2001.7.1", "", "去年", "2001.7.1", "2001.7.1"]
    rows = [["姓名", "党支部", "入党时间"], *([f"张{i}", "东湾村党支部", day] for i, day in enumerate(days))]
    found = bring("members", rows)
    assert counts(found) == (4, 0, 0, 3)
    wrong = "“去年”不是能认的日期，请写成 2017-08-01 这样。"
    assert reasons(found) == [(3, wrong), (5, "“组织关系起始日”必须填写。"), (6, wrong)]


def test_the_same_file_again_writes_nothing(bring, commit):
    commit(bring("members", ROSTER))
    assert counts(bring("members", ROSTER)) == (0, 0, 2, 0)


def test_a_category_that_differs_is_a_change_field_by_field(bring, commit):
    commit(bring("members", ROSTER))
    again = bring("members", ROSTER.replace("| 农村党员", "| 机关党员"))
    assert counts(again) == (0, 1, 1, 0)
    assert again.preview["changes"] == [[3, "党员类别", "农村党员", "机关党员"]]
    commit(again)
    assert Membership.objects.get(person__name="刘小梅").category == "organ"
    with connection.cursor() as cursor:
        cursor.execute("SELECT category, replaced_by FROM membership_history")
        assert cursor.fetchall() == [("rural", ACTOR)]


def test_an_empty_cell_leaves_what_is_known(bring, commit):
    commit(bring("members", ROSTER))
    assert counts(bring("members", ROSTER.replace("| 农村党员", "| "))) == (0, 0, 2, 0)


def test_a_member_of_another_branch_is_to_be_transferred(bring, commit):
    commit(bring("members", ROSTER))
    again = bring("members", ROSTER.replace("东坡村支部", "东湾村党支部"))
    assert reasons(again) == [(3, "组织关系在此期间已在“东坡村党支部”，应办理转接。")]


def test_a_known_number_under_another_name_is_refused(bring, commit):
    commit(bring("members", ROSTER))
    again = bring("members", ROSTER.replace("张爱民", "张爱国"))
    assert reasons(again)[0][1].startswith("此号码登记的姓名是“张爱民”，与表中不同")


def test_sound_rows_are_written_and_the_others_are_not_lost(bring, commit):
    intake = bring("members", ROSTER.replace(LIU, LIU[:-1] + ("1" if LIU[-1] != "1" else "2")))
    assert counts(intake) == (1, 0, 0, 1)
    assert reasons(intake) == [(3, "公民身份号码的校验位不对，请核对是否有错字。")]
    assert refusal_of(commit, intake, "all") == "intake.refused"
    assert Person.objects.count() == 0
    commit(intake, "sound")
    assert list(Person.objects.values_list("name", flat=True)) == ["张爱民"]


def test_pressed_twice_it_is_written_once(bring, commit):
    intake = bring("members", ROSTER)
    commit(intake)
    assert commit(intake).state == "committed"
    assert Membership.objects.count() == 2


def test_what_changed_after_the_preview_is_shown_anew(bring, commit, land):
    intake = bring("members", ROSTER)
    people.register_person(land.bay, name="张爱民", number=ZHANG, on=TODAY, actor=None)
    assert refusal_of(commit, bring("members", ROSTER)) is None
    assert refusal_of(commit, intake) == "intake.stale"


def test_undo_takes_everything_back(bring, commit, pack):
    intake = bring("members", ROSTER)
    commit(intake)
    assert services.undo(pack, intake, on=TODAY, account=ACTOR) == 4
    assert (Person.objects.count(), Membership.objects.count()) == (0, 0)
    assert SearchToken.objects.filter(target="person").count() == 0
    assert services.undo(pack, intake, on=TODAY, account=ACTOR) == 0


def test_undo_gives_back_the_values_before(bring, commit, pack):
    commit(bring("members", ROSTER))
    again = bring("members", ROSTER.replace("| 农村党员", "| 机关党员"))
    commit(again)
    services.undo(pack, again, on=TODAY, account=ACTOR)
    assert Membership.objects.get(person__name="刘小梅").category == "rural"


def test_undo_is_refused_once_something_later_rests_on_it(bring, commit, pack):
    intake = bring("members", ROSTER)
    commit(intake)
    people.leave(Person.objects.get(name="刘小梅"), on=date(2020, 1, 1), reason="transfer", actor=None)
    assert refusal_of(services.undo, pack, intake, on=TODAY, account=ACTOR) == "intake.later"
    assert Membership.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (f"王一 | {citizen(5)} | 不存在支部 | 2000-01-01", "您的范围内没有叫“不存在支部”的单位，请写全称或代码。"),
        (f"王一 | {citizen(5)} | 东湾村党支部 | ", "“组织关系起始日”必须填写。"),
        (f"王一 | {citizen(5)} | 东湾村党支部 | 昨天", "“昨天”不是能认的日期，请写成 2017-08-01 这样。"),
        (f" | {citizen(5)} | 东湾村党支部 | 2000-01-01", "“姓名”必须填写。"),
        ("王一 | 610902800101001 | 东湾村党支部 | 2000-01-01", "这是15位的一代证号，已于2013年停用，请填写18位公民身份号码。"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(bring, cells, reason):
    intake = bring("members", f"姓名 | 身份证号 | 党支部 | 入党日期\n{cells}")
    assert reasons(intake) == [(2, reason)]


def test_the_same_person_twice_in_the_file_is_refused_the_second_time(bring):
    assert reasons(bring("members", ROSTER + f"张爱民 | {ZHANG} | 东湾村党支部 | 1989.7 | 正式党员 | 农村")) == [
        (4, "与第2行重复。")
    ]

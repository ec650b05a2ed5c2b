"""A quiz from its opening to its close: who answers, who marks, who sees which, and what those above are told."""

from decimal import Decimal

import pytest
from django.db import connection

from hangshi.access.scope import NOWHERE, acting
from hangshi.study import questions, quizzes, results
from hangshi.study.models import Answer, ItemTally, PaperItem, PaperKey, Quiz, Sheet, Tally
from tests.refusals import refusal_of
from tests.study.conftest import JULY_1, JULY_2, JULY_9, JULY_10, KINDS, at

pytestmark = pytest.mark.django_db
OPTIONS = ["甲", "乙", "丙"]


@pytest.fixture
def paper(place):
    """In this order: 多选 (甲丙, 6 points), 判断 (错, 4 points); with `short` in the bank 简答 (10 points) too."""
    said = {"unit": place.county, "source": "示例县〔2017〕3号", "actor": 1}
    questions.add_question("multiple", topic="a", text="选哪些？", points=6, options=OPTIONS, answer=[0, 2], **said)
    questions.add_question("truth", topic="b", text="对不对？", points=4, answer=[1], **said)
    questions.add_question("short", topic="c", text="怎样办？", points=10, reference="说到公示", **said)

    def made(*topics):
        return questions.make_paper(
            unit=place.county, title="卷", draws=dict.fromkeys(topics, 1), seed="七", on=JULY_1, actor=1
        )

    return made


def opened(paper, unit, **changed):
    said = {"title": "七月测试", "learners": ["rural_member"], "since": JULY_1, "until": JULY_9} | changed
    return quizzes.open_quiz(paper, unit=unit, kinds=KINDS.learner, actor=1, **said)


@pytest.fixture
def quiz(place, paper):
    return opened(paper("a", "b"), place.county)


@pytest.fixture
def essay(place, paper):
    return opened(paper("b", "c"), place.county)


def sheet_of(quiz, person):
    return Sheet.objects.get(quiz=quiz, person=person)


def answer(quiz, person, *answers):
    """Hand in, under the member's own scope: a list is what was chosen, a text is written, None is left empty."""
    with acting(at(person.memberships.get().unit, "households", person=person)):
        sheet = sheet_of(quiz, person)
        for item, said in zip(PaperItem.objects.filter(paper=quiz.paper).order_by("number"), answers, strict=True):
            if said is not None:
                told = {"text": said} if isinstance(said, str) else {"chosen": said}
                quizzes.keep(sheet, item, person=person.pk, on=JULY_2, actor=2, **told)
        return quizzes.hand_in(sheet, person=person.pk, on=JULY_2, actor=2)


def test_a_sheet_is_made_for_each_learner_on_the_first_day(place, quiz):
    assert sorted(quiz.sheets.values_list("person__name", "unit__name")) == [
        ("孙小梅", "东湾村党支部"),
        ("李秀英", "东坡村党支部"),
        ("王建国", "东湾村党支部"),
    ]
    assert sorted(quiz.tallies.values_list("unit__name", "should", "handed")) == [
        ("东坡村党支部", 1, 0),
        ("东湾村党支部", 2, 0),
    ]


def test_whoever_opens_a_quiz_makes_sheets_that_they_cannot_read(place, paper):
    with acting(at(place.county)):
        quiz = opened(paper("a"), place.county)
        assert (quiz.sheets.count(), results.result(quiz).should) == (0, 3)


def test_nobody_makes_sheets_for_a_quiz_they_do_not_hold(place, quiz):
    Sheet.objects.filter(person=place.li).delete()
    for scope in (
        at(place.bay),
        at(place.bay_branch, "party"),
        at(place.bay_branch, "households", person=place.li),
        NOWHERE,
    ):
        with acting(scope), connection.cursor() as cursor:
            cursor.execute("SELECT study_roll(%s)", [quiz.pk])
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"title": ""}, "study.title"),
        ({"until": JULY_1}, None),
        ({"since": JULY_10}, "study.dates"),
        ({"learners": []}, "study.nobody"),
        ({"learners": ["organ_member"]}, "quiz.nobody"),
    ],
)
def test_what_can_be_opened(place, paper, changed, refusal):
    assert refusal_of(opened, paper("a"), place.county, **changed) == refusal
    assert Quiz.objects.count() == (refusal is None)


def test_a_quiz_asks_what_its_own_unit_has_drawn_by_then(place, paper):
    assert refusal_of(opened, paper("a"), place.east) == "quiz.paper"
    drawn_later = paper("a")
    drawn_later.made_on = JULY_2
    assert refusal_of(opened, drawn_later, place.county) == "quiz.before_paper"


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (([0, 2], [1]), 10),
        (([2, 0], [0]), 6),
        (([0], [1]), 4),  # a part of what is right is not right
        (([0, 1, 2], [1]), 4),
        ((None, None), 0),
    ],
)
def test_closed_questions_are_marked_at_once(place, quiz, answers, score):
    assert answer(quiz, place.wang, *answers).score == score


def test_each_answer_is_kept_by_itself_and_may_be_changed_until_it_is_handed_in(place, quiz):
    with acting(at(place.bay_branch, "households", person=place.wang)):
        sheet, item = sheet_of(quiz, place.wang), PaperItem.objects.get(paper=quiz.paper, number=2)
        for chosen in ([0], [1]):
            quizzes.keep(sheet, item, person=place.wang.pk, on=JULY_2, actor=2, chosen=chosen)
        assert Answer.objects.values_list("chosen", "points").get() == ([1], None)
        assert quizzes.hand_in(sheet, person=place.wang.pk, on=JULY_9, actor=2).score == 4
        again = {"person": place.wang.pk, "on": JULY_9, "actor": 2}
        assert refusal_of(quizzes.keep, sheet, item, chosen=[0], **again) == "sheet.handed"
        assert refusal_of(quizzes.hand_in, sheet, **again) == "sheet.handed"


@pytest.mark.parametrize(
    ("who", "on", "refusal"),
    [
        ("wang", JULY_1, None),
        ("wang", JULY_9, None),
        ("wang", JULY_10, "quiz.days"),
        ("sun", JULY_2, "sheet.own"),
        (None, JULY_2, "sheet.own"),
    ],
)
@pytest.mark.parametrize("step", ["keep", "hand_in"])
def test_who_answers_and_when(place, quiz, who, on, refusal, step):
    item = PaperItem.objects.get(paper=quiz.paper, number=2)
    said = {"person": getattr(place, who).pk if who else None, "on": on, "actor": 2}
    of = (sheet_of(quiz, place.wang), item) if step == "keep" else (sheet_of(quiz, place.wang),)
    assert refusal_of(getattr(quizzes, step), *of, **said) == refusal


@pytest.mark.parametrize(
    ("number", "said", "refusal"),
    [
        (1, {"chosen": [1]}, None),
        (1, {"chosen": [0, 1]}, "sheet.single"),
        (1, {"chosen": [2]}, "sheet.options"),
        (1, {"text": "对"}, "sheet.options"),
        (2, {"text": "先公示"}, None),
        (2, {"text": "长" * 2001}, "sheet.text"),
        (2, {"chosen": [0]}, "sheet.text"),
    ],
)
def test_an_answer_fits_its_question(place, essay, number, said, refusal):
    item = PaperItem.objects.get(paper=essay.paper, number=number)
    by = {"person": place.wang.pk, "on": JULY_2, "actor": 2}
    assert refusal_of(quizzes.keep, sheet_of(essay, place.wang), item, **by, **said) == refusal


def test_an_item_of_another_paper_is_no_question_of_this_one(place, quiz, essay):
    item = PaperItem.objects.get(paper=essay.paper, number=2)
    by = {"person": place.wang.pk, "on": JULY_2, "actor": 2}
    assert refusal_of(quizzes.keep, sheet_of(quiz, place.wang), item, text="公示", **by) == "sheet.item"


def test_an_open_question_waits_for_a_person_and_the_score_with_it(place, essay):
    sheet = answer(essay, place.wang, [1], "先公示，再申报")
    assert sheet.score is None
    written = Answer.objects.get(sheet=sheet, item__kind="short")
    with acting(at(place.bay_branch, "party", person=place.sun)):
        assert PaperKey.objects.get(item=written.item).reference == "说到公示"
        marked = quizzes.mark(written, points=8, unit=place.bay_branch, person=place.sun.pk, actor=3)
    assert marked.score == 12


def test_an_open_question_left_empty_has_no_points(place, essay):
    assert answer(essay, place.wang, [1], None).score == 4


@pytest.mark.parametrize(
    ("kind", "unit", "who", "points", "refusal"),
    [
        ("short", "bay_branch", "sun", 10, None),
        ("short", "bay_branch", "sun", 11, "mark.points"),
        ("short", "bay_branch", "sun", -1, "mark.points"),
        ("short", "bay_branch", "wang", 10, "mark.own"),
        ("short", "hill_branch", "li", 10, "mark.unit"),
        ("truth", "bay_branch", "sun", 4, "mark.closed"),
    ],
)
def test_who_marks_what(place, essay, kind, unit, who, points, refusal):
    sheet = answer(essay, place.wang, [1], "先公示")
    of = Answer.objects.get(sheet=sheet, item__kind=kind)
    said = {"points": points, "unit": getattr(place, unit), "person": getattr(place, who).pk, "actor": 3}
    assert refusal_of(quizzes.mark, of, **said) == refusal


def test_nothing_is_marked_before_it_is_handed_in_or_after_the_close(place, essay):
    sheet, item = sheet_of(essay, place.wang), PaperItem.objects.get(paper=essay.paper, kind="short")
    written = quizzes.keep(sheet, item, person=place.wang.pk, on=JULY_2, actor=2, text="公示")
    said = {"points": 1, "unit": place.bay_branch, "person": place.sun.pk, "actor": 3}
    assert refusal_of(quizzes.mark, written, **said) == "mark.early"
    quizzes.hand_in(sheet, person=place.wang.pk, on=JULY_2, actor=2)
    Quiz.objects.filter(pk=essay.pk).update(state="closed")
    assert refusal_of(quizzes.mark, written, **said) == "quiz.closed"


def test_a_quiz_is_closed_once_after_its_last_day_and_when_all_is_marked(place, essay):
    sheet = answer(essay, place.wang, [1], "公示")
    assert refusal_of(quizzes.close, essay, on=JULY_9, actor=1) == "quiz.running"
    assert refusal_of(quizzes.close, essay, on=JULY_10, actor=1) == "quiz.unmarked"
    written = Answer.objects.get(sheet=sheet, item__kind="short")
    quizzes.mark(written, points=0, unit=place.bay_branch, person=place.sun.pk, actor=3)
    assert refusal_of(quizzes.close, essay, on=JULY_10, actor=1) is None
    assert refusal_of(quizzes.close, essay, on=JULY_10, actor=1) == "quiz.closed"
    late = sheet_of(essay, place.li)
    assert refusal_of(quizzes.hand_in, late, person=place.li.pk, on=JULY_9, actor=2) == "quiz.days"


def seen(scope):
    with acting(scope):
        return Sheet.objects.count(), Answer.objects.count(), PaperItem.objects.count(), PaperKey.objects.count()


def test_a_member_sees_the_own_sheet_and_the_branch_those_of_its_members(place, quiz):
    answer(quiz, place.wang, [0, 2], [1])
    assert seen(at(place.bay_branch, "households", person=place.wang)) == (1, 2, 2, 2)
    assert seen(at(place.bay_branch, "households", person=place.sun)) == (1, 0, 2, 0)  # no key before it is handed in
    assert seen(at(place.bay_branch, "party")) == (2, 2, 2, 2)
    assert seen(at(place.hill_branch, "party")) == (1, 0, 2, 0)
    assert [seen(at(unit))[:2] for unit in (place.bay, place.east, place.county)] == [(0, 0)] * 3
    assert seen(NOWHERE) == (0, 0, 0, 0)


def test_questions_are_not_read_before_the_first_day(place, quiz):
    assert seen(at(place.bay_branch, "households", person=place.wang, on=JULY_1))[2] == 2
    assert seen(at(place.bay_branch, "households", person=place.wang, on=JULY_1.replace(month=6)))[2] == 0


def test_those_above_are_told_counts_of_branches(place, quiz):
    answer(quiz, place.wang, [0, 2], [1])
    answer(quiz, place.sun, [0, 2], [0])
    with acting(at(place.county)):
        assert sorted(
            Tally.objects.values_list("unit__name", "should", "handed", "points", "full", "fair", "best")
        ) == [
            ("东坡村党支部", 1, 0, 0, 0, 0, 0),
            ("东湾村党支部", 2, 2, 16, 20, 1, 1),
        ]
        assert sorted(ItemTally.objects.values_list("item__number", "marked", "wrong")) == [(1, 2, 0), (2, 2, 1)]


def test_few_sheets_give_coverage_and_no_mean(place, quiz):
    answer(quiz, place.wang, [0, 2], [1])
    with acting(at(place.county)):
        said = results.result(quiz)
        assert (said.should, said.handed, said.coverage) == (3, 1, Decimal("33.3"))
        assert (said.mean, said.bands) == (None, {})
        assert [rate for _, rate in results.wrong_rates(quiz)] == [None, None]


def test_enough_sheets_give_the_mean_the_bands_and_what_was_hard(place, quiz):
    Tally.objects.filter(unit=place.bay_branch).update(handed=6, marked=6, points=45, full=60, low=1, good=3, best=2)
    items = PaperItem.objects.filter(paper=quiz.paper).order_by("number")
    for item, wrong in zip(items, (3, 0), strict=True):
        ItemTally.objects.create(
            quiz=quiz, item=item, unit=place.bay_branch, path=place.bay_branch.path, marked=6, wrong=wrong
        )
    with acting(at(place.county)):
        said = results.result(quiz, place.bay)
        assert (said.mean, said.bands) == (
            Decimal("75.0"),
            {"不足六成": 1, "六成至八成": 0, "八成至九成": 3, "九成以上": 2},
        )
        assert [rate for _, rate in results.wrong_rates(quiz)] == [Decimal("50.0"), Decimal("0.0")]
        assert results.result(quiz, place.west).coverage is None

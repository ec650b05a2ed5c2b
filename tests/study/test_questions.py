"""The bank and its papers: what a question must say, and that a seed draws the same paper again."""

import pytest

from hangshi.access.scope import acting
from hangshi.study import questions
from hangshi.study.models import Paper, PaperItem, PaperKey, Question
from tests.refusals import refusal_of
from tests.study.conftest import JULY_1, at

pytestmark = pytest.mark.django_db
SINGLE = {
    "kind": "single", "topic": "产业扶贫", "text": "到户奖补由谁申报？", "points": 5, "source": "示例县〔2017〕3号 第二条",
    "options": ["贫困户", "村干部"], "answer": [0],
}  # fmt: skip


def asked(unit, **changed):
    said = SINGLE | changed
    return questions.add_question(said.pop("kind"), unit=unit, actor=1, **said)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"kind": "essay"}, "question.kind"),
        ({"topic": " "}, "question.text"),
        ({"text": ""}, "question.text"),
        ({"source": " "}, "question.source"),
        ({"points": 0}, "question.points"),
        ({"points": 51}, "question.points"),
        ({"points": 50}, None),
        ({"options": ["贫困户"]}, "question.options"),
        ({"options": ["贫困户", "贫困户"]}, "question.options"),
        ({"options": ["贫困户", " "]}, "question.options"),
        ({"options": list("甲乙丙丁戊己庚辛壬")}, "question.options"),
        ({"answer": [2]}, "question.answer"),
        ({"answer": [-1]}, "question.answer"),
        ({"answer": []}, "question.answers"),
        ({"answer": [0, 1]}, "question.answers"),
        ({"kind": "multiple", "answer": [0]}, "question.answers"),
        ({"kind": "multiple", "answer": [1, 0]}, None),
        ({"kind": "truth", "options": [], "answer": [1]}, None),
        ({"kind": "short"}, "question.open"),
        ({"kind": "short", "options": [], "answer": []}, "question.reference"),
        ({"kind": "short", "options": [], "answer": [], "reference": "说到申报和公示"}, None),
    ],
)
def test_what_a_question_must_say(place, changed, refusal):
    assert refusal_of(asked, place.county, **changed) == refusal
    assert Question.objects.count() == (refusal is None)


@pytest.fixture
def bank(place):
    """Six questions of 产业扶贫, two of 党章, one of which is retired."""
    for number in range(6):
        asked(place.county, text=f"产业第{number}题")
    asked(place.county, topic="党章", text="党章第0题")
    return questions.retire(asked(place.county, topic="党章", text="党章第1题"), actor=1)


def paper(unit, seed="七月一日", **draws):
    return questions.make_paper(unit=unit, title="七月测试", draws=draws, seed=seed, on=JULY_1, actor=1)


def test_the_same_seed_draws_the_same_paper_whatever_order_the_bank_comes_in(place, bank):
    one, again = paper(place.county, 产业扶贫=3, 党章=1), paper(place.county, 产业扶贫=3, 党章=1)
    assert one.digest == again.digest
    assert questions.drawn("一", [3, 1, 2], 2) == questions.drawn("一", [2, 3, 1], 2)
    others = {paper(place.county, seed=f"第{number}个", 产业扶贫=3).digest for number in range(8)}
    assert len(others) > 1


def test_a_paper_keeps_its_questions_whatever_becomes_of_the_bank(place, bank):
    made = paper(place.county, 党章=1)
    Question.objects.filter(topic="党章").update(text="改过的", answer=[1])
    item = PaperItem.objects.get(paper=made)
    assert (item.number, item.text, item.key.answer, made.points) == (1, "党章第0题", [0], 5)


@pytest.mark.parametrize(
    ("draws", "refusal"),
    [
        ({"产业扶贫": 6}, None),
        ({"产业扶贫": 7}, "paper.few"),
        ({"党章": 2}, "paper.few"),
        ({"没有的专题": 1}, "paper.few"),
        ({"产业扶贫": 0}, "paper.draws"),
        ({}, "paper.draws"),
        ({"产业扶贫": 101}, "paper.most"),
    ],
)
def test_a_paper_is_drawn_in_full_or_not_at_all(place, bank, draws, refusal):
    assert refusal_of(paper, place.county, **draws) == refusal
    assert Paper.objects.count() == (refusal is None)


def test_a_question_is_retired_once(place, bank):
    assert refusal_of(questions.retire, bank, actor=1) == "question.retired"


def test_the_bank_and_the_key_are_for_the_unit_and_those_above_it(place, bank):
    paper(place.county, 党章=1)

    def seen(scope):
        with acting(scope):
            return Question.objects.count(), Paper.objects.count(), PaperItem.objects.count(), PaperKey.objects.count()

    assert seen(at(place.county)) == (8, 1, 1, 1)
    assert seen(at(place.east)) == (0, 0, 0, 0)
    assert seen(at(place.bay_branch, "party", person=place.wang)) == (0, 0, 0, 0)

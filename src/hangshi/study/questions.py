"""The question bank, and papers drawn from it by a seed that is kept: anybody who has the bank can draw the same again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign
from hangshi.study.models import Material, Paper, PaperItem, PaperKey, Question

KINDS = {"single": "单选题", "multiple": "多选题", "truth": "判断题", "short": "简答题"}
TRUTH = ("对", "错")
MOST_OPTIONS, MOST_POINTS, MOST_QUESTIONS = 8, 50, 100


@transaction.atomic
def add_question(
    kind: str,
    *,
    unit: Unit,
    topic: str,
    text: str,
    points: int,
    source: str,
    options: Sequence[str] = (),
    answer: Sequence[int] = (),
    reference: str = "",
    material: Material | None = None,
    actor: int | None,
) -> Question:
    """`answer`: numbers of the right options, from 0; of a question of truth, 0 is 对 and 1 is 错. Raises `Refused`."""
    sign(actor)
    options = list(TRUTH) if kind == "truth" else [it.strip() for it in options]
    check_may_add(kind, topic=topic, text=text, points=points, source=source)
    check_answer(kind, options, answer, reference)
    return Question.objects.create(
        kind=kind,
        unit=unit,
        path=unit.path,
        topic=topic.strip(),
        text=text.strip(),
        points=points,
        source=source.strip(),
        options=options,
        answer=sorted(answer),
        reference=reference.strip(),
        material=material,
        recorded_by=actor,
    )


def check_may_add(kind: str, *, topic: str, text: str, points: int, source: str) -> None:
    if kind not in KINDS:
        raise Refused("question.kind", f"题型只能是{'、'.join(KINDS.values())}。")
    if not topic.strip() or not text.strip():
        raise Refused("question.text", "请填写专题和题目。")
    if not source.strip():
        raise Refused("question.source", "请写明出处：依据哪份文件、哪一条，答题人要能查到。")
    if not 1 <= points <= MOST_POINTS:
        raise Refused("question.points", f"分值应在1至{MOST_POINTS}之间。")


def check_answer(kind: str, options: Sequence[str], answer: Sequence[int], reference: str) -> None:
    if kind == "short":
        if options or answer:
            raise Refused("question.open", "简答题不写选项和答案，只写评分要点。")
        if not reference.strip():
            raise Refused("question.reference", "请写明评分要点，评分的人照此给分。")
        return
    if not 2 <= len(options) <= MOST_OPTIONS or not all(options) or len(set(options)) < len(options):
        raise Refused("question.options", f"选项应有2至{MOST_OPTIONS}个，不能空着，也不能重复。")
    if len(set(answer)) < len(answer) or not all(0 <= it < len(options) for it in answer):
        raise Refused("question.answer", "答案要从选项里选，不能重复。")
    if (kind == "multiple" and len(answer) < 2) or (kind != "multiple" and len(answer) != 1):
        raise Refused("question.answers", "多选题至少有两个答案，单选题和判断题只有一个。")


@transaction.atomic
def retire(question: Question, *, actor: int | None) -> Question:
    """It is drawn no more; papers that hold it stay as they are. Raises `Refused`."""
    sign(actor)
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.retired:
        raise Refused("question.retired", "这道题已经停用。")
    question.retired = True
    question.save(update_fields=["retired"])
    return question


def drawn(seed: str, questions: Sequence[int], number: int) -> list[int]:
    """The first `number` of the ids in the order that the seed gives them; the order they come in does not matter."""
    return sorted(questions, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())[:number]


@transaction.atomic
def make_paper(*, unit: Unit, title: str, draws: Mapping[str, int], seed: str, on: date, actor: int | None) -> Paper:
    """Draw from the unit's own bank, `draws` topic → how many, and keep the questions as they stand. Raises `Refused`."""
    sign(actor)
    bank = Question.objects.filter(unit=unit, retired=False, topic__in=draws).order_by("pk")
    found = {it.pk: it for it in bank}
    by_topic = {topic: [it.pk for it in found.values() if it.topic == topic] for topic in draws}
    check_may_make(title=title, seed=seed, draws=draws, known={topic: len(it) for topic, it in by_topic.items()})
    picked = [found[pk] for topic in sorted(draws) for pk in drawn(seed, by_topic[topic], draws[topic])]
    paper = Paper.objects.create(
        unit=unit,
        path=unit.path,
        title=title.strip(),
        seed=seed,
        draws=dict(draws),
        points=sum(it.points for it in picked),
        digest=digest_of(picked),
        made_on=on,
        recorded_by=actor,
    )
    _freeze(paper, picked)
    return paper


def check_may_make(*, title: str, seed: str, draws: Mapping[str, int], known: Mapping[str, int]) -> None:
    if not title.strip():
        raise Refused("study.title", "请填写标题。")
    if not seed.strip():
        raise Refused("paper.seed", "没有抽题种子，不能抽题。")
    if not draws or min(draws.values()) < 1:
        raise Refused("paper.draws", "请至少从一个专题抽一道题。")
    if (total := sum(draws.values())) > MOST_QUESTIONS:
        raise Refused("paper.most", f"一份试卷最多{MOST_QUESTIONS}道题，现要抽{total}道。")
    for topic, number in draws.items():
        if number > known.get(topic, 0):
            raise Refused(
                "paper.few", f"“{topic}”在本单位题库里有{known.get(topic, 0)}道可用的题，抽不出{number}道；没有少抽。"
            )


def digest_of(questions: Sequence[Question]) -> str:
    """Of all that is asked and what counts as right, in the order of the paper."""
    said = [[it.pk, it.kind, it.text, it.options, it.answer, it.reference, it.points, it.source] for it in questions]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _freeze(paper: Paper, questions: Sequence[Question]) -> None:
    items = PaperItem.objects.bulk_create(
        PaperItem(
            paper=paper,
            path=paper.path,
            number=number,
            question=it,
            topic=it.topic,
            kind=it.kind,
            text=it.text,
            options=it.options,
            points=it.points,
        )
        for number, it in enumerate(questions, start=1)
    )
    PaperKey.objects.bulk_create(
        PaperKey(item=item, path=paper.path, answer=it.answer, reference=it.reference, source=it.source)
        for item, it in zip(items, questions, strict=True)
    )

"""A quiz opened, answered, handed in, marked and closed. Points of closed questions are given by the database (`study_settle`)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection, transaction

from hangshi.packs.models import LearnerKind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign
from hangshi.study.learners import WIDE, rule_of
from hangshi.study.models import Answer, Paper, PaperItem, Quiz, Sheet
from hangshi.study.services import check_dates

LONGEST_ANSWER = 2000


@transaction.atomic
def open_quiz(
    paper: Paper,
    *,
    unit: Unit,
    title: str,
    learners: Sequence[str],
    kinds: Mapping[str, LearnerKind],
    since: date,
    until: date,
    actor: int | None,
) -> Quiz:
    """A sheet for each learner of the unit and below as of `since`; who joins later is not asked. Raises `Refused`."""
    sign(actor)
    check_may_open(paper, unit=unit, title=title, since=since, until=until)
    quiz = Quiz.objects.create(
        paper=paper,
        unit=unit,
        path=unit.path,
        wide=unit.kind == WIDE,
        title=title.strip(),
        learners=list(learners),
        rule=rule_of(learners, kinds),
        since=since,
        until=until,
        recorded_by=actor,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT study_roll(%s)", [quiz.pk])
        if not cursor.fetchone()[0]:
            raise Refused("quiz.nobody", f"“{unit}”在{since}没有这类学习对象，没有开考。")
    return quiz


def check_may_open(paper: Paper, *, unit: Unit, title: str, since: date, until: date) -> None:
    check_dates(title, since, until)
    if paper.unit_id != unit.pk:
        raise Refused("quiz.paper", "只能用本单位组的试卷开考。")
    if since < paper.made_on:
        raise Refused("quiz.before_paper", f"开考日不能早于组卷日{paper.made_on}。")


@transaction.atomic
def keep(
    sheet: Sheet,
    item: PaperItem,
    *,
    person: int | None,
    on: date,
    actor: int | None,
    chosen: Sequence[int] = (),
    text: str = "",
) -> Answer:
    """Keep what stands as the answer so far; it may be changed until the sheet is handed in. Raises `Refused`."""
    sign(actor)
    sheet = _held(sheet)
    check_may_answer(sheet, person=person, on=on)
    check_fits(sheet, item, chosen, text)
    answer, _ = Answer.objects.update_or_create(
        sheet=sheet, item=item, defaults={"path": sheet.path, "chosen": sorted(set(chosen)), "text": text.strip()}
    )
    return answer


def check_may_answer(sheet: Sheet, *, person: int | None, on: date) -> None:
    if person is None or sheet.person_id != person:
        raise Refused("sheet.own", "答卷只由本人填写。")
    if sheet.handed_on is not None:
        raise Refused("sheet.handed", f"已于{sheet.handed_on}交卷，不能再改。")
    quiz = sheet.quiz
    if quiz.state != "open" or not (quiz.since <= on and (quiz.until is None or on <= quiz.until)):
        raise Refused("quiz.days", f"“{quiz}”在{quiz.since}至{quiz.until}答题，现在不在答题时间内。")


def check_fits(sheet: Sheet, item: PaperItem, chosen: Sequence[int], text: str) -> None:
    if item.paper_id != sheet.quiz.paper_id:
        raise Refused("sheet.item", "这道题不在这份试卷里。")
    if item.kind == "short":
        if chosen or len(text) > LONGEST_ANSWER:
            raise Refused("sheet.text", f"简答题写文字，最多{LONGEST_ANSWER}字。")
    elif text or not all(0 <= it < len(item.options) for it in chosen):
        raise Refused("sheet.options", "请从所列选项中选。")
    elif item.kind != "multiple" and len(set(chosen)) > 1:
        raise Refused("sheet.single", "这道题只选一项。")


@transaction.atomic
def hand_in(sheet: Sheet, *, person: int | None, on: date, actor: int | None) -> Sheet:
    """Closed questions are marked at once; without open ones the score is there too. What was left empty has no points."""
    sign(actor)
    sheet = _held(sheet)
    check_may_answer(sheet, person=person, on=on)
    sheet.handed_on = on
    sheet.save(update_fields=["handed_on"])
    return _settled(sheet)


@transaction.atomic
def mark(answer: Answer, *, points: int, unit: Unit, person: int | None, actor: int | None) -> Sheet:
    """Points for an open question, by the branch and by somebody else than who answered. The last one gives the score. Raises `Refused`."""
    sign(actor)
    sheet = _held(answer.sheet)
    answer = Answer.objects.select_for_update(of=("self",)).select_related("item").get(pk=answer.pk)
    check_may_mark(answer, sheet, points=points, unit=unit, person=person)
    answer.points, answer.marked_by = points, actor
    answer.save(update_fields=["points", "marked_by"])
    return _settled(sheet)


def check_may_mark(answer: Answer, sheet: Sheet, *, points: int, unit: Unit, person: int | None) -> None:
    if sheet.unit_id != unit.pk:
        raise Refused("mark.unit", "简答题由答题人所在单位评分。")
    if sheet.person_id == person:
        raise Refused("mark.own", "自己的答卷由别人评分。")
    if sheet.handed_on is None:
        raise Refused("mark.early", "还没有交卷，不能评分。")
    if answer.item.kind != "short":
        raise Refused("mark.closed", "客观题由系统评分，不改。")
    if sheet.quiz.state != "open":
        raise Refused("quiz.closed", f"“{sheet.quiz}”已经结束，结果不再改动。")
    if not 0 <= points <= answer.item.points:
        raise Refused("mark.points", f"这道题的得分应在0至{answer.item.points}之间。")


@transaction.atomic
def close(quiz: Quiz, *, on: date, actor: int | None) -> Quiz:
    """From then on nothing of it changes. Raises `Refused`."""
    sign(actor)
    quiz = Quiz.objects.select_for_update(of=("self",)).get(pk=quiz.pk)
    check_may_close(quiz, on=on)
    quiz.state, quiz.closed_on = "closed", on
    quiz.save(update_fields=["state", "closed_on"])
    return quiz


def check_may_close(quiz: Quiz, *, on: date) -> None:
    if quiz.state != "open":
        raise Refused("quiz.closed", f"“{quiz}”已经结束，结果不再改动。")
    if quiz.until is not None and on <= quiz.until:
        raise Refused("quiz.running", f"“{quiz}”答题到{quiz.until}，之后才能结束。")
    waiting = sum(handed - marked for handed, marked in quiz.tallies.values_list("handed", "marked"))
    if waiting:
        raise Refused("quiz.unmarked", f"还有{waiting}份答卷的简答题没有评分，评完才能结束；没评的不当作零分。")


def _held(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=sheet.pk)


def _settled(sheet: Sheet) -> Sheet:
    with connection.cursor() as cursor:
        cursor.execute("SELECT study_settle(%s)", [sheet.pk])
    sheet.refresh_from_db()
    return sheet

"""题库、试卷、测试: questions and papers of one's own unit, a quiz in counts, and the sheet that a member answers on the phone."""

from secrets import token_hex
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.study import questions, quizzes, results
from hangshi.study.models import Answer, Paper, PaperItem, PaperKey, Question, Quiz, Sheet
from hangshi.web import period, sent, studying, words
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SHOWN = 200
BANK: dict[str, Any] = {"back": "/study/questions/", "heading": "题库"}
HOME: dict[str, Any] = {"back": "/study/quizzes/", "heading": "测试"}


def bank_of(request: PersonRequest) -> "QuerySet[Question]":
    """The questions of the very unit; those of other units are theirs."""
    return Question.objects.filter(unit=request.unit.pk).order_by("retired", "topic", "pk")


@permission("study.write")
def bank(request: PersonRequest) -> HttpResponse:
    return _bank(request)


def _bank(request: PersonRequest, refused: str = "") -> HttpResponse:
    papers = Paper.objects.filter(unit=request.unit.pk).order_by("-pk")[:SHOWN]
    context = {"questions": bank_of(request)[:SHOWN], "kinds": questions.KINDS, "papers": papers, "refused": refused}
    return render(request, "study_bank.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@permission("study.write")
def question_new(request: PersonRequest) -> HttpResponse:
    form = Form(studying.question_fields(), sent.posted(request), request.GET.dict())
    made = form.attempt(lambda said: _asked(request, said)) if form.valid else None
    return redirect("study_bank") if made is not None else sent.page(request, form, studying.blank("新增题目", BANK))


def _asked(request: PersonRequest, said: dict[str, Any]) -> Question:
    options = [it.strip() for it in said["options"].splitlines() if it.strip()]
    return questions.add_question(
        said["kind"],
        unit=request.unit,
        topic=said["topic"],
        text=said["text"],
        points=said["points"],
        source=said["source"],
        options=options,
        answer=studying.letters(said["answer"], options),
        reference=said["reference"],
        actor=request.account.pk,
    )


@require_POST
@permission("study.write")
def question_retire(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bank_of(request), pk=pk)
    try:
        questions.retire(found, actor=request.account.pk)
    except Refused as error:
        return _bank(request, f"没有办理：{error.sentence}")
    return redirect("study_bank")


@require_http_methods(["GET", "POST"])
@permission("study.write")
def paper_new(request: PersonRequest) -> HttpResponse:
    """How many of each topic; the seed is made here and kept with the paper."""
    counts = bank_of(request).filter(retired=False).order_by("topic").values("topic").annotate(number=Count("pk"))
    topics = [(it["topic"], it["number"]) for it in counts]
    form = Form(studying.paper_fields(topics), sent.posted(request), request.GET.dict())
    return sent.form_page(
        request,
        form,
        lambda said: questions.make_paper(
            unit=request.unit,
            title=said["title"],
            draws={topic: said[f"n_{at}"] for at, (topic, _) in enumerate(topics) if said[f"n_{at}"]},
            seed=token_hex(16),
            on=period.today(request.units),
            actor=request.account.pk,
        ),
        title="组卷",
        **BANK,
    )


@permission("study.write")
def paper(request: PersonRequest, pk: int) -> HttpResponse:
    """The paper with its key, for those who hold it."""
    found = get_object_or_404(Paper, pk=pk, unit=request.unit.pk)
    keys = PaperKey.objects.filter(item__paper=found).select_related("item").order_by("item__number")
    lines = [(it.item, it, studying.lettered(it.answer)) for it in keys]
    return render(request, "study_paper.html", {"paper": found, "lines": lines, "kinds": questions.KINDS})


@permission("study.read")
def index(request: PersonRequest) -> HttpResponse:
    """The quizzes that reach here, and one's own sheets in them."""
    found = list(Quiz.objects.order_by("-since", "-pk")[:SHOWN])
    own = own_sheets(request, [it.pk for it in found])
    units = studying.units_of(request, [it.unit_id for it in found])
    rows = [(it, own.get(it.pk), units[it.unit_id]) for it in found]
    return render(request, "study_quizzes.html", {"rows": rows, "today": period.today(request.units)})


def own_sheets(request: PersonRequest, quizzes_: list[int]) -> dict[int, Sheet]:
    if request.grant.person_id is None:
        return {}
    return {it.quiz_id: it for it in Sheet.objects.filter(quiz__in=quizzes_, person=request.grant.person_id)}


@require_http_methods(["GET", "POST"])
@permission("study.write")
def quiz_new(request: PersonRequest) -> HttpResponse:
    papers = list(Paper.objects.filter(unit=request.unit.pk).order_by("-pk")[:SHOWN])
    form = Form(studying.quiz_fields(period.today(request.units), papers), sent.posted(request), request.GET.dict())
    return sent.form_page(
        request,
        form,
        lambda said: quizzes.open_quiz(
            next(it for it in papers if str(it.pk) == said["paper"]),
            unit=request.unit,
            title=said["title"],
            learners=said["learners"],
            kinds=words.pack().kinds.learner,
            since=said["since"],
            until=said["until"],
            actor=request.account.pk,
        ),
        title="开考",
        tells="本级和下级的这类人员各有一份答卷，以起始日在册的为准；以后转入的不补。",
        **HOME,
    )


@permission("study.read")
def quiz(request: PersonRequest, pk: int) -> HttpResponse:
    return _quiz(request, get_object_or_404(Quiz, pk=pk))


def _quiz(request: PersonRequest, found: Quiz, refused: str = "") -> HttpResponse:
    """Counts for those who hold it or stand above; the members of a branch, by name, for the branch."""
    sheets = list(Sheet.objects.filter(quiz=found, unit=request.unit.pk).order_by("person_id"))
    names = dict(Person.objects.filter(pk__in={it.person_id for it in sheets}).values_list("pk", "name"))
    own = own_sheets(request, [found.pk]).get(found.pk)
    counted = "study.write" in request.permissions or "records.read" in request.permissions
    context = {
        "quiz": found, "refused": refused, "own": own, "held": found.unit_id == request.unit.pk, "fewest": results.FEWEST,
        "result": results.result(found) if counted else None, "rates": results.wrong_rates(found) if counted else [],
        "members": [(it, names.get(it.person_id, "")) for it in sheets if it != own and it.person_id in names],
        "learners": studying.learners_of(found.learners), "unit_name": studying.units_of(request, [found.unit_id])[found.unit_id],
    }  # fmt: skip
    return render(request, "study_quiz.html", context, status=422 if refused else 200)


@require_POST
@permission("study.write")
def quiz_close(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Quiz, pk=pk, unit=request.unit.pk)
    try:
        quizzes.close(found, on=period.today(request.units), actor=request.account.pk)
    except Refused as error:
        return _quiz(request, found, f"没有结束：{error.sentence}")
    return redirect("study_quiz", pk=pk)


@permission("study.answer")
def sheet(request: PersonRequest, pk: int) -> HttpResponse:
    """To answer, for the member; to mark, for the branch; what it came to, for both."""
    return _sheet(request, _sheet_of(pk))


def _sheet_of(pk: int) -> Sheet:
    return get_object_or_404(Sheet.objects.select_related("quiz"), pk=pk)


def _sheet(request: PersonRequest, found: Sheet, refused: str = "") -> HttpResponse:
    items = list(PaperItem.objects.filter(paper=found.quiz.paper_id).order_by("number"))
    answers = {it.item_id: it for it in found.answers.all()}
    keys = {it.item_id: it for it in PaperKey.objects.filter(item__in=items)} if found.handed_on else {}
    own = found.person_id == request.grant.person_id
    name = Person.objects.filter(pk=found.person_id).values_list("name", flat=True).first() or request.account.name
    context = {
        "sheet": found, "own": own, "name": name, "refused": refused, "kinds": questions.KINDS,
        "lines": [(it, answers.get(it.pk), keys.get(it.pk)) for it in items],
        "lettered": studying.lettered, "most": sum(it.points for it in items),
        "answered": sum(bool(it.chosen or it.text) for it in answers.values()),
    }  # fmt: skip
    return render(request, "study_sheet.html", context, status=422 if refused else 200)


@require_POST
@permission("study.answer")
def answer(request: PersonRequest, pk: int, item: int) -> HttpResponse:
    """One answer, kept at once; to a script the sentence alone, to a plain form the page."""
    found = _sheet_of(pk)
    asked = get_object_or_404(PaperItem, pk=item)
    try:
        quizzes.keep(
            found, asked, person=request.grant.person_id, on=period.today(request.units), actor=request.account.pk,
            chosen=studying.numbers(request.POST.getlist("chosen")), text=request.POST.get("text", ""),
        )  # fmt: skip
    except Refused as error:
        if request.headers.get("HX-Request"):
            return HttpResponse(f"没有保存：{error.sentence}", status=422, content_type="text/plain; charset=utf-8")
        return _sheet(request, found, f"没有保存：{error.sentence}")
    if request.headers.get("HX-Request"):
        return HttpResponse("已保存", content_type="text/plain; charset=utf-8")
    return redirect(f"/study/sheets/{pk}/#q{asked.number}")


@require_POST
@permission("study.answer")
def hand_in(request: PersonRequest, pk: int) -> HttpResponse:
    found = _sheet_of(pk)
    try:
        quizzes.hand_in(found, person=request.grant.person_id, on=period.today(request.units), actor=request.account.pk)
    except Refused as error:
        return _sheet(request, found, f"没有交卷：{error.sentence}")
    return redirect("study_sheet", pk=pk)


@require_POST
@permission("study.write")
def mark(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Answer.objects.select_related("sheet__quiz"), pk=pk)
    try:
        [points] = studying.numbers([request.POST.get("points", "")]) or [-1]
        quizzes.mark(found, points=points, unit=request.unit, person=request.grant.person_id, actor=request.account.pk)
    except Refused as error:
        return _sheet(request, found.sheet, f"没有评分：{error.sentence}")
    return redirect("study_sheet", pk=found.sheet_id)

"""培训班: planned and allotted by a unit, filled by those below it, attended, and shown in coverage."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.refusal import Refused
from hangshi.study import learners, queries, trainings
from hangshi.study.models import Quota, Trainee, Training
from hangshi.web import period, sent, studying, words
from hangshi.web.fields import Field
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SHOWN = 500
HOME: dict[str, Any] = {"back": "/study/trainings/", "heading": "培训班"}


@permission("study.read")
def index(request: PersonRequest) -> HttpResponse:
    """The classes that reach here, and what one was trained in oneself."""
    found = list(Training.objects.order_by("-since", "-pk")[:SHOWN])
    units = studying.units_of(request, [it.unit_id for it in found])
    person = request.grant.person_id
    context = {
        "rows": [(it, units[it.unit_id]) for it in found], "states": trainings.STATES,
        "own": list(queries.classes_of(person)[:SHOWN]) if person else [],
    }  # fmt: skip
    return render(request, "study_trainings.html", context)


@require_http_methods(["GET", "POST"])
@permission("study.write")
def new(request: PersonRequest) -> HttpResponse:
    form = Form(studying.training_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    return sent.form_page(request, form, lambda said: _planned(request, said), title="新增培训班", **HOME)


def _planned(request: PersonRequest, said: dict[str, Any]) -> Training:
    return trainings.plan(
        words.pack().kinds.training[said["kind"]],
        unit=request.unit,
        title=said["title"],
        topic=said["topic"],
        learners=said["learners"],
        kinds=words.pack().kinds.learner,
        since=said["since"],
        until=said["until"],
        seats=said["seats"],
        place=said["place"],
        actor=request.account.pk,
    )


@permission("study.read")
def one(request: PersonRequest, pk: int) -> HttpResponse:
    return _one(request, get_object_or_404(Training, pk=pk))


def _one(request: PersonRequest, found: Training, refused: str = "") -> HttpResponse:
    """Quotas and people in sight: a township reads its own, the county all."""
    quotas = list(found.quotas.annotate(named=Count("trainees")).select_related("unit").order_by("path"))
    trainees = list(found.trainees.select_related("person", "unit").order_by("path", "pk")[:SHOWN])
    last = found.until or found.since
    should, trained = learners.coverage(
        found.rule, request.unit.path, on=found.since, kind=found.kind, first=date(last.year, 1, 1), last=last
    )
    held = found.unit_id == request.unit.pk
    context = {
        "it": found, "refused": refused, "quotas": quotas, "trainees": trainees, "held": held,
        "state": trainings.STATES[found.state], "attended": trainings.ATTENDED, "learners": studying.learners_of(found.learners),
        "should": should, "trained": trained, "year": last.year, "quota_form": Form([QUOTA_UNIT, QUOTA_SEATS], None, {}),
        "name_form": Form([WHO], None, {}),
        "unit_name": studying.units_of(request, [found.unit_id])[found.unit_id],
    }  # fmt: skip
    return render(request, "study_training.html", context, status=422 if refused else 200)


QUOTA_UNIT = Field("unit", "单位", "unit", required=True)
QUOTA_SEATS = Field("seats", "名额", "int", required=True)
WHO = Field("person", "人员", "person", required=True)


def own(request: PersonRequest, pk: int) -> Training:
    """A class of one's own unit: those below read it and move nothing."""
    return get_object_or_404(Training.objects.select_related("unit"), pk=pk, unit=request.unit.pk)


@require_POST
@permission("study.write")
def allot(request: PersonRequest, pk: int) -> HttpResponse:
    found, form = own(request, pk), Form([QUOTA_UNIT, QUOTA_SEATS], sent.posted(request), {})
    done = form.attempt(lambda said: trainings.allot(found, actor=request.account.pk, **said)) if form.valid else None
    return _back(request, found, form, done)


@require_POST
@permission("study.write")
def name(request: PersonRequest, pk: int) -> HttpResponse:
    """Somebody on a seat of the quota `pk`."""
    quota, form = get_object_or_404(Quota, pk=pk), Form([WHO], sent.posted(request), {})
    done = (
        form.attempt(lambda said: trainings.name(quota, person=said["person"], actor=request.account.pk))
        if form.valid
        else None
    )
    return _back(request, get_object_or_404(Training, pk=quota.training_id), form, done)


def _back(request: PersonRequest, found: Training, form: Form, done: Any) -> HttpResponse:
    if done is not None:
        return redirect("study_training", pk=found.pk)
    return _one(request, found, f"没有保存：{form.refused or '；'.join(form.errors.values())}")


@require_POST
@permission("study.write")
def step(request: PersonRequest, pk: int, state: str) -> HttpResponse:
    found, reason = own(request, pk), request.POST.get("reason", "")[:200]
    try:
        trainings.step(found, state, on=period.today(request.units), reason=reason, actor=request.account.pk)
    except Refused as error:
        return _one(request, found, f"没有办理：{error.sentence}")
    return redirect("study_training", pk=pk)


@require_POST
@permission("study.write")
def attend(request: PersonRequest, pk: int) -> HttpResponse:
    """What became of somebody who was named: said by the unit that holds the class, or taken back by the one that named them."""
    trainee = get_object_or_404(Trainee.objects.select_related("training", "person"), pk=pk)
    found, said = trainee.training, request.POST.get("state", "")
    try:
        if said == "taken_back" and trainee.path.startswith(request.unit.path):
            trainings.take_back(trainee, actor=request.account.pk)
        elif found.unit_id != request.unit.pk:
            raise Http404
        else:
            trainings.attend(
                trainee, said, on=period.today(request.units), actor=request.account.pk,
                reason=request.POST.get("reason", "")[:100], certificate=request.POST.get("certificate", "")[:40],
            )  # fmt: skip
    except Refused as error:
        return _one(request, found, f"没有登记：{error.sentence}")
    return redirect("study_training", pk=found.pk)

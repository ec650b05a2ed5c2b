"""走访登记: one visit to one household, typed where it happens."""

from datetime import date
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hangshi.activities import services
from hangshi.activities.models import Activity
from hangshi.refusal import Refused
from hangshi.registry.models import Household, Person
from hangshi.web import period, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

Row = TypeVar("Row", bound=Model)


class VisitForm(forms.Form):
    household = forms.CharField(label="户主姓名或户编号", max_length=64)
    leader = forms.CharField(label="走访人姓名", max_length=64)
    day = forms.DateField(label="走访日期")
    topic = forms.CharField(label="事由", max_length=200, required=False)
    minutes = forms.CharField(label="情况", max_length=2000, required=False)

    def clean_household(self) -> Household:
        text = self.cleaned_data["household"].strip()
        return _only(Household.objects.filter(Q(number=text) | Q(head=text)).select_related("unit"), "户", "户编号")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("走访日期不能晚于今天。")
        return day

    def clean_leader(self) -> Person:
        text = self.cleaned_data["leader"].strip()
        return _only(Person.objects.filter(Q(pk=int(text)) if text.isdecimal() else Q(name=text)), "人", "人员编号")


def _only(rows: QuerySet[Row], what: str, number: str) -> Row:
    found = list(rows[:2])
    if not found:
        raise forms.ValidationError(f"您的范围内没有这个{what}。")
    if len(found) > 1:
        raise forms.ValidationError(f"有多个同名的{what}，请填{number}。")
    return found[0]


def _record(said: dict[str, Any], *, actor: int) -> Activity:
    return services.record(
        words.pack().kinds.activity["visit"],
        unit=said["household"].unit,
        on=said["day"],
        leader=said["leader"],
        household=said["household"],
        topic=said["topic"],
        minutes=said["minutes"],
        present=1,
        actor=actor,
    )


@require_http_methods(["GET", "POST"])
@permission("visit.write")
def visit(request: PersonRequest) -> HttpResponse:
    given = request.GET.get("household", "")
    first = get_object_or_404(Household, pk=int(given)).number if given.isdecimal() else ""
    form = VisitForm(request.POST or None, initial={"household": first, "day": period.today(request.units)})
    if form.is_valid():
        try:
            made = _record(form.cleaned_data, actor=request.account.pk)
        except Refused as refused:
            form.add_error(None, refused.sentence)  # what was typed stays in the form
        else:
            return redirect("record", key="activities", pk=made.pk)
    return render(request, "visit.html", {"form": form}, status=422 if form.is_bound else 200)

"""授权管理 (the security administrator gives and ends grants) and 委托 (somebody hands on a part of their own for a time)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.access import grants, log, lookup, roles
from hangshi.access import services as access
from hangshi.access.models import Grant
from hangshi.packs.models import Role
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web.address import caller
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SHOWN = 200


class GrantForm(forms.Form):
    username = forms.CharField(label="账号", max_length=64)
    role = forms.ChoiceField(label="角色")
    unit = forms.CharField(label="单位名称、代码或编号", max_length=120)
    since = forms.DateField(label="起始日")
    until = forms.DateField(label="截止日", required=False)

    def __init__(self, offered: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(it.key, it.name) for it in offered]  # type: ignore[attr-defined]  # a ChoiceField


class PersonForm(forms.Form):
    username = forms.CharField(label="账号", max_length=64)
    person = forms.CharField(label="姓名或人员编号", max_length=64)
    unit = forms.CharField(label="人员所在单位名称、代码或编号", max_length=120)


class DelegationForm(GrantForm):
    until = forms.DateField(label="截止日")


@permission("grants.manage")
def index(request: PersonRequest) -> HttpResponse:
    """The grants of the administrator's unit and those below, the latest first."""
    found = Grant.objects.exclude(account=request.account)
    return _list(request, found, {"title": "授权管理", "new": "grant_new", "end": "grant_end"})


@permission("grants.delegate")
def delegations(request: PersonRequest) -> HttpResponse:
    """What one has handed on."""
    found = Grant.objects.filter(granted_by=request.account.pk, delegated_from__isnull=False)
    return _list(request, found, {"title": "我的委托", "new": "delegation_new", "end": "delegation_end"})


def _list(request: PersonRequest, found: QuerySet[Grant], context: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    shown = list(found.select_related("account").order_by("-pk")[: SHOWN + 1])
    standing = set(grants.standing(today).filter(pk__in=[it.pk for it in shown]).values_list("pk", flat=True))
    context |= {
        "rows": [(it, _state(it, standing, today)) for it in shown[:SHOWN]],
        "more": len(shown) > SHOWN,
        "names": lookup.unit_names({it.unit_id for it in shown}),
        "roles": {key: it.name for key, it in roles.pack().roles.items()},
    }
    return render(request, "grants.html", context)


def _state(it: Grant, standing: set[int], today: Any) -> str:
    if it.pk in standing:
        return "有效"
    if it.since > today:
        return "未开始"
    return "已终止" if it.until is not None and it.until < today else "已随账号或上级授权失效"


@require_http_methods(["GET", "POST"])
@permission("grants.manage")
@delicate
def give(request: PersonRequest) -> HttpResponse:
    offered = list(roles.pack().roles.values())
    form = GrantForm(offered, request.POST or None, initial={"since": timezone.localdate()})

    def save(said: dict[str, Any]) -> None:
        at = lookup.place_called(said["unit"])
        grants.give(
            lookup.account_called(said["username"]),
            role=said["role"],
            unit_id=at.pk,
            path=at.path,
            since=said["since"],
            until=said["until"],
            actor=request.account.pk,
        )

    return _answer(request, form, save, {"title": "新增授权", "back": "grants"})


@require_http_methods(["GET", "POST"])
@permission("grants.manage")
@delicate
def link(request: PersonRequest) -> HttpResponse:
    """Say whose account it is; what the account was given before stays with whom it was given to."""

    def save(said: dict[str, Any]) -> None:
        account = lookup.account_called(said["username"])
        person = lookup.person_called(said["person"], lookup.place_called(said["unit"]))
        access.link(account, person_id=person)
        log.event("person_linked", request.account.pk, caller=caller(request), account=account.pk, person=person)

    told = "支部书记、结对干部等按本人办事的角色，先关联再授权。已有的授权仍按授权时关联的人员，改关联后要重新授权。"
    return _answer(
        request, PersonForm(request.POST or None), save, {"title": "关联人员", "back": "grants", "told": told}
    )


@require_http_methods(["GET", "POST"])
@permission("grants.delegate")
@delicate
def delegate(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    initial = {"since": today, "until": today + grants.longest() - grants.ONE_DAY, "unit": request.unit.name}
    form = DelegationForm(grants.delegable_roles(request.grant), request.POST or None, initial=initial)

    def save(said: dict[str, Any]) -> None:
        at = _visible(said["unit"])
        grants.delegate(
            request.grant,
            lookup.account_called(said["username"]),
            role=said["role"],
            unit_id=at.pk,
            path=at.path,
            since=said["since"],
            until=said["until"],
            actor=request.account.pk,
        )

    return _answer(request, form, save, {"title": "新增委托", "back": "delegations", "longest": grants.longest().days})


def _visible(text: str) -> lookup.Place:
    wanted = text.strip()
    found = Unit.objects.filter(until=None).order_by("path")
    number = found.filter(pk=int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else found.none()
    rows = [*number[:1], *found.filter(name=wanted)[:6], *(found.filter(code=wanted)[:6] if wanted else ())]
    places = {it.pk: lookup.Place(it.pk, it.name, it.kind, it.path) for it in rows}
    return lookup.only(list(places.values()), text)


def _answer(
    request: HttpRequest, form: forms.Form, save: Callable[[dict[str, Any]], None], context: dict[str, Any]
) -> HttpResponse:
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)  # what was typed stays in the form
        else:
            return redirect(context["back"])
    return render(request, "grant_new.html", context | {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@permission("grants.manage")
@delicate
def end(request: PersonRequest, pk: int) -> HttpResponse:
    grants.end(get_object_or_404(Grant.objects.exclude(account=request.account), pk=pk), on=timezone.localdate())
    return redirect("grants")


@require_POST
@permission("grants.delegate")
@delicate
def end_delegation(request: PersonRequest, pk: int) -> HttpResponse:
    mine = Grant.objects.filter(granted_by=request.account.pk, delegated_from__isnull=False)
    grants.end(get_object_or_404(mine, pk=pk), on=timezone.localdate())
    return redirect("delegations")

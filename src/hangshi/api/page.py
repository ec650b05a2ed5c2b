"""接口令牌: the page on which a person makes and revokes the tokens of their programs."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.api import queries, services
from hangshi.refusal import Refused
from hangshi.web.address import caller
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.recent import recent


class TokenForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40)
    days = forms.IntegerField(label="有效天数", min_value=1, max_value=services.LONGEST_DAYS, initial=90)
    scopes = forms.MultipleChoiceField(
        label="权限", choices=list(services.SCOPES.items()), error_messages={"required": "请至少选择一项权限。"}
    )


@require_http_methods(["GET", "POST"])
@permission("records.read")
@recent
def tokens(request: PersonRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        said, today = form.cleaned_data, timezone.localdate()
        try:
            _, secret = services.make(request.account, request.grant, on=today, caller=caller(request), **said)
        except Refused as refused:
            form.add_error(None, refused.sentence)  # what was typed stays in the form
        else:
            form = TokenForm()
    return render(request, "tokens.html", _shown(request, form, secret), status=422 if form.errors else 200)


@require_POST
@permission("records.read")
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    services.revoke(get_object_or_404(queries.mine(request.account), pk=pk), at=timezone.now(), caller=caller(request))
    return redirect("tokens")


def _shown(request: PersonRequest, form: TokenForm, secret: str) -> dict[str, Any]:
    return {
        "form": form,
        "secret": secret,
        "tokens": queries.mine(request.account),
        "today": timezone.localdate(),
        "scopes": {name: text for name, text in services.SCOPES.items() if holds(request.grant.role, name)},
        "names": services.SCOPES,
        "longest": services.LONGEST_DAYS,
    }


urlpatterns = [path("", tokens, name="tokens"), path("<int:pk>/revoke/", revoke, name="token_revoke")]

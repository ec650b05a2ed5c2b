"""通知方式: by which ways, and at what hours, somebody is told outside that something waits."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.notices import channels
from hangshi.notices.models import Channel
from hangshi.web import sent
from hangshi.web.fields import Field
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

HINTS = {
    "dingtalk": "钉钉群机器人地址里 access_token= 后面的一段",
    "wecombot": "企业微信群机器人地址里 key= 后面的一段",
    "mail": "收信的地址",
    "webhook": "单位自建接口的地址，主机须由管理员先登记",
}


@require_http_methods(["GET", "POST"])
@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    """One's own ways, and a form for another; without any that the installation opens it says so."""
    offered = channels.offered()
    form = Form(_fields(offered), sent.posted(request), request.GET.dict())
    made = form.attempt(lambda said: channels.choose(request.account.pk, **said)) if form.valid else None
    if made is not None:
        return redirect("channels")
    mine = Channel.objects.filter(account=request.account.pk, enabled=True).order_by("kind")
    context = {"form": form, "offered": offered, "mine": mine, "names": channels.KINDS, "hints": HINTS}
    return render(request, "channels.html", context, status=422 if form.data is not None else 200)


@require_POST
@permission("records.read")
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    channels.stop(get_object_or_404(Channel, pk=pk, account=request.account.pk))
    return redirect("channels")


def _fields(offered: dict[str, str]) -> list[Field]:
    return [
        Field("kind", "方式", "choice", True, choices=offered),
        Field("address", "地址", required=True, longest=300),
        Field("quiet_from", "免打扰，从", "time", initial="22:00"),
        Field("quiet_until", "到", "time", initial="07:00", hint="这段时间不发；都不填的，随时发"),
    ]

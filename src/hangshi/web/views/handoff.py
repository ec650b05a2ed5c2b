"""上报: the difference for an upper system made, looked through, sent by another person; its receipts read back."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.audit import services as audit
from hangshi.handoff import answers, queries, services
from hangshi.handoff.difference import GOES_OUT
from hangshi.handoff.models import STATES, Handoff
from hangshi.handoff.works import said_of
from hangshi.jobs import services as jobs
from hangshi.jobs.models import Job
from hangshi.packs.uppers import ACTS
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import desk, names, period, places, sent, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.fields import Field
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

LISTED = 50
TABS = ACTS | {"lacking": "缺项不报", "lost": "手工注销", "rejected": "上级退回"}
BADGES = {"draft": "bg-yellow-lt", "sent": "bg-blue-lt", "done": "bg-green-lt", "withdrawn": "bg-secondary-lt"}
MEDIA = {"xlsx": workbook.TYPE, "csv": "text/csv"}


@require_GET
@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    page = Paginator(queries.handoffs(unit), LISTED).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "above": places.above(unit),
        "page": page,
        "uppers": words.pack().uppers,
        "states": STATES,
        "badges": BADGES,
        "acts": ACTS,
        "may": "handoff.write" in request.permissions and bool(queries.offered(words.pack(), unit)),
    }
    return render(request, "handoffs.html", context)


@require_http_methods(["GET", "POST"])
@permission("handoff.write")
def new(request: PersonRequest) -> HttpResponse:
    """At the unit asked for, one's own if none is."""
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    form = Form(_fields(unit, today), sent.posted(request), request.GET.dict())
    return sent.form_page(
        request,
        form,
        lambda said: _made(request, unit, said),
        title="拟制上报",
        back=reverse("handoffs"),
        heading=unit.name,
        then=lambda job: reverse("job", args=[job.pk]),
        tells="系统把在册记录与上级已接收的逐行比对，只列出变动的行；拟好以后，由另一位有导出权限的人审核上报。",
    )


def _fields(unit: Unit, today: Any) -> list[Field]:
    offered = {key: f"{it.system}：{it.name}" for key, it in queries.offered(words.pack(), unit).items()}
    return [
        Field("upper", "模板", "choice", True, choices=offered),
        Field("day", "截止日", "date", True, initial=today, latest=today),
        Field("again", "退回后没有改的也报", "bool", hint="一般不选：改好登记以后，下次自动带上"),
    ]


def _made(request: PersonRequest, unit: Unit, said: dict[str, Any]) -> Job:
    upper, today = words.pack().uppers[said["upper"]], period.today(request.units)
    services.check_may_make(upper, unit, day=said["day"], on=today)
    asked = {"upper": upper.key, "unit": unit.pk, "day": str(said["day"]), "again": bool(said["again"])}
    return _asked(request, "handoff.make", f"拟制上报：{upper.name}", **asked)


@require_GET
@permission("records.read")
def one(request: PersonRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(pk))


def _shown(request: PersonRequest, found: Handoff, **said: Any) -> HttpResponse:
    upper = words.pack().uppers.get(found.upper)
    rejected = found.lines.filter(answer="rejected").count()
    counts = found.counts | {"rejected": rejected}
    tabs = [(act, name, counts.get(act, 0)) for act, name in TABS.items() if counts.get(act)]
    asked, open_ = request.GET.get("act", ""), [key for key, *_ in tabs]
    act = asked if asked in open_ else (open_ or [""])[0]
    page = Paginator(queries.lines(found, act), LISTED).get_page(request.GET.get("page"))
    receipts = list(found.receipts.order_by("-pk"))
    waiting = found.lines.filter(act__in=GOES_OUT, answer="").count() if found.state == "sent" else 0
    context = {
        "handoff": found,
        "upper": upper,
        "counts": counts,
        "tabs": tabs,
        "act": act,
        "page": page,
        "rows": queries.told(upper, list(page)),
        "receipts": receipts,
        "waiting": waiting,
        "states": STATES,
        "badges": BADGES,
        "going": services.going(found.counts),
        "who": names.accounts([found.made_by, found.sent_by, *(it.recorded_by for it in receipts)]),
        "record": "persons" if upper is None or upper.handed.subject == "person" else "households",
        "own": _refusal(request, found),
    }
    return render(request, "handoff.html", context | said, status=422 if "error" in said else 200)


def _refusal(request: PersonRequest, found: Handoff) -> str:
    """Why the reader may not send it, who otherwise may; empty where they may."""
    try:
        services.check_may_send(words.pack(), found, by=desk.signer(request))
    except Refused as refused:
        return refused.sentence
    return ""


@require_POST
@permission("records.export")
@delicate
def send(request: PersonRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.state != "sent":
        try:
            services.check_may_send(words.pack(), found, by=desk.signer(request))
        except Refused as refused:
            return _shown(request, found, error=refused.sentence)
    job = _asked(request, "handoff.send", f"审核上报：{_title(found)}", handoff=pk)
    return redirect("job", pk=job.pk)


@require_GET
@permission("records.export")
@delicate
def file(request: PersonRequest, pk: int) -> HttpResponse:
    """What went out, as it went out; every download is an export on record."""
    found = _found(pk)
    upper, data = services.template(words.pack(), found), services.file_of(found)
    rows = services.going(found.counts)
    audit.note_first("export", table="handoff", row=pk, path=found.path, what=upper.key, unit=found.unit_id, rows=rows)
    answer = HttpResponse(data, content_type=MEDIA[upper.file])
    name = f"{upper.name}-{found.unit.name}-{found.day}.{upper.file}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


@require_POST
@permission("handoff.write")
def receipt(request: PersonRequest, pk: int) -> HttpResponse:
    found, today, by = _found(pk), period.today(request.units), desk.signer(request)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise Refused("receipt.none", "请先选上级系统给出的回执文件。")
        made = answers.receive(words.pack(), found, name=file.name or "", data=file.read(), on=today, by=by)
    except Refused as refused:
        return _shown(request, found, error=refused.sentence)
    if made.read_on is not None:
        return _shown(request, found, said=f"这份回执{made.read_on}已经读入过，没有变化。")
    return redirect(
        "job", pk=_asked(request, "handoff.answer", f"读入回执：{_title(found)}", handoff=pk, receipt=made.pk).pk
    )


@require_POST
@permission("handoff.write")
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    services.withdraw(_found(pk), on=period.today(request.units), by=desk.signer(request))
    return redirect("handoff", pk=pk)


@require_POST
@permission("handoff.write")
def finish(request: PersonRequest, pk: int) -> HttpResponse:
    services.finish(_found(pk), on=period.today(request.units), by=desk.signer(request))
    return redirect("handoff", pk=pk)


def _asked(request: PersonRequest, kind: str, title: str, **said: Any) -> Job:
    """The job under way for the same thing, else a new one: two presses of a button ask once."""
    said |= {"on": str(period.today(request.units)), "by": said_of(desk.signer(request))}
    mine = Job.objects.filter(account_id=request.account.pk, kind=kind, state="waiting", said=said)
    return mine.first() or jobs.ask(kind, title=title, account=request.account, grant=request.grant, said=said)


def _title(found: Handoff) -> str:
    upper = words.pack().uppers.get(found.upper)
    return f"{upper.name if upper else found.upper}（{found.unit.name}，{found.day}）"


def _found(pk: int) -> Handoff:
    return get_object_or_404(Handoff.objects.select_related("unit"), pk=pk)

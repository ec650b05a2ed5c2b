"""调阅、个人档案: a sensitive value shown to somebody who says why, and a person's own file."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.privacy import dossier, person_file, queries, reveal
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.web import personal, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission


@require_http_methods(["GET", "POST"])
@permission("people.reveal")
@delicate
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose what and say why; the answer shows it for a few minutes."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    hidden, wrong = reveal.hidden(person, personal.names()), ""
    said = {name: request.POST.get(name, "") for name in ("field", "reason", "words")}
    if request.method == "POST":
        try:
            made = reveal.ask(person, **said, actor=request.account.pk, now=timezone.now())
            return redirect("revealed", number=made)
        except Refused as refusal:  # what was typed stays in the form
            wrong = refusal.sentence
    context = {"person": person, "hidden": hidden, "reasons": reveal.REASONS, "said": said, "wrong": wrong}
    return render(request, "personal_reveal.html", context | {"minutes": reveal.MINUTES}, status=422 if wrong else 200)


@require_GET
@permission("people.reveal")
@delicate
def shown(request: PersonRequest, number: int) -> HttpResponse:
    """The value, on record before it is shown, as long as the reveal lasts."""
    made = get_object_or_404(queries.reveals_of(request.account.pk), pk=number)
    person = get_object_or_404(Person.objects.select_related("unit"), pk=made.person_id)
    name = {it.key: it.name for it in reveal.hidden(person, personal.names())}.get(made.field, made.field)
    value = reveal.value(made, person, actor=request.account.pk, now=timezone.now())
    context = {
        "person": person,
        "name": name,
        "value": value,
        "until": made.until,
        "reason": reveal.REASONS[made.reason],
    }
    response = render(request, "personal_shown.html", context)
    response["Cache-Control"] = "no-store"
    left = max(1, int((made.until - timezone.now()).total_seconds()))
    response["Refresh"] = (
        f"{left}; url=/records/persons/{person.pk}/"  # the value leaves the screen when its time is over
    )
    return response


@require_POST
@permission("people.reveal")
@delicate
def file(request: PersonRequest, pk: int) -> FileResponse:
    """Everything in one's scope about a person, for the person: on record with the ground."""
    person = get_object_or_404(Person, pk=pk)
    ground = request.POST.get("ground", "")
    found = person_file.export(person, words.pack(), ground=ground, on=timezone.localdate(), actor=request.account.pk)
    rows = sum(len(it.rows) for it in found)
    by = f"{request.account.name}（{request.unit.name}）"
    line = workbook.line(by, at=timezone.localtime(), of=f"{person.name}的个人信息（应本人请求）", rows=rows)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "file.xlsx"
        dossier.write(found, made, line=line)
        opened = made.open("rb")  # the file goes with its folder; the open handle serves it
    return FileResponse(opened, as_attachment=True, filename=f"个人信息-{person.pk}.xlsx", content_type=workbook.TYPE)

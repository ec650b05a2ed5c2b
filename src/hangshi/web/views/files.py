"""Files handed in: out only through the row they hang on, as a download, never shown within the page."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from hangshi.activities.models import Activity, Attachment
from hangshi.cases.models import Case, Evidence
from hangshi.files import store
from hangshi.web import desk, personal
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@permission("records.read")
def attachment(request: PersonRequest, pk: int) -> HttpResponse:
    """Of an activity: for those who may read its minutes; to anybody else there is none."""
    rows = Attachment.objects.filter(taken_off=False)
    if not personal.may_see(request, Activity, "minutes"):
        rows = rows.none()
    found = get_object_or_404(rows, pk=pk)
    return handed_out(store.read(found.sha256), found.name)


@permission("records.read")
def evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """Of a case of a kind that is open to the reader."""
    cases = Case.objects.exclude(kind__in=desk.hidden(request))
    found = get_object_or_404(Evidence.objects.exclude(sha256="").filter(case__in=cases), pk=pk)
    return handed_out(store.read(found.sha256), found.name)


def handed_out(data: bytes, name: str) -> HttpResponse:
    """The type follows from the content: what was handed in under another name stays what it is."""
    media = next((media for start, media in BEGINNINGS.items() if data.startswith(start)), "application/octet-stream")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stem + ENDINGS.get(media, ''))}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

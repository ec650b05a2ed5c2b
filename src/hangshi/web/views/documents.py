"""制度文件: the documents that hold where the reader works, whether each is in force, and the rules that rest on it."""

from dataclasses import dataclass
from itertools import chain

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.packs.definitions import Definition
from hangshi.packs.models import Pack
from hangshi.packs.regulations import Regulation, resting
from hangshi.web import here, period, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission


@dataclass(frozen=True)
class Line:
    """`state`: current, past or coming. `successor`: the document that replaced it."""

    document: Regulation
    state: str
    successor: Regulation | None
    rules: list[Definition]


@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    on, pack = period.today(request.units), words.pack()
    documents = here.only("document", pack.documents, request.unit)
    after = {key: it for it in documents.values() for key in it.replaces}
    lines = []
    for key, it in documents.items():
        state = "current" if it.in_force(on) else "coming" if it.since > on else "past"
        lines.append(Line(it, state, after.get(key), _rules(pack, key)))
    lines.sort(key=lambda line: (line.state == "past", line.document.issuer, line.document.since))
    return render(request, "documents.html", {"lines": lines, "on": on})


def _rules(pack: Pack, key: str) -> list[Definition]:
    families = (pack.standards, pack.checks, pack.requirements)
    return resting(chain.from_iterable(it.values() for it in families), key)

"""规矩与出处: the documents that the packs in use rest on, and what rests on each."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.packs.models import Definition, Kinds, Pack
from hangshi.web import words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

CITED = re.compile(r"《[^》]+》(?:（[^）]*）)?")
FAMILIES = {
    "unit": "单位", "household_status": "农户状态", "membership_status": "党员状态", "membership_category": "党员类别", "cadre": "干部身份",
    "duty": "责任", "activity": "活动", "case": "事项", "entry": "账目", "share": "股份", "learner": "学习对象", "material": "学习资料",
    "training": "培训班",
}  # fmt: skip
SECTIONS = {
    "standards": "标准", "checks": "体检", "requirements": "频次要求", "holds": "稳定规则", "approvals": "审批", "reactions": "联动", "required_sets": "配齐要求", "surveys": "电话抽查",
    "indicators": "指标",
}  # fmt: skip
PAGES = {"indicators": "/indicators/{}/", "checks": "/findings/{}/"}


@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    documents: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for section, page, it in _definitions(words.pack()):
        for document in CITED.findall(it.source) or [it.source]:
            documents[document].append((section, it.name, page))
    ordered = sorted(documents.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return render(request, "rules.html", {"documents": ordered})


def _definitions(pack: Pack) -> Iterator[tuple[str, str, Definition]]:
    """What it is, its page ("" for none), and the definition."""
    for family in Kinds.model_fields:
        yield from ((FAMILIES[family], "", it) for it in pack.kinds.family(family).values())
    for section, word in SECTIONS.items():
        found: dict[str, Any] = getattr(pack, section)
        yield from ((word, PAGES.get(section, "").format(key), it) for key, it in found.items())

"""审计: what the auditor searches; entries say who did what to which record, never what stands in it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hangshi.audit import queries, words
from hangshi.audit import services as audit
from hangshi.audit.models import AuditEntry
from hangshi.privacy.reveal import REASONS
from hangshi.refusal import Refused
from hangshi.web.middleware import PersonRequest
from hangshi.web.period import parsed
from hangshi.web.permissions import permission

SIZE = 50
LAST_PAGE = 10_000
DETAIL = {
    "field": "项目", "reason": "事由", "what": "内容", "rows": "行数", "unit": "单位编号", "code": "规则", "request": "请求",
    "asked": "条件", "fields": "更正项", "count": "个数", "which": "密钥", "reveal": "调阅登记号", "shown": "已显示",
}  # fmt: skip
NAMES = ("account", "table", "record", "kind", "from", "to", "request")


@require_GET
@permission("audit.read")
def log(request: PersonRequest) -> HttpResponse:
    query = {name: request.GET.get(name, "").strip() for name in NAMES}
    text = request.GET.get("page", "1")
    number = min(max(1, int(text)), LAST_PAGE) if text.isdecimal() else 1
    asked = _asked(query)
    audit.note_first("audit_read", asked=" ".join(f"{name}={text}" for name, text in query.items() if text)[:200])
    found = list(queries.search(asked)[(number - 1) * SIZE : number * SIZE + 1])
    names = queries.names_of(it.account for it in found)
    context = {
        "rows": [_told(it, names) for it in found[:SIZE]],
        "more": len(found) > SIZE,
        "number": number,
        "query": query,
    }
    return render(request, "audit.html", context | {"kinds": words.KINDS, "tables": words.TABLES})


def _asked(query: dict[str, str]) -> queries.Asked:
    if query["record"] and not query["record"].isdecimal():
        raise Refused("audit.record", "记录编号应是数字。")
    record = int(query["record"][:18]) if query["record"] else None
    days = {"first": parsed(query["from"]), "last": parsed(query["to"])}
    return queries.Asked(query["account"], query["table"], record, query["kind"], request=query["request"], **days)


def _told(entry: AuditEntry, names: dict[int, str]) -> dict[str, Any]:
    """The entry in words."""
    what = words.table(entry.table_name) if entry.table_name else ""
    which = f"{entry.low}号" if entry.rows == 1 else f"{entry.rows:,}行" if entry.rows else ""
    said = {**(entry.detail or {})}
    if "reason" in said:
        said["reason"] = REASONS.get(said["reason"], said["reason"])
    return {
        "id": entry.pk, "at": entry.at, "who": names.get(entry.account or 0) or ("系统" if entry.account is None else f"账号{entry.account}"),
        "kind": words.KINDS.get(entry.kind, entry.kind), "what": f"{what}{which}", "address": entry.address, "request": entry.request,
        "detail": "，".join(f"{DETAIL.get(key, key)}：{value}" for key, value in said.items()),
    }  # fmt: skip

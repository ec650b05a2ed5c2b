"""审计: what the auditor searches; entries say who did what to which record, never what stands in it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hangshi.access.models import Event
from hangshi.audit import queries, words
from hangshi.audit import services as audit
from hangshi.audit.models import AuditEntry
from hangshi.privacy.dossier import KINDS
from hangshi.privacy.reveal import NUMBER, REASONS
from hangshi.refusal import Refused
from hangshi.web.middleware import PersonRequest
from hangshi.web.period import parsed
from hangshi.web.permissions import permission
from hangshi.web.registers import REGISTERS

SIZE = 50
LAST_PAGE = 10_000
DETAIL = {
    "field": "项目", "reason": "事由", "what": "内容", "rows": "行数", "unit": "单位编号", "code": "规则", "request": "请求",
    "asked": "条件", "fields": "更正项", "count": "个数", "which": "密钥", "reveal": "调阅登记号",
}  # fmt: skip
WORDS = {
    "reason": REASONS,
    "field": {NUMBER: "公民身份号码"},
    "what": {it.key: it.title for it in REGISTERS.values()},
    "which": {"field": "加密密钥", "index": "索引密钥"},
    "request": KINDS,
}
EVENTS = "access_event"
NAMES = ("account", "table", "record", "kind", "from", "to", "request", "address")


@require_GET
@permission("audit.read")
def log(request: PersonRequest) -> HttpResponse:
    query = {name: request.GET.get(name, "").strip() for name in NAMES}
    text = request.GET.get("page", "1")
    number = min(max(1, int(text)), LAST_PAGE) if text.isdecimal() else 1
    asked = _asked(query)
    audit.note_first("audit_read", asked=" ".join(f"{name}={text}" for name, text in query.items() if text)[:200])
    found = list(queries.search(asked)[(number - 1) * SIZE : number * SIZE + 1])
    events = Event.objects.in_bulk([it.low for it in found if it.table_name == EVENTS and it.kind == "insert"])
    names = queries.names_of([it.account for it in found] + [it.account for it in events.values()])
    context = {
        "rows": [_told(it, names, events) for it in found[:SIZE]],
        "more": len(found) > SIZE,
        "number": number,
        "query": query,
    }
    return render(request, "audit.html", context | {"kinds": words.KINDS, "tables": words.TABLES})


def _asked(query: dict[str, str]) -> queries.Asked:
    if query["record"] and not query["record"].isdecimal():
        raise Refused("audit.record", "记录编号应是数字。")
    record = int(query["record"][:18]) if query["record"] else None
    days = parsed(query["from"]), parsed(query["to"])
    return queries.Asked(
        query["account"],
        query["table"],
        record,
        query["kind"],
        *days,
        request=query["request"],
        address=query["address"],
    )


def _told(entry: AuditEntry, names: dict[int, str], events: dict[int, Event]) -> dict[str, Any]:
    """The entry in words. What happened at the door was done before anybody acted: its own row says by whom and from where."""
    event = events.get(entry.low or 0) if entry.table_name == EVENTS else None
    account = event.account if event else entry.account
    which = f"{entry.low}号" if entry.rows == 1 else f"{entry.rows:,}行" if entry.rows else ""
    told = {
        "id": entry.pk, "at": entry.at, "who": _who(account, names, nobody="无此账号" if event else "系统"),
        "kind": words.KINDS.get(entry.kind, entry.kind), "what": f"{words.table(entry.table_name)}{which}" if entry.table_name else "",
        "address": entry.address, "request": entry.request, "detail": _detail(entry.detail or {}),
    }  # fmt: skip
    if event:
        told |= {"kind": words.EVENTS.get(event.kind, event.kind), "address": event.address}
    return told


def _who(account: int | None, names: dict[int, str], *, nobody: str) -> str:
    return nobody if account is None else names.get(account, f"账号{account}")


def _detail(said: dict[str, Any]) -> str:
    shown = {key: value for key, value in said.items() if key in DETAIL and value not in (None, "")}
    shown = {key: WORDS.get(key, {}).get(str(value), value) for key, value in shown.items()}
    return "，".join(f"{DETAIL[key]}：{value}" for key, value in shown.items())

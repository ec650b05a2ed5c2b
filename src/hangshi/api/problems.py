"""Every error as RFC 9457 problem+json, with the sentence a user of the pages would read. Nothing of the inside is told."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError
from django.http import Http404, HttpResponse
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, ConfigDict

from hangshi.access.append import refusal
from hangshi.refusal import Refused

log = logging.getLogger("hangshi.api")
MEDIA = "application/problem+json"
TITLES = {
    400: "请求有误",
    401: "没有身份",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的方法",
    409: "没有办理",
    413: "内容过大",
    415: "内容类型不对",
    422: "提交编号已用",
    429: "过于频繁",
    500: "系统出错",
    503: "暂时不可用",
}
MISSING = "没有找到，或不在您的管辖范围内。"
FAULT = "系统出错，已经记录。请稍后再试；写入用同一个 Idempotency-Key，不会重复办理。"
AWAY = "数据库暂时连不上。请稍后再试；写入用同一个 Idempotency-Key，不会重复办理。"
UNTAKEN = "数据库没有接受这些内容，没有办理。请核对所填的值。"
OUTSIDE = "42501"  # a policy of the database said no
REPEATED_KEY = "once.other"
UNUSABLE_KEY = "once.key"
# What pydantic finds, in the words of packs/shapes: said to a person who writes a program.
SAID = {
    "missing": "必须填写",
    "extra_forbidden": "没有这个字段",
    "string_type": "应为文字",
    "string_too_long": "文字过长",
    "string_pattern_mismatch": "写法不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "list_type": "应为一列",
    "dict_type": "应为一组字段",
    "too_long": "项数过多",
    "too_short": "至少要有一项",
    "literal_error": "不在可选之列",
    "enum": "不在可选之列",
    "model_attributes_type": "应为一组字段",
    "model_type": "应为一组字段",
}


class Problem(BaseModel):
    """出错时的回答（RFC 9457）。`detail` 就是页面上用户看到的那句话，`code` 供程序判断。"""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:hangshi:problem:case.closed",
                    "title": "没有办理",
                    "status": 409,
                    "code": "case.closed",
                    "detail": "“整顿后进支部”已于2017-09-30办结，不能再变动。",
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = []


class Wrong(Exception):
    """A call that goes no further, before any rule is asked."""

    def __init__(self, status: int, code: str, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(
    status: int,
    code: str,
    sentence: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    said: dict[str, Any] = {
        "type": f"urn:hangshi:problem:{code}",
        "title": TITLES.get(status, TITLES[400]),
        "status": status,
        "code": code,
        "detail": sentence,
    }
    if errors:
        said["errors"] = list(errors)
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA, headers=dict(headers or {}))


def of(error: Exception) -> HttpResponse:
    """What is said of an error. One that nobody foresaw is logged, and told as a fault without its reason."""
    error = refusal(error) or error
    match error:
        case Wrong():
            return answer(error.status, error.code, error.sentence, headers=error.headers)
        case Refused():
            status = {REPEATED_KEY: 422, UNUSABLE_KEY: 400}.get(error.code, 409)
            return answer(status, error.code, error.sentence)
        case Http404() | ObjectDoesNotExist():
            return answer(404, "not_found", MISSING)
        case ValidationError():
            return answer(400, "request.values", _first(error), errors=[_told(it) for it in error.errors[:20]])
        case HttpError():
            return answer(error.status_code, "request.body", "请求内容不是可以读懂的 JSON，没有办理。")
        case RequestDataTooBig() | SuspiciousOperation():
            return answer(400, "request.body", "请求有误，没有办理。")
        case ProgrammingError() if getattr(error.__cause__, "sqlstate", "") == OUTSIDE:
            return answer(403, "scope", "您现在的身份不能写入这些记录，没有办理。")
        case DataError() | IntegrityError():
            log.warning("the database refused a call", exc_info=error)
            return answer(409, "data.refused", UNTAKEN)
        case OperationalError():
            log.error("the database is away", exc_info=error)
            return answer(503, "database", AWAY, headers={"Retry-After": "5"})
    log.error("fault in a call", exc_info=error)
    return answer(500, "fault", FAULT)


def _first(error: ValidationError) -> str:
    told = _told(error.errors[0])
    return f"“{told['at']}”{told['sentence']}，没有办理。"


def _told(it: Mapping[str, Any]) -> dict[str, str]:
    """Where, from the body or query downwards, and what; values are never repeated."""
    places = [str(place) for place in it["loc"] if place not in ("body", "query", "path", "asked", "said")]
    if it["type"] == "value_error":
        return {"at": ".".join(places)[:200], "sentence": str(it["msg"]).removeprefix("Value error, ")}
    return {"at": ".".join(places)[:200], "sentence": SAID.get(it["type"], "写法不对")}

"""The body of a call: JSON, of a size and depth that a record needs, without characters the database cannot keep."""

import json
from typing import Any

from django.http import HttpRequest

from hangshi.api.problems import Wrong

LARGEST = 256 * 1024
DEEPEST = 12
WRITES = ("POST",)


def read(request: HttpRequest) -> dict[str, Any]:
    """What a write says. Raises `Wrong`: 413 too large, 415 no JSON by its type, 400 not readable."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared) > LARGEST:
        raise Wrong(413, "request.large", f"请求内容超过{LARGEST // 1024}KB，没有办理。")
    kind = request.content_type or ""
    if kind != "application/json":
        raise Wrong(415, "request.type", "请求内容须是 application/json，没有办理。")
    said = _parsed(request.body)
    if not isinstance(said, dict):
        raise Wrong(400, "request.body", "请求内容应是一组字段（JSON 对象），没有办理。")
    _check(said, 1)
    return said


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text.decode(), parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise Wrong(400, "request.body", "请求内容不是可以读懂的 JSON，没有办理。") from None


def _no_number(word: str) -> None:
    raise ValueError(word)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A field said twice has no meaning: parsers differ in which one they take."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _check(it: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Wrong(400, "request.deep", f"请求内容嵌套超过{DEEPEST}层，没有办理。")
    if isinstance(it, str):
        check_text(it)
    elif isinstance(it, dict):
        for key, value in it.items():
            check_text(key)
            _check(value, depth + 1)
    elif isinstance(it, list):
        for value in it:
            _check(value, depth + 1)


def check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Wrong(400, "text.nul", "文字里有不能识别的字符（NUL 或残缺字符），没有办理。请删去后重试。")

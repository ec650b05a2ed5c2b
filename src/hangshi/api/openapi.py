"""The description of the API, complete: what django-ninja knows, and what the door adds to every operation."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from hangshi.api import problems
from hangshi.api.calls import needs, route_of

ABOUT = (
    "与页面同一套服务、同一套数据：令牌看得到的，就是它的主人当前授权看得到的。"
    "写入须带 Idempotency-Key；出错以 application/problem+json 回答，detail 就是页面上的那句话。"
)
ERRORS = {
    400: "请求有误：参数、字段或 JSON 不合要求",
    401: "没有令牌，或令牌无效、过期、已撤销",
    403: "令牌没有这项权限",
    404: "没有找到，或不在管辖范围内（两者回答相同）",
    409: "规则不允许，没有办理",
    429: "过于频繁，请按 Retry-After 等待",
}
WRITE_ERRORS = {413: "内容过大", 415: "内容类型不是 application/json", 422: "同一个 Idempotency-Key 已用于另一项内容"}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "这一次写入的编号，由调用方自定，建议用 UUID；重试时用同一个。",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
    "example": "7a0f6f2e-3c52-4c8e-9b58-6f0a3f1d2c11",
}
REPLAYED = {"description": "true：此前已经办理，这是当时的回答", "schema": {"type": "string", "enum": ["true"]}}
RETRY = {"description": "再试之前等待的秒数", "schema": {"type": "integer", "minimum": 1}}


class SaidBody(Parser):
    """The body as the door has read and checked it."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        said: dict[str, Any] = request.said  # type: ignore[attr-defined]  # a Call: only the door leads here
        return said


class Readable(JSONRenderer):
    """Chinese as it is written: a third of the size of escapes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Every error is told by `problems.of`; the description is made once."""

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, _told)

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        return self.described

    @cached_property
    def described(self) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix="/api/v1/")
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _complete(operation, method, needs[method.upper(), route_of(path.removeprefix("/api/v1"))])
        schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        schema["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
        return schema

    def parameters_of(self, method: str, route: str) -> frozenset[str]:
        """The names that the query of an operation may have."""
        return self._parameters.get((method, route), frozenset())

    @cached_property
    def _parameters(self) -> dict[tuple[str, str], frozenset[str]]:
        found = {}
        for path, methods in self.described["paths"].items():
            for method, operation in methods.items():
                names = (it["name"] for it in operation["parameters"] if it["in"] == "query")
                found[method.upper(), route_of(path.removeprefix("/api/v1"))] = frozenset(names)
        return found


def _told(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problems.of(error if isinstance(error, Exception) else error())


def _complete(operation: dict[str, Any], method: str, permission: str) -> None:
    """Errors, header fields, and the permission in words."""
    operation["security"] = [{"token": []}]
    operation["description"] = f"需要权限：{permission or '任何有效令牌'}。"
    errors = ERRORS
    if method == "post":
        operation["parameters"] = [*operation["parameters"], KEY]
        errors = ERRORS | WRITE_ERRORS
        for success in operation["responses"].values():
            success["headers"] = {"Idempotent-Replayed": REPLAYED}
    for success in operation["responses"].values():
        success["description"] = "办理成功" if method == "post" else "查询成功"
    for status, said in sorted(errors.items()):
        content = {problems.MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][status] = {"description": said, "content": content}
    operation["responses"][429]["headers"] = {"Retry-After": RETRY}
    operation["responses"][401]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}

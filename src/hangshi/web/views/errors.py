"""What a refusal, a missing page and a fault look like: a sentence, a way back, and nothing about the inside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hangshi.refusal import Refused


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409 where a write was refused, 400 where a page was asked for wrongly."""
    status = 400 if request.method in ("GET", "HEAD") else 409
    return _page(request, status, "没有办理", refusal.sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "没有找到", "这一页不存在，或不在您的管辖范围内。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "没有权限", "您现在的身份不能办理此事，可切换身份或联系管理员。")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "请求有误", "网址或表单有误，请返回重试。")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "页面已过期", "为了安全，这一页需要重新打开后再提交。")


def fault(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "系统出错", "系统出错，已经记录。请稍后再试。")

"""What a page cannot be faster than, one word and the rows as the database itself writes them, served beside the pages themselves."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()

from django.db import connection, connections  # noqa: E402  # after set-up, as Django asks

from hangshi.access.scope import Scope, acting  # noqa: E402
from hangshi.web.wsgi import application as pages  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

HELLO, JSON = "/hello", "/json"
DATABASE, BELOW = "HANGSHI_BENCH_DATABASE", "HANGSHI_BENCH_BELOW"
ROWS = """
    SELECT json_agg(r) FROM (
        SELECT a.id, a.unit_id, a.kind, a.day, u.name AS unit, a.topic, p.name AS leader, h.head AS household, a.present
        FROM activity a JOIN unit u ON u.id = a.unit_id LEFT JOIN person p ON p.id = a.leader_id
             LEFT JOIN household h ON h.id = a.household_id
        WHERE a.path >= %s AND a.path < %s ORDER BY a.id DESC LIMIT 50) r"""
if DATABASE in os.environ:  # the database of the process that measures: a test has one of its own
    connections["default"].settings_dict["NAME"] = os.environ[DATABASE]


def application(environ: dict[str, Any], start: "StartResponse") -> Iterable[bytes]:
    if environ["PATH_INFO"] not in (HELLO, JSON):
        return pages(environ, start)
    start("200 OK", [("Content-Type", "application/json")])
    return [_rows() if environ["PATH_INFO"] == JSON else b"hello"]


def _rows() -> bytes:
    scope = Scope.below(os.environ[BELOW])
    with acting(scope, read_only=True), connection.cursor() as cursor:
        cursor.execute(ROWS, [scope.lo, scope.hi])
        [rows] = cursor.fetchone() or (None,)
        return str(rows).encode()

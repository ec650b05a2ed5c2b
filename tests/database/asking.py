"""How the tests of this room ask a server."""

from typing import Any

import psycopg

from hangshi.database.roles import Login
from hangshi.database.server import Server


def sql_as(login: Login, text: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement with an entry of Django's DATABASES; its rows, if it has any."""
    arguments = {"host": login["HOST"], "port": login["PORT"], "user": login["USER"], "password": login["PASSWORD"]}
    return _run({**arguments, "dbname": login["NAME"], **login["OPTIONS"]}, text, *values)


def sql(server: Server, text: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement as the administrator."""
    return _run({**server.login(), "dbname": "postgres"}, text, *values)


def _run(login: dict[str, Any], text: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(**login, autocommit=True) as connection:
        cursor = connection.execute(text.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

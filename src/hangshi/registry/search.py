"""Bigrams of names: substring search by plain equality, which stays indexed under row-level security."""

from typing import TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from psycopg import sql

from hangshi.registry.models import Person, SearchToken, Unit

Named = TypeVar("Named", bound=Model)
TARGETS = {"unit": Unit, "person": Person}


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters, in order; a single character stands for itself."""
    return list(dict.fromkeys(text[i : i + 2] for i in range(max(len(text) - 1, 1)))) if text else []


def write_tokens(target: str, row: "Unit | Person") -> None:
    """Make the row findable by its present name, and by no earlier one."""
    SearchToken.objects.filter(target=target, target_id=row.pk).delete()
    SearchToken.objects.bulk_create(
        SearchToken(token=token, target=target, target_id=row.pk, path=row.path) for token in bigrams(row.name)
    )


def fill_tokens(target: str, using: str = "default") -> int:
    """Write the tokens of all `unit`s or `person`s that have none yet, in one statement; returns how many. After a bulk load."""
    statement = sql.SQL(
        """INSERT INTO search_token (token, target, target_id, path)
           SELECT DISTINCT substr(r.name, i, 2), %(target)s, r.id, r.path
           FROM {table} r, generate_series(1, greatest(length(r.name) - 1, 1)) i
           WHERE r.name <> '' AND r.id NOT IN (SELECT target_id FROM search_token WHERE target = %(target)s)"""
    ).format(table=sql.Identifier(TARGETS[target]._meta.db_table))
    with connections[using].cursor() as cursor:
        cursor.execute(statement, {"target": target})
        return int(cursor.rowcount)


def named(rows: "QuerySet[Named]", target: str, text: str) -> "QuerySet[Named]":
    """Those whose name contains `text`; an empty text finds nothing, for a search is not a list."""
    if not (text := text.strip()):
        return rows.none()
    for token in bigrams(text):
        tokens = SearchToken.objects.filter(target=target)
        first = (
            tokens.filter(token=token)
            if len(text) > 1
            else tokens.filter(token__gte=text, token__lt=chr(ord(text) + 1))
        )
        last = tokens.filter(token__endswith=text) if len(text) == 1 else tokens.none()
        rows = rows.filter(pk__in=(first | last).values("target_id"))
    return rows.filter(name__contains=text)

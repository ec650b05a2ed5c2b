"""What a post carries: over all who hold it, never of one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

# Duties, seats and households of everybody who holds one of the posts, as far as the caller sees them.
STATEMENT = """
    WITH posts AS MATERIALIZED (
        SELECT DISTINCT d.kind, u.kind AS at, d.bearer_id FROM duty d JOIN unit u ON u.id = d.target_unit_id
        WHERE d.bearer_id IS NOT NULL AND d.kind = ANY(%(kinds)s) AND d.path >= %(lo)s AND d.path < %(hi)s
            AND d.since <= %(on)s AND (d.until IS NULL OR d.until >= %(on)s)
    ), held AS (
        SELECT d.bearer_id, count(*) FILTER (WHERE d.household_id IS NULL) AS duties,
               count(DISTINCT d.household_id) AS households
        FROM duty d WHERE d.bearer_id IN (SELECT bearer_id FROM posts)
            AND d.since <= %(on)s AND (d.until IS NULL OR d.until >= %(on)s)
        GROUP BY 1
    ), sits AS (
        SELECT s.person_id, count(DISTINCT s.case_id) AS cases
        FROM case_seat s JOIN case_file c ON c.id = s.case_id
        WHERE s.person_id IN (SELECT bearer_id FROM posts) AND c.opened_on <= %(on)s AND (c.closed_on IS NULL OR c.closed_on > %(on)s)
            AND s.since <= %(on)s AND (s.until IS NULL OR s.until >= %(on)s)
        GROUP BY 1
    )
    SELECT p.kind, p.at, count(*), avg(h.duties), max(h.duties), avg(h.households), max(h.households),
           avg(coalesce(s.cases, 0)), coalesce(max(s.cases), 0)
    FROM posts p JOIN held h USING (bearer_id) LEFT JOIN sits s ON s.person_id = p.bearer_id
    GROUP BY 1, 2"""


@dataclass(frozen=True)
class Carried:
    """Of all who hold the post: in the mean, and the most that one of them has."""

    mean: Decimal
    most: int


@dataclass(frozen=True)
class Load:
    """A post: a kind of duty over units of a kind. `duties`: all they bear, this one included; `cases`: open ones they have a seat in."""

    kind: str
    unit_kind: str
    holders: int
    duties: Carried
    households: Carried
    cases: Carried


def loads(kinds: Iterable[str], unit: Unit, on: date) -> list[Load]:
    """The posts of these kinds at the unit and below it on that day, in the order of the kinds; one that nobody holds is left out."""
    order = list(kinds)
    given = {"kinds": order, "lo": unit.path, "hi": upper(unit.path), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, given)
        found = [
            Load(
                kind,
                at,
                holders,
                *(Carried(Decimal(mean), most) for mean, most in zip(said[::2], said[1::2], strict=True)),
            )
            for kind, at, holders, *said in cursor.fetchall()
        ]
    return sorted(found, key=lambda it: (order.index(it.kind), it.unit_kind))

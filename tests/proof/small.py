"""Where to look in the small 安康, and the figures of all definitions at once."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection

from hangshi import packs
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit

__all__ = ["KEYS", "PASSWORD", "SHIPPED", "date", "everything_at", "places", "upwards"]

PASSWORD = "一个够长的密码-2017"
SHIPPED = packs.load("base", "ankang").indicators
KEYS = tuple(SHIPPED)
BUSY = """
    SELECT u.id FROM unit u WHERE u.kind = %s ORDER BY
      (SELECT count(DISTINCT kind) FROM duty d WHERE starts_with(d.path, u.path)) +
      (SELECT count(DISTINCT kind) FROM activity a WHERE starts_with(a.path, u.path)) +
      (SELECT count(DISTINCT kind) FROM entry e WHERE starts_with(e.path, u.path)) +
      (SELECT count(DISTINCT kind) FROM case_file c WHERE starts_with(c.path, u.path)) DESC, u.id"""


def _busiest(kind: str) -> list[Unit]:
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [kind])
        found = [row[0] for row in cursor.fetchall()]
    units = Unit.objects.in_bulk(found)
    return [units[it] for it in found]


def above(unit: Unit) -> Unit:
    return Unit.objects.get(path=unit.path.rsplit("/", 2)[0] + "/")


def places() -> SimpleNamespace:
    """The city, two counties, a township of each, and three villages, two of them in the first county: those with most to count."""
    villages = _busiest("village")
    first = villages[0]
    township = above(first)
    county = above(township)
    beside = next(it for it in villages[1:] if it.path.startswith(county.path))
    far = next(it for it in villages[1:] if not it.path.startswith(county.path))
    other = above(far)
    return SimpleNamespace(
        city=above(county),
        county=county,
        township=township,
        village=first,
        beside=beside,
        other_county=above(other),
        other_township=other,
        far=far,
    )


def upwards(unit: Unit) -> list[Unit]:
    """The unit and those above it, the root last."""
    ids = [int(it) for it in unit.path.split("/") if it]
    units = Unit.objects.in_bulk(ids)
    return [units[it] for it in reversed(ids)]


def everything_at(unit: Unit, when: Period) -> dict[str, Decimal | int | None]:
    return {key: it.value for key, it in queries.values(KEYS, unit, when).items()}

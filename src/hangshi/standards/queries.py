"""Reads of findings, in the reader's scope: how many for each check, which, and the rows behind one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet

from hangshi.indicators.opened import Rows, names
from hangshi.indicators.plan import Ask, Parameters, counted, of_kinds
from hangshi.packs.checks import BELOW, Check
from hangshi.packs.models import Pack
from hangshi.registry.models import Household, Person, Unit
from hangshi.standards.breach import parts_of
from hangshi.standards.models import Finding
from hangshi.standards.periods import last_whole

SUBJECTS: dict[str, tuple[type[Unit] | type[Household] | type[Person], str]] = {
    "unit": (Unit, "name"),
    "household": (Household, "head"),
    "person": (Person, "name"),
}


@dataclass(frozen=True)
class Tally:
    check: Check
    open: int


def open_findings(unit: Unit, key: str | None = None) -> "QuerySet[Finding]":
    """Those open at the unit and below it, by unit."""
    found = Finding.objects.filter(closed_on=None, path__gte=unit.path, path__lt=unit.path[:-1] + "0")
    found = found if key is None else found.filter(check_key=key)
    return found.select_related("unit").order_by("path", "check_key", "subject")


def tallies(unit: Unit, pack: Pack) -> list[Tally]:
    """Every check with how many findings are open at the unit and below it, most first; those without come last."""
    counts = dict(open_findings(unit).order_by().values_list("check_key").annotate(n=Count("pk")))
    found = [Tally(check, counts.get(key, 0)) for key, check in pack.checks.items()]
    return sorted(found, key=lambda it: (it.check.weight == "advice", -it.open, it.check.name))


def named(findings: list[Finding]) -> dict[int, str]:
    """Finding → what its subject is called, as far as the reader may see it."""
    said: dict[int, str] = {}
    for about, (model, label) in SUBJECTS.items():
        mine = [it for it in findings if it.about == about]
        known = dict(model._default_manager.filter(pk__in={it.subject for it in mine}).values_list("pk", label))
        said |= {it.pk: known[it.subject] for it in mine if it.subject in known}
    return said


def sentence(check: Check, finding: Finding) -> str:
    return check.sentence.format(has=_said(finding.has), needs=_said(finding.needs))


def _said(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def rows(check: Check, finding: Finding, pack: Pack, on: date, *, size: int = 50) -> Rows:
    """The rows that the check counted for the subject; for a condition, the subject's own rows. None counted: no rows."""
    field = "has" if check.has is not None else "of"
    it = dict(parts_of(check, pack))[field]
    given = Parameters()
    when = last_whole(check.every, on) if check.every else on
    ask = Ask(it, when)
    column = check.has.by if check.has is not None else check.subject
    if column == BELOW:
        lo, hi = given.add(finding.path), given.add(finding.path[:-1] + "0")
        mine = f"f.path >= {lo} AND f.path < {hi}"
    else:
        mine = f'f."{column}" = {given.add(finding.subject)}'
    where = f"{mine} AND {counted(ask, given)}{of_kinds([ask], given)}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {it.view} f WHERE {where}", given.values)  # noqa: S608  # texts of checked definitions
        total = int(cursor.fetchone()[0])
        limit = given.add(size)
        cursor.execute(f"SELECT f.* FROM {it.view} f WHERE {where} ORDER BY f.row_id LIMIT {limit}::int", given.values)  # noqa: S608
        columns, found = tuple(column.name for column in cursor.description), list(cursor.fetchall())
    return Rows(columns, found, total, names(columns, found))

"""One check as one statement: the subjects that do not keep it. Values are parameters; texts come from checked definitions."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from hangshi import packs
from hangshi.indicators.compile import Compiled, compiled
from hangshi.indicators.plan import Ask, Parameters, Period, counted, of_kinds
from hangshi.packs.checks import BELOW, Check, Years
from hangshi.packs.models import Pack
from hangshi.standards.periods import last_whole

# Where a subject is at home: a unit where it stands, a household in its village, a person in their own unit.
HOME = {"unit": "unit", "household": "household", "person": "person"}
WRONG = {"least": "<", "most": ">", "exact": "<>"}
NUMBER = "numeric(20,2)"


def statement(check: Check, pack: Pack, on: date) -> tuple[str, dict[str, Any]] | None:
    """Columns: subject, unit_id, path, has, needs. None where the rule is not in force on that day."""
    if check.has is not None and check.needs(on, pack.standards) is None:
        return None
    given = Parameters()
    parts = dict(parts_of(check, pack))
    period = last_whole(check.every, on) if check.every else None
    subjects = _subjects(check, parts["of"], period, on, given)
    if check.has is None:
        return f"{_found('NULL', 'NULL', check)} FROM ({subjects}) s {_home(check)}", given.values
    has = _counted(check.has.by, parts["has"], period or on, given)
    needs = f"{given.add(check.needs(on, pack.standards))}::numeric"
    joins, value = _joined("h", has, check.has.by), "coalesce(h.n, 0)"
    if check.times is not None:
        joins += _joined("t", _counted(check.times.by, parts["times"], on, given), check.times.by)
        needs = f"{needs} * coalesce(t.n, 0)"
    said = _found(value, needs, check)
    sql = f"{said} FROM ({subjects}) s {joins} {_home(check)} WHERE {value} {WRONG[check.bound]} {needs}"
    return sql, given.values


def _found(has: str, needs: str, check: Check) -> str:
    unit = "u.id" if check.about == "unit" else "u.unit_id"
    return f"SELECT s.subject, {unit} AS unit_id, u.path, ({has})::{NUMBER} AS has, ({needs})::{NUMBER} AS needs"


def _home(check: Check) -> str:
    return f"JOIN {HOME[check.about]} u ON u.id = s.subject"


@lru_cache(maxsize=512)
def _compiled(version: str, key: str, field: str, names: tuple[str, ...]) -> Compiled:
    pack = packs.load(*names, dirs=settings.PACK_DIRS)
    part = dict(pack.checks[key].parts())[field]
    return compiled(part, pack.facts, version)


def parts_of(check: Check, pack: Pack) -> list[tuple[str, Compiled]]:
    """The fragments of the check, compiled. Raises `Refused` for what is not understood."""
    version = check.version(pack.facts)
    if check.key in pack.checks and pack.names:
        return [(field, _compiled(version, check.key, field, pack.names)) for field, _ in check.parts()]
    return [(field, compiled(part, pack.facts, version)) for field, part in check.parts()]


def _subjects(check: Check, it: Compiled, period: Period | None, on: date, given: Parameters) -> str:
    """The distinct subjects in force on the day; those of a period existed all through it."""
    ask = Ask(it, on)
    where = f'{counted(ask, given)}{of_kinds([ask], given)} AND f."{check.subject}" IS NOT NULL'
    if period is not None:
        where += f" AND f.since <= {given.add(period.first)}"
    if check.years is not None:
        where += f" AND ({' OR '.join(_years(check.years, on, given))})"
    path = ", f.path" if _asks_below(check) else ""
    return f'SELECT DISTINCT f."{check.subject}"::bigint AS subject{path} FROM {it.view} f WHERE {where}'  # noqa: S608  # texts of checked definitions; values are parameters


def _asks_below(check: Check) -> bool:
    return any(counted.by == BELOW for counted in (check.has, check.times) if counted is not None)


def _years(years: Years, on: date, given: Parameters) -> list[str]:
    """The years are out of bounds; a date that is not known is a finding too, for it cannot be shown to be kept."""
    full = f'extract(year FROM age({given.add(on)}::date, f."{years.column}"))'
    out = [f'f."{years.column}" IS NULL']
    if years.least is not None:
        out.append(f"{full} < {given.add(years.least)}::int")
    if years.most is not None:
        out.append(f"{full} > {given.add(years.most)}::int")
    return out


def _counted(by: str, it: Compiled, when: date | Period, given: Parameters) -> str:
    """For all subjects at once; for `below` a count for each, which the index on the path serves."""
    ask = Ask(it, when)
    where = f"{counted(ask, given)}{of_kinds([ask], given)}"
    if by == BELOW:
        below = "f.path >= s.path AND f.path < left(s.path, -1) || '0'"
        return f"SELECT {it.aggregate} AS n FROM {it.view} f WHERE {below} AND {where}"  # noqa: S608  # as above
    return f'SELECT f."{by}"::bigint AS subject, {it.aggregate} AS n FROM {it.view} f WHERE {where} AND f."{by}" IS NOT NULL GROUP BY 1'  # noqa: S608  # as above


def _joined(name: str, inner: str, by: str) -> str:
    if by == BELOW:
        return f" LEFT JOIN LATERAL ({inner}) {name} ON true"
    return f" LEFT JOIN ({inner}) {name} ON {name}.subject = s.subject"

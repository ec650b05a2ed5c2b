"""Demo accounts of a scenario, all with the one password."""

from datetime import date

import polars as pl
from django.contrib.auth.hashers import make_password

from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.units import Units


def opened(sink: Sink, units: Units, rows: list[tuple[str, str, str, int]], password: str, *, since: date) -> None:
    """`rows`: sign-in name, shown name, role, unit of the grant."""
    sink.cursor.execute("SELECT coalesce(max(id), 0) FROM account")
    (last,) = sink.cursor.fetchone() or (0,)
    ids, count = [last + at for at in range(1, len(rows) + 1)], len(rows)
    copy(sink, "account", pl.DataFrame({
        "id": ids, "username": [row[0] for row in rows], "name": [row[1] for row in rows],
        "password": [make_password(password)] * count, "active": [True] * count,
    }))  # fmt: skip
    copy(sink, "access_grant", pl.DataFrame({
        "account_id": ids, "role": [row[2] for row in rows], "unit_id": [row[3] + sink.base["unit"] for row in rows],
        "path": [units.path[row[3] - 1] for row in rows], "since": [since] * count,
    }))  # fmt: skip

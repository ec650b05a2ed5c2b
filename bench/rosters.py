"""Five lists of 20,000 rows held against 200,000 residents: nine rows of ten by number, the rest by likeness, under row security."""

import random
import tempfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from bench import sheets
from bench.duplicates import IN_VILLAGE, RESIDENTS, Row, _copy, _land, _load, _people
from bench.load import scratch
from bench.measure import Line, once
from hangshi import packs
from hangshi.access import keyring
from hangshi.access.scope import Scope, acting
from hangshi.audit.attach import after_migrate
from hangshi.registry.identity import check_digit
from hangshi.registry.models import Unit
from hangshi.rosters import services
from hangshi.rosters.models import Roster
from hangshi.rosters.services import STATES, Terms

LISTS = ("minimum_living", "disability", "medical", "vehicles", "business")
ROWS, LIMIT = 20_000, 60_000  # of a list; milliseconds for all five
STRANGERS, UNNUMBERED, UNREADABLE = 0.05, 0.1, 0.01
SUPPORTED = 5  # every fifth household
DAY = date(2026, 1, 1)
NUMBERED = (
    "UPDATE person p SET id_index = v.index FROM unnest(%s::bigint[], %s::bytea[]) v(id, index) WHERE p.id = v.id"
)


def run(scale: float = 1.0) -> Iterator[Line]:
    residents, size = max(int(RESIDENTS * scale), 2_000), max(int(ROWS * scale), 500)
    with tempfile.TemporaryDirectory() as folder, scratch():
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
        held, settings.VAR = settings.VAR, Path(folder)
        try:
            yield from _measured(residents, size)
        finally:
            settings.VAR = held


def _measured(residents: int, size: int) -> Iterator[Line]:
    villages = _land(residents // IN_VILLAGE)
    rows, _ = _people(residents, len(villages))
    _load(rows, villages)
    _complete(rows, villages)
    county = Unit.objects.using("owner").get(kind="county")
    taken = [_one(kind, _sheet(rows, size, seed), county) for seed, kind in enumerate(LISTS)]
    total = sum(it for it, _ in taken)
    yield Line(f"{len(LISTS)} lists of {size:,} rows against {residents:,} residents", total, total, LIMIT)
    for kind, (each, said) in zip(LISTS, taken, strict=True):
        yield Line(f"    {kind}: {said}", each, each)


def _one(kind: str, data: bytes, county: Unit) -> tuple[float, str]:
    """Milliseconds of the comparison, and what became of the rows."""
    pack, terms = packs.load("base"), Terms("某局", "量一量快慢", "量一量快慢", DAY, DAY)
    said: dict[str, Any] = {"kind": kind, "terms": terms, "name": "a.xlsx", "data": data, "on": DAY, "account": 1}
    with acting(Scope.below(county.path, actor=1)):
        roster = services.receive(pack, county, **said)
    with acting(Scope.below(county.path, actor=1)):
        taken = once(lambda: services.compare(pack, roster, on=DAY, account=1))
        counts = Roster.objects.get(pk=roster.pk).counts
    states = "/".join(str(counts[it]) for it in STATES)
    return taken, f"{states}, {sum(counts['found'].values())} found"


def _number(pk: int, born: date) -> str:
    first = f"{610000 + pk // 999:06}{born:%Y%m%d}{pk % 999:03}"
    return first + check_digit(first)


def _complete(rows: list[Row], villages: list[Unit]) -> None:
    """The numbers' blind indexes, and which households are supported."""
    numbered = [(pk, _number(pk, born)) for pk, _, _, born, _, _, has in rows if has and born]
    indexes = keyring.indexes_all([number for _, number in numbered])[-1]
    with connections["owner"].cursor() as cursor:
        cursor.execute(NUMBERED, [[pk for pk, _ in numbered], indexes])
        cursor.execute("ANALYZE person")
    homes = sorted({(home, village) for *_, village, home, _ in rows if home and home % SUPPORTED == 0})
    once_each = dict(homes)
    status = [
        (home, villages[v].pk, villages[v].path, "registered", date(2016, 1, 1), "") for home, v in once_each.items()
    ]
    _copy(
        "household_status",
        pl.DataFrame(status, schema=["household_id", "unit_id", "path", "status", "since", "ground"], orient="row"),
    )


def _sheet(rows: list[Row], size: int, seed: int) -> bytes:
    draw = random.Random(seed)  # noqa: S311  # a drawing that anybody can repeat, not a secret
    sink = BytesIO()
    sheets.write(sink, ("姓名", "身份证号", "出生日期", "村"), (_cells(row, draw) for row in draw.sample(rows, size)))
    return sink.getvalue()


def _cells(row: Row, draw: random.Random) -> tuple[str, str, str, str]:
    pk, name, _, born, village, _, has = row
    chance, day = draw.random(), f"{born:%Y-%m-%d}" if born else ""
    if chance < UNREADABLE:
        return name, "见附件", "", ""
    if chance < UNREADABLE + STRANGERS:
        return "外乡人", _number(pk + 900_000, date(1970, 1, 1)), "", ""
    if not has or not born or chance < UNREADABLE + STRANGERS + UNNUMBERED:
        return name, "", day, f"第{village}村"
    return name, _number(pk, born), day, f"第{village}村"

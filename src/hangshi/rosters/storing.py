"""The rows of a list written in few statements, what must be kept of them sealed."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from hangshi.access import keyring
from hangshi.packs.rosters import Roster as Kind
from hangshi.rosters.models import Roster, Row
from hangshi.rosters.queries import bound

PIECE = 20_000
WHOM = ("name", "born", "unit")  # of a row that nobody is matched to; never its number
IDS = "SELECT nextval(pg_get_serial_sequence('roster_row', 'id')) FROM generate_series(1, %s)"
INSERT = """
    INSERT INTO roster_row (id, roster_id, path, n, state, how, person_id, weight, named_alike, sealed)
    SELECT v.id, %s, v.path, v.n, v.state, v.how, v.person, v.weight, v.alike, v.sealed
    FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::float8[], %s::bool[], %s::bytea[])
        v(id, path, n, state, how, person, weight, alike, sealed)"""


def store(kind: Kind, roster: Roster, frame: pl.DataFrame, rows: pl.DataFrame) -> None:
    """All rows anew. A matched one stands at its person's path, the others at the list's."""
    Row.objects.filter(roster=roster).delete()
    own = [it for it in kind.columns if it in frame.columns]
    matched = pl.col("state") == "matched"
    path = pl.when(matched).then(pl.col("person_path")).otherwise(pl.lit(roster.path))
    said = rows.with_columns(path=path).join(frame.select("n", *WHOM, *own), on="n", how="left", maintain_order="left")
    for piece in said.iter_slices(PIECE):
        _insert(roster, piece, own)


def _insert(roster: Roster, piece: pl.DataFrame, own: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(IDS, [piece.height])
        ids = [pk for (pk,) in cursor.fetchall()]
        columns = ("path", "n", "state", "how", "person", "weight", "named_alike")
        sealed = list(_sealed(piece, ids, own))
        cursor.execute(INSERT, [roster.pk, ids, *(piece[it].to_list() for it in columns), sealed])


def _sealed(piece: pl.DataFrame, ids: list[int], own: list[str]) -> Iterator[bytes | None]:
    """Nothing of a row that nobody could read, and nothing of one of whom the register holds all that there is to say."""
    texts = [_text(row, own) for row in piece.iter_rows(named=True)]
    made = iter(keyring.seal_all((text, bound(pk)) for text, pk in zip(texts, ids, strict=True) if text is not None))
    return (next(made) if text is not None else None for text in texts)


def _text(row: dict[str, Any], own: list[str]) -> str | None:
    keys = {"matched": own, "unreadable": []}.get(row["state"], [*WHOM, *own])
    said = {it: _plain(row[it]) for it in keys if row[it] is not None}
    return json.dumps(said, ensure_ascii=False) if said else None


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

"""The set-based half of the division import: COPY into a temporary table, then one insert a table."""

from datetime import date

import polars as pl
from django.db import connections

from hangshi.refusal import Refused

STAGE = """CREATE TEMP TABLE division (code text, parent text, name text, kind text, depth smallint, id bigint, path text COLLATE "C")
    ON COMMIT DROP"""
# A parent comes before its children (ordered by depth), so each level's path is one join.
NUMBER = """UPDATE division d SET id = n.id FROM
    (SELECT code, nextval(pg_get_serial_sequence('unit', 'id')) id FROM (SELECT code FROM division ORDER BY depth, code) o) n
    WHERE n.code = d.code"""
ROOT = "UPDATE division SET path = id || '/' WHERE depth = 1"
LEVEL = "UPDATE division d SET path = p.path || d.id || '/' FROM division p WHERE p.code = d.parent AND d.depth = %s"
FILL = (
    """INSERT INTO unit (id, kind, name, code, path, extra, since)
       SELECT id, kind, name, code, path, '{}', %s FROM division ORDER BY path""",
    """INSERT INTO unit_name (unit_id, name, code, path, since) SELECT id, name, code, path, %s FROM division ORDER BY path""",
    """INSERT INTO unit_link (line, unit_id, parent_id, path, since)
       SELECT 'place', d.id, p.id, d.path, %s FROM division d LEFT JOIN division p ON p.code = d.parent AND d.depth > 1 ORDER BY d.path""",
    """INSERT INTO unit_path (line, unit_id, tree_path, depth, path, since)
       SELECT 'place', id, path, depth, path, %s FROM division ORDER BY path""",
)
TOKENS = """INSERT INTO search_token (token, target, target_id, path)
    SELECT DISTINCT substr(name, i, 2), 'unit', id, path FROM division, generate_series(1, greatest(length(name) - 1, 1)) i"""


def copy_in(rows: pl.DataFrame, *, root: str, on: date, using: str) -> None:
    """Insert the checked rows as units of the place line. Raises `Refused` when one of the codes is in use."""
    with connections[using].cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy("COPY division (code, parent, name, kind, depth) FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows.write_csv(include_header=False, quote_style="non_numeric"))
        cursor.execute(
            "SELECT d.code FROM division d JOIN unit u ON u.code = d.code AND u.until IS NULL ORDER BY 1 LIMIT 3"
        )
        if taken := [row[0] for row in cursor.fetchall()]:
            raise Refused("divisions.loaded", f"这些代码的单位已经存在：{'、'.join(taken)}等，没有导入任何一行。")
        cursor.execute("ANALYZE division")
        cursor.execute(NUMBER)
        cursor.execute(ROOT)
        for depth in (2, 3, 4):
            cursor.execute(LEVEL, [depth])
        for statement in FILL:
            cursor.execute(statement, [on])
        cursor.execute(TOKENS)

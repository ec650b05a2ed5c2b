"""The audit triggers: every guarded table has them unless it stands below with the reason why not.

They are written after every migration, from the catalogue, so that a new table is audited without being remembered. An entry is appended by
a statement trigger in the transaction of the change: bulk SQL is caught, and what is rolled back leaves none.
"""

from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from hangshi.access import history
from hangshi.access.privileges import give_app_role_its_rights

NOT_AUDITED = {
    "search_token": "derived from names, written anew with them",
    "indicator_cell": "derived from records by the fold",
    "indicator_dirty": "a list of what to fold",
    "indicator_built": "a list of what is folded",
    "access_session": "touched at every minute of use; signing in and out are entries of their own",
    "access_throttle": "counts failed attempts to slow them; each is an entry of its own",
    "finding_looked": "derived: when a check last looked",
    "outbox_event": "a list of what to react to; the reactions are audited",
    "effect": "keys of effects that are audited themselves",
    "notice": "messages, written from records that are audited themselves",
    "job_progress": "told every second while a job runs; the job itself is audited",
    "indicator_income": "derived from the ledger",
}
BULK = 1000  # a statement of more rows shares one salt: drawing them took half of the time
EVENTS = ("insert", "update", "delete", "truncate")
TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum),
        (SELECT k.attname FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
         WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1 AND k.atttypid IN ('int8'::regtype, 'int4'::regtype)),
        (SELECT s.columns FROM audit_shape s WHERE s.table_name = c.relname ORDER BY s.id DESC LIMIT 1),
        (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'audit\\_%%')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
      AND c.relname NOT LIKE 'audit\\_%%' AND NOT c.relname = ANY(%s)
    GROUP BY c.oid, c.relname ORDER BY c.relname
"""
FUNCTION = """
    CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE e bigint; many boolean; shared bytea := uuid_send(gen_random_uuid());
    BEGIN
        IF TG_OP IN ('INSERT', 'UPDATE') THEN
            many := (SELECT count(*) > {bulk} FROM come);
            INSERT INTO audit_entry (at, kind, table_name, shape, rows, low, high, ids, digests, salts, path_first, path_last,
                account, grant_id, address, request)
            SELECT clock_timestamp(), lower(TG_OP), {name}, {shape}, count(*), min({id}), max({id}), {ids}, string_agg(d, ''),
                CASE WHEN many THEN shared ELSE string_agg(s, '') END, {path}, {origin}
            FROM (SELECT {id} AS {alias}, {has_path} AS path, s, sha256(s || convert_to(ROW({columns})::text, 'UTF8')) AS d
                  FROM (SELECT *, CASE WHEN many THEN shared ELSE uuid_send(gen_random_uuid()) END AS s FROM come OFFSET 0) salted) digested
            HAVING count(*) > 0 RETURNING id INTO e;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO audit_entry (at, kind, table_name, rows, low, high, ids, path_first, path_last, account, grant_id, address, request)
            SELECT clock_timestamp(), 'delete', {name}, count(*), min({id}), max({id}), {ids}, {path}, {origin}
            FROM (SELECT {id} AS {alias}, {has_path} AS path FROM gone) lost HAVING count(*) > 0 RETURNING id INTO e;
        ELSE
            INSERT INTO audit_entry (at, kind, table_name, rows, account, grant_id, address, request)
            SELECT clock_timestamp(), 'truncate', {name}, 0, {origin} RETURNING id INTO e;
        END IF;
        IF e IS NOT NULL THEN INSERT INTO audit_pending VALUES (e); END IF;
        RETURN NULL;
    END $$;
"""
ORIGIN = """nullif(current_setting('hangshi.actor', true), '')::bigint, nullif(current_setting('hangshi.grant', true), '')::bigint,
    left(coalesce(current_setting('hangshi.address', true), ''), 64), left(coalesce(current_setting('hangshi.request', true), ''), 64)"""
REFERENCES = {
    "insert": "REFERENCING NEW TABLE AS come",
    "update": "REFERENCING NEW TABLE AS come",
    "delete": "REFERENCING OLD TABLE AS gone",
    "truncate": "",
}


def after_migrate() -> None:
    """Rights of the app role, history and audit triggers, in step with the tables; run after every migration, safe to repeat."""
    give_app_role_its_rights()
    with connections["owner"].cursor() as cursor:
        history.refresh(cursor)
        attach(cursor)


def attach(cursor: CursorWrapper) -> list[str]:
    """Write the triggers of the tables that have none, or other columns than before; returns these tables. As the owner."""
    cursor.execute(TABLES, [list(NOT_AUDITED)])
    stale = [row for row in cursor.fetchall() if list(row[1]) != list(row[3] or ()) or row[4] < len(EVENTS)]
    for table, columns, key, *_ in stale:
        _attach(cursor, table, list(columns), key)
    return [row[0] for row in stale]


def _attach(cursor: CursorWrapper, table: str, columns: list[str], key: str | None) -> None:
    cursor.execute("INSERT INTO audit_shape (table_name, columns) VALUES (%s, %s) RETURNING id", [table, columns])
    (shape,) = cursor.fetchone() or (0,)
    function = sql.Identifier(f"audit_{table}")
    # A table whose key is no number is audited without ids: that rows changed, how many, by whom.
    statement = sql.SQL(FUNCTION).format(
        function=function,
        name=sql.Literal(table),
        shape=sql.Literal(shape),
        bulk=sql.Literal(BULK),
        id=sql.Identifier(key) if key else sql.SQL("NULL::bigint"),
        alias=sql.Identifier(key or "no_id"),
        ids=sql.SQL("array_agg({}::bigint)").format(sql.Identifier(key)) if key else sql.SQL("NULL"),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        has_path=sql.SQL('path::text COLLATE "C"' if "path" in columns else "NULL::text"),
        path=sql.SQL("min(path), max(path)"),
        origin=sql.SQL(ORIGIN),
    )
    _run(cursor, statement)
    for event in EVENTS:
        trigger = "CREATE OR REPLACE TRIGGER {} AFTER {} ON {} {} FOR EACH STATEMENT EXECUTE FUNCTION {}()"
        parts = (
            sql.Identifier(f"audit_{event}"),
            sql.SQL(event.upper()),
            sql.Identifier(table),
            sql.SQL(REFERENCES[event]),
            function,
        )
        _run(cursor, sql.SQL(trigger).format(*parts))


def _run(cursor: CursorWrapper, statement: sql.Composed) -> None:
    cursor.execute(statement.as_string(cursor.cursor.connection))

"""What a migration runs after it has added columns to a table whose history is kept: the history follows."""

from django.db import migrations


class HistoryFollows(migrations.RunSQL):
    """Give `<table>_history` the columns that `table` has gained, and let the trigger copy every column by name.

    `KeepHistory` copies by position, which holds only until the table grows. Earlier versions have NULL in the new columns.
    """

    def __init__(self, table: str) -> None:
        history = f"{table}_history"
        super().__init__(
            f"""
            DO $do$
            DECLARE
                added text; copied text;
            BEGIN
                FOR added IN
                    SELECT format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) FROM pg_attribute a
                    WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND NOT EXISTS (
                        SELECT FROM pg_attribute h WHERE h.attrelid = '{history}'::regclass AND h.attname = a.attname)
                LOOP
                    EXECUTE 'ALTER TABLE {history} ADD COLUMN ' || added;
                END LOOP;
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO copied FROM pg_attribute a
                WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
                EXECUTE format($make$
                    CREATE OR REPLACE FUNCTION {history}_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                    SET search_path = public AS $body$
                    BEGIN
                        INSERT INTO {history} (%s, op, replaced_at, replaced_by) SELECT %s, TG_OP, clock_timestamp(),
                            nullif(current_setting('hangshi.actor', true), '')::bigint FROM gone;
                        RETURN NULL;
                    END $body$
                $make$, copied, copied);
            END $do$
            """,  # noqa: S608  # table names of our own migrations
            migrations.RunSQL.noop,
        )

"""Rows that are written once: the database refuses whoever serves requests to edit or delete them, and says so in words.

Errors raised by our triggers carry a sentence; `spoken` turns them into the refusal that a page or a call shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, migrations

from hangshi.refusal import Refused

CODES = {"HS001": "period.closed", "HS002": "record.append_only"}
TREE_LOCK = 7_290_001  # held by whoever changes the tree: `registry.tree.lock`
# The owner of the tables migrates and repairs; it serves no request.
BY_THE_OWNER = "current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)"
BY_THE_TREE = f"""EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
    AND classid = 0 AND objid = {TREE_LOCK})"""


class AppendOnly(migrations.RunSQL):
    """Refuse to delete rows of `table` and to change any of `columns`; the columns left out (`path`) move with the tree.

    `carried`: a change of the tree may change these as well, for what is still in force at a unit that ends.
    """

    def __init__(self, table: str, columns: tuple[str, ...], *, what: str, carried: tuple[str, ...] = ()) -> None:
        refuse = f"""IF {BY_THE_OWNER} THEN RETURN coalesce(NEW, OLD); END IF;
            RAISE EXCEPTION USING ERRCODE = 'HS002',
                MESSAGE = format('{what}只增不改：第%s号不能修改或删除；记错了的，请冲销或更正。', OLD.id)"""
        super().__init__(
            f"""
            CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
            BEGIN {refuse}; END $$;
            CREATE TRIGGER append_only_update BEFORE UPDATE OF {", ".join(columns)} ON {table}
                FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
            CREATE TRIGGER append_only_delete BEFORE DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
            {_carried_sql(table, carried, refuse)}
            """,
            f"""
            DROP TRIGGER append_only_update ON {table}; DROP TRIGGER append_only_delete ON {table};
            DROP TRIGGER IF EXISTS append_only_carried ON {table};
            DROP FUNCTION {table}_append_only(); DROP FUNCTION IF EXISTS {table}_carried();
            """,
        )


def _carried_sql(table: str, columns: tuple[str, ...], refuse: str) -> str:
    if not columns:
        return ""
    return f"""
        CREATE FUNCTION {table}_carried() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        BEGIN
            IF {BY_THE_TREE} THEN RETURN NEW; END IF;
            {refuse};
        END $$;
        CREATE TRIGGER append_only_carried BEFORE UPDATE OF {", ".join(columns)} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_carried();
    """


def refusal(error: Exception) -> Refused | None:
    """The refusal that a trigger of ours spoke; None for any other fault."""
    diag = getattr(error.__cause__, "diag", None)
    code = CODES.get(getattr(diag, "sqlstate", None) or "")
    return Refused(code, str(diag.message_primary)) if code and diag is not None else None


@contextmanager
def spoken() -> Iterator[None]:
    """What our triggers refuse inside is raised as `Refused`; the transaction around it is the caller's."""
    try:
        yield
    except DatabaseError as error:
        if said := refusal(error):
            raise said from error
        raise

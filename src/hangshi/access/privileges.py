"""What the app role may do with the tables the owner made: read and write rows, never change history, structure or migrations."""

from django.db import connections
from psycopg import sql

from hangshi.database.roles import MODES, mode_role

NOT_FOR_THE_APP = {"django_migrations"}


def serving_roles() -> list[str]:
    """The app role and those it may become. Which rows each of them sees is said by policies, not here."""
    app = str(connections.databases["default"]["USER"])
    return [app, *(mode_role(app, mode) for mode in MODES)]


def give_app_role_its_rights() -> None:
    """Run after every migration; safe to repeat. Tables named `…_history` and `audit_…` may only be read."""
    roles = sql.SQL(", ").join(map(sql.Identifier, serving_roles()))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r','v','S')"
        )
        for name, kind in cursor.fetchall():
            if name in NOT_FOR_THE_APP:
                continue
            cursor.execute(_grant(name, kind).format(sql.Identifier(name), roles).as_string(cursor.cursor.connection))


def _grant(name: str, kind: str) -> sql.SQL:
    if kind == "S":
        return sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}")
    if kind == "v" or name.endswith("_history") or name.startswith("audit_"):
        return sql.SQL("GRANT SELECT ON {} TO {}")
    return sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")

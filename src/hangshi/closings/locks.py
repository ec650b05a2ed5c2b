"""The lock of a closed period: a trigger on each dated record table that refuses what is dated within, and says whose period it is.

Who closes waits for those who write, and who writes waits for those who close: both ask for one advisory lock, the writers sharing it.
"""

from dataclasses import dataclass

from django.db import migrations

LOCK = 7_305_001
EVER = "'infinity'::date"
REFERENCES = {
    "INSERT": "NEW TABLE AS come",
    "DELETE": "OLD TABLE AS gone",
    "UPDATE": "OLD TABLE AS gone NEW TABLE AS come",
}


# Asked before the first row has its number, so that a number above `Closing.seen` was given after the closing.
WAIT = f"""
    CREATE FUNCTION closing_wait() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); RETURN NULL; END $$"""


@dataclass(frozen=True)
class Days:
    """The days of which a row says something, as SQL over the row `r`: one day, or from `first` to `last` (none: for ever).

    `ending`: the last day is itself something that happened (a case was closed); else only the days after it are touched by a change.
    """

    first: str
    last: str = ""
    ending: bool = False

    def of(self, row: str) -> tuple[str, str]:
        first = self.first.replace("r.", f"{row}.")
        return first, f"coalesce({self.last.replace('r.', f'{row}.')}, {EVER})" if self.last else first

    def changed(self) -> str:
        """The days that an update from the row `o` to the row `n` touches."""
        (first, last), (now, till) = self.of("o"), self.of("n")
        said = f"SELECT least({first}, {now}), greatest({first}, {now}) WHERE {first} IS DISTINCT FROM {now}"  # noqa: S608  # names of our own migrations
        if not self.last:
            return said
        after = 0 if self.ending else 1
        return (
            f"{said} UNION ALL SELECT least({last}, {till}) + {after}, greatest({last}, {till}) WHERE {last} <> {till}"
        )


class Lock(migrations.RunSQL):
    """Refuse to write rows of `table` where they speak of days in a closed period of their unit or one above it.

    An update counts where days change, or one of the `held` columns. The path may always change: it follows the tree.
    """

    def __init__(self, table: str, *days: Days, held: tuple[str, ...] = ()) -> None:
        name = f"{table}_closed"
        super().__init__(_function(name, days, held) + _triggers(table, name), _undone(table, name))


def _function(name: str, days: tuple[Days, ...], held: tuple[str, ...]) -> str:
    def whole(source: str) -> str:
        return " UNION ALL ".join("SELECT r.path, {}, {} FROM {} r".format(*it.of("r"), source) for it in days)  # noqa: S608  # names of our own migrations

    changed = [it.changed() for it in days]
    if held:
        before, after = (", ".join(f"{row}.{it}" for it in held) for row in ("o", "n"))
        changed += [
            "SELECT {}, {} WHERE ROW({}) IS DISTINCT FROM ROW({})".format(*it.of("o"), before, after)  # noqa: S608  # names of our own migrations
            for it in days
        ]
    moved = f"SELECT n.path, d.a, d.b FROM gone o JOIN come n USING (id) CROSS JOIN LATERAL ({' UNION ALL '.join(changed)}) d(a, b)"  # noqa: S608  # names of our own migrations
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
        DECLARE hit record;
        BEGIN
            IF NOT EXISTS (SELECT FROM closing WHERE reopened_on IS NULL) THEN RETURN NULL; END IF;
            IF TG_OP = 'INSERT' THEN {_hit(whole("come"))}
            ELSIF TG_OP = 'DELETE' THEN {_hit(whole("gone"))}
            ELSE {_hit(moved)}
            END IF;
            IF hit.name IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'HS001', MESSAGE = format('“%s”已结%s至%s的账，其间的记录不能增改，没有写入。'
                    '台账记错、漏记的，请办理更正、补记；其他确需改动的，由“%s”说明理由重新打开。', hit.name, hit.first, hit.last, hit.name);
            END IF;
            RETURN NULL;
        END $$;"""


def _hit(rows: str) -> str:
    return f"""
        SELECT u.name, c.first, c.last INTO hit FROM ({rows}) t(path, a, b)
        JOIN closing c ON c.reopened_on IS NULL AND t.a <= c.last AND t.b >= c.first
            AND t.path >= c.path AND t.path < left(c.path, -1) || '0'
        JOIN unit u ON u.id = c.unit_id LIMIT 1;"""  # noqa: S608  # names of our own migrations


def _triggers(table: str, name: str) -> str:
    wait = f"CREATE TRIGGER closed_wait BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION closing_wait();"
    return wait + "".join(
        f" CREATE TRIGGER closed_{event.lower()} AFTER {event} ON {table} REFERENCING {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        for event, tables in REFERENCES.items()
    )


def _undone(table: str, name: str) -> str:
    drops = " ".join(f"DROP TRIGGER closed_{event.lower()} ON {table};" for event in REFERENCES)
    return f"DROP TRIGGER closed_wait ON {table}; {drops} DROP FUNCTION {name}();"

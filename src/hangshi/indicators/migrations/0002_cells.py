"""Monthly cells, and the statement triggers that say which of them are out of date."""

import django.db.models.deletion
from django.db import migrations, models

from hangshi.access.guard import Guard
from hangshi.registry.models import Path

MONTH = "date_trunc('month', day)::date"
NEW = f"SELECT unit_id, path, {MONTH} FROM arrived"
OLD = f"SELECT unit_id, path, {MONTH} FROM gone"


def mark(table: str, fact: str) -> migrations.RunSQL:
    """One trigger an event: PostgreSQL allows transition tables for one event only. As owner: a writer's scope may be narrower than a move."""
    parts, drops = [], []
    for event, tables, rows in (
        ("insert", "NEW TABLE AS arrived", NEW),
        ("update", "OLD TABLE AS gone NEW TABLE AS arrived", f"{OLD} UNION {NEW}"),
        ("delete", "OLD TABLE AS gone", OLD),
    ):
        name = f"{table}_dirty_{event}"
        parts.append(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
            BEGIN
                INSERT INTO indicator_dirty (fact, unit_id, path, month)
                    SELECT DISTINCT '{fact}', r.* FROM ({rows}) r;
                RETURN NULL;
            END $$;
            CREATE TRIGGER dirty_{event} AFTER {event} ON {table} REFERENCING {tables}
                FOR EACH STATEMENT EXECUTE FUNCTION {name}();""")
        drops.append(f"DROP TRIGGER dirty_{event} ON {table}; DROP FUNCTION {name}();")
    return migrations.RunSQL("".join(parts), "".join(drops))


MOVED = migrations.RunSQL(
    """
    CREATE FUNCTION indicator_unit_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM gone g JOIN arrived a USING (id) WHERE g.path <> a.path) THEN
            PERFORM pg_advisory_xact_lock(7301001);  -- a fold under way would mark cells as built that stand on the old tree
            DELETE FROM indicator_built;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER cells_after_move AFTER UPDATE ON unit REFERENCING OLD TABLE AS gone NEW TABLE AS arrived
        FOR EACH STATEMENT EXECUTE FUNCTION indicator_unit_moved();
    """,
    "DROP TRIGGER cells_after_move ON unit; DROP FUNCTION indicator_unit_moved();",
)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_facts")]
    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version", models.CharField(db_collation="C", max_length=16, verbose_name="定义版本")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.unit",
                    ),
                ),
                ("path", Path("路径")),
                ("month", models.DateField(verbose_name="月份")),
                ("own", models.DecimalField(decimal_places=2, max_digits=30)),
                ("total", models.DecimalField(decimal_places=2, max_digits=30)),
            ],
            options={
                "db_table": "indicator_cell",
                "constraints": [
                    models.UniqueConstraint(fields=["version", "unit", "month"], name="indicator_cell_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dirty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fact", models.CharField(db_collation="C", max_length=20)),
                ("unit_id", models.BigIntegerField()),
                ("path", Path("路径")),
                ("month", models.DateField()),
            ],
            options={
                "db_table": "indicator_dirty",
                "indexes": [models.Index(fields=["fact", "path"], name="indicator_dirty_fact_path")],
            },
        ),
        migrations.CreateModel(
            name="Built",
            fields=[
                ("version", models.CharField(db_collation="C", max_length=16, primary_key=True, serialize=False)),
                ("fact", models.CharField(max_length=20)),
            ],
            options={"db_table": "indicator_built"},
        ),
        Guard("indicator_cell"),
        Guard("indicator_dirty"),
        Guard(
            "indicator_built", "current_setting('hangshi.lo', true) <> ''"
        ),  # whose cells exist: the same for every scope
        mark("activity", "activities"),
        mark("attendance", "attendances"),
        MOVED,
    ]

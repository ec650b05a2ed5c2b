"""Incomes paired when they are written, and the indexes that let whole years and broken months be read live."""

from django.db import migrations, models

from hangshi.access.guard import ON_THE_LINE, PAIRED, Guard, Open
from hangshi.registry.models import Path

# An income stands unless it was reversed; the year before is that calendar year's last one of the same household.
PAIRS = """
    CREATE FUNCTION indicator_pair_incomes(households bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
        IF households IS NULL THEN
            DELETE FROM indicator_income;
        ELSE
            -- Two writers of one household wait here, so that the later one sees what the earlier one wrote.
            PERFORM 1 FROM household WHERE id = ANY(households) ORDER BY id FOR NO KEY UPDATE;
            DELETE FROM indicator_income WHERE household_id = ANY(households);
        END IF;
        INSERT INTO indicator_income (entry_id, unit_id, path, household_id, year, income, before, persons, rose, day)
        WITH standing AS (
            SELECT e.*, extract(year FROM e.day)::int AS year FROM entry e
            WHERE e.kind = 'household_income' AND e.reverses_id IS NULL AND e.household_id IS NOT NULL
              AND (households IS NULL OR e.household_id = ANY(households))
              AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = e.id)),
        last AS (
            SELECT DISTINCT ON (household_id, year) household_id, year, amount FROM standing
            ORDER BY household_id, year, day DESC, id DESC)
        SELECT s.id, s.unit_id, s.path, s.household_id, s.year, s.amount, l.amount,
               coalesce((s.extra->>'persons')::int, 0), coalesce(s.amount > l.amount, false), s.day
        FROM standing s LEFT JOIN last l ON l.household_id = s.household_id AND l.year = s.year - 1;
    END $$;
"""
VIEW = """
    DROP VIEW fact_incomes;
    CREATE VIEW fact_incomes WITH (security_invoker = true) AS
        SELECT i.entry_id AS row_id, i.unit_id, i.path, i.household_id AS household, i.year, i.income, i.before, i.persons, i.rose, i.day
        FROM indicator_income i;
"""
EVENTS = (
    ("insert", "NEW TABLE AS arrived", "arrived"),
    ("update", "OLD TABLE AS gone NEW TABLE AS arrived", "(TABLE gone UNION ALL TABLE arrived)"),
    ("delete", "OLD TABLE AS gone", "gone"),
)
EMPTIED = """
    CREATE FUNCTION entry_incomes_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        DELETE FROM indicator_income;
        RETURN NULL;
    END $$;
    CREATE TRIGGER incomes_truncate AFTER TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION entry_incomes_truncate();
"""
INDEXES = (  # whole years of distinct households in their order; the ends of a period that is not made of whole months
    "CREATE INDEX activity_distinct_household ON activity (kind, household_id, day, path) WHERE household_id IS NOT NULL",
    "CREATE INDEX activity_kind_day ON activity (kind, day, path) INCLUDE (present)",
    "CREATE INDEX attendance_day ON attendance (day, path) INCLUDE (state)",
)


def on_entries(event: str, tables: str, rows: str) -> migrations.RunSQL:
    """As owner: the pair of a household is the same for every reader, whatever the writer may see."""
    name = f"entry_incomes_{event}"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
        DECLARE households bigint[];
        BEGIN
            SELECT array_agg(DISTINCT r.household_id) INTO households FROM {rows} r
            WHERE r.kind = 'household_income' AND r.household_id IS NOT NULL;
            IF households IS NOT NULL THEN
                PERFORM indicator_pair_incomes(households);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER incomes_{event} AFTER {event} ON entry REFERENCING {tables}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();""",
        f"DROP TRIGGER incomes_{event} ON entry; DROP FUNCTION {name}()",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_alter_cell_id_alter_dirty_id"),
        ("activities", "0002_guards"),
        ("ledger", "0004_modes"),
    ]
    operations = [
        migrations.CreateModel(
            name="Income",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("unit_id", models.BigIntegerField()),
                ("path", Path("路径")),
                ("household_id", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("income", models.DecimalField(decimal_places=2, max_digits=18)),
                ("before", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("persons", models.IntegerField()),
                ("rose", models.BooleanField()),
                ("day", models.DateField()),
            ],
            options={
                "db_table": "indicator_income",
                "indexes": [
                    models.Index(
                        fields=["path", "day"],
                        include=["household_id", "persons", "rose"],
                        name="indicator_income_below",
                    ),
                    models.Index(fields=["household_id", "year"], name="indicator_income_household"),
                ],
            },
        ),
        Guard("indicator_income"),
        Open("indicator_income", "party", ON_THE_LINE),
        Open("indicator_income", "paired", PAIRED),
        migrations.RunSQL(
            PAIRS + "REVOKE EXECUTE ON FUNCTION indicator_pair_incomes(bigint[]) FROM PUBLIC;",
            "DROP FUNCTION indicator_pair_incomes(bigint[])",
        ),
        *(on_entries(*event) for event in EVENTS),
        migrations.RunSQL(EMPTIED, "DROP TRIGGER incomes_truncate ON entry; DROP FUNCTION entry_incomes_truncate()"),
        migrations.RunSQL("SELECT indicator_pair_incomes(NULL)", migrations.RunSQL.noop),
        migrations.RunSQL(VIEW),
        *(migrations.RunSQL(index, f"DROP INDEX {index.split()[2]}") for index in INDEXES),
    ]

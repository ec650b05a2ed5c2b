from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, Guard, KeepHistory, Open, also_history

WITHIN = "nullif(current_setting('hangshi.within', true), '')"
# Whoever is asked may read what is asked: a draft is of its author's level alone.
READ = {
    "demand": f"state NOT IN ('draft', 'asked') AND starts_with({WITHIN}, path)",
    "demand_item": "EXISTS (SELECT FROM demand d WHERE d.id = demand_id)",
    "demand_judgement": "EXISTS (SELECT FROM demand_item i WHERE i.id = first_id)",
}
TABLES = ("demand", "demand_item", "demand_judgement", "demand_filling", "demand_answer")


def shown(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE POLICY shown ON {table} FOR SELECT USING ({condition})", f"DROP POLICY shown ON {table}"
    )


class Migration(migrations.Migration):
    dependencies = [("demands", "0001_initial"), ("access", "0004_policies")]
    operations = [
        *(
            it
            for table in TABLES
            for it in (
                Guard(table),
                Open(table, "party", ON_THE_LINE, write=True),
                KeepHistory(table),
                also_history(table, "party"),
            )
        ),
        *(shown(table, condition) for table, condition in READ.items()),
    ]

"""What of the registry is open on the Party line, and to a cadre paired with households."""

from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, PAIRED, PERSON, Open, also_history, in_force

LIVES_THERE = f"{PAIRED} AND {in_force()}"
MEMBERS = f"id = ANY (ARRAY(SELECT person_id FROM membership WHERE {in_force()}))"  # of the branches one sees
HOME = "id = ANY (ARRAY(SELECT person_id FROM household_member))"  # of the households one sees
NAMED = (
    "(target = 'unit' AND EXISTS (SELECT FROM unit u WHERE u.id = target_id))"
    " OR (target = 'person' AND EXISTS (SELECT FROM person p WHERE p.id = target_id))"
)
PARTY = [
    *(Open(table, "party", ON_THE_LINE) for table in ("unit", "unit_name", "unit_link", "unit_path", "succession")),
    Open("membership", "party", ON_THE_LINE, write=True),
    Open("person", "party", f"{ON_THE_LINE} OR {MEMBERS}"),
    Open("search_token", "party", NAMED),
    *(also_history(table, "party") for table in ("unit", "membership", "person")),
]
HOUSEHOLDS = [
    Open("unit", "paired", "id = ANY ((SELECT scope_way())::bigint[])"),
    Open("household", "paired", PAIRED.removeprefix("household_")),
    Open("household_status", "paired", PAIRED),
    Open("household_member", "paired", LIVES_THERE),
    Open("person", "paired", f"id = {PERSON} OR {HOME}"),
    Open("search_token", "paired", NAMED),
    *(also_history(table, "paired") for table in ("household", "household_status", "household_member", "person")),
]


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_guards"), ("access", "0004_policies")]
    operations = [*PARTY, *HOUSEHOLDS]

"""What no way into the register may get round: consent before the list, the region of a mobile member and no more, no unit that checks itself.

The kinds are those of the national pack; what a place's own kinds ask is held by the service.
"""

from django.db import migrations

CONSENTED = "('reserve_candidate', 'talent', 'returnee')"
CONSENT = f"""
    ALTER TABLE duty ADD CONSTRAINT duty_consent CHECK (
        CASE WHEN extra ? 'consent_on' THEN (extra->>'consent_on')::date <= since ELSE kind NOT IN {CONSENTED} END)"""
REGION = """
    ALTER TABLE duty ADD CONSTRAINT duty_region_only CHECK (
        kind <> 'mobile_member' OR (extra - 'region' = '{}'::jsonb AND length(coalesce(extra->>'region', '')) <= 3))"""
NOT_ITSELF = """
    ALTER TABLE duty ADD CONSTRAINT duty_not_itself CHECK (kind <> 'mutual_check' OR bearer_unit_id <> target_unit_id)"""
# The pair in either order is the same two ranges, so that the other half of a swap meets it.
NO_SWAP = """
    ALTER TABLE duty ADD CONSTRAINT duty_no_swap EXCLUDE USING gist (
        int8range(least(bearer_unit_id, target_unit_id), least(bearer_unit_id, target_unit_id), '[]') WITH &&,
        int8range(greatest(bearer_unit_id, target_unit_id), greatest(bearer_unit_id, target_unit_id), '[]') WITH &&,
        daterange(since, until, '[]') WITH &&) WHERE (kind = 'mutual_check')"""
NAMES = ("duty_consent", "duty_region_only", "duty_not_itself", "duty_no_swap")


class Migration(migrations.Migration):
    dependencies = [("duties", "0006_one_index_a_column")]
    operations = [
        migrations.RunSQL(statement, f"ALTER TABLE duty DROP CONSTRAINT {name}")
        for name, statement in zip(NAMES, (CONSENT, REGION, NOT_ITSELF, NO_SWAP), strict=True)
    ]

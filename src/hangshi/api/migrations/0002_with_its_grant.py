from django.db import migrations

# Whoever ends a grant that has not begun deletes it, and does not see the tokens of its holder.
WITH_ITS_GRANT = migrations.RunSQL(
    """DO $$ DECLARE it text; BEGIN
        SELECT conname INTO it FROM pg_constraint WHERE conrelid = 'api_token'::regclass AND contype = 'f'
            AND confrelid = 'access_grant'::regclass;
        EXECUTE format('ALTER TABLE api_token DROP CONSTRAINT %I', it);
    END $$;
    ALTER TABLE api_token ADD CONSTRAINT api_token_grant FOREIGN KEY (grant_id)
        REFERENCES access_grant (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED""",
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [WITH_ITS_GRANT]

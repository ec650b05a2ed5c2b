import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hangshi.access.guard import Guard

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="Effect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_collation="C", max_length=64, verbose_name="提交编号")),
                ("asked", models.BinaryField(max_length=32)),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "effect",
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="effect_once")],
            },
        ),
        Guard("effect", f"account_id = {ACTOR} OR ({OPERATOR})"),
    ]

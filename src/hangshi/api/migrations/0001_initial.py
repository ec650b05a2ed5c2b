import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hangshi.access.guard import Guard

# One's own rows, or the one row whose digest is presented at the door: tokens cannot be listed before anybody acts.
OWN = "account_id = nullif(current_setting('hangshi.actor', true), '')::bigint"
PRESENTED = "digest = nullif(current_setting('hangshi.token', true), '')"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0004_policies"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("scopes", models.JSONField(default=list, verbose_name="权限范围")),
                ("digest", models.CharField(db_collation="C", max_length=64, unique=True, verbose_name="摘要")),
                ("tail", models.CharField(max_length=4, verbose_name="尾号")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="生成时间")),
                ("expires_on", models.DateField(verbose_name="有效期至")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="最近使用")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.grant",
                        verbose_name="授权",
                    ),
                ),
            ],
            options={
                "db_table": "api_token",
                "indexes": [models.Index(fields=["account"], name="api_token_account_05c11e_idx")],
            },
        ),
        Guard("api_token", f"({OWN}) OR ({PRESENTED})"),
    ]

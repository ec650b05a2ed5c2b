import django.db.models.deletion
from django.db import migrations, models

from hangshi.access.guard import Guard

DOOR = "current_setting('hangshi.door', true) = 'sign-in'"
ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING
OWN = f"({DOOR}) OR account_id = {ACTOR} OR ({OPERATOR})"
POWER = "current_setting('hangshi.power', true)"  # of the acting grant's role; set with its scope


def security(table: str) -> str:
    """The security administrator, for the accounts that hold a grant in their sight."""
    return f"({POWER} = 'security' AND EXISTS (SELECT FROM access_grant g WHERE g.account_id = {table}.account_id))"


EVENTS = f"""
    ALTER TABLE access_event ENABLE ROW LEVEL SECURITY;
    CREATE POLICY written ON access_event FOR INSERT WITH CHECK (({DOOR}) OR account = {ACTOR} OR ({OPERATOR}));
    CREATE POLICY own ON access_event FOR SELECT USING (account = {ACTOR} OR {POWER} = 'audit' OR ({OPERATOR}));
"""  # no policy for UPDATE or DELETE: nobody changes what happened


class Migration(migrations.Migration):
    dependencies = [("access", "0003_effect"), ("access", "0004_policies")]

    operations = [
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("failures", models.IntegerField(default=0)),
                ("seen", models.DateTimeField(db_index=True)),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "access_throttle",
            },
        ),
        migrations.AddField(
            model_name="account",
            name="must_change",
            field=models.BooleanField(db_default=False, default=False, verbose_name="须改密码"),
        ),
        migrations.AddField(
            model_name="account",
            name="password_since",
            field=models.DateTimeField(null=True, verbose_name="密码设置时间"),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("account", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("address", models.CharField(max_length=64)),
                ("agent", models.CharField(max_length=16, verbose_name="设备摘要")),
                ("ids", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "access_event",
                "indexes": [models.Index(fields=["account", "at"], name="event_of_account")],
            },
        ),
        migrations.CreateModel(
            name="Factor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField(null=True)),
                ("offered", models.BinaryField(null=True)),
                ("last_step", models.BigIntegerField(default=0)),
                ("since", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="factor", to="access.account"
                    ),
                ),
            ],
            options={
                "db_table": "access_factor",
            },
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to="access.account",
                    ),
                ),
            ],
            options={
                "db_table": "access_former_password",
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("stage", models.CharField(blank=True, max_length=8)),
                ("created", models.DateTimeField(verbose_name="登录时间")),
                ("seen", models.DateTimeField(verbose_name="最近使用")),
                ("address", models.CharField(max_length=64, verbose_name="网络地址")),
                ("agent", models.CharField(max_length=64, verbose_name="设备")),
                ("passed", models.DateTimeField(null=True)),
                ("recent", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="access.account",
                        verbose_name="账号",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.grant",
                        verbose_name="授权",
                    ),
                ),
            ],
            options={
                "db_table": "access_session",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_collation="C", max_length=64)),
                ("used", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recovery_codes", to="access.account"
                    ),
                ),
            ],
            options={
                "db_table": "access_recovery_code",
                "constraints": [models.UniqueConstraint(fields=("account", "digest"), name="recovery_code_once")],
            },
        ),
        Guard("access_session", OWN + " OR " + security("access_session")),
        Guard("access_factor", OWN + " OR " + security("access_factor")),
        Guard("access_recovery_code", OWN + " OR " + security("access_recovery_code")),
        Guard("access_former_password", OWN),
        Guard("access_throttle", f"({DOOR}) OR ({OPERATOR})"),
        migrations.RunSQL(EVENTS, "DROP POLICY written ON access_event; DROP POLICY own ON access_event"),
    ]

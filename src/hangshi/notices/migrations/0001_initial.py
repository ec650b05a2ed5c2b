from django.db import migrations, models

from hangshi.access.guard import Guard

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING
OWN = f"account = {ACTOR} OR ({OPERATOR})"
PRESENTED = "digest = nullif(current_setting('hangshi.token', true), '')"  # the one address that is shown


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(verbose_name="账号")),
                ("kind", models.CharField(max_length=20, verbose_name="方式")),
                ("sealed", models.BinaryField(verbose_name="地址（密文）")),
                ("hint", models.CharField(max_length=12, verbose_name="地址尾号")),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
                ("quiet_from", models.TimeField(null=True, verbose_name="免打扰起")),
                ("quiet_until", models.TimeField(null=True, verbose_name="免打扰止")),
                ("told", models.BigIntegerField(default=0)),
                ("failed", models.CharField(blank=True, max_length=200, verbose_name="未送达的原因")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="最近发送")),
            ],
            options={
                "db_table": "notice_channel",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "kind"), name="notice_channel_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from", None), ("quiet_until", None)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_channel_quiet",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(verbose_name="账号")),
                ("by_grant", models.BigIntegerField(verbose_name="授权")),
                ("unit", models.BigIntegerField(verbose_name="单位")),
                ("digest", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="生成时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "db_table": "notice_feed",
                "indexes": [models.Index(fields=["account"], name="notice_feed_account_c3a70d_idx")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(verbose_name="账号")),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("cause", models.CharField(db_collation="C", max_length=60, verbose_name="缘由")),
                ("source", models.CharField(max_length=40, verbose_name="对象表")),
                ("source_id", models.BigIntegerField(verbose_name="对象")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("read_at", models.DateTimeField(null=True, verbose_name="已读时间")),
            ],
            options={
                "db_table": "notice",
                "indexes": [models.Index(fields=["account", "-id"], name="notice_account_53ceb2_idx")],
                "constraints": [models.UniqueConstraint(fields=("account", "cause"), name="notice_once")],
            },
        ),
        Guard("notice", OWN),
        Guard("notice_channel", OWN),
        Guard("notice_feed", f"{OWN} OR ({PRESENTED})"),
    ]

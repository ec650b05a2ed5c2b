"""What an account is told, how it wants to be told outside, and its calendar addresses. Rows are one's own."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """The account is told of a record, named by table and id. `cause` makes it once: no cause tells an account twice."""

    account = models.BigIntegerField("账号")
    kind = models.CharField("类别", max_length=20)
    cause = models.CharField("缘由", max_length=60, db_collation="C")
    source = models.CharField("对象表", max_length=40)
    source_id = models.BigIntegerField("对象")
    at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        db_table = "notice"
        indexes = [models.Index(fields=["account", "-id"])]
        constraints = [models.UniqueConstraint(fields=["account", "cause"], name="notice_once")]


class Channel(models.Model):
    """One way out of the house. `sealed` is its address, which contains a secret; `told` the last message that went out.

    Between `quiet_from` and `quiet_until` (which may lie past midnight) nothing is sent; both empty: at any time.
    """

    account = models.BigIntegerField("账号")
    kind = models.CharField("方式", max_length=20)
    sealed = models.BinaryField("地址（密文）")
    hint = models.CharField("地址尾号", max_length=12)
    enabled = models.BooleanField("启用", default=True)
    quiet_from = models.TimeField("免打扰起", null=True)
    quiet_until = models.TimeField("免打扰止", null=True)
    told = models.BigIntegerField(default=0)
    failed = models.CharField("未送达的原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("最近发送", null=True)

    class Meta:
        db_table = "notice_channel"
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="notice_channel_once"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notice_channel_quiet",
            ),
        ]


class Feed(models.Model):
    """A calendar address. The secret in it is shown once; `digest` is its SHA-256. It shows what the grant shows, while that stands."""

    account = models.BigIntegerField("账号")
    by_grant = models.BigIntegerField("授权")
    unit = models.BigIntegerField("单位")
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        db_table = "notice_feed"
        indexes = [models.Index(fields=["account"])]

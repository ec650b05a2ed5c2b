"""A token: what a program shows instead of a session."""

from django.db import models

from hangshi.access.models import Account, Grant


class Token(models.Model):
    """Acts as `account` under `grant`, for the permissions in `scopes`, up to the day `expires_on` included.

    The secret itself is shown once and not kept: `digest` is its SHA-256 in hexadecimal, `tail` its last four characters.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens", verbose_name="账号")
    # The database deletes it with its grant: whoever deletes a grant sees no tokens of others.
    grant = models.ForeignKey(Grant, models.DO_NOTHING, related_name="+", verbose_name="授权")
    name = models.CharField("名称", max_length=40)
    scopes = models.JSONField("权限范围", default=list)
    digest = models.CharField("摘要", max_length=64, unique=True, db_collation="C")
    tail = models.CharField("尾号", max_length=4)
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    expires_on = models.DateField("有效期至")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        db_table = "api_token"
        indexes = [models.Index(fields=["account"])]

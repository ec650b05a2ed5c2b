"""Who was shown whose sensitive value, and why."""

from django.db import models


class Reveal(models.Model):
    """The account may see `field` of the person until `until`, for a reason that it gave. Plain numbers: the row outlives what it names.

    Append-only: the app role may not change or delete one. `words` is the account's own text.
    """

    account_id = models.BigIntegerField("账号")
    person_id = models.BigIntegerField("人员")
    path = models.CharField("路径", max_length=200, db_collation="C")
    field = models.CharField("字段", max_length=40)
    reason = models.CharField("事由", max_length=20)
    words = models.CharField("说明", max_length=200)
    at = models.DateTimeField("时间")
    until = models.DateTimeField("有效至")

    class Meta:
        db_table = "personal_reveal"
        indexes = [models.Index(fields=["person_id", "-id"])]

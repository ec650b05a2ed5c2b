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


class PersonRequest(models.Model):
    """What somebody asked about their own data, and what became of it. `sentence` is the answer; a refusal gives its reason.

    Append-only. When the person is erased, the words of their earlier requests are emptied.
    """

    person_id = models.BigIntegerField("人员")
    path = models.CharField("路径", max_length=200, db_collation="C")
    kind = models.CharField("请求", max_length=20)  # export, correct, erase
    ground = models.CharField("依据", max_length=200)
    done = models.BooleanField("已办理")
    sentence = models.CharField("答复", max_length=500, blank=True)
    on = models.DateField("日期")
    account_id = models.BigIntegerField("账号", null=True)

    class Meta:
        db_table = "personal_request"
        indexes = [models.Index(fields=["person_id", "-id"])]

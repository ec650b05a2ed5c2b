"""A hand-off 上报: what went to an upper system, row by row as ids and digests, and what that system is known to hold.

No cell of a record is kept here: the file itself lies sealed outside the database until it expires.
"""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Path, Placed, Unit

STATES = {"draft": "待审核", "sent": "已上报", "done": "已办结", "withdrawn": "已撤回"}


class Handoff(Placed):
    """The difference of `unit` on `day` for the template `upper`, made by one person and sent by another.

    `counts`: rows by act, and `same` and `held`. `made_accounts`, `made_persons`: everybody that the maker is or acts for.
    `shape`: digest of the template's columns; `key_number`: the key that its digests were made with.
    """

    upper = models.CharField("模板", max_length=60)
    day = models.DateField("截止日")
    state = models.CharField("状态", max_length=10, default="draft")
    counts = models.JSONField("统计", default=dict)
    shape = models.CharField("模板摘要", max_length=16)
    key_number = models.SmallIntegerField("密钥编号")
    made_on = models.DateField("拟制日期")
    made_by = models.BigIntegerField("拟制账号")
    made_accounts = models.JSONField("拟制人的账号", default=list)
    made_persons = models.JSONField("拟制人", default=list)
    sent_on = models.DateField("上报日期", null=True)
    sent_by = models.BigIntegerField("审核账号", null=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    kept_until = models.DateField("文件保存至", null=True)
    erased = models.BooleanField("文件已清除", default=False)
    ended_on = models.DateField("办结日期", null=True)

    class Meta:
        db_table = "handoff"
        indexes = [models.Index(fields=["path", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "upper"], condition=Q(state__in=["draft", "sent"]), name="handoff_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_on__isnull=False, sent_by__isnull=False),
                name="handoff_sent_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upper}（{self.day}）"


class Line(models.Model):
    """One row. `act`: new, changed, ended go out; lacking misses a required value, lost is out of sight: neither goes out.

    `subject`: id of the person or household; `at_unit`: the unit whose row it is. `key_index`: blind index of what the receipt names it by.
    `columns`: bits of the template's own columns, from 0 on, that changed or are lacking. `case_id`: what a rejection opened.
    """

    handoff = models.ForeignKey(Handoff, models.CASCADE, related_name="lines")
    path = Path("路径")
    act = models.CharField("变动", max_length=10)
    subject = models.BigIntegerField("对象编号")
    at_unit = models.BigIntegerField("所在单位")
    key_index = models.BinaryField("主键索引", null=True)
    digest = models.BinaryField("各列摘要")
    columns = models.BigIntegerField("涉及的列", default=0)
    answer = models.CharField("回执", max_length=10, blank=True)
    case_id = models.BigIntegerField("退回事项", null=True)

    class Meta:
        db_table = "handoff_line"
        indexes = [models.Index(fields=["handoff", "act", "id"])]
        constraints = [models.UniqueConstraint(fields=["handoff", "subject"], name="handoff_line_once")]


class Held(models.Model):
    """What the upper system holds of a subject, by the receipts of the unit. `digest` empty: nothing yet.

    `rejected`: mark of the row that was last rejected; the same row is held back until it is mended.
    """

    unit = models.ForeignKey(Unit, models.PROTECT)
    path = Path("路径")
    upper = models.CharField("模板", max_length=60)
    subject = models.BigIntegerField("对象编号")
    key_index = models.BinaryField("主键索引", null=True)
    digest = models.BinaryField("各列摘要")
    shape = models.CharField("模板摘要", max_length=16)
    key_number = models.SmallIntegerField("密钥编号")
    rejected = models.BinaryField("退回的摘要")

    class Meta:
        db_table = "handoff_held"
        constraints = [models.UniqueConstraint(fields=["unit", "upper", "subject"], name="handoff_held_once")]


class Receipt(models.Model):
    """A receipt file (回执), sealed until it is read. `counts`: rows, accepted, rejected, unknown; `unknown`: row of the sheet and reason, no cell of it."""

    handoff = models.ForeignKey(Handoff, models.CASCADE, related_name="receipts")
    path = Path("路径")
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("文件摘要", max_length=64)
    counts = models.JSONField("统计", default=dict)
    unknown = models.JSONField("认不出的行", default=list)
    received_on = models.DateField("收到日期")
    received_at = models.DateTimeField("上传时间", auto_now_add=True)
    recorded_by = models.BigIntegerField("登记账号")
    read_on = models.DateField("读入日期", null=True)

    class Meta:
        db_table = "handoff_receipt"
        constraints = [models.UniqueConstraint(fields=["handoff", "sha256"], name="handoff_receipt_once")]

    def __str__(self) -> str:
        return self.file_name

"""What was issued: the numbers as they were, with their digest, and the file by its hash. Never changed afterwards."""

from django.db import models

from hangshi.access.models import Account
from hangshi.registry.models import Placed


class Issue(Placed):
    """A report issued by a unit. `uid` stands in its file; `numbers` as `Number.kept` writes them; `marks`: the last id of each table then.

    A trigger refuses every later change but that of the path, which moves with the unit.
    """

    uid = models.CharField("材料编号", max_length=16, unique=True, db_collation="C")
    template = models.CharField("模板", max_length=80)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("发文字号", max_length=60, blank=True)
    first = models.DateField("起始日")
    last = models.DateField("截止日")
    numbers = models.JSONField("数字")
    text = models.TextField("正文")
    digest = models.CharField("数字摘要", max_length=64, db_collation="C")
    sha256 = models.CharField("文件摘要", max_length=64, db_collation="C")
    marks = models.JSONField("签发时各表的末号")
    issued_on = models.DateField("成文日期")
    issued_at = models.DateTimeField("签发时间", auto_now_add=True)
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="签发人")

    class Meta:
        db_table = "report_issue"
        indexes = [models.Index(fields=["path", "issued_at"], name="report_issue_path")]

"""Project 项目资金: a project's money, line by line; a line is never edited, only undone."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Path, Placed

STEPS = {"budget": "预算", "allocated": "下达", "paid": "拨付", "spent": "支出", "accepted": "验收"}


class Project(Placed):
    """`stages`: in how many payments it is paid. `standard`: the key of the pack's standard that its budget is set beside, or empty."""

    title = models.CharField("项目名称", max_length=120)
    stages = models.SmallIntegerField("分几期拨付")
    standard = models.CharField("对照标准", max_length=60, blank=True)
    opened_on = models.DateField("立项日期")
    closed_on = models.DateField("办结日期", null=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "project"
        indexes = [models.Index(fields=["path", "opened_on"])]
        constraints = [models.CheckConstraint(condition=Q(stages__gte=1), name="project_stages")]

    def __str__(self) -> str:
        return self.title


class Line(models.Model):
    """An amount in yuan at one step, or the acceptance, whose amount is 0. `stage` counts payments from 1; elsewhere it is 0.

    `sha256`: the voucher or the report of acceptance. `accounts`, `persons`: every account and person that whoever booked it is or acts for.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="lines", verbose_name="项目")
    path = Path("路径")
    step = models.CharField("环节", max_length=10, choices=list(STEPS.items()))
    stage = models.SmallIntegerField("期次", default=0)
    amount = models.DecimalField("金额", max_digits=18, decimal_places=2)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=200)
    sha256 = models.CharField("凭证", max_length=64, blank=True)
    accounts = models.JSONField("经办账号", default=list)
    persons = models.JSONField("经办人", default=list)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal", verbose_name="冲销")
    recorded_by = models.BigIntegerField("登记账号")

    class Meta:
        db_table = "project_line"
        indexes = [models.Index(fields=["project", "day", "id"])]

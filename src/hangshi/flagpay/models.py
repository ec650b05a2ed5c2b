"""The month's pay of red flags as a sheet: drawn by one, approved by another, posted to the ledger."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Placed


class PaySheet(Placed):
    """What was not paid yet for `month` (its first day) at and below the unit, as it stood when the sheet was drawn.

    `lines`: one for each flag and person, without names; `digest` is over them. `state`: drawn, approved, posted or cancelled.
    `accounts`, `persons`: everybody that whoever drew it acted as, so that none of them approves it.
    """

    month = models.DateField("月份")
    lines = models.JSONField("明细", default=list)
    digest = models.CharField("摘要", max_length=64, db_collation="C")
    total = models.DecimalField("合计", max_digits=18, decimal_places=2)
    state = models.CharField("状态", max_length=10, default="drawn", db_collation="C")
    drawn_on = models.DateField("制表日期")
    drawn_by = models.BigIntegerField("制表账号")
    accounts = models.JSONField("制表人的账号", default=list)
    persons = models.JSONField("制表人", default=list)
    approved_on = models.DateField("审核日期", null=True)
    approved_by = models.BigIntegerField("审核账号", null=True)
    posted_on = models.DateField("入账日期", null=True)
    posted_by = models.BigIntegerField("入账账号", null=True)
    reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        db_table = "pay_sheet"
        indexes = [models.Index(fields=["path", "month"])]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month"], condition=Q(state__in=("drawn", "approved")), name="pay_sheet_one_open"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="pay_sheet_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月}红旗报酬"

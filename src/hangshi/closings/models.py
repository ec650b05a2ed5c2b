"""Closings 结账: a period that a unit has closed, and the figures as they stood at that moment."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Path, Unit


class Closing(models.Model):
    """The days from `first` to `last`, both included, are closed for the unit and all below it, until somebody reopens them.

    `digest`: SHA-256 over the kept figures. `seen`: the highest number of an entry of the unit at that moment; later ones are corrections.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    path = Path("路径")
    length = models.CharField("期间", max_length=10)
    first = models.DateField("首日")
    last = models.DateField("末日")
    closed_on = models.DateField("结账日期")
    closed_at = models.DateTimeField("结账时间", auto_now_add=True)
    closed_by = models.BigIntegerField("结账账号", null=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    seen = models.BigIntegerField("最后一笔台账", default=0)
    reopened_on = models.DateField("重新打开日期", null=True)
    reopened_by = models.BigIntegerField("重新打开账号", null=True)
    reason = models.CharField("重新打开的理由", max_length=200, blank=True)

    class Meta:
        db_table = "closing"
        indexes = [models.Index(fields=["path", "last"])]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first", "last"], condition=Q(reopened_on=None), name="closing_once"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="closing_dates"),
            models.CheckConstraint(condition=Q(reopened_on=None) | ~Q(reason=""), name="closing_reopened_why"),
        ]


class Kept(models.Model):
    """A figure as it stood when the period was closed. `value` None: there was nothing to say."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="kept")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    path = Path("路径")
    indicator = models.CharField("指标", max_length=60, db_collation="C")
    version = models.CharField("定义版本", max_length=16, db_collation="C")
    value = models.DecimalField("数值", max_digits=26, decimal_places=6, null=True)

    class Meta:
        db_table = "closing_figure"
        indexes = [models.Index(fields=["closing", "indicator"])]
        constraints = [models.UniqueConstraint(fields=["closing", "unit", "indicator"], name="closing_figure_once")]

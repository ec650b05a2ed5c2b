"""Findings: what a check found, from the day it was found to the day it was gone."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Path, Unit


class Finding(models.Model):
    """The subject (a unit, household or person, by its number) does not keep the check. `has`, `needs`: at the last look; empty for a condition.

    `unit` is where the subject is at home. One open finding for a check and a subject.
    """

    check_key = models.CharField("检查", max_length=60, db_collation="C")
    version = models.CharField("定义版本", max_length=16, db_collation="C")
    about = models.CharField("对象类别", max_length=10)
    subject = models.BigIntegerField("对象")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    path = Path("路径")
    has = models.DecimalField("现有", max_digits=20, decimal_places=2, null=True)
    needs = models.DecimalField("应有", max_digits=20, decimal_places=2, null=True)
    opened_on = models.DateField("发现日期")
    closed_on = models.DateField("消除日期", null=True)

    class Meta:
        db_table = "finding"
        indexes = [models.Index(fields=["path", "check_key"]), models.Index(fields=["unit"])]
        constraints = [
            models.UniqueConstraint(
                fields=["check_key", "about", "subject"], condition=Q(closed_on=None), name="finding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="finding_dates"
            ),
        ]


class Looked(models.Model):
    """When a check was last looked at, on which day and what the tables behind it stood at: unchanged, it need not be looked at again."""

    check_key = models.CharField(max_length=60, primary_key=True, db_collation="C")
    version = models.CharField(max_length=16, db_collation="C")
    on = models.DateField()
    stood = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "finding_looked"

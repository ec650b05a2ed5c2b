"""Case 事项: something is open and moves through stages until it is closed."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Household, Path, Person, Placed


class Case(Placed):
    """`stage` is one of the kind's stages; `closed_on` is set when the last one is reached."""

    kind = models.CharField("事项类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    ground = models.CharField("情形", max_length=60, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="当事人")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="当事户")
    opened_on = models.DateField("立项日期")
    due_on = models.DateField("办结期限", null=True, blank=True)
    stage = models.CharField("阶段", max_length=40)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    verdict = models.CharField("结论", max_length=200, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "case_file"
        indexes = [models.Index(fields=["kind", "path", "opened_on"]), models.Index(fields=["unit"])]
        constraints = [
            models.CheckConstraint(condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="case_dates")
        ]


class Step(models.Model):
    """One move of a case, kept for ever: from which stage to which, when, by which account, with what note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    path = Path("路径")
    before = models.CharField("原阶段", max_length=40, blank=True)
    after = models.CharField("新阶段", max_length=40)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("办理账号", null=True)

    class Meta:
        db_table = "case_step"
        indexes = [models.Index(fields=["case", "id"])]

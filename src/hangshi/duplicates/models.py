"""A pair of persons who may be one, what somebody judged of it, and what joining them moved."""

from django.db import models

from hangshi.registry.models import Path, Unit


class Pair(models.Model):
    """`first` < `second`, ids of persons; no foreign keys, for one of them is gone while they are joined. `unit` stands above both.

    `weight`: how likely they are one, 0 to 1; `grounds`: keys of `looking.GROUNDS`. `state`: open, same, different, later, joined.
    `kept`: of the joined pair; `moved`: table and column → ids that named the other; `versions`: table → history versions of rows taken out.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    path = Path("路径")
    first = models.BigIntegerField("人员甲")
    second = models.BigIntegerField("人员乙")
    weight = models.FloatField("把握")
    grounds = models.JSONField("依据", default=list)
    state = models.CharField("状态", max_length=10, default="open")
    note = models.CharField("判断理由", max_length=200, blank=True)
    judged_by = models.BigIntegerField("判断人", null=True)
    judged_on = models.DateField("判断日期", null=True)
    kept = models.BigIntegerField("保留", null=True)
    moved = models.JSONField("移动的记录", default=dict)
    versions = models.JSONField("取下的记录", default=dict)

    class Meta:
        db_table = "duplicate_pair"
        indexes = [models.Index(fields=["path", "state", "-weight"])]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first}、{self.second}"

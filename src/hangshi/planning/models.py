"""A draw 抽样 and what came of it."""

from django.db import models

from hangshi.registry.models import Placed


class Draw(Placed):
    """Drawn for the unit, from a frozen frame. `frame`, `rule` and `result` are the published ones: keys and places, no names.

    `seed_bound` is published when the frame is frozen; `seed` is empty until the draw is held.
    """

    kind = models.CharField("方式", max_length=20)  # sample, pairing, ring
    title = models.CharField("名称", max_length=200)
    frame = models.JSONField("名单")
    rule = models.JSONField("规则")
    frame_digest = models.CharField("名单摘要", max_length=64)
    seed_bound = models.CharField("种子摘要", max_length=64)
    seed_kept = models.BinaryField("种子（密文）")
    seed = models.CharField("种子", max_length=64, blank=True)
    result = models.JSONField("结果", null=True)
    frozen_on = models.DateField("封存日期")
    drawn_on = models.DateField("抽取日期", null=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "draw"
        indexes = [models.Index(fields=["path", "frozen_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(drawn_on=None, seed="", result=None)
                | models.Q(drawn_on__isnull=False, result__isnull=False) & ~models.Q(seed=""),
                name="draw_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

"""A draw 抽样 and what came of it."""

from django.db import models

from hangshi.registry.models import Path, Placed


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


class Call(models.Model):
    """One of those drawn was called. `key` is theirs in the draw; `group` the one they count for.

    `outcome`: answered, declined (would not talk) or unreached. `answers`: question → the key of its choice, or "" where they would not say.
    """

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="calls", verbose_name="抽样")
    path = Path("路径")
    survey = models.CharField("问什么", max_length=40)
    key = models.CharField("对象", max_length=40)
    group = models.CharField("所属组", max_length=40)
    day = models.DateField("通话日期")
    outcome = models.CharField("通话结果", max_length=10)
    answers = models.JSONField("回答", default=dict)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "draw_call"
        constraints = [models.UniqueConstraint(fields=["draw", "survey", "key"], name="draw_call_once")]
        indexes = [models.Index(fields=["path"])]

"""What a reaction did, once for each source row."""

from django.db import models

from hangshi.registry.models import Path


class Done(models.Model):
    """`part`: the person, where the reaction does something for each; else 0. Refused: `caused` is empty and `sentence` says why."""

    reaction = models.CharField("反应", max_length=60)
    source = models.CharField("来源表", max_length=40)
    source_id = models.BigIntegerField("来源行")
    part = models.BigIntegerField("部分", default=0)
    caused = models.CharField("结果表", max_length=40, blank=True)
    caused_id = models.BigIntegerField("结果行", null=True)
    sentence = models.TextField("未能办理的原因", blank=True)
    path = Path("路径")
    day = models.DateField("日期")
    done_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        db_table = "reaction_done"
        indexes = [models.Index(fields=["caused", "caused_id"])]
        constraints = [
            models.UniqueConstraint(fields=["reaction", "source", "source_id", "part"], name="reaction_done_once")
        ]

"""Events: what happened to a record, until it has been answered and after."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """`source`, `source_id`: the record's table and id. `handled`: the reactions have been asked, whatever they did."""

    topic = models.CharField("事件", max_length=40)
    kind = models.CharField("类别", max_length=40)
    source = models.CharField("来源表", max_length=40)
    source_id = models.BigIntegerField("来源行")
    path = models.CharField("路径", max_length=200, db_collation="C")
    day = models.DateField("日期")
    told_by = models.BigIntegerField("账号", null=True)
    told_at = models.DateTimeField("时间", auto_now_add=True)
    handled = models.BooleanField("已处理", default=False)

    class Meta:
        db_table = "outbox_event"
        indexes = [
            models.Index(fields=["id"], condition=Q(handled=False), name="outbox_event_waiting"),
            models.Index(fields=["source", "source_id"], name="outbox_event_source"),
        ]

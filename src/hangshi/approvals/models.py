"""Approval 审批: what was asked of whom, and what each answered."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Path, Placed


class Approval(Placed):
    """`kind` is the flow. `source`, `source_id`: the record's table and id; `digest`: of its content when it was submitted.

    `author`: the account; `author_accounts`, `author_persons`: every account and person that the author is or acts for.
    `state`: running, returned (to the author), approved, refused or withdrawn. `step` counts from 0.
    """

    kind = models.CharField("审批流程", max_length=40)
    source = models.CharField("对象表", max_length=40)
    source_id = models.BigIntegerField("对象")
    title = models.CharField("事由", max_length=200)
    digest = models.CharField("内容摘要", max_length=64)
    author = models.BigIntegerField("提交账号")
    author_accounts = models.JSONField("提交人的账号", default=list)
    author_persons = models.JSONField("提交人", default=list)
    state = models.CharField("状态", max_length=10, default="running")
    step = models.SmallIntegerField("环节", default=0)
    opened_on = models.DateField("提交日期")
    closed_on = models.DateField("办结日期", null=True)

    class Meta:
        db_table = "approval"
        indexes = [models.Index(fields=["source", "source_id"]), models.Index(fields=["path", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "source_id"],
                condition=Q(state__in=("running", "returned")),
                name="approval_one_at_a_time",
            )
        ]


class Task(models.Model):
    """What is asked of one account in one step.

    `state`: waiting (not yet their turn), open, approved, refused, returned, handed (to somebody else) or dropped (no longer needed).
    `added_by`: the account that asked for this one too (加签); such a task must be approved even where one of many is enough.
    """

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="tasks")
    path = Path("路径")
    step = models.SmallIntegerField("环节")
    place = models.FloatField("顺序")
    account = models.BigIntegerField("审批账号")
    person = models.BigIntegerField("审批人", null=True)
    state = models.CharField("状态", max_length=10)
    added_by = models.BigIntegerField("加签账号", null=True)
    decided_by = models.BigIntegerField("办理账号", null=True)
    decided_on = models.DateField("办理日期", null=True)
    ground = models.CharField("法定情形", max_length=40, blank=True)
    note = models.CharField("意见", max_length=500, blank=True)

    class Meta:
        db_table = "approval_task"
        indexes = [models.Index(fields=["approval", "step", "place"]), models.Index(fields=["account", "state"])]


class Act(models.Model):
    """One act in the course of an approval, kept for ever, with the digest of the content it was about."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="acts")
    path = Path("路径")
    act = models.CharField("动作", max_length=10)
    step = models.SmallIntegerField("环节")
    day = models.DateField("日期")
    account = models.BigIntegerField("账号")
    digest = models.CharField("内容摘要", max_length=64)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        db_table = "approval_act"
        indexes = [models.Index(fields=["approval", "id"])]

"""Long work: what was asked, by whom, and how far it is."""

from django.db import models

from hangshi.access.models import Account, Grant


class Job(models.Model):
    """Asked by the account under the grant. `said` is what the asker gave, `answer` what the work answered; `sentence` says why it ended so.

    The states in their order: `waiting`, then `done`, `failed` or `cancelled`. Whether it is running now, `JobProgress` says.
    """

    kind = models.CharField("类别", max_length=60)
    title = models.CharField("名称", max_length=200)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="申请账号")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="+", verbose_name="所用身份")
    said = models.JSONField("内容", default=dict)
    state = models.CharField("状态", max_length=10, default="waiting")
    answer = models.JSONField("结果", null=True)
    sentence = models.CharField("说明", max_length=1000, blank=True)
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        db_table = "job"
        indexes = [models.Index(fields=["account", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None)
                | models.Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="job_state",
            )
        ]

    def __str__(self) -> str:
        return self.title


class JobProgress(models.Model):
    """How far a job is; apart from it, since the work holds the job's row until it ends. `total` 0: not known yet."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="progress")
    account_id = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    what = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)

    class Meta:
        db_table = "job_progress"

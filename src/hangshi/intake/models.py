"""An import 导入: a file received, checked, written, perhaps taken back; and how the columns of a source were matched."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hangshi.registry.models import Path, Unit


class Intake(models.Model):
    """`state`: received, checked, committed, undone. The file itself is kept sealed outside the database (`vault`).

    `mapping`: field → column; `counts`: new, changed, same, refused and rows; `preview`: what the page shows, no identity number in it;
    `digest`: of the state of every row, so that what is written is what was shown.
    """

    account_id = models.BigIntegerField("账号")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="所属单位")
    path = Path("路径")
    target = models.CharField("导入到", max_length=60)
    source = models.CharField("来源", max_length=60)
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("文件摘要", max_length=64)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    mapping = models.JSONField("列的对应", default=dict)
    state = models.CharField("状态", max_length=10, default="received")
    counts = models.JSONField("统计", default=dict)
    preview = models.JSONField("预览", default=dict)
    digest = models.CharField("核对摘要", max_length=64, blank=True)
    job_id = models.BigIntegerField("后台任务", null=True)
    received_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("写入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    erased = models.BooleanField("文件已清除", default=False)

    class Meta:
        db_table = "intake"
        indexes = [models.Index(fields=["account_id", "-received_at"])]

    def __str__(self) -> str:
        return self.file_name


class Source(models.Model):
    """How the columns of a source were matched the last time: plain head → field, "" for a column left out."""

    unit = models.ForeignKey(Unit, models.CASCADE)
    path = Path("路径")
    target = models.CharField("导入到", max_length=60)
    name = models.CharField("来源", max_length=60)
    mapping = models.JSONField("列的对应", default=dict)

    class Meta:
        db_table = "intake_source"
        constraints = [models.UniqueConstraint(fields=["unit", "target", "name"], name="intake_source_once")]


class Written(models.Model):
    """Rows of one table that an import inserted or changed; `versions`: of each changed row the earlier version it left behind."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="written")
    account_id = models.BigIntegerField()
    part = models.CharField(max_length=20, blank=True)
    table_name = models.CharField(max_length=40)
    act = models.CharField(max_length=10)
    ids = ArrayField(models.BigIntegerField())
    versions = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "intake_written"

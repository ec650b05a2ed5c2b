"""A form that somebody above asks for: the blank workbook, and what its columns were confirmed to be."""

from django.db import models

from hangshi.registry.models import Placed


class Form(Placed):
    """`mapping`: letter of a column → target (see `proposals`), "" for one left empty. `digest`: of the head (see `Layout.digest`).

    One form of a unit for one head: the same head brought again replaces the blank and keeps the mapping.
    """

    title = models.CharField("表名", max_length=120)
    file_name = models.CharField("文件名", max_length=120)
    digest = models.CharField("表头摘要", max_length=64)
    blank = models.BinaryField("空白表")
    mapping = models.JSONField("各列取数", default=dict)
    received_on = models.DateField("收到日期")
    confirmed_on = models.DateField("确认日期", null=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "form"
        indexes = [models.Index(fields=["path", "-received_on"])]
        constraints = [models.UniqueConstraint(fields=["unit", "digest"], name="form_head_once")]

    def __str__(self) -> str:
        return self.title

"""An outside list 比对名单, what became of each of its rows, and what its rules found. No history is kept: all of it can be erased."""

from django.db import models
from django.db.models import F, Q

from hangshi.cases.models import Case
from hangshi.registry.models import Household, Path, Person, Unit


class Roster(models.Model):
    """A list brought by an account, for a purpose, until a day. `state`: received, compared, erased; `file_gone`: of the sealed file alone.

    `as_of`: the day the list speaks of, on which the register is asked. `mapping`: field → column. `counts`: rows by state, findings by rule,
    and once erased what became of their clues; counts only, so that they may stay.
    """

    account_id = models.BigIntegerField("上传账号")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="比对单位")
    path = Path("路径")
    kind = models.CharField("名单类别", max_length=40)
    title = models.CharField("名单", max_length=60)
    holder = models.CharField("提供单位", max_length=60)
    purpose = models.CharField("用途", max_length=200)
    basis = models.CharField("法律依据", max_length=200)
    as_of = models.DateField("名单日期")
    expires_on = models.DateField("保存到")
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("文件摘要", max_length=64)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    mapping = models.JSONField("列的对应", default=dict)
    state = models.CharField("状态", max_length=10, default="received")
    counts = models.JSONField("统计", default=dict)
    file_gone = models.BooleanField("文件已清除", default=False)
    job_id = models.BigIntegerField("后台任务", null=True)
    received_at = models.DateTimeField("上传时间", auto_now_add=True)
    compared_at = models.DateTimeField("比对时间", null=True)
    erased_at = models.DateTimeField("清除时间", null=True)

    class Meta:
        db_table = "roster"
        indexes = [models.Index(fields=["path", "kind", "-as_of"])]
        constraints = [models.CheckConstraint(condition=Q(expires_on__gte=F("as_of")), name="roster_expires_later")]

    def __str__(self) -> str:
        """In words for the person concerned too."""
        return f"{self.title}（{self.holder}，{self.as_of}；用途：{self.purpose}；保存到{self.expires_on}）"


class Row(models.Model):
    """A row of the list by its number in the sheet. `state`: matched, possible, unmatched, unreadable; `how`: number, likeness, judged.

    Matched it stands at the person's path, and their name is the register's. `sealed`: what is needed of the row and the register
    does not hold: for a row nobody is matched to, who it speaks of; for all, the columns that the kind of list names.
    `named_alike`: the name of the list is that of the register; null where none was compared.
    """

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows", verbose_name="名单")
    path = Path("路径")
    n = models.IntegerField("行号")
    state = models.CharField("状态", max_length=10)
    how = models.CharField("对应方式", max_length=10, blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", verbose_name="对应人员")
    weight = models.FloatField("把握", null=True)
    named_alike = models.BooleanField("姓名一致", null=True)
    sealed = models.BinaryField("名单所载（密文）", null=True)

    class Meta:
        db_table = "roster_row"
        indexes = [models.Index(fields=["roster", "state", "n"])]
        constraints = [
            models.UniqueConstraint(fields=["roster", "n"], name="roster_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=["matched", "possible"], person__isnull=False)
                | Q(state__in=["unmatched", "unreadable"], person=None),
                name="roster_row_who",
            ),
        ]


class Finding(models.Model):
    """What a rule found of a person, to be looked into; at the person's path. `row`: the list's row it rests on, null where none speaks of them.

    `case`: the clue in which it is looked into; null while nobody has opened one.
    """

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="findings", verbose_name="名单")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="所属单位")
    path = Path("路径")
    rule = models.CharField("规则", max_length=40)
    title = models.CharField("比对情形", max_length=80)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="人员")
    household = models.ForeignKey(Household, models.CASCADE, null=True, related_name="+", verbose_name="所在户")
    row = models.ForeignKey(Row, models.CASCADE, null=True, related_name="+", verbose_name="名单行")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", verbose_name="线索")

    class Meta:
        db_table = "roster_finding"
        indexes = [models.Index(fields=["roster", "rule", "path"])]

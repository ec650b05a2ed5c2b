"""Appraisal 考评: a round by a scheme, a sheet a subject, the marks put on it, objections, and what follows."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Path, Person, Placed


class Round(Placed):
    """One appraisal of a unit's subjects over the days `first` to `last`. `definition` is the scheme as it was then, as JSON text, and is what counts.

    `state`: open (self-report), checking, computed, shown, fixed, used. `digest`: of the definition and all frozen inputs.
    `subjects`: how many sheets there are; who sees fewer of them may not move the round on.
    """

    scheme = models.CharField("办法", max_length=60, db_collation="C")
    edition = models.CharField("定义版本", max_length=16, db_collation="C")
    definition = models.TextField("办法内容")
    title = models.CharField("名称", max_length=120)
    first = models.DateField("考评起始日")
    last = models.DateField("考评截止日")
    state = models.CharField("状态", max_length=10, default="open", db_collation="C")
    digest = models.CharField("输入摘要", max_length=64, blank=True, db_collation="C")
    subjects = models.IntegerField("考评对象数", default=0)
    opened_on = models.DateField("启动日期")
    computed_on = models.DateField("计算日期", null=True)
    shown_on = models.DateField("反馈日期", null=True)
    fixed_on = models.DateField("定档日期", null=True)
    reason = models.CharField("重开理由", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "appraisal_round"
        indexes = [models.Index(fields=["path", "opened_on"])]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="appraisal_round_dates")]

    def __str__(self) -> str:
        return self.title


class Sheet(Placed):
    """A subject of a round: the unit, or a member of it. `inputs` are frozen when it is computed; `parts` are its points, criterion by criterion.

    `rank`, `best`, `worst` among the `among` peers of `peers`; a person has none of them (the database refuses it).
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="sheets", verbose_name="考评")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="党员")
    peers = models.CharField("比较组", max_length=80, blank=True)
    inputs = models.JSONField("输入", default=dict)
    parts = models.JSONField("得分明细", default=list)
    total = models.DecimalField("总分", max_digits=9, decimal_places=4, null=True)
    low = models.DecimalField("按最严评分", max_digits=9, decimal_places=4, null=True)
    high = models.DecimalField("按最宽评分", max_digits=9, decimal_places=4, null=True)
    grade = models.CharField("等次", max_length=40, blank=True, db_collation="C")
    vetoed = models.BooleanField("一票否决", default=False)
    rank = models.IntegerField("位次", null=True)
    best = models.IntegerField("最高位次", null=True)
    worst = models.IntegerField("最低位次", null=True)
    among = models.IntegerField("同组数", null=True)

    class Meta:
        db_table = "appraisal_sheet"
        indexes = [models.Index(fields=["round", "path"]), models.Index(fields=["person"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "person"], nulls_distinct=False, name="appraisal_once"),
            models.CheckConstraint(
                condition=Q(person=None) | Q(rank=None, best=None, worst=None, among=None),
                name="appraisal_persons_unranked",
            ),
        ]


class Mark(models.Model):
    """What somebody put on a sheet, for a `criterion` and in it a `part` (a line, an element, an answer; empty for the whole).

    `stance`: self (the unit's own tick), check, review (0 to 100), residents (how many answered so), element (how often found), veto.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="marks")
    path = Path("路径")
    criterion = models.CharField("项目", max_length=60, db_collation="C")
    part = models.CharField("子项", max_length=60, blank=True, db_collation="C")
    stance = models.CharField("方式", max_length=10, db_collation="C")
    value = models.DecimalField("数值", max_digits=9, decimal_places=2)
    note = models.CharField("说明", max_length=500, blank=True)
    day = models.DateField("日期")
    reviewer = models.BigIntegerField("评分账号", null=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "appraisal_mark"
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion", "part", "stance", "reviewer"],
                nulls_distinct=False,
                name="appraisal_mark_once",
            )
        ]


class Objection(models.Model):
    """异议: what the appraised says against a result, and what it was answered. `upheld` None: not answered yet.

    `settled`: it was upheld and the round went back to be corrected.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="objections")
    path = Path("路径")
    criterion = models.CharField("项目", max_length=60, blank=True, db_collation="C")
    text = models.CharField("异议", max_length=1000)
    day = models.DateField("提出日期")
    upheld = models.BooleanField("成立", null=True)
    settled = models.BooleanField("已更正", default=False)
    answer = models.CharField("答复", max_length=1000, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    recorded_by = models.BigIntegerField("提出账号", null=True)
    answered_by = models.BigIntegerField("答复账号", null=True)

    class Meta:
        db_table = "appraisal_objection"
        indexes = [models.Index(fields=["sheet"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(upheld=None, answered_on=None) | Q(upheld__isnull=False, answered_on__isnull=False),
                name="appraisal_objection_answered",
            )
        ]


class Honour(models.Model):
    """A flag or an honour that follows from a sheet: proposed, then held from a day to a day by approval, or withdrawn with a reason."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="honours")
    path = Path("路径")
    name = models.CharField("名称", max_length=80)
    state = models.CharField("状态", max_length=10, default="proposed", db_collation="C")
    since = models.DateField("起始日", null=True)
    until = models.DateField("截止日", null=True)
    reason = models.CharField("撤销理由", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "appraisal_honour"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "name"], name="appraisal_honour_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", since=None, until=None)
                | Q(since__isnull=False, until__isnull=False, until__gte=F("since")),
                name="appraisal_honour_dates",
            ),
        ]


class Raise(models.Model):
    """Of a month's pay rise for a flag: the entry it became. A flag, a person and a month have one."""

    honour = models.ForeignKey(Honour, models.PROTECT, related_name="raises")
    path = Path("路径")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    month = models.DateField("月份")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+", verbose_name="台账")

    class Meta:
        db_table = "appraisal_raise"
        constraints = [models.UniqueConstraint(fields=["honour", "person", "month"], name="appraisal_raise_once")]

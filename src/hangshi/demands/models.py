"""A form that is demanded of units below, item by item; what was judged of like items; and each filling, with what was typed into it."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Path, Placed

EVERY = {"once": "一次性", "week": "每周", "month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
STATES = {
    "draft": "起草",
    "asked": "待审定",
    "approved": "已审定",
    "refused": "不同意",
    "merged": "并入其他表",
    "withdrawn": "已停用",
}


class Demand(Placed):
    """`unit`: asked of all units of the kind `level` below it, or of itself. `since` and `until` are both included; after `until` it is void.

    `form`: the blank it was read from, by id, for a reader below does not see the blank. `into`: what it was merged with; `renews`: what it
    goes on from. `said`: the words with which it was decided or withdrawn, on the day `decided_on`.
    """

    title = models.CharField("表名", max_length=120)
    department = models.CharField("要表部门", max_length=60)
    ground = models.CharField("依据", max_length=200)
    every = models.CharField("频次", max_length=10, choices=list(EVERY.items()))
    level = models.CharField("填报单位类别", max_length=40)
    since = models.DateField("起始日")
    until = models.DateField("截止日")
    form = models.BigIntegerField("空白表", null=True)
    state = models.CharField("状态", max_length=10, choices=list(STATES.items()), default="draft")
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name="并入")
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals", verbose_name="续自")
    said = models.CharField("说明", max_length=500, blank=True)
    decided_on = models.DateField("决定日期", null=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "demand"
        indexes = [models.Index(fields=["path", "until"])]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="demand_days"),
            models.CheckConstraint(condition=Q(state="merged") | Q(into=None), name="demand_merged"),
        ]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """A column or cell that is asked for. `target`: what the system fills it with (see `forms.proposals`), "" for one typed by hand."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="items", verbose_name="报表")
    path = Path("路径")
    number = models.SmallIntegerField("序号")
    label = models.CharField("栏目", max_length=200)
    target = models.CharField("取数", max_length=80, blank=True)

    class Meta:
        db_table = "demand_item"
        constraints = [models.UniqueConstraint(fields=["demand", "number"], name="demand_item_once")]

    def __str__(self) -> str:
        return self.label


class Judgement(models.Model):
    """What a person said of two like items: `same`, and one answer fills both, or different for a reason. `path` is the upper demand's."""

    first = models.ForeignKey(Item, models.CASCADE, related_name="judged_first", verbose_name="栏目")
    second = models.ForeignKey(Item, models.CASCADE, related_name="judged_second", verbose_name="另一栏目")
    path = Path("路径")
    same = models.BooleanField("是同一项")
    reason = models.CharField("理由", max_length=200, blank=True)
    judged_on = models.DateField("判断日期")
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "demand_judgement"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="demand_judged_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="demand_judged_in_order"),
            models.CheckConstraint(condition=Q(same=True) | ~Q(reason=""), name="demand_different_with_reason"),
        ]


class Filling(Placed):
    """One form filled for one unit and period (both days included): how many cells the system filled, how many a person typed, how many stayed empty.

    Of a demand filled on its page, or of a blank form downloaded filled, whose open cells count as typed. `minutes`: the typed cells times
    the standard of the day. `level`: the kind of the unit.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="fillings", verbose_name="报表")
    form = models.BigIntegerField("空白表", null=True)
    title = models.CharField("表名", max_length=120)
    department = models.CharField("要表部门", max_length=60, blank=True)
    level = models.CharField("单位类别", max_length=40)
    first = models.DateField("起始日")
    last = models.DateField("截止日")
    filled_on = models.DateField("填报日期")
    known = models.IntegerField("系统填的格数")
    typed = models.IntegerField("手工填的格数")
    empty = models.IntegerField("留空的格数")
    minutes = models.DecimalField("估算用时（分钟）", max_digits=12, decimal_places=2)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "demand_filling"
        indexes = [models.Index(fields=["path", "filled_on"])]
        constraints = [
            models.UniqueConstraint(fields=["demand", "unit", "first", "last"], name="demand_filled_once"),
            models.UniqueConstraint(
                fields=["form", "unit", "first", "last"], condition=Q(demand=None), name="demand_form_filled_once"
            ),
            models.CheckConstraint(condition=~Q(demand=None, form=None), name="demand_filling_of"),
            models.CheckConstraint(condition=Q(known__gte=0, typed__gte=0, empty__gte=0), name="demand_filling_counts"),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """What a person typed for an item. `path` is the filling's."""

    filling = models.ForeignKey(Filling, models.CASCADE, related_name="answers", verbose_name="填报")
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers", verbose_name="栏目")
    path = Path("路径")
    text = models.CharField("填的内容", max_length=200)

    class Meta:
        db_table = "demand_answer"
        constraints = [models.UniqueConstraint(fields=["filling", "item"], name="demand_answered_once")]

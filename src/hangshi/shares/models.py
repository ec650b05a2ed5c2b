"""Shares 股份: who holds how many of a collective, as dated changes add up; and the dividends that were decided on them."""

from django.db import models
from django.db.models import Q

from hangshi.activities.models import Activity
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, Path, Placed

GROUNDS = {
    "decide": "确定总股数",
    "allot": "配股",
    "transfer": "转让",
    "inherit": "继承",
    "give": "赠与",
    "withdraw": "退回集体",
}


class Holder(Placed):
    """A household that holds or held shares of the collective `unit`. `group`: the villagers' group (村民小组) it is listed under."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="户")
    group = models.CharField("村民小组", max_length=40, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "share_holder"
        constraints = [models.UniqueConstraint(fields=["unit", "household"], name="share_holder_once")]


class Change(Placed):
    """What happened to shares of the collective on a day; never edited, only reversed. `ground`: a key of `GROUNDS`.

    `decided`: by how much it changes the decided total of the collective. `activity`: the meeting whose resolution it rests on.
    """

    ground = models.CharField("事由", max_length=10, choices=list(GROUNDS.items()))
    day = models.DateField("日期")
    decided = models.DecimalField("总股数增减", max_digits=14, decimal_places=2, default=0)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+", verbose_name="依据的会议")
    note = models.CharField("说明", max_length=200)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal", verbose_name="冲销")
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "share_change"
        indexes = [models.Index(fields=["unit", "day"])]


class Line(models.Model):
    """Shares of a kind that come to (more than 0) or leave (less than 0) a holder by a change; `holder` None: the collective itself."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="lines")
    path = Path("路径")
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, related_name="lines", verbose_name="持股户")
    kind = models.CharField("股种", max_length=40)
    shares = models.DecimalField("股数", max_digits=14, decimal_places=2)

    class Meta:
        db_table = "share_line"
        constraints = [models.CheckConstraint(condition=~Q(shares=0), name="share_line_not_nothing")]


class Dividend(Placed):
    """A year's earnings as distributed by shares as they stood on `record_day`. All amounts in yuan.

    `income` and `costs` are of the ledger when it was proposed; `amount` is what the meeting decided to distribute; `reserves` (key →
    amount, as text) go first and `pool` is divided. `state`: proposed, posted, declined (never posted) or reversed.
    `accounts`, `persons`: every account and person that whoever proposed it is or acts for.
    """

    year = models.SmallIntegerField("年度")
    rule = models.CharField("分配办法", max_length=40)
    record_day = models.DateField("股权登记日")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", verbose_name="依据的会议")
    income = models.DecimalField("收入", max_digits=18, decimal_places=2)
    costs = models.DecimalField("成本费用", max_digits=18, decimal_places=2)
    amount = models.DecimalField("决定分配", max_digits=18, decimal_places=2)
    reserves = models.JSONField("提留", default=dict)
    pool = models.DecimalField("按股分配", max_digits=18, decimal_places=2)
    shares = models.DecimalField("股数", max_digits=14, decimal_places=2)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, default="proposed")
    proposed_on = models.DateField("提出日期")
    proposed_by = models.BigIntegerField("提出账号")
    accounts = models.JSONField("经办账号", default=list)
    persons = models.JSONField("经办人", default=list)
    decided_on = models.DateField("审核日期", null=True)
    decided_by = models.BigIntegerField("审核账号", null=True)
    reason = models.CharField("不通过或冲销的理由", max_length=200, blank=True)

    class Meta:
        db_table = "share_dividend"
        indexes = [models.Index(fields=["unit", "year"]), models.Index(fields=["path", "proposed_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, pool__gte=0), name="share_dividend_amounts"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state="proposed"), name="share_dividend_one_at_a_time"
            ),
        ]


class Part(models.Model):
    """What a holder gets of a dividend; `holder` None: what stays with the collective for its own shares.

    `entry`: what is due to the household, as posted; `payment`: the latest entry by which it was paid.
    """

    dividend = models.ForeignKey(Dividend, models.CASCADE, related_name="parts")
    path = Path("路径")
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, related_name="+", verbose_name="持股户")
    shares = models.DecimalField("股数", max_digits=14, decimal_places=2)
    amount = models.DecimalField("金额", max_digits=18, decimal_places=2)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="应付分录")
    payment = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="发放分录")

    class Meta:
        db_table = "share_part"
        constraints = [
            models.UniqueConstraint(fields=["dividend", "holder"], nulls_distinct=False, name="share_part_once")
        ]

"""Entry 台账: an amount booked for a unit, household or person; never edited, only reversed."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Household, Person, Placed


class Entry(Placed):
    """`amount` in the measure of its kind: yuan, mu, m², points, persons. A reversal carries the negative amount and names what it undoes.

    `day` is when it was booked. A standing amount (a contract) is in force from `since` to `until`, both days included.
    A correction (更正) belongs to the `day` that it corrects, was made on the later day `corrected_on`, and says why in `note`.
    """

    kind = models.CharField("账目", max_length=40)
    day = models.DateField("日期")
    since = models.DateField("起始日", null=True, blank=True)
    until = models.DateField("截止日", null=True, blank=True)
    amount = models.DecimalField("数额", max_digits=18, decimal_places=2)
    source = models.CharField("来源", max_length=40, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="户")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal", verbose_name="冲销")
    note = models.CharField("说明", max_length=200, blank=True)
    corrected_on = models.DateField("更正日期", null=True, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "entry"
        indexes = [
            models.Index(fields=["kind", "path", "day"]),
            models.Index(
                fields=["path", "corrected_on"], condition=Q(corrected_on__isnull=False), name="entry_corrected_idx"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="entry_dates"),
            models.CheckConstraint(condition=Q(corrected_on=None) | ~Q(note=""), name="entry_corrected"),
        ]


class PointProposal(Placed):
    """Points proposed for a person or a household, shown from `proposed_on` to `shown_until`, both included; posted, they are an `entry`.

    `amount` below zero takes points off; that is told to whom it concerns and shown to nobody else.
    `state`: shown, posted, declined (never posted) or reversed. One appeal is taken; `answered_on` None: it waits.
    `heard`: how whoever took the appeal down heard it from them; empty: they wrote it themselves.
    `cause`: the record that it rests on, as "table:id"; one of a subject and kind is proposed once. Empty: proposed by hand.
    """

    kind = models.CharField("账目", max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="户")
    item = models.CharField("积分项目", max_length=40, blank=True)
    amount = models.DecimalField("分值", max_digits=18, decimal_places=2)
    why = models.CharField("事由", max_length=200)
    cause = models.CharField("依据的记录", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, default="shown")
    proposed_on = models.DateField("提出日期")
    proposed_by = models.BigIntegerField("提出账号", null=True)
    shown_until = models.DateField("公示截止日")
    decided_on = models.DateField("审核日期", null=True)
    decided_by = models.BigIntegerField("审核账号", null=True)
    decision = models.CharField("不予入账的理由", max_length=200, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", verbose_name="入账分录")
    appeal = models.CharField("申诉内容", max_length=500, blank=True)
    heard = models.CharField("代记申诉的情况", max_length=200, blank=True)
    appealed_on = models.DateField("申诉日期", null=True)
    appealed_by = models.BigIntegerField("申诉账号", null=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.BigIntegerField("答复账号", null=True)

    class Meta:
        db_table = "point_proposal"
        indexes = [models.Index(fields=["unit", "state"]), models.Index(fields=["person"])]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="point_proposal_amount"),
            models.CheckConstraint(condition=Q(shown_until__gte=F("proposed_on")), name="point_proposal_dates"),
            models.CheckConstraint(
                condition=Q(person=None, household__isnull=False) | Q(person__isnull=False, household=None),
                name="point_proposal_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("posted", "reversed"), entry__isnull=False)
                | Q(state__in=("shown", "declined"), entry=None),
                name="point_proposal_posted",
            ),
            models.UniqueConstraint(
                fields=["kind", "person", "household", "cause"],
                condition=~Q(cause=""),
                nulls_distinct=False,
                name="point_proposal_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.amount.normalize():+f}分"

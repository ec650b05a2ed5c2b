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

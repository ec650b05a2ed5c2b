"""Duty 责任: a bearer answers for a target from a day to a day."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Dated, Household, Person, Placed, Unit, ends_after_it_starts


class Duty(Placed, Dated):
    """`unit` (and so `path`) is the home unit of the target. One bearer and one target are set; the kind says which.

    `slot` is a number that two duties share when the kind allows only one of them at a time; the database refuses the overlap.
    """

    kind = models.CharField("责任类别", max_length=40)
    bearer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="duties", verbose_name="责任人")
    bearer_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="borne_duties", verbose_name="责任单位"
    )
    target_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="责任对象（单位）")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="duties", verbose_name="责任对象（户）"
    )
    target_person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="责任对象（人）"
    )
    role = models.CharField("岗位", max_length=40, blank=True)
    end_reason = models.CharField("终止原因", max_length=40, blank=True)
    slot = models.BigIntegerField(null=True)

    class Meta:
        db_table = "duty"
        indexes = [
            models.Index(fields=["kind", "path", "since"]),
        ]
        constraints = [
            ends_after_it_starts("duty"),
            models.CheckConstraint(
                condition=Q(bearer__isnull=False) | Q(bearer_unit__isnull=False), name="duty_bearer"
            ),
        ]

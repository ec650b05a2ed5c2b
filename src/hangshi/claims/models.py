"""What a person confirmed: this subject, in reports of this kind, means that definition."""

from django.db import models

from hangshi.access.models import Account
from hangshi.registry.models import Placed


class ClaimBinding(Placed):
    """`unit`: for whose reports it holds. `definition`: key of an indicator, or of a standard where `standard` is set."""

    report_kind = models.CharField("材料类别", max_length=40)
    subject = models.CharField("数字所指", max_length=120)
    measure = models.CharField("计量单位", max_length=20)
    definition = models.CharField("指标或标准", max_length=80)
    standard = models.BooleanField("是标准", default=False)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_on = models.DateField("确认日")

    class Meta:
        db_table = "claim_binding"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "report_kind", "subject", "measure"], name="claim_binding_one_meaning"
            )
        ]

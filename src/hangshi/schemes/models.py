"""A scheme as a unit writes it: drafts, and the editions that came into force."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Placed


class Draft(Placed):
    """The TOML of one scheme with one edition, as it is being written. It always has the right keys and types; whether it agrees is told beside it.

    `revision` counts the changes, so that of two who change it at once the second is told. `state`: open, adopted or dropped.
    """

    key = models.CharField("办法", max_length=60, db_collation="C")
    name = models.CharField("办法名称", max_length=120)
    text = models.TextField("办法内容")
    revision = models.IntegerField("修改次数", default=0)
    state = models.CharField("状态", max_length=10, default="open", db_collation="C")
    opened_on = models.DateField("起草日期")
    changed_on = models.DateField("修改日期")
    recorded_by = models.BigIntegerField("起草账号", null=True)
    changed_by = models.BigIntegerField("修改账号", null=True)

    class Meta:
        db_table = "scheme_draft"
        indexes = [models.Index(fields=["path", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], condition=Q(state="open"), name="scheme_draft_one_open")
        ]

    def __str__(self) -> str:
        return self.name


class Edition(Placed):
    """A draft that came into force on `since` for the unit and all below it. `digest`: of all that decides a score (see `packs.schemes.Edition`)."""

    key = models.CharField("办法", max_length=60, db_collation="C")
    name = models.CharField("办法名称", max_length=120)
    since = models.DateField("首日")
    text = models.TextField("办法内容")
    digest = models.CharField("定义版本", max_length=16, db_collation="C")
    draft = models.OneToOneField(Draft, models.PROTECT, related_name="edition", verbose_name="草稿")
    adopted_on = models.DateField("启用日期")
    recorded_by = models.BigIntegerField("启用账号", null=True)

    class Meta:
        db_table = "scheme_edition"
        indexes = [models.Index(fields=["key", "since"])]
        constraints = [models.UniqueConstraint(fields=["unit", "key", "since"], name="scheme_edition_since_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.since} 起）"

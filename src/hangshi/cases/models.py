"""Case 事项: something is open and moves through stages until it is closed."""

from django.db import models
from django.db.models import F, Q

from hangshi.registry.models import Dated, Household, Path, Person, Placed, Unit, ends_after_it_starts


class Case(Placed):
    """`stage` is one of the kind's stages; `closed_on` is set when one that ends the case is reached.

    `due_assumed`: a day due lies in a year whose days off are not published. `revision` rises with every change.
    """

    kind = models.CharField("事项类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    ground = models.CharField("情形", max_length=60, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="当事人")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="当事户")
    opened_on = models.DateField("立项日期")
    due_on = models.DateField("办结期限", null=True, blank=True)
    due_assumed = models.BooleanField("期限为推算", default=False)
    stage = models.CharField("阶段", max_length=40)
    stage_due_on = models.DateField("阶段期限", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    verdict = models.CharField("结论", max_length=200, blank=True)
    batch = models.CharField("批次", max_length=40, blank=True)
    listed_on = models.DateField("挂牌日期", null=True, blank=True)
    suspended_on = models.DateField("中止日期", null=True, blank=True)
    revision = models.IntegerField("修订号", default=0)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "case_file"
        indexes = [
            models.Index(fields=["kind", "path", "opened_on"]),
            models.Index(fields=["kind", "batch"], condition=~Q(batch=""), name="case_file_batch"),
            models.Index(fields=["stage_due_on"], condition=Q(closed_on=None), name="case_file_open_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="case_dates"),
            models.CheckConstraint(condition=Q(closed_on=None) | Q(suspended_on=None), name="case_closed_or_suspended"),
        ]


class Step(models.Model):
    """One act on a case, kept for ever: from which stage to which, when, by which account, with what note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    path = Path("路径")
    act = models.CharField("动作", max_length=10, default="move")
    before = models.CharField("原阶段", max_length=40, blank=True)
    after = models.CharField("新阶段", max_length=40)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("办理账号", null=True)

    class Meta:
        db_table = "case_step"
        indexes = [models.Index(fields=["case", "id"])]


class Part(models.Model):
    """What hangs on a case and moves with it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="%(class)ss")
    path = Path("路径")
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        abstract = True


class Seat(Part, Dated):
    """A person or a unit has a part in the case (a seat of its kind) from a day to a day."""

    seat = models.CharField("席位", max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")

    class Meta:
        db_table = "case_seat"
        constraints = [
            ends_after_it_starts("case_seat"),
            models.CheckConstraint(
                condition=Q(person=None, unit__isnull=False) | Q(unit=None, person__isnull=False),
                name="case_seat_taken",
            ),
        ]


class Measure(Part):
    """One thing to be done for the case, by a person or a unit; `checked_on` is the return check (回访) that found it holds."""

    text = models.CharField("措施", max_length=300)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="责任人")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成期限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=300, blank=True)
    checked_on = models.DateField("回访日期", null=True, blank=True)
    finding = models.CharField("回访情况", max_length=300, blank=True)

    class Meta:
        db_table = "case_measure"
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, unit__isnull=False) | Q(unit=None, person__isnull=False), name="measure_owner"
            ),
            models.CheckConstraint(
                condition=Q(checked_on=None) | Q(checked_on__gte=F("done_on"), done_on__isnull=False),
                name="measure_checked_after_done",
            ),
        ]


class Evidence(Part):
    """What proves that a stage's work was done: a paper by name, a file by its SHA-256 where one was handed in."""

    evidence = models.CharField("证据", max_length=40)
    name = models.CharField("名称", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    day = models.DateField("日期")

    class Meta:
        db_table = "case_evidence"


class Urging(Part):
    """The case was urged on at a level (提醒, 督办) because a stage was overdue since `due_on`; once a level for one deadline."""

    level = models.CharField("等次", max_length=40)
    due_on = models.DateField("逾期的期限")
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        db_table = "case_urging"
        constraints = [models.UniqueConstraint(fields=["case", "level", "due_on"], name="case_urging_once")]

"""Activity 活动: something took place on a day, somewhere, with people; before that it may have been planned."""

from django.db import models
from django.db.models import Q

from hangshi.registry.models import Household, Path, Person, Placed, Unit


class Plan(Placed):
    """An activity to come. `state`: planned, noticed (people were told), held (there is an `Activity`) or called_off."""

    kind = models.CharField("活动类别", max_length=40)
    day = models.DateField("计划日期")
    starts_at = models.TimeField("开始时间", null=True)
    topic = models.CharField("主题", max_length=200)
    place = models.CharField("地点", max_length=120, blank=True)
    agenda = models.JSONField("议题", default=list)
    state = models.CharField("状态", max_length=10, default="planned")
    noticed_on = models.DateField("通知日期", null=True)
    reason = models.CharField("改期或取消的理由", max_length=200, blank=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "activity_plan"
        indexes = [models.Index(fields=["path", "day"]), models.Index(fields=["unit", "day"])]


class Activity(Placed):
    """`present` is the number of people there, which may exceed the named `Attendance` rows (residents are counted, not listed).

    `state`: recorded, checked, accepted or sent_back. `late`: recorded after the term of its kind; `recorded_at` is the server's.
    """

    kind = models.CharField("活动类别", max_length=40)
    day = models.DateField("日期")
    leader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="主持人或走访人")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="走访户")
    topic = models.CharField("主题", max_length=200, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    present = models.IntegerField("参加人数", default=0)
    minutes = models.TextField("纪要", blank=True)
    plan = models.OneToOneField(Plan, models.PROTECT, null=True, related_name="activity", verbose_name="计划")
    state = models.CharField("状态", max_length=10, default="recorded")
    late = models.BooleanField("逾期补录", default=False)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "activity"
        indexes = [
            # What was sent back does not count: a count finds the state beside what it looks for.
            models.Index(fields=["kind", "path", "day"], include=["state"], name="activity_kind_path_day"),
            models.Index(fields=["path", "day"]),
            models.Index(fields=["unit", "day"]),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(present__gte=0), name="activity_present")]


class Attendance(models.Model):
    """The person was there (`present`), had leave (`leave`) or was absent (`absent`); `reason` of the leave."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="attendances", db_index=False
    )  # `attendance_once` begins with it
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    unit = models.ForeignKey(Unit, models.PROTECT)
    path = Path("路径")
    day = models.DateField("日期")
    state = models.CharField("到会情况", max_length=10, default="present")
    reason = models.CharField("请假事由", max_length=100, blank=True)

    class Meta:
        db_table = "attendance"
        indexes = [models.Index(fields=["path", "day"])]
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="attendance_once")]


class AgendaItem(models.Model):
    """One item of an activity: what was on the table, and what was resolved."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="agenda")
    path = Path("路径")
    number = models.SmallIntegerField("序号")
    topic = models.CharField("议题", max_length=200)
    resolution = models.TextField("决议", blank=True)

    class Meta:
        db_table = "activity_agenda"
        constraints = [models.UniqueConstraint(fields=["activity", "number"], name="activity_agenda_once")]


class Also(models.Model):
    """The activity counts as this other kind too, without being entered again."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="also")
    kind = models.CharField("活动类别", max_length=40)
    path = Path("路径")

    class Meta:
        db_table = "activity_also"
        indexes = [models.Index(fields=["kind", "path"])]
        constraints = [models.UniqueConstraint(fields=["activity", "kind"], name="activity_also_once")]


class Review(models.Model):
    """One act on a recorded activity, kept for ever: checked, accepted, sent back, corrected."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reviews")
    path = Path("路径")
    before = models.CharField("原状态", max_length=10)
    after = models.CharField("新状态", max_length=10)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    recorded_by = models.BigIntegerField("办理账号", null=True)

    class Meta:
        db_table = "activity_review"
        indexes = [models.Index(fields=["activity", "id"])]


class Attachment(models.Model):
    """A file of an activity, kept under its SHA-256; `name` is what the person called it and is shown only."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attachments")
    path = Path("路径")
    sha256 = models.CharField("文件摘要", max_length=64)
    name = models.CharField("名称", max_length=120)
    media = models.CharField("类型", max_length=40)
    size = models.IntegerField("字节数")
    attached_at = models.DateTimeField("上传时间", auto_now_add=True)
    recorded_by = models.BigIntegerField("上传账号", null=True)
    taken_off = models.BooleanField("已撤下", default=False)

    class Meta:
        db_table = "activity_attachment"
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "sha256"], condition=Q(taken_off=False), name="activity_attachment_once"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="activity_attachment_size"),
        ]

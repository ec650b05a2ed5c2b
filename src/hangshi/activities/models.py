"""Activity 活动: something took place on a day, somewhere, with people."""

from django.db import models

from hangshi.registry.models import Household, Path, Person, Placed, Unit


class Activity(Placed):
    """`present` is the number of people there, which may exceed the named `Attendance` rows (residents are counted, not listed)."""

    kind = models.CharField("活动类别", max_length=40)
    day = models.DateField("日期")
    leader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="主持人或走访人")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", verbose_name="走访户")
    topic = models.CharField("主题", max_length=200, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    present = models.IntegerField("参加人数", default=0)
    minutes = models.TextField("纪要", blank=True)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    recorded_by = models.BigIntegerField("登记账号", null=True)

    class Meta:
        db_table = "activity"
        indexes = [
            models.Index(fields=["kind", "path", "day"]),
            models.Index(fields=["path", "day"]),
            models.Index(fields=["unit", "day"]),
            models.Index(fields=["household"]),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(present__gte=0), name="activity_present")]


class Attendance(models.Model):
    """The person was there (`present`), had leave (`leave`) or was absent (`absent`)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    unit = models.ForeignKey(Unit, models.PROTECT)
    path = Path("路径")
    day = models.DateField("日期")
    state = models.CharField("到会情况", max_length=10, default="present")

    class Meta:
        db_table = "attendance"
        indexes = [models.Index(fields=["path", "day"]), models.Index(fields=["person"])]
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="attendance_once")]

"""Units standing in dated lines, persons, households and memberships: what every record hangs on."""

from django.db import models
from django.db.models import F, Q


class Path(models.CharField):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """The ids from the root down to a unit, each followed by '/': '1/23/456/'. Compared as bytes, as a range."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's field signature is open


class Dated(models.Model):
    """In force from `since` to `until`, both days included; no `until` means still in force."""

    since = models.DateField("起始日")
    until = models.DateField("截止日", null=True, blank=True)

    class Meta:
        abstract = True


class Placed(models.Model):
    """A row that belongs to a unit. `path` is that unit's present path (row-level security compares it) and moves with it."""

    unit = models.ForeignKey("registry.Unit", models.PROTECT, verbose_name="所属单位")
    path = Path("路径")
    extra = models.JSONField("附加字段", default=dict, blank=True)

    class Meta:
        abstract = True


def ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name=f"{name}_dates")


class Unit(Dated):
    """A place or an organisation. `name` and `code` are the present ones; `UnitName` keeps the earlier. `path`: the place line."""

    kind = models.CharField("类别", max_length=40)
    name = models.CharField("名称", max_length=120)
    code = models.CharField("代码", max_length=20, blank=True)
    path = Path("路径", blank=True)
    extra = models.JSONField("附加字段", default=dict, blank=True)

    # For whom it was read, and no column: along which line, and whether all that this reader may see is the unit's.
    line: str = "place"
    whole: bool = False

    class Meta:
        db_table = "unit"
        indexes = [models.Index(fields=["path"]), models.Index(fields=["kind", "path"]), models.Index(fields=["code"])]
        constraints = [ends_after_it_starts("unit")]

    def __str__(self) -> str:
        return self.name


class UnitName(Dated):
    """What a unit was called, and its division code, from a day to a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=120)
    code = models.CharField("代码", max_length=20, blank=True)
    path = Path("路径", blank=True)

    class Meta:
        db_table = "unit_name"
        constraints = [ends_after_it_starts("unit_name")]


class UnitLink(Dated):
    """`unit` stands under `parent` in a line: `place` (块) or `party` (条). A root has no parent."""

    line = models.CharField("条线", max_length=20)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="links")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="child_links")
    path = Path("路径", blank=True)

    class Meta:
        db_table = "unit_link"
        constraints = [ends_after_it_starts("unit_link")]


class UnitPath(Dated):
    """Where a unit stood in a line from a day to a day. `tree_path` is that day's path; `path` is the present one, for scope."""

    line = models.CharField("条线", max_length=20)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="paths")
    tree_path = Path("当时路径")
    depth = models.SmallIntegerField("层级")
    path = Path("路径")

    class Meta:
        db_table = "unit_path"
        indexes = [models.Index(fields=["line", "tree_path"]), models.Index(fields=["unit", "line", "since"])]
        constraints = [ends_after_it_starts("unit_path")]


class Succession(models.Model):
    """On the day `day` the unit passed to a successor: by `merge`, `split` or `close`."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions")
    day = models.DateField("日期")
    how = models.CharField("方式", max_length=10)
    path = Path("路径")

    class Meta:
        db_table = "succession"


class Person(Placed):
    """Somebody. The identity number is sealed (`identity`); `id_index` is its keyed blind index, for equality only."""

    name = models.CharField("姓名", max_length=64)
    sex = models.CharField("性别", max_length=1, blank=True)
    born = models.DateField("出生日期", null=True, blank=True)
    id_sealed = models.BinaryField("公民身份号码（密文）", null=True)
    id_index = models.BinaryField("公民身份号码索引", null=True, unique=True, max_length=32)
    cadre = models.CharField("干部身份", max_length=20, blank=True)

    class Meta:
        db_table = "person"
        indexes = [models.Index(fields=["path", "id"]), models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name


class Household(Placed):
    """A household, by its head. Its number is the village's own; its statuses are in `HouseholdStatus`."""

    number = models.CharField("户编号", max_length=30, unique=True)
    head = models.CharField("户主", max_length=64)

    class Meta:
        db_table = "household"
        indexes = [models.Index(fields=["path", "id"])]

    def __str__(self) -> str:
        return f"{self.head}户"


class HouseholdStatus(Dated):
    """What the household counted as (建档立卡, 脱贫, 监测 …, kinds from the pack), one at a time."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="statuses")
    unit = models.ForeignKey(Unit, models.PROTECT)
    path = Path("路径")
    status = models.CharField("状态", max_length=40)
    ground = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        db_table = "household_status"
        indexes = [models.Index(fields=["path", "status", "since"])]
        constraints = [ends_after_it_starts("household_status")]


class HouseholdMember(Dated):
    """The person lives in the household from a day to a day."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="households")
    path = Path("路径")
    relation = models.CharField("与户主关系", max_length=20)

    class Meta:
        db_table = "household_member"
        constraints = [ends_after_it_starts("household_member")]


class Membership(Dated):
    """The person is a Party member of the branch `unit`; one branch on a day (the database refuses two)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部")
    path = Path("路径")
    status = models.CharField("党员状态", max_length=20)
    category = models.CharField("党员类别", max_length=40)
    end_reason = models.CharField("终止原因", max_length=40, blank=True)

    class Meta:
        db_table = "membership"
        indexes = [
            models.Index(fields=["path", "category", "since"]),
        ]
        constraints = [ends_after_it_starts("membership")]


class SearchToken(models.Model):
    """Bigrams of names, for substring search by plain equality (the one search that stays indexed under row security)."""

    token = models.CharField(max_length=8, db_collation="C")
    target = models.CharField(max_length=12)
    target_id = models.BigIntegerField()
    path = Path("路径")

    class Meta:
        db_table = "search_token"
        indexes = [models.Index(fields=["token", "path"])]

"""The eight registers that have list pages: their columns, filters and order, as data."""

from dataclasses import dataclass, field

from django.db.models import Model, Q

from hangshi.activities.models import Activity
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, Membership, Person, Unit


@dataclass(frozen=True)
class Column:
    """`show`: head (link to the record), unit (link to the unit), text, day, number; `family`: the cell holds a key of that family."""

    label: str
    source: str
    show: str = "text"
    family: str = ""
    sort: bool = False


@dataclass(frozen=True)
class Register:
    key: str
    title: str
    icon: str
    model: type[Model]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ("-id",)
    filters: dict[str, tuple[str, str]] = field(default_factory=dict)  # column → (label, family)
    search: tuple[str, str] = ("", "")  # (target of the search tokens, column that holds its id)
    day: str = ""
    open: Q | None = None  # what “现行” means here

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def unit_source(self) -> str:
        return "id" if self.key == "units" else "unit_id"


UNIT = Column("单位", "unit__name", "unit")
SINCE, UNTIL = Column("起始日", "since", "day", sort=True), Column("截止日", "until", "day")
LIVE = Q(until=None)

_ALL = (
    Register(
        "units",
        "单位",
        "hierarchy",
        Unit,
        (
            Column("名称", "name", "head", sort=True),
            Column("类别", "kind", family="unit"),
            Column("代码", "code", sort=True),
            SINCE,
            UNTIL,
        ),
        order=("path",),
        filters={"kind": ("类别", "unit")},
        search=("unit", "id"),
        open=LIVE,
    ),
    Register(
        "persons",
        "人员",
        "users",
        Person,
        (
            Column("姓名", "name", "head", sort=True),
            UNIT,
            Column("性别", "sex"),
            Column("出生日期", "born", "day"),
            Column("干部身份", "cadre", family="cadre"),
        ),
        order=("path", "id"),
        filters={"cadre": ("干部身份", "cadre")},
        search=("person", "id"),
    ),
    Register(
        "households",
        "农户",
        "home-heart",
        Household,
        (Column("户主", "head", "head", sort=True), Column("户编号", "number", sort=True), UNIT),
        order=("path", "id"),
        search=("household", "id"),
    ),
    Register(
        "members",
        "党员",
        "flag",
        Membership,
        (
            Column("姓名", "person__name", "head"),
            UNIT,
            Column("状态", "status", family="membership_status"),
            Column("类别", "category", family="membership_category"),
            SINCE,
            UNTIL,
        ),
        order=("path", "id"),
        search=("person", "person_id"),
        day="since",
        open=LIVE,
        filters={"category": ("类别", "membership_category"), "status": ("状态", "membership_status")},
    ),
    Register(
        "duties",
        "责任",
        "link",
        Duty,
        (
            Column("责任类别", "kind", "head", "duty"),
            Column("责任人", "bearer__name"),
            Column("责任单位", "bearer_unit__name"),
            Column("对象单位", "target_unit__name"),
            Column("对象户", "household__head"),
            UNIT,
            SINCE,
            UNTIL,
        ),
        filters={"kind": ("责任类别", "duty")},
        search=("person", "bearer_id"),
        day="since",
        open=LIVE,
    ),
    Register(
        "activities",
        "活动",
        "calendar-event",
        Activity,
        (
            Column("活动类别", "kind", "head", "activity"),
            Column("日期", "day", "day", sort=True),
            UNIT,
            Column("主题", "topic"),
            Column("主持或走访人", "leader__name"),
            Column("走访户", "household__head"),
            Column("人数", "present", "number", sort=True),
        ),
        order=("-day", "-id"),  # on an index of its own: a number says little of the day
        filters={"kind": ("活动类别", "activity")},
        search=("household", "household_id"),
        day="day",
    ),
    Register(
        "cases",
        "事项",
        "folder",
        Case,
        (
            Column("标题", "title", "head"),
            Column("类别", "kind", family="case"),
            UNIT,
            Column("立项", "opened_on", "day", sort=True),
            Column("期限", "due_on", "day", sort=True),
            Column("阶段", "stage", "stage"),
            Column("办结", "closed_on", "day"),
        ),
        filters={"kind": ("类别", "case")},
        search=("person", "person_id"),
        day="opened_on",
        open=Q(closed_on=None),
    ),
    Register(
        "entries",
        "台账",
        "report-money",
        Entry,
        (
            Column("账目", "kind", "head", "entry"),
            Column("日期", "day", "day", sort=True),
            UNIT,
            Column("户", "household__head"),
            Column("来源", "source"),
            Column("数额", "amount", "number", sort=True),
        ),
        order=("-day", "-id"),  # on an index of its own: a number says little of the day
        filters={"kind": ("账目", "entry")},
        search=("household", "household_id"),
        day="day",
    ),
)
REGISTERS = {it.key: it for it in _ALL}

# What a record's page lists beneath it: (title, register, the column that points here)
RELATED = {
    "persons": (
        ("组织关系", "members", "person"),
        ("承担的责任", "duties", "bearer"),
        ("相关事项", "cases", "person"),
    ),
    "households": (
        ("帮扶责任", "duties", "household"),
        ("走访记录", "activities", "household"),
        ("台账", "entries", "household"),
        ("相关事项", "cases", "household"),
    ),
    "entries": (("冲销分录", "entries", "reverses"),),
}
UNIT_TABS = ("persons", "households", "members", "duties", "activities", "cases", "entries")

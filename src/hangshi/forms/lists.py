"""Lists of records that may be the rows of a form: one row for each bearer of a duty, each household of a status, each member."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from hangshi.duties.models import Duty
from hangshi.indicators.queries import Period
from hangshi.packs.models import Pack
from hangshi.registry.models import HouseholdStatus, Membership, Unit
from hangshi.registry.named import names_of

MONITORED = "monitored"  # the statuses of a household whose keys begin so are one list: 监测户
FIELDS = {
    "name": "姓名（户主）",
    "unit": "所在单位",
    "kind": "职务或类别",
    "since": "起始日期",
    "home": "派出（工作）单位",
    "number": "户编号",
}
CALLED = {
    "name": ("姓名", "户主", "户主姓名", "党员姓名", "本人姓名"),
    "unit": ("单位", "所在单位", "村", "所在村", "行政村", "派驻村", "任职村", "村名", "党支部", "所在党支部", "所在支部"),
    "kind": ("职务", "岗位", "类别", "户类型", "户类别", "监测类型", "监测对象类别", "党员类别", "人员类别"),
    "since": ("起始日期", "起始时间", "任职时间", "任职日期", "到任时间", "派驻时间", "识别时间", "认定时间", "认定日期", "转入时间"),
    "home": ("派出单位", "选派单位", "工作单位", "原单位", "原工作单位", "所在工作单位"),
    "number": ("户编号", "编号", "户号"),
}  # fmt: skip


@dataclass(frozen=True)
class RecordList:
    """`table`: the register that its records are in; `kinds`: the kinds or statuses of the records; `called`: what a title may call it."""

    key: str
    name: str
    table: str
    kinds: tuple[str, ...]
    called: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """`pk` of the record in its register; `cells`: of the list's fields, as text."""

    pk: int
    cells: Mapping[str, str]


def lists(pack: Pack) -> dict[str, RecordList]:
    """Every list that the pack's kinds give."""
    found = [
        RecordList(
            f"duty_{it.key}", it.name, "duties", (it.key,), (it.name,), ("name", "unit", "kind", "since", "home")
        )
        for it in pack.kinds.duty.values()
        if it.bearer == "person" and it.target == "unit"
    ]
    statuses = pack.kinds.household_status
    fields = ("name", "unit", "kind", "since", "number")
    found += [
        RecordList(f"status_{it.key}", it.name, "households", (it.key,), (it.name,), fields) for it in statuses.values()
    ]
    watched = tuple(it for it in statuses if it.startswith(MONITORED))
    if watched:
        found.append(RecordList(MONITORED, "监测户", "households", watched, ("监测户", "监测对象"), fields))
    found.append(RecordList("members", "党员", "members", (), ("党员",), ("name", "unit", "kind", "since")))
    return {it.key: it for it in found}


def rows(pack: Pack, it: RecordList, unit: Unit, when: Period, most: int) -> list[Row]:
    """Those in force on the last day of the period, of the unit and all below it, by unit; one more than `most` at the most."""
    return list(_READ[it.table](pack, it, unit, when, most + 1))


def _in_force(found: QuerySet[Any], unit: Unit, when: Period) -> QuerySet[Any]:
    standing = found.filter(Q(until=None) | Q(until__gte=when.last), since__lte=when.last)
    return standing.filter(path__gte=unit.path, path__lt=f"{unit.path[:-1]}0").order_by("path", "pk")


def _duties(pack: Pack, it: RecordList, unit: Unit, when: Period, most: int) -> Iterator[Row]:
    found = _in_force(Duty.objects.filter(kind__in=it.kinds), unit, when)
    read = list(found.values_list("pk", "bearer_id", "target_unit__name", "kind", "role", "since")[:most])
    named = names_of({bearer for _, bearer, *_ in read})
    for pk, bearer, at, kind, role, since in read:
        known, about = named.get(bearer), pack.kinds.duty[kind]
        cells = {"name": known.name if known else "", "home": known.unit if known else "", "unit": at or ""}
        yield Row(pk, cells | {"kind": about.roles.get(role, about.name), "since": since.isoformat()})


def _households(pack: Pack, it: RecordList, unit: Unit, when: Period, most: int) -> Iterator[Row]:
    found = _in_force(HouseholdStatus.objects.filter(status__in=it.kinds), unit, when)
    read = found.values_list("household_id", "household__head", "household__number", "unit__name", "status", "since")
    for pk, head, number, at, status, since in read[:most]:
        kind = pack.kinds.household_status[status].name
        yield Row(pk, {"name": head, "number": number, "unit": at, "kind": kind, "since": since.isoformat()})


def _members(pack: Pack, it: RecordList, unit: Unit, when: Period, most: int) -> Iterator[Row]:
    found = _in_force(Membership.objects.all(), unit, when).annotate(at=F("unit__name"))
    read = list(found.values_list("pk", "person_id", "at", "status", "since")[:most])
    named = names_of({person for _, person, *_ in read})
    for pk, person, at, status, since in read:
        known, kind = named.get(person), pack.kinds.membership_status[status].name
        yield Row(pk, {"name": known.name if known else "", "unit": at, "kind": kind, "since": since.isoformat()})


_READ = {"duties": _duties, "households": _households, "members": _members}

"""What goes out: one shape for each record, each field with the column it comes from. A shape is a whitelist: nothing else leaves."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from django.db.models import QuerySet
from pydantic import BaseModel, ConfigDict, Field

from hangshi.privacy.register import may_show
from hangshi.registry.models import Unit
from hangshi.registry.queries import names_of

Kept = Annotated[dict[str, Any], Field(description="类别自带的字段，按包里的键；没有查看受限信息的权限时为空")]


def example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class Row(BaseModel):
    """`columns`: where a field's value comes from, if not from the column of its own name."""

    columns: ClassVar[dict[str, str]] = {}
    id: int

    # A field that holds a person's id → the field of their name: who is named in scope need not live there.
    named: ClassVar[dict[str, str]] = {}

    @classmethod
    def of(cls, rows: "QuerySet[Any]", *, restricted: bool) -> list[dict[str, Any]]:
        """The rows as plain values, in one statement. `restricted`: with the fields that the register of personal data restricts."""
        names = list(cls.model_fields)
        sources = {name: cls.columns.get(name, name) for name in names}
        hidden = {
            name
            for name, source in sources.items()
            if source not in rows.query.annotations and not may_show(rows.model, source, restricted=restricted)
        }
        found = [dict(zip(names, row, strict=True)) for row in rows.values_list(*sources.values())]
        cls._name(found)
        return [row | dict.fromkeys(hidden) for row in found]

    @classmethod
    def _name(cls, found: list[dict[str, Any]]) -> None:
        for person, name in cls.named.items():
            missing = {row[person] for row in found if row[person] is not None and row[name] is None}
            known = names_of(missing)
            for row in found:
                if row[name] is None and row[person] in known:
                    row[name] = known[row[person]].name


class UnitRow(Row):
    """单位。`parent`：属地线上现在的上级，不在管辖范围内的为空。"""

    model_config = example(
        id=23, kind="village", name="东湾村", code="610902101201", parent=7, since="2016-01-01", until=None, extra={}
    )
    columns: ClassVar[dict[str, str]] = {"parent": "path"}
    kind: str
    name: str
    code: str
    parent: int | None
    since: date
    until: date | None
    extra: Kept | None

    @classmethod
    def of(cls, rows: "QuerySet[Any]", *, restricted: bool) -> list[dict[str, Any]]:
        found = super().of(rows, restricted=restricted)
        for row in found:
            row["parent"] = next((int(it) for it in reversed(row["parent"].split("/")[:-2])), None)
        parents = {row["parent"] for row in found}
        visible = set(Unit.objects.filter(pk__in=parents - {None}).values_list("pk", flat=True))
        return [row | {"parent": row["parent"] if row["parent"] in visible else None} for row in found]


class PersonRow(Row):
    """人员。公民身份号码不经接口给出，只说是否已登记。"""

    model_config = example(
        id=501,
        name="王建国",
        unit=23,
        unit_name="东湾村",
        sex="男",
        born="1971-03-05",
        cadre="organ",
        identified=True,
    )
    columns: ClassVar[dict[str, str]] = {"unit": "unit_id", "unit_name": "home_name", "identified": "has_number"}
    name: str
    unit: int
    unit_name: str | None
    sex: str | None
    born: date | None
    cadre: str
    identified: bool


class HouseholdRow(Row):
    """农户。`status`：查询日的状态（建档立卡、脱贫、监测等，按包里的键），没有则为空。"""

    model_config = example(
        id=77, number="DW-0012", head="李一", unit=23, unit_name="东湾村", status="registered", extra={}
    )
    columns: ClassVar[dict[str, str]] = {"unit": "unit_id", "unit_name": "unit__name", "status": "status_now"}
    number: str
    head: str
    unit: int
    unit_name: str | None
    status: str | None
    extra: Kept | None


class MembershipRow(Row):
    """组织关系：某人自某日起是某支部的党员。"""

    model_config = example(
        id=900,
        person=501,
        person_name="王建国",
        unit=31,
        unit_name="东湾村党支部",
        status="full",
        category="rural",
        since="2016-01-01",
        until=None,
        end_reason="",
    )
    columns: ClassVar[dict[str, str]] = {
        "person": "person_id",
        "person_name": "person__name",
        "unit": "unit_id",
        "unit_name": "unit__name",
    }
    person: int
    person_name: str | None
    unit: int
    unit_name: str | None
    status: str
    category: str
    since: date
    until: date | None
    end_reason: str | None


class DutyRow(Row):
    """责任：责任人（个人或单位）自某日起对某对象（单位、户、人）负责，首尾两日都算。"""

    model_config = example(
        id=12,
        kind="first_secretary",
        unit=23,
        unit_name="东湾村",
        bearer=501,
        bearer_name="王建国",
        bearer_unit=None,
        target_unit=23,
        household=None,
        target_person=None,
        role="",
        since="2017-01-01",
        until=None,
        end_reason="",
        extra={},
    )
    columns: ClassVar[dict[str, str]] = {
        "unit": "unit_id",
        "unit_name": "unit__name",
        "bearer": "bearer_id",
        "bearer_name": "bearer__name",
        "bearer_unit": "bearer_unit_id",
        "target_unit": "target_unit_id",
        "household": "household_id",
        "target_person": "target_person_id",
    }
    named: ClassVar[dict[str, str]] = {"bearer": "bearer_name"}
    kind: str
    unit: int
    unit_name: str | None
    bearer: int | None
    bearer_name: str | None
    bearer_unit: int | None
    target_unit: int | None
    household: int | None
    target_person: int | None
    role: str
    since: date
    until: date | None
    end_reason: str | None
    extra: Kept | None


class ActivityRow(Row):
    """活动：某日在某单位开展，走访也是活动。`present`：参加人数。"""

    model_config = example(
        id=4001,
        kind="visit",
        unit=23,
        unit_name="东湾村",
        day="2017-10-30",
        leader=501,
        leader_name="王建国",
        household=77,
        topic="核对收入",
        place="",
        present=1,
        minutes="",
        extra={},
    )
    columns: ClassVar[dict[str, str]] = {
        "unit": "unit_id",
        "unit_name": "unit__name",
        "leader": "leader_id",
        "leader_name": "leader__name",
        "household": "household_id",
    }
    named: ClassVar[dict[str, str]] = {"leader": "leader_name"}
    kind: str
    unit: int
    unit_name: str | None
    day: date
    leader: int | None
    leader_name: str | None
    household: int | None
    topic: str
    place: str
    present: int
    minutes: str | None
    extra: Kept | None


class CaseRow(Row):
    """事项：立项后逐阶段流转，到最后一个阶段办结。"""

    model_config = example(
        id=60,
        kind="weak_branch",
        unit=31,
        unit_name="东湾村党支部",
        title="东湾村党支部整顿",
        ground="disunity",
        person=None,
        household=None,
        opened_on="2017-03-01",
        due_on=None,
        stage="screened",
        closed_on=None,
        verdict="",
        extra={},
    )
    columns: ClassVar[dict[str, str]] = {
        "unit": "unit_id",
        "unit_name": "unit__name",
        "person": "person_id",
        "household": "household_id",
    }
    kind: str
    unit: int
    unit_name: str | None
    title: str
    ground: str
    person: int | None
    household: int | None
    opened_on: date
    due_on: date | None
    stage: str
    closed_on: date | None
    verdict: str | None
    extra: Kept | None


class EntryRow(Row):
    """台账分录：只增不改，更正用冲销。`reverses`：所冲销的分录。"""

    model_config = example(
        id=8000,
        kind="collective_income",
        unit=23,
        unit_name="东湾村",
        day="2017-10-30",
        since=None,
        until=None,
        amount="1200.00",
        source="",
        household=None,
        person=None,
        reverses=None,
        note="",
        extra={},
    )
    columns: ClassVar[dict[str, str]] = {
        "unit": "unit_id",
        "unit_name": "unit__name",
        "household": "household_id",
        "person": "person_id",
        "reverses": "reverses_id",
    }
    kind: str
    unit: int
    unit_name: str | None
    day: date
    since: date | None
    until: date | None
    amount: Decimal
    source: str
    household: int | None
    person: int | None
    reverses: int | None
    note: str | None
    extra: Kept | None


class Page(BaseModel):
    """`next`：下一页的游标，没有下一页则为空。"""

    next: str | None


class UnitPage(Page):
    items: list[UnitRow]


class PersonPage(Page):
    items: list[PersonRow]


class HouseholdPage(Page):
    items: list[HouseholdRow]


class MembershipPage(Page):
    items: list[MembershipRow]


class DutyPage(Page):
    items: list[DutyRow]


class ActivityPage(Page):
    items: list[ActivityRow]


class CasePage(Page):
    items: list[CaseRow]


class EntryPage(Page):
    items: list[EntryRow]

"""What comes in: the questions of lists and the bodies of writes. Unknown fields are refused; which values fit, the services say."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hangshi.api.cursors import USUAL
from hangshi.api.values import (
    AddressId,
    Amount,
    Code,
    Count,
    Day,
    Done,
    Extra,
    Flag,
    Id,
    Key,
    Limit,
    Line,
    Long,
    Mark,
    Name,
)


class Paged(BaseModel):
    """`unit`：只看这个单位及其以下，不填则为令牌授权的单位。"""

    unit: AddressId | None = Field(None, description="只看这个单位及其以下；不填为令牌授权的单位")
    cursor: Mark | None = Field(None, description="上一页给出的 next")
    limit: Limit = Field(USUAL, description="每页条数，最多200")

    def filters(self) -> dict[str, Any]:
        """What narrows the rows, as the pages' own addresses name it."""
        said = self.model_dump(by_alias=True, exclude={"cursor", "limit", "unit"}, exclude_none=True)
        return {name: "1" if value is True else str(value) for name, value in said.items() if value is not False}


class Searched(Paged):
    q: Name | None = Field(None, description="查找的文字，与页面的查找框相同")


class DatedList(Searched):
    first: Day | None = Field(None, alias="from", description="起始日（含）")
    last: Day | None = Field(None, alias="to", description="截止日（含）")
    kind: Key | None = Field(None, description="类别，按包里的键")


class UnitList(Searched):
    kind: Key | None = Field(None, description="类别，按包里的键")
    open: Flag | None = Field(None, description="true：只看现存的")


class PersonList(Searched):
    cadre: Key | None = Field(None, description="干部身份，按包里的键")


class MembershipList(Searched):
    first: Day | None = Field(None, alias="from", description="起始日不早于")
    last: Day | None = Field(None, alias="to", description="起始日不晚于")
    category: Key | None = Field(None, description="党员类别，按包里的键")
    status: Key | None = Field(None, description="党员状态，按包里的键")
    open: Flag | None = Field(None, description="true：只看现行的")


class OpenList(DatedList):
    open: Flag | None = Field(None, description="true：只看现行的（事项：未办结的）")


class Asked(BaseModel):
    """Days of a figure, as on the pages: from the start of the year to the day the data speak of, where nothing is said."""

    unit: AddressId | None = Field(None, description="哪个单位；不填为令牌授权的单位")
    first: Day | None = Field(None, alias="from", description="起始日（含）；不填为截止日当年1月1日")
    last: Day | None = Field(None, alias="to", description="截止日（含）；不填为今天")


class AskedRows(Asked):
    cursor: Mark | None = Field(None, description="上一页给出的 next")
    limit: Limit = Field(USUAL, description="每页条数，最多200")


class Said(BaseModel):
    """A body: closed to unknown fields."""

    model_config = ConfigDict(extra="forbid")


def said(**values: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


class NewUnit(Said):
    model_config = said(kind="village", name="新湾村", parent=7, on="2017-10-30", code="", extra={})
    kind: Key
    name: Name
    parent: Id
    on: Done
    code: Code = ""
    extra: Extra = {}


class Renaming(Said):
    model_config = said(name="东湾社区", on="2017-10-30", code=None)
    name: Name
    on: Done
    code: Code | None = Field(None, description="不填则代码不变")


class Moving(Said):
    model_config = said(parent=7, on="2017-10-30", line="place")
    parent: Id
    on: Done
    line: Literal["place", "party"] = "place"


class Merging(Said):
    model_config = said(into=23, on="2017-10-30")
    into: Id
    on: Done


class Ending(Said):
    model_config = said(on="2017-10-30")
    on: Done


class NewStatus(Said):
    model_config = said(status="lifted", on="2017-10-30", ground="2017年脱贫公示")
    status: Key
    on: Done
    ground: Line = ""


class Subject(Said):
    """A person, a household or a unit, one of them."""

    model_config = said(unit=23)
    unit: Id | None = None
    household: Id | None = None
    person: Id | None = None


class NewDuty(Said):
    model_config = said(
        kind="first_secretary",
        bearer={"person": 501},
        target={"unit": 23},
        on="2017-10-30",
        until=None,
        unit=None,
        role="",
        extra={},
    )
    kind: Key
    bearer: Subject
    target: Subject
    on: Done
    until: Day | None = None
    unit: Id | None = None
    role: Key = ""
    extra: Extra = {}


class EndingDuty(Said):
    model_config = said(on="2017-10-30", reason="term")
    on: Done
    reason: Key = ""


class NewVisit(Said):
    model_config = said(household=77, leader=501, on="2017-10-30", topic="核对收入", minutes="")
    household: Id
    leader: Id
    on: Done
    topic: Line = ""
    minutes: Long = ""


class Attended(Said):
    model_config = said(person=501, state="present")
    person: Id
    state: Literal["present", "leave", "absent"] = "present"


class NewActivity(Said):
    model_config = said(
        kind="theme_day",
        unit=31,
        on="2017-10-30",
        leader=None,
        household=None,
        attendance=[{"person": 501, "state": "present"}],
        present=None,
        topic="重温入党誓词",
        place="村党群服务中心",
        minutes="",
        extra={},
    )
    kind: Key
    unit: Id
    on: Done
    leader: Id | None = None
    household: Id | None = None
    attendance: list[Attended] = Field([], max_length=2000)
    present: Count | None = None
    topic: Line = ""
    place: Name = ""
    minutes: Long = ""
    extra: Extra = {}


class NewCase(Said):
    model_config = said(
        kind="weak_branch",
        unit=31,
        title="东湾村党支部整顿",
        on="2017-03-01",
        ground="disunity",
        person=None,
        household=None,
        due_on=None,
        extra={},
    )
    kind: Key
    unit: Id
    title: Line
    on: Done
    ground: Key = ""
    person: Id | None = None
    household: Id | None = None
    due_on: Day | None = None
    extra: Extra = {}


class MovingCase(Said):
    model_config = said(to="plan", on="2017-10-30", note="")
    to: Key
    on: Done
    note: Line = ""


class ClosingCase(Said):
    model_config = said(verdict="整顿到位", on="2017-10-30", note="")
    verdict: Line
    on: Done
    note: Line = ""
    to: Key = Field("", description="有几种办结方式时，到哪个阶段")


class NewEntry(Said):
    model_config = said(
        kind="collective_income",
        unit=23,
        amount="1200.00",
        on="2017-10-30",
        source="",
        since=None,
        until=None,
        household=None,
        person=None,
        note="",
        extra={},
    )
    kind: Key
    unit: Id
    amount: Amount
    on: Done
    source: Key = ""
    since: Day | None = None
    until: Day | None = None
    household: Id | None = None
    person: Id | None = None
    note: Line = ""
    extra: Extra = {}


class Reversing(Said):
    model_config = said(on="2017-10-31", reason="金额填错")
    on: Done
    reason: Line

"""上级系统: what a county hands on, in the words and codes of the system that takes it, and how that system answers."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.definitions import Closed, Definition, Text, Texts

ACT = "act"  # the field that says what became of the row: it belongs to the hand-off, not to the record
ACTS = {"new": "新增", "changed": "变更", "ended": "减少"}
CITIZEN = "公民身份号码"  # a key that is sealed in the register
FORMATS = {"yyyy-mm-dd": "%Y-%m-%d", "yyyymmdd": "%Y%m%d", "yyyy.mm": "%Y.%m", "yyyymm": "%Y%m"}


@dataclass(frozen=True)
class Handed:
    """What a register can hand on. `fields`: key → what it is; `families`: of fields whose cells hold a key of the family.

    `key`: the field by which both systems know a row. `dates`: the fields that are days. `subject`: whose case a returned row is.
    """

    name: str
    fields: dict[str, str]
    key: str
    subject: str
    families: dict[str, str]
    dates: frozenset[str]


REGISTERS = {
    "members": Handed(
        "党员",
        {
            "number": CITIZEN,
            "name": "姓名",
            "sex": "性别",
            "born": "出生日期",
            "branch": "所在党支部",
            "branch_code": "党支部代码",
            "status": "党员状态",
            "category": "党员类别",
            "since": "转入日期",
            "until": "离开日期",
            "end_reason": "离开原因",
        },
        "number",
        "person",
        {"status": "membership_status", "category": "membership_category"},
        frozenset({"born", "since", "until"}),
    ),
    "households": Handed(
        "农户",
        {
            "number": "户编号",
            "head": "户主",
            "village": "所在村",
            "village_code": "村代码",
            "status": "户类别",
            "ground": "认定依据",
            "since": "认定日期",
            "until": "解除日期",
            "persons": "家庭人口",
        },
        "number",
        "household",
        {"status": "household_status"},
        frozenset({"since", "until"}),
    ),
}


class UpperColumn(Closed):
    """A column of the upper system's template. `codes`: what is written for each value; a value without a code is not handed on.

    `required`: a row without it is held back and named. `format`: how a day is written.
    """

    name: Text
    field: Text
    required: bool = False
    codes: dict[str, Text] = {}
    format: Literal["yyyy-mm-dd", "yyyymmdd", "yyyy.mm", "yyyymm"] = "yyyy-mm-dd"


class Receipt(Closed):
    """The receipt file (回执): the columns it has, and the words of its result for a row that was taken and one that was not."""

    key: Text
    result: Text
    reason: Text
    accepted: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    rejected: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


class Upper(Definition):
    """A template of an upper system. `statuses`: of a register of households, those that are handed on.

    `unit_kinds`: the units that hand it on. `returned`: the kind of case that a rejected row opens. `line`: whether a first line above
    the head may say who made the file and when. `keep_days`: how long the file is kept, from the day it is made.
    """

    system: Text
    rows: Literal["members", "households"]
    unit_kinds: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    statuses: Texts = ()
    file: Literal["xlsx", "csv"] = "xlsx"
    encoding: Literal["utf-8-sig", "gb18030"] = "utf-8-sig"
    sheet: Text = "数据"
    line: bool = False
    keep_days: Annotated[int, Field(ge=1, le=180)] = 30
    columns: Annotated[list[UpperColumn], Field(min_length=1, max_length=60)]
    receipt: Receipt
    returned: Text

    @property
    def compared(self) -> tuple[UpperColumn, ...]:
        """The columns that say something of the record: a row whose own columns are as they were is the same row."""
        return tuple(it for it in self.columns if it.field != ACT)

    @property
    def handed(self) -> Handed:
        return REGISTERS[self.rows]

    @property
    def by_citizen(self) -> bool:
        """Whether rows are known by citizen number, which stays sealed until the file is written."""
        return self.handed.fields[self.handed.key] == CITIZEN

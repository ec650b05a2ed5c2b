"""How work goes: stages and gates of a case, approvals, holds, requirements, reactions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.definitions import Amount, Closed, Definition, Text, Texts


class Seat(Closed):
    """A part that a person or a unit has in a case: lead, partner, mediator, one of the “四个一”."""

    name: Text
    bearer: Literal["person", "unit"]
    most: Annotated[int, Field(gt=0)] | None = None


class Gate(Closed):
    """What must be there before a case passes. Evidence, fields and seats are named by their keys in the kind.

    `permission`, `seats`: who may move it, by permission or by a seat held in the case; neither: whoever may write cases.
    `measures`: at least one is planned, all are done, or all are done and checked on return (回访).
    `approval`: a flow of `[approval.…]` that approved the case as it stands now.
    """

    permission: str = ""
    seats: Texts = ()
    note: bool = False
    evidence: Texts = ()
    fields: Texts = ()
    team: Texts = ()
    measures: Literal["", "planned", "done", "checked"] = ""
    approval: str = ""


class Stage(Gate):
    """A stage of a case, in its order; `days` is the limit for leaving it. Its gate holds for every move forward out of it."""

    key: Text
    name: Text
    days: Annotated[int, Field(gt=0)] | None = None
    counting: Literal["calendar", "working"] = "calendar"


class Transition(Gate):
    """A move that the kind allows, from each of the stages in `leave` to the stage `enter`."""

    leave: Texts
    enter: Text
    name: str = ""


class Catalogue(Closed):
    """The grounds (情形) that a document lists, from the day `since` until the next catalogue for the same kinds of unit.

    `groups`: the types that the document sorts them by, each with the keys of its grounds.
    """

    since: date
    source: Text
    unit_kinds: Texts = ()
    grounds: dict[str, Text] = Field(min_length=1)
    groups: dict[str, Texts] = {}


class Escalation(Closed):
    """What follows when a stage is overdue by so many days: 提醒, 督办."""

    key: Text
    name: Text
    after: Annotated[int, Field(gt=0)]
    counting: Literal["calendar", "working"] = "working"


class ApprovalStep(Closed):
    """会签 `all`: everybody asked agrees; 或签 `any`: one of them; 逐级 `sequence`: one after the other, in the order given."""

    key: Text
    name: Text
    mode: Literal["all", "any", "sequence"]
    permission: str = ""


class Approval(Definition):
    """A flow of approval. With `grounds` nobody refuses without naming one of them: a legal ground, not an opinion.

    `hear_all`: a refusal waits until everybody of the step has answered (several departments review together).
    """

    steps: list[ApprovalStep] = Field(min_length=1)
    grounds: dict[str, Text] = {}
    hear_all: bool = False


class Hold(Definition):
    """A post is not to be changed, or a person not to be moved, until so many `months` after the clock has started.

    `clock`: "delisted", the day the case's unit left the list of the poor, while it is on it never; "entered", the case's field
    `entered_on`. `posts`: values of the case's field `post`; empty: any. `exceptions`: grounds on which it is lawful all the same.
    """

    kinds: Texts
    posts: Texts = ()
    unit_kinds: Texts = ()
    clock: Literal["delisted", "entered"]
    months: Annotated[int, Field(ge=0)]
    exceptions: dict[str, Text] = {}


class Requirement(Definition):
    """So many activities of a kind that each unit owes in each period; `day_of_month` is the day it is due in the period's last month.

    `grace`: days after the due day before it is overdue. `since`, `until`: the first and the last day the rule holds.
    """

    activity: Text
    unit_kinds: Texts
    every: Literal["month", "quarter", "half_year", "year"]
    times: Annotated[int, Field(gt=0)] = 1
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    grace: Annotated[int, Field(ge=0)] = 0
    since: date | None = None
    until: date | None = None
    document: str = ""


class Reaction(Definition):
    """What one record causes in another: on the event `on` of a record of one of `kinds`, do one thing, once for the record.

    `when`: a field of the record's kind that must be filled (and not be no).
    `open_case`: of the kind `case`, with `title` ("{unit}" and "{kind}" are put in) and `ground`, at the unit of the record.
    `book_entry`: `amount` in the book `entry`, once, or for `each` person present.
    `assign_duty`: of the kind `duty`, to the person in the case's seat `seat`, for the unit of the case; in the role that its field `role` holds.
    `ends`: only for a case that was closed in one of these stages; empty: however it ended.
    """

    on: Literal[
        "activity.recorded",
        "activity.accepted",
        "case.opened",
        "case.closed",
        "approval.approved",
        "approval.refused",
        "duty.expired",
    ]
    kinds: Texts
    when: str = ""
    ends: Texts = ()
    do: Literal["open_case", "book_entry", "assign_duty"]
    case: str = ""
    title: str = ""
    ground: str = ""
    entry: str = ""
    amount: Amount | None = None
    each: Literal["", "present"] = ""
    duty: str = ""
    seat: str = ""
    role: str = ""


class SetPart(Closed):
    """One of the sorts of unit that a required set is made of."""

    name: Text
    unit_kinds: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


class RequiredSet(Definition):
    """Whoever bears the duty `duty` bears it for one unit of every part at least (四联系: a village, a community, an enterprise, …).

    `roles`: only those who bear it in one of these roles; empty: all who bear it.
    """

    duty: Text
    roles: Texts = ()
    parts: dict[str, SetPart] = Field(min_length=2)


class JointSet(Definition):
    """While a unit has an open case of one of the kinds `cases`, somebody bears each of the `duties` for it (四个一)."""

    cases: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    duties: Annotated[tuple[Text, ...], Field(strict=False, min_length=2)]


class StrandBoard(Definition):
    """A plan by its strands (主线). `case`: the kind of case by which it is kept; `strands`: its grounds, each with the indicators it is to move."""

    case: Text
    strands: dict[str, Texts] = Field(min_length=2)


class Roll(Definition):
    """A register (名册) that an office looks for by its name: which kinds it is kept as, what may not be written in it, what it is counted by.

    `kinds`: "family.key" of units, duties, cases and activities. `by`: "family.key.field", a choice by which its rows are told apart.
    """

    kinds: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    rule: Text
    by: str = ""
    indicators: Texts = ()


class Question(Closed):
    """One thing that is asked on the telephone; everybody may decline to answer it."""

    name: Text
    choices: dict[str, Text] = Field(min_length=2)


class Survey(Definition):
    """What those who were drawn are asked: a few closed questions. Answers are counted, never shown by person."""

    questions: dict[str, Question] = Field(min_length=1, max_length=6)

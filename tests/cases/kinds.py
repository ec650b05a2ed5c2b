"""A kind with every gate, written out, and short ways to act on it."""

from datetime import date

from hangshi.packs.models import CaseKind, ExtraField
from hangshi.packs.work import Escalation, Seat, Stage, Transition

JUNE_1 = date(2020, 6, 1)  # a Monday; 25 and 26 June 2020 are days off, Sunday the 28th is worked

PROBLEM = CaseKind(
    key="problem",
    name="问题整改",
    subject="unit",
    reopens="mending",
    evidence={"proof": "整改佐证", "report": "整改报告"},
    fields={"cause": ExtraField(name="原因", type="text")},
    seats={
        "owner": Seat(name="整改责任人", bearer="person", most=1),
        "partner": Seat(name="配合单位", bearer="unit"),
    },
    stages=[
        Stage(key="entered", name="登记", days=5, counting="working"),
        Stage(key="mending", name="整改", days=30, measures="checked", evidence=("proof", "report")),
        Stage(key="checking", name="验收", days=10, counting="working"),
        Stage(key="struck", name="销号"),
        Stage(key="withdrawn", name="撤销"),
    ],
    transitions=[
        Transition(leave=("entered",), enter="mending", team=("owner",), fields=("cause",)),
        Transition(leave=("mending",), enter="checking", seats=("owner",), permission="case.press"),
        Transition(leave=("checking",), enter="mending"),
        Transition(leave=("checking",), enter="struck", permission="case.accept"),
        Transition(leave=("checking",), enter="withdrawn", note=True),
        Transition(leave=("entered",), enter="withdrawn", note=True, approval="joint"),
    ],
    ends=("struck", "withdrawn"),
    escalations=[
        Escalation(key="remind", name="提醒", after=1),
        Escalation(key="supervise", name="督办", after=3),
    ],
)

"""Who attended, as a target: a row is one person at one activity that stands in the register already."""

from hangshi.activities.services import STATES
from hangshi.intake.parts import HOME, named
from hangshi.intake.shape import Fault, Field, Link, Part, Target
from hangshi.packs.models import Pack

KEY, TITLE = "attendance", "活动到会名单"
WORDS = {
    "到": "present",
    "参加": "present",
    "出席": "present",
    "√": "present",
    "1": "present",
    "缺": "absent",
    "未到": "absent",
    "0": "absent",
}
# Of the activities in the sheet: how many are there, those in the register and those in the sheet together.
THERE = """(SELECT there.activity_id, count(*) AS n FROM (
        SELECT x.activity_id, x.person_id FROM stage x WHERE coalesce(x.state, 'present') = 'present' AND x.activity_id IS NOT NULL AND x.person_id IS NOT NULL
        UNION SELECT e.activity_id, e.person_id FROM attendance e WHERE e.state = 'present' AND e.activity_id IN (SELECT y.activity_id FROM stage y)
            AND NOT EXISTS (SELECT FROM stage z WHERE z.activity_id = e.activity_id AND z.person_id = e.person_id)) there
    GROUP BY there.activity_id)"""


def kinds(pack: Pack) -> dict[str, str]:
    """Key → name of the kinds of which people are named one by one."""
    return {key: it.name for key, it in pack.kinds.activity.items() if it.attendance == "named"}


def target(pack: Pack) -> Target:
    said = kinds(pack)
    excused = ", ".join(f"'{key}'" for key in said if pack.kinds.activity[key].leave_reason) or "''"
    return Target(
        KEY,
        TITLE,
        "activity.write",
        _fields(said),
        (_part(),),
        twice=(("unit_id", "kind", "day", "topic", "person_number"), ("unit_id", "kind", "day", "topic", "person", "person_number")),
        links=(Link("activity", "activity"), Link("person", "person", "person_number", "home")),
        faults=(
            Fault("day", "s.activity_id IS NULL", "'没有登记过该单位这一天的这项活动，请先登记活动，再导入名单。'"),
            Fault("reason", "s.reason IS NOT NULL AND coalesce(s.state, 'present') <> 'leave'", "'没有请假，却填了请假事由。'"),
            Fault("reason", f"s.state = 'leave' AND s.reason IS NULL AND s.kind IN ({excused})", "'请假的须填写事由。'"),
            Fault(
                "state",
                f"s.activity_id IN (SELECT c.activity_id FROM {THERE} c JOIN activity a ON a.id = c.activity_id WHERE a.present > 0 AND c.n > a.present)",
                "'到会的比这次活动登记的参加人数还多，请核对名单或更正参加人数。'",
            ),
        ),
        notes="活动须先登记；没有登记参加人数的，按名单计算。没有身份号码的，按姓名在所在村（单位）内认。",
    )  # fmt: skip


def _fields(said: dict[str, str]) -> tuple[Field, ...]:
    return (
        Field("unit", "单位", "unit", (*HOME, "党支部", "所在党支部", "支部"), True),
        Field("kind", "活动类别", "choice", ("活动", "会议类别", "会议", "活动名称"), True, options=named(said)),
        Field("day", "日期", "day", ("活动日期", "会议日期", "召开时间", "时间"), True),
        Field("topic", "主题", "text", ("活动主题", "会议主题"), longest=200),
        Field("person", "姓名", "person", ("党员姓名", "人员姓名", "参加人", "应到人员"), True, 64),
        Field("person_number", "公民身份号码", "identity", ("身份证号", "身份证号码", "证件号码")),
        Field("state", "到会情况", "choice", ("到会", "出席情况", "考勤", "签到"), options=named(STATES) | WORDS),
        Field("reason", "请假事由", "text", ("请假原因", "事由"), longest=100),
    )


def _part() -> Part:
    return Part(
        "member",
        "attendance",
        "t.activity_id = s.activity_id AND t.person_id = s.person_id",
        {
            "activity_id": "s.activity_id", "person_id": "s.person_id", "unit_id": "s.unit_id", "path": "s.unit_path", "day": "s.day",
            "state": "coalesce(s.state, 'present')", "reason": "coalesce(s.reason, '')",
        },
        ("state", "reason"),
        before=(f"UPDATE activity t SET present = c.n FROM {THERE} c WHERE t.id = c.activity_id AND t.present = 0",),
        changes="activity",
    )  # fmt: skip

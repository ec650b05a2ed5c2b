"""The records that packs define, as targets: entries, activities, cases and duties, each kind with the fields that its pack adds."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hangshi.duties.services import slot_of
from hangshi.intake.parts import EXTRA, HOME, UNIT, extra_fields, named
from hangshi.intake.shape import Fault, Field, Link, Part, Target
from hangshi.packs.models import ActivityKind, CaseKind, DutyKind, EntryKind, Pack

HOUSEHOLD = Field("household", "户编号", "household", ("户号", "户编码"), True, 30)
RECORDS: Mapping[str, tuple[str, str, str]] = {
    "entries": ("entry", "台账", "entry.write"),
    "activities": ("activity", "活动", "activity.write"),
    "duties": ("duty", "责任", "duty.write"),
    "cases": ("case", "事项", "case.write"),
}
LIFE = "(SELECT FROM unit u WHERE u.id = s.unit_id AND {day} >= u.since AND (u.until IS NULL OR {day} <= u.until))"
NOT_OURS = Fault("household", "s.household_unit <> s.unit_id", "'此户不属于所填的单位。'")


def titles(pack: Pack, holds: Callable[[str], bool]) -> dict[str, str]:
    found = {}
    for register, (family, title, permission) in RECORDS.items():
        for key, kind in pack.kinds.family(family).items():
            open_to = not getattr(kind, "restricted", False) or holds("cases.restricted")
            if holds(permission) and open_to and target(pack, register, key) is not None:
                found[f"{register}.{key}"] = f"{title}：{kind.name}"
    return found


def target(pack: Pack, register: str, key: str) -> Target | None:
    if register not in RECORDS:
        return None
    kind: Any = pack.kinds.family(RECORDS[register][0]).get(key)
    return None if kind is None else BUILT[register](kind)


def person_fields(key: str, name: str, *, required: bool = True) -> tuple[Field, Field]:
    return (
        Field(key, name, "person", (f"{name}姓名",), required, 64),
        Field(f"{key}_number", f"{name}身份号码", "identity", (f"{name}身份证号", f"{name}身份证号码", f"{name}公民身份号码")),
    )  # fmt: skip


def _subject(subject: str) -> tuple[tuple[Field, ...], tuple[Link, ...]]:
    if subject == "household":
        return (HOUSEHOLD,), (Link("household", "household"),)
    if subject == "person":
        return person_fields("person", "人员"), (Link("person", "person", "person_number", "unit"),)
    return (), ()


def _ids(subject: str) -> tuple[str, str]:
    """Person and household of a row, as SQL."""
    person = "s.person_id" if subject == "person" else "NULL::bigint"
    return person, "s.household_id" if subject == "household" else "NULL::bigint"


def _entry_fields(kind: EntryKind, fields: tuple[Field, ...]) -> list[Field]:
    said: list[Field] = [
        UNIT,
        *fields,
        Field("day", "日期", "day", ("入账日期", "入账时间", "发放日期", "登记日期", "时间"), True),
    ]
    said.append(Field("amount", "数额", "number", ("金额", "金额（元）", "面积", "积分", "人数", "收入", "数量"), True))
    if kind.sources:
        said.append(Field("source", "来源", "choice", ("收入来源", "类别"), True, options=named(kind.sources)))
    if kind.standing:
        said += [
            Field("since", "起始日", "day", ("合同起始日", "开始日期"), True),
            Field("until", "截止日", "day", ("合同截止日", "结束日期")),
        ]
    said.append(Field("note", "说明", "text", ("备注", "用途", "摘要")))
    return said


def entries(kind: EntryKind) -> Target | None:
    if kind.shown_days:  # points are shown before they are posted: no sheet goes past that
        return None
    fields, links = _subject(kind.subject)
    said = _entry_fields(kind, fields)
    person, household = _ids(kind.subject)
    since, until = ("s.since", "s.until") if kind.standing else ("NULL::date", "NULL::date")
    source = "coalesce(s.source, '')" if kind.sources else "''"
    same = f"""t.kind = s.kind AND t.unit_id = s.unit_id AND t.day = s.day AND t.amount = s.amount AND t.source = {source}
        AND t.household_id IS NOT DISTINCT FROM {household} AND t.person_id IS NOT DISTINCT FROM {person}
        AND t.since IS NOT DISTINCT FROM {since} AND t.until IS NOT DISTINCT FROM {until}
        AND t.note = coalesce(s.note, '') AND t.reverses_id IS NULL AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = t.id)"""
    faults = [
        Fault("amount", "s.amount <= 0", "'数额必须大于零。'"),
        Fault("day", f"NOT EXISTS {LIFE.format(day='s.day')}", "'该单位在这一天不在存续期内。'"),
    ]
    if kind.standing:
        faults.append(Fault("until", "s.until < s.since", "'截止日早于起始日。'"))
    twice = ["unit_id", "household", "person", "day", "amount", "source", "since", "until", "note"]
    keys = [tuple(it for it in twice if it == "unit_id" or it in {f.key for f in said})]
    if kind.subject == "household":
        faults.append(NOT_OURS)
    if kind.once_a:
        span = _span(kind.once_a)
        faults.append(
            Fault(
                "day",
                f"""s.entry_id IS NULL AND EXISTS (SELECT FROM entry e WHERE e.kind = s.kind AND e.unit_id = s.unit_id AND e.reverses_id IS NULL
                    AND e.household_id IS NOT DISTINCT FROM {household} AND e.person_id IS NOT DISTINCT FROM {person}
                    AND {span.format(day="e.day")} = {span.format(day="s.day")} AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = e.id))""",
                f"'{kind.name}本期已经入账；要更正，请先冲销再入账。'",
            )
        )
        keys.append(("unit_id", *(it for it in ("household", "person") if it == kind.subject), f"day:{kind.once_a}"))
    columns = {
        "unit_id": "s.unit_id", "path": "s.unit_path", "extra": EXTRA, "kind": "s.kind", "day": "s.day", "since": since, "until": until,
        "amount": "s.amount", "source": source, "household_id": household, "person_id": person, "note": "coalesce(s.note, '')",
        "recorded_by": "s.actor",
    }  # fmt: skip
    return Target(
        f"entries.{kind.key}", f"台账：{kind.name}", "entry.write", (*said, *extra_fields(kind.fields)), (Part("entry", "entry", same, columns),),
        tuple(keys), links, tuple(faults), "已入账的不改：数额不同的另算一笔；撤销本次导入时逐笔冲销。", {"kind": kind.key}, kind=kind.key,
    )  # fmt: skip


def _span(once_a: str) -> str:
    """The period of `{day}`, as SQL that is equal for two days of one period."""
    if once_a == "half_year":
        return "(extract(year FROM {day}) * 2 + (extract(month FROM {day}) > 6)::int)"
    return "date_trunc('" + once_a + "', {day}::timestamp)"


TOLD = """INSERT INTO outbox_event (topic, kind, source, source_id, path, day, told_by, told_at, handled)
    SELECT '{topic}', s.kind, '{table}', s.{part}_id, s.unit_path, s.day, s.actor, now(), false FROM stage s WHERE s.{part}_new"""


ACTIVITY_TEXTS = ("topic", "place", "minutes")


def _activity_texts(kind: ActivityKind) -> list[Field]:
    if kind.number_only:
        return [Field("present", kind.counts, "int", ("次数", "数量"), True)]
    texts = [
        Field("topic", "主题", "text", ("活动主题", "会议主题", "内容"), longest=200),
        Field("place", "地点", "text", ("活动地点",), longest=120),
    ]
    texts += [
        Field("present", kind.counts, "int", ("参加人数", "到会人数", "人数", "参会人数")),
        Field("minutes", "纪要", "text", ("会议纪要", "记录", "走访记录"), longest=5000),
    ]
    return texts


def activities(kind: ActivityKind) -> Target:
    said: list[Field] = [
        UNIT if not kind.unit_kinds else Field("unit", "单位", "unit", HOME, True, kinds=kind.unit_kinds)
    ]
    links: tuple[Link, ...] = ()
    faults = [
        Fault("day", f"NOT EXISTS {LIFE.format(day='s.day')}", "'该单位在这一天不在存续期内。'"),
        Fault("day", "s.day > current_date", "'这一天还没有到，只能先列入计划。'"),
    ]
    said.append(Field("day", "日期", "day", ("活动日期", "活动时间", "召开时间", "走访日期", "走访时间", "时间"), True))
    if kind.household:
        said.append(HOUSEHOLD)
        links += (Link("household", "household"),)
        faults.append(NOT_OURS)
    if kind.leader:
        said += person_fields("leader", "走访人" if kind.household else "主持人")
        links += (Link("leader", "person", "leader_number"),)
    said += _activity_texts(kind)
    household, leader = (
        ("s.household_id" if kind.household else "NULL::bigint"),
        ("s.leader_id" if kind.leader else "NULL::bigint"),
    )
    topic, place, minutes = ("''",) * 3 if kind.number_only else (f"coalesce(s.{it}, '')" for it in ACTIVITY_TEXTS)
    same = f"""t.kind = s.kind AND t.unit_id = s.unit_id AND t.day = s.day AND t.household_id IS NOT DISTINCT FROM {household}
        AND t.leader_id IS NOT DISTINCT FROM {leader} AND t.topic = {topic}"""
    late = f"current_date > s.day + {kind.record_within}" if kind.record_within is not None else "false"
    columns = {
        "unit_id": "s.unit_id", "path": "s.unit_path", "extra": EXTRA, "kind": "s.kind", "day": "s.day", "leader_id": leader, "household_id": household,
        "topic": topic, "place": place, "present": "coalesce(s.present, 0)", "minutes": minutes,
        "state": "'recorded'", "late": late, "recorded_at": "now()", "recorded_by": "s.actor",
    }  # fmt: skip
    clear = ("DELETE FROM outbox_event WHERE source = 'activity' AND NOT handled AND source_id = ANY(%(ids)s)",)
    part = Part(
        "activity",
        "activity",
        same,
        columns,
        ("present", "extra") if kind.number_only else ("place", "present", "minutes", "extra"),
        after=(TOLD.format(topic="activity.recorded", table="activity", part="activity"),),
        clear=clear,
    )
    keys = tuple(
        it
        for it in ("unit_id", "day", "household", "leader", "leader_number", "topic")
        if it == "unit_id" or it in {f.key for f in said}
    )
    return Target(
        f"activities.{kind.key}", f"活动：{kind.name}", "activity.write", (*said, *extra_fields(kind.fields)), (part,), (keys,), links, tuple(faults),
        "同一单位、同一天、同一户、同一主题的算同一次。到会名单不在表中逐人导入。", {"kind": kind.key}, kind=kind.key,
    )  # fmt: skip


def _duty_fields(kind: DutyKind, *first: Field) -> list[Field]:
    said: list[Field] = [
        *first,
        Field("since", "起始日", "day", ("开始日期", "任职时间", "派驻时间", "结对时间", "开始时间"), True),
        Field("until", "截止日", "day", ("结束日期", "结束时间")),
    ]
    if kind.roles:
        said.append(Field("role", "岗位", "choice", ("职务",), options=named(kind.roles)))
    return said


SAME_DAYS = "daterange(o.since, o.until, '[]') && daterange(s.since, s.until, '[]')"


def _duty_faults(kind: DutyKind, aimed: str) -> Iterator[Fault]:
    """What the service refuses, for all rows at once; `aimed`: the target, as SQL over the stage."""
    yield Fault("until", "s.until < s.since", "'截止日早于起始日。'")
    if kind.exclusive:
        taken = f"o.slot = {slot_of(kind.key, 0)} + {aimed} AND {SAME_DAYS}"
        told = f"'该对象在此期间已有{kind.name}，请先结束原责任。'"
        yield Fault("since", f"s.duty_id IS NULL AND EXISTS (SELECT FROM duty o WHERE {taken})", told)
    if kind.consent:
        told = f"'本人'||(s.extra->>'{kind.consent}')||'才同意，起始日不能早于这一天。'"
        yield Fault("since", f"(s.extra->>'{kind.consent}')::date > s.since", told)
    if kind.circle:
        yield Fault("bearer", f"s.bearer_id = {aimed}", "'不能自己查自己。'")
        back = f"o.kind = s.kind AND o.bearer_unit_id = {aimed} AND o.target_unit_id = s.bearer_id AND {SAME_DAYS}"
        yield Fault(
            "bearer", f"EXISTS (SELECT FROM duty o WHERE {back})", "'对方在此期间查的正是本单位，两家不能对换。'"
        )


def duties(kind: DutyKind) -> Target:
    bearer: tuple[Field, ...] = (
        person_fields("bearer", "责任人")
        if kind.bearer == "person"
        else (Field("bearer", "责任单位", "unit", ("帮扶单位", "包联单位"), True, kinds=kind.bearer_kinds),)
    )
    links: tuple[Link, ...] = (Link("bearer", "person", "bearer_number"),) if kind.bearer == "person" else ()
    aim: tuple[Field, ...] = (
        Field(
            "unit",
            "对象单位",
            "unit",
            (*HOME, "单位", "帮扶村", "派驻村", "包联村"),
            True,
            kinds=kind.target_kinds if kind.target == "unit" else (),
        ),
    )
    home, home_path, aimed = "s.unit_id", "s.unit_path", "s.unit_id"
    if kind.target == "household":
        aim, links = (HOUSEHOLD,), (*links, Link("household", "household"))
        home, home_path, aimed = "s.household_unit", "s.household_path", "s.household_id"
    elif kind.target == "person":
        aim, links = person_fields("target", "对象"), (*links, Link("target", "person", "target_number"))
        home, home_path, aimed = "s.target_unit", "s.target_path", "s.target_id"
    said = _duty_fields(kind, *bearer, *aim)
    by = ("bearer_id", "bearer_unit_id") if kind.bearer == "person" else ("bearer_unit_id", "bearer_id")
    column = {"unit": "target_unit_id", "household": "household_id", "person": "target_person_id"}[kind.target]
    columns = {
        "kind": "s.kind", "unit_id": home, "path": home_path, "extra": EXTRA, by[0]: "s.bearer_id", column: aimed, "since": "s.since", "until": "s.until",
        "role": "coalesce(s.role, '')" if kind.roles else "''", "end_reason": "''", "slot": f"{slot_of(kind.key, 0)} + {aimed}" if kind.exclusive else "NULL::bigint",
    }  # fmt: skip
    same = f"t.kind = s.kind AND t.{by[0]} = s.bearer_id AND t.{column} = {aimed} AND t.since = s.since"
    keys = ("bearer", "bearer_number", "household", "target", "target_number", "unit_id", "since")
    held = tuple(it for it in keys if it in {f.key for f in said} or (it == "unit_id" and kind.target == "unit"))
    return Target(
        f"duties.{kind.key}", f"责任：{kind.name}", "duty.write", (*said, *extra_fields(kind.fields)), (Part("duty", "duty", same, columns, ("role",) if kind.roles else ()),),
        (held, tuple(it for it in held if it not in ("bearer", "bearer_number"))) if kind.exclusive else (held,), links, tuple(_duty_faults(kind, aimed)),
        "责任人按身份号码认，没有号码的按姓名认（范围内重名须填号码）。", {"kind": kind.key}, kind=kind.key,
    )  # fmt: skip


def _case_fields(kind: CaseKind, fields: tuple[Field, ...]) -> list[Field]:
    said: list[Field] = [
        Field("unit", "单位", "unit", HOME, True, kinds=kind.unit_kinds),
        *fields,
        Field("title", "标题", "text", ("事项", "问题", "事项名称", "问题描述"), True),
    ]
    said += [
        Field("day", "立项日期", "day", ("受理日期", "发现日期", "日期"), True),
        Field("due_on", "办结期限", "day", ("整改期限", "完成时限")),
    ]
    if kind.grounds:
        said.append(Field("ground", "情形", "choice", ("问题类型",), True, options=named(kind.grounds)))
    elif kind.catalogues:
        every = {word: word for it in kind.catalogues for pair in it.grounds.items() for word in reversed(pair)}
        said.append(Field("ground", "情形", "choice", ("问题类型", "情形类别", "目录情形"), True, options=every))
    return said


def _ground(kind: CaseKind) -> str:
    """The key of the ground, as SQL: of catalogues the one in force on the day for the kind of the unit; null where it has no such ground."""
    if not kind.catalogues:
        return "coalesce(s.ground, '')" if kind.grounds else "''"
    every = list(enumerate(kind.catalogues))
    held = ", ".join(
        f"({i}, DATE '{it.since}', ARRAY[{', '.join(map(_quoted, it.unit_kinds))}]::text[])" for i, it in every
    )
    grounds = ", ".join(
        f"({i}, {_quoted(key)}, {_quoted(name)})" for i, it in every for key, name in it.grounds.items()
    )
    return f"""(SELECT g.key FROM (VALUES {grounds}) g (catalogue, key, name) WHERE s.ground IN (g.key, g.name) AND g.catalogue = (
        SELECT c.catalogue FROM (VALUES {held}) c (catalogue, since, kinds) JOIN unit u ON u.id = s.unit_id
        WHERE c.since <= s.day AND (cardinality(c.kinds) = 0 OR u.kind = ANY (c.kinds)) ORDER BY c.since DESC, c.catalogue LIMIT 1) LIMIT 1)"""


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def cases(kind: CaseKind) -> Target | None:
    if not kind.stages:
        return None
    fields, links = _subject(kind.subject)
    said = _case_fields(kind, fields)
    person, household = _ids(kind.subject)
    same = f"""t.kind = s.kind AND t.unit_id = s.unit_id AND t.opened_on = s.day AND t.title = s.title
        AND t.household_id IS NOT DISTINCT FROM {household} AND t.person_id IS NOT DISTINCT FROM {person}"""
    columns = {
        "unit_id": "s.unit_id", "path": "s.unit_path", "extra": EXTRA, "kind": "s.kind", "title": "s.title", "ground": _ground(kind),
        "person_id": person, "household_id": household, "opened_on": "s.day", "due_on": "coalesce(s.due_on, s.limit_on)", "due_assumed": "s.limit_assumed AND s.due_on IS NULL",
        "stage": f"'{kind.stages[0].key}'", "stage_due_on": "s.stage_on", "verdict": "''", "batch": "''", "revision": "0", "recorded_by": "s.actor",
    }  # fmt: skip
    step = f"""INSERT INTO case_step (case_id, path, act, before, after, day, note, recorded_by)
        SELECT s.case_id, s.unit_path, 'open', '', '{kind.stages[0].key}', s.day, '', s.actor FROM stage s WHERE s.case_new"""
    clear = (
        "DELETE FROM outbox_event WHERE source = 'case_file' AND NOT handled AND source_id = ANY(%(ids)s)",
        "DELETE FROM case_step WHERE act = 'open' AND case_id = ANY(%(ids)s)",
    )
    faults = [Fault("day", f"NOT EXISTS {LIFE.format(day='s.day')}", "'该单位在这一天不在存续期内。'")]
    if kind.catalogues:
        faults.append(
            Fault(
                "ground",
                f"s.ground IS NOT NULL AND {_ground(kind)} IS NULL",
                "'这一天适用于该单位的目录中没有“' || s.ground || '”这一情形。'",
            )
        )
    keys: list[tuple[str, ...]] = [
        tuple(
            it
            for it in ("unit_id", "household", "person", "title", "day")
            if it == "unit_id" or it in {f.key for f in said}
        )
    ]
    if kind.subject == "household":
        faults.append(NOT_OURS)
    if kind.single:
        faults.append(Fault("title", f"""s.case_id IS NULL AND EXISTS (SELECT FROM case_file c WHERE c.kind = s.kind AND c.unit_id = s.unit_id AND c.closed_on IS NULL
            AND c.household_id IS NOT DISTINCT FROM {household} AND c.person_id IS NOT DISTINCT FROM {person})""", f"'同一对象还有没办结的{kind.name}，不能再立一件。'"))  # fmt: skip
        keys.append(keys[0][:-2])
    part = Part(
        "case",
        "case_file",
        same,
        columns,
        after=(step, TOLD.format(topic="case.opened", table="case_file", part="case")),
        clear=clear,
    )
    return Target(
        f"cases.{kind.key}", f"事项：{kind.name}", "case.write", (*said, *extra_fields(kind.fields)), (part,), tuple(keys), links, tuple(faults),
        "导入的事项都从第一个阶段开始办理。", {"kind": kind.key}, kind=kind.key,
    )  # fmt: skip


BUILT: Mapping[str, Callable[[Any], Target | None]] = {
    "entries": entries,
    "activities": activities,
    "duties": duties,
    "cases": cases,
}

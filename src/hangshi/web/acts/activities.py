"""活动: recorded, with who was there."""

from datetime import date

from django.db.models import QuerySet

from hangshi.activities import services
from hangshi.activities.models import Activity, Plan
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.models import Membership, Unit
from hangshi.registry.queries import members_on
from hangshi.web import words
from hangshi.web.acts.shape import New, Said, Scene, day
from hangshi.web.fields import Attended, Field, extra_of, of_kind

AGENDA = Field("agenda", "议题和决议", "items", hint="可以不填。按计划开展、这里没有填的，用计划里的议题")


def _permission(kind: ActivityKind) -> str:
    return "visit.write" if kind.household else "activity.write"


def _fields(scene: Scene) -> list[Field]:
    kind: ActivityKind = scene.kind
    if kind.number_only:
        return [day(scene, "日期"), *_present(scene, kind), *of_kind(kind.fields)]
    fields = [Field("household", "走访户", "household", True)] if kind.household else []
    if kind.leader:
        label = "走访人" if kind.household else "主持人"
        fields.append(Field("leader", label, "anyone", True))
    fields += [
        day(scene, "走访日期" if kind.household else "日期"),
        Field("topic", "事由" if kind.household else "主题"),
    ]
    if not kind.household:
        fields.append(Field("place", "地点", longest=120))
        fields.append(Field("plan", "计划", "hidden"))
    fields += _present(scene, kind)
    if kind.also:
        names = {key: it.name for key, it in words.pack().kinds.activity.items() if key in kind.also}
        fields.append(Field("also", "同时计入", "several", choices=names, hint="同一次活动不必再登记"))
    if kind.attendance == "named" and not kind.household:
        fields.append(AGENDA)
    return [*fields, Field("minutes", "情况" if kind.household else "纪要", "area"), *of_kind(kind.fields)]


def _present(scene: Scene, kind: ActivityKind) -> list[Field]:
    if kind.household:
        return []
    if kind.attendance != "named":
        return [Field("present", kind.counts, "int", True)]
    rows = _expected(scene.unit, scene.day) if scene.unit else ()
    away = _members(scene.unit, scene.day).count() - len(rows) if scene.unit else 0
    told = f"另有{away}名党员登记在别处，不在您的范围内，由上级登记。" if away else ""
    listed = [Field("attendance", "到会情况", "attendance", rows=rows, hint=told)] if rows else []
    hint = "名单以外的人，每行一个姓名或人员编号" if rows else "每行一个姓名或人员编号"
    return [
        *listed,
        Field("guests", "其他到会人员" if rows else "到会人员", "people", required=not rows, hint=hint),
        Field("present", kind.counts, "int", hint="不填的，按上面的到会人数计；另有列席群众的，填总人数"),
    ]


def _expected(unit: Unit, on: date) -> tuple[tuple[int, str], ...]:
    """The members of the branch on that day, as far as they are in the scope."""
    members = _members(unit, on).order_by("person__name", "person_id")
    return tuple(members.values_list("person_id", "person__name"))


def _members(unit: Unit, on: date) -> QuerySet[Membership]:
    return members_on(on).filter(unit=unit)


def _record(scene: Scene, said: Said) -> Activity:
    household = said.get("household")
    unit = household.unit if household else scene.unit
    if unit is None:
        raise Refused("activity.unit", "请先选择开展活动的单位。")
    guests = {person.pk: "present" for person in said.get("guests") or ()}
    listed = said.get("attendance") or Attended({}, {})
    return services.record(
        scene.kind,
        unit=unit,
        on=said["day"],
        leader=said.get("leader"),
        household=household,
        attendance=listed.states | guests,
        reasons={pk: reason for pk, reason in listed.reasons.items() if pk not in guests},
        present=1 if household else said.get("present"),
        topic=said.get("topic", ""),
        place=said.get("place", ""),
        minutes=said.get("minutes", ""),
        agenda=[services.Item(*it) for it in said.get("agenda") or ()],
        plan=Plan.objects.filter(pk=said["plan"]).first() if said.get("plan") else None,
        satisfies=said.get("also") or (),
        extra=extra_of(said),
        actor=scene.actor,
    )


def _stands(kind: ActivityKind) -> tuple[str, ...] | None:
    return None if kind.household else kind.unit_kinds


def _tells(scene: Scene) -> str:
    every = {"month": "月", "quarter": "季度", "half_year": "半年", "year": "年"}.get(scene.kind.every)
    return f"每{every}至少一次。" if every else ""


NEW = New("activities", "登记活动", _permission, _fields, _record, _stands, "activity", _tells)

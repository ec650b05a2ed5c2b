"""事项的挂牌和催办."""

from typing import Any

from hangshi.cases import course
from hangshi.cases.models import Case
from hangshi.web.acts.cases import kind_of, on_day
from hangshi.web.acts.shape import Act, Said, Scene, allowed
from hangshi.web.fields import Field


def _levels(scene: Scene) -> dict[str, str]:
    """The levels at which the case may be urged now: overdue long enough, and not urged at it for this deadline."""
    kind = kind_of(scene.record)
    if kind is None:
        return {}
    had = set(scene.record.urgings.values_list("level", "due_on"))
    found = {}
    for it in kind.escalations:
        if allowed(course.check_may_urge, kind, scene.record, level=it.key, on=scene.today):
            due = course.check_may_urge(kind, scene.record, level=it.key, on=scene.today)
            if (it.key, due) not in had:
                found[it.key] = it.name
    return found


def _urge_fields(scene: Scene) -> list[Field]:
    return [
        Field("level", "催办方式", "choice", True, choices=_levels(scene)),
        Field("note", "要求", "area", longest=300),
        on_day(scene, "催办日期"),
    ]


def _urge(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    course.urge(kind, scene.record, level=said["level"], on=said["day"], actor=scene.actor, note=said["note"])
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _list_fields(scene: Scene) -> list[Field]:
    return [Field("batch", "批次", required=True, hint="如：2020年第一批", longest=40), on_day(scene, "挂牌日期")]


def _list(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    return course.enlist(scene.record, batch=said["batch"], on=said["day"], actor=scene.actor, kind=kind)


def _may_list(scene: Scene) -> bool:
    return kind_of(scene.record) is not None and not scene.record.closed_on and not scene.record.suspended_on


def batch_fields(scene: Scene, found: list[Case]) -> list[Field]:
    """Several cases into one batch; those to choose from stand in `found`."""
    said = {str(it.pk): " · ".join(filter(None, (it.title, it.unit.name, _due(it)))) for it in found}
    return [
        Field("cases", "事项", "several", True, choices=said),
        Field("batch", "批次", required=True, hint="如：2020年第一批", longest=40),
        Field("day", "挂牌日期", "date", True, initial=scene.today, latest=scene.latest),
    ]


def _due(case: Case) -> str:
    due = case.stage_due_on or case.due_on
    return f"期限 {due}" if due else ""


def list_all(scene: Scene, found: list[Case], said: Said) -> Case:
    """All that were ticked, or none; the first of them."""
    ticked = [it for it in found if str(it.pk) in said["cases"]]
    return course.enlist_all(scene.kind, ticked, batch=said["batch"], on=said["day"], actor=scene.actor)[0]


ACTS = (
    Act(
        "urge", "cases", "催办", "case.write", _urge_fields, _urge, lambda scene: bool(_levels(scene)), "bell",
        lambda scene: "催办后可以打印提醒函；同一期限、同一方式只催一次。",
    ),
    Act("list", "cases", "列入批次", "case.write", _list_fields, _list, _may_list, "clipboard-list"),
)  # fmt: skip

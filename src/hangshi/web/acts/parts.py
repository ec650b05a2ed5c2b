"""What hangs on a case: who has a part in it, its measures, its evidence."""

from typing import Any

from hangshi.cases import parts
from hangshi.cases.models import Case, Measure
from hangshi.files import store
from hangshi.web.acts.cases import kind_of, on_day
from hangshi.web.acts.shape import Act, Said, Scene
from hangshi.web.fields import Field

BEARERS = [
    Field("person", "责任人", "anyone", hint="由个人承担的，填这一格"),
    Field("unit", "责任单位", "unit", hint="由单位承担的，填这一格"),
]


def _worked_on(scene: Scene) -> bool:
    return not scene.record.closed_on and not scene.record.suspended_on


def _bearer(said: Said) -> Any:
    return said["person"] or said["unit"]


def _seat_fields(scene: Scene) -> list[Field]:
    kind: Any = kind_of(scene.record)
    seats = {key: it.name for key, it in kind.seats.items()}
    return [Field("seat", "席位", "choice", True, choices=seats), *BEARERS, on_day(scene, "自哪天起")]


def _seat(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    parts.take_seat(kind, scene.record, seat=said["seat"], bearer=_bearer(said), on=said["day"], actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _has_seats(scene: Scene) -> bool:
    kind = kind_of(scene.record)
    return _worked_on(scene) and kind is not None and bool(kind.seats)


def _measure_fields(scene: Scene) -> list[Field]:
    return [
        Field("text", "措施", "area", True, longest=300),
        *BEARERS,
        Field("due_on", "完成期限", "date"),
        on_day(scene, "登记日"),
    ]


def _measure(scene: Scene, said: Said) -> Case:
    parts.plan_measure(
        scene.record,
        text=said["text"],
        bearer=_bearer(said),
        due_on=said["due_on"],
        on=said["day"],
        actor=scene.actor,
    )
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _listed(scene: Scene, *, done: bool) -> dict[str, str]:
    rows = scene.record.measures.filter(done_on__isnull=not done, checked_on=None).order_by("pk")
    return {str(pk): text for pk, text in rows.values_list("pk", "text")}


def _finish_fields(scene: Scene) -> list[Field]:
    return [
        Field("measure", "措施", "choice", True, choices=_listed(scene, done=False)),
        Field("result", "完成情况", "area", True, longest=300),
        on_day(scene, "完成日期"),
    ]


def _chosen(scene: Scene, said: Said) -> Measure:
    found: Measure = scene.record.measures.get(pk=int(said["measure"]))
    return found


def _finish(scene: Scene, said: Said) -> Case:
    parts.finish_measure(_chosen(scene, said), result=said["result"], on=said["day"], actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _recheck_fields(scene: Scene) -> list[Field]:
    return [
        Field("measure", "措施", "choice", True, choices=_listed(scene, done=True)),
        Field("holds", "仍然有效", "bool", True, "选“否”的，这条措施重新办理"),
        Field("finding", "回访情况", "area", True, longest=300),
        on_day(scene, "回访日期"),
    ]


def _recheck(scene: Scene, said: Said) -> Case:
    parts.check_on_return(
        _chosen(scene, said), holds=said["holds"], finding=said["finding"], on=said["day"], actor=scene.actor
    )
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _evidence_fields(scene: Scene) -> list[Field]:
    kind: Any = kind_of(scene.record)
    return [
        Field("evidence", "材料种类", "choice", True, choices=kind.evidence),
        Field("name", "材料名称", required=True, hint="写明文号或标题，原件按档案规定保存"),
        Field("file", "文件", "file", hint="可以不传。照片（JPG、PNG、WebP）或PDF，不超过20兆"),
        on_day(scene, "日期"),
    ]


def _evidence(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    sha256 = store.keep(said["file"].read()).sha256 if said["file"] else ""
    parts.file_evidence(
        kind,
        scene.record,
        evidence=said["evidence"],
        name=said["name"],
        on=said["day"],
        actor=scene.actor,
        sha256=sha256,
    )
    return scene.record  # type: ignore[no-any-return]  # the act belongs to cases


def _has_evidence(scene: Scene) -> bool:
    kind = kind_of(scene.record)
    return _worked_on(scene) and kind is not None and bool(kind.evidence)


WRITE = "case.write"
ACTS = (
    Act("seat", "cases", "落实责任", WRITE, _seat_fields, _seat, _has_seats, "user-plus"),
    Act("measure", "cases", "增加措施", WRITE, _measure_fields, _measure, _worked_on, "list-check"),
    Act(
        "finish", "cases", "措施完成", WRITE, _finish_fields, _finish,
        lambda scene: _worked_on(scene) and bool(_listed(scene, done=False)), "checklist",
    ),
    Act(
        "recheck", "cases", "回访措施", WRITE, _recheck_fields, _recheck,
        lambda scene: _worked_on(scene) and bool(_listed(scene, done=True)), "eye",
    ),
    Act("evidence", "cases", "登记材料", WRITE, _evidence_fields, _evidence, _has_evidence, "paperclip"),
)  # fmt: skip

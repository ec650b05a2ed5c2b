"""活动以后: checked, accepted, sent back, corrected; files hung on it and taken off."""

from dataclasses import replace
from typing import Any

from hangshi.activities import attachments, reviews
from hangshi.activities.models import Activity
from hangshi.activities.services import Item
from hangshi.refusal import Refused
from hangshi.web import names, words
from hangshi.web.acts.activities import AGENDA
from hangshi.web.acts.shape import Act, Said, Scene, allowed
from hangshi.web.fields import Field
from hangshi.web.telling import OUTSIDE

WRITE = "activity.write"


def _review(to: str) -> Any:
    def run(scene: Scene, said: Said) -> Activity:
        return reviews.review(scene.record, to=to, on=scene.today, actor=scene.actor, note=said["note"] or "")

    return run


def _may(to: str) -> Any:
    return lambda scene: allowed(reviews.check_may_review, scene.record, to=to, actor=scene.actor, note="-")


def _note(scene: Scene) -> list[Field]:
    return [Field("note", "意见", "area", longest=300)]


def _reason(scene: Scene) -> list[Field]:
    return [Field("note", "退回的理由", "area", True, longest=300)]


def _open(scene: Scene) -> bool:
    """A visit belongs to a household and is corrected like any other, but hangs no files."""
    return scene.record.state in ("recorded", "sent_back") and scene.record.kind in words.pack().kinds.activity


def _correct_fields(scene: Scene) -> list[Field]:
    it, kind = scene.record, words.pack().kinds.activity[scene.record.kind]
    if kind.number_only:
        return [Field("present", kind.counts, "int", True, initial=it.present)]
    return [
        Field("topic", "主题", initial=it.topic),
        Field("place", "地点", initial=it.place, longest=120),
        Field("minutes", "纪要", "area", initial=it.minutes),
    ]


def _correct(scene: Scene, said: Said) -> Activity:
    kind = words.pack().kinds.activity[scene.record.kind]
    return reviews.correct(kind, scene.record, on=scene.today, actor=scene.actor, **said)


def _set_right_fields(scene: Scene) -> list[Field]:
    """Who was there and what was on the table, as it was recorded."""
    states = list(scene.record.attendances.values_list("person_id", "state", "reason"))
    known = names.persons([pk for pk, _, _ in states])
    rows = tuple(sorted(((pk, known.get(pk, OUTSIDE)) for pk, _, _ in states), key=lambda row: (row[1], row[0])))
    stood = {f"a_{pk}": state for pk, state, _ in states} | {f"r_{pk}": reason for pk, _, reason in states}
    listed = [Field("attendance", "到会情况", "attendance", rows=rows, initial=stood)] if rows else []
    items = list(scene.record.agenda.order_by("number"))
    said = {f"agenda.{it.number}.topic": it.topic for it in items}
    said |= {f"agenda.{it.number}.resolution": it.resolution for it in items}
    return [*listed, replace(AGENDA, initial=said, hint="")]


def _set_right(scene: Scene, said: Said) -> Activity:
    """The people there beside those named stay: they were counted, not listed."""
    kind, it = words.pack().kinds.activity[scene.record.kind], scene.record
    given: Said = {"agenda": [Item(*one) for one in said["agenda"]]}
    if listed := said.get("attendance"):
        unnamed = it.present - it.attendances.filter(state="present").count()
        given |= {"attendance": listed.states, "reasons": listed.reasons}
        given["present"] = sum(state == "present" for state in listed.states.values()) + max(unnamed, 0)
    return reviews.correct(kind, it, on=scene.today, actor=scene.actor, **given)


def _may_set_right(scene: Scene) -> bool:
    kind = words.pack().kinds.activity.get(scene.record.kind)
    return _open(scene) and kind is not None and kind.attendance == "named"


def _may_attach(scene: Scene) -> bool:
    kind = words.pack().kinds.activity.get(scene.record.kind)
    if kind is None or scene.record.household_id is not None:
        return False
    return allowed(attachments.check_may_attach, kind, scene.record, name="-")


def _attach(scene: Scene, said: Said) -> Activity:
    file, kind = said["file"], words.pack().kinds.activity[scene.record.kind]
    attachments.attach(kind, scene.record, data=file.read(), name=said["name"] or file.name, actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to activities


def _attach_fields(scene: Scene) -> list[Field]:
    return [
        Field(
            "file", "文件", "file", True, "照片（JPG、PNG、WebP）或PDF，不超过20兆。照片里的拍摄地点等信息会自动去掉"
        ),
        Field("name", "名称", hint="不填的，用文件名", longest=120),
    ]


def _listed(scene: Scene) -> dict[str, str]:
    return {str(pk): name for pk, name in scene.record.attachments.filter(taken_off=False).values_list("pk", "name")}


def _take_off(scene: Scene, said: Said) -> Activity:
    found = scene.record.attachments.filter(pk=int(said["file"]), taken_off=False).first()
    if found is None:
        raise Refused("attachment.gone", "这个附件已经撤下。")
    attachments.take_off(found, actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to activities


def _off_fields(scene: Scene) -> list[Field]:
    return [Field("file", "附件", "choice", True, choices=_listed(scene))]


def _may_take_off(scene: Scene) -> bool:
    return scene.record.state != "accepted" and bool(_listed(scene))


ACTS = (
    Act("check", "activities", "审核通过", WRITE, _note, _review("checked"), _may("checked"), "check"),
    Act("accept", "activities", "认定", WRITE, _note, _review("accepted"), _may("accepted"), "circle-check"),
    Act("send_back", "activities", "退回", WRITE, _reason, _review("sent_back"), _may("sent_back"), "arrow-back-up"),
    Act("attach", "activities", "上传附件", WRITE, _attach_fields, _attach, _may_attach, "paperclip"),
    Act("correct", "activities", "更正", WRITE, _correct_fields, _correct, _open, "pencil"),
    Act(
        "set_right",
        "activities",
        "更正到会和议题",
        WRITE,
        _set_right_fields,
        _set_right,
        _may_set_right,
        "users",
    ),
    Act("take_off", "activities", "撤下附件", WRITE, _off_fields, _take_off, _may_take_off, "trash"),
)

"""人、户、组织关系: registered, and changed on a day."""

from typing import Any

from hangshi.registry import people
from hangshi.registry.models import Household, Membership, Person
from hangshi.registry.tree import in_force
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, day
from hangshi.web.fields import Field

HOMES = ("place", "organ")
LEFT = {"death": "去世", "quit": "退党", "removed": "除名", "expelled": "开除党籍", "other": "其他"}
WRITE = "register.write"


def _homes(kind: Any) -> tuple[str, ...]:
    """Where somebody lives or works: a village or community, an organ."""
    kinds = words.pack().kinds.unit
    above = {parent for it in kinds.values() if it.group == "place" for parent in it.parents}
    return tuple(key for key, it in kinds.items() if it.group in HOMES and key not in above)


def _person_fields(scene: Scene) -> list[Field]:
    return [
        Field("name", "姓名", required=True, longest=64),
        Field("number", "公民身份号码", hint="18位；加密保存，页面上不显示；不知道的可以不填", longest=40),
        Field("cadre", "干部身份", "choice", choices=words.options("cadre")),
        day(scene, "登记日"),
    ]


def _register_person(scene: Scene, said: Said) -> Person:
    unit: Any = scene.unit
    return people.register_person(
        unit, name=said["name"], on=said["day"], number=said["number"], cadre=said["cadre"], actor=scene.actor
    )


def _household_fields(scene: Scene) -> list[Field]:
    return [
        Field("number", "户编号", required=True, longest=30),
        Field("head", "户主姓名", required=True, longest=64),
        Field("status", "户类别", "choice", True, choices=words.options("household_status")),
        Field("ground", "依据", hint="认定文件或会议"),
        day(scene, "认定日"),
    ]


def _register_household(scene: Scene, said: Said) -> Household:
    unit: Any = scene.unit
    said = dict(said)
    return people.register_household(unit, on=said.pop("day"), actor=scene.actor, **said)


def _status_fields(scene: Scene) -> list[Field]:
    now = scene.record.statuses.filter(until=None).values_list("status", flat=True).first()
    others = {key: text for key, text in words.options("household_status").items() if key != now}
    return [
        Field("status", "改为", "choice", True, choices=others),
        Field("ground", "依据", hint="认定文件或会议"),
        day(scene, "自哪天起"),
    ]


def _set_status(scene: Scene, said: Said) -> Household:
    people.set_status(scene.record, status=said["status"], ground=said["ground"], on=said["day"], actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to households


def _may_set_status(scene: Scene) -> bool:
    return allowed(people.check_may_set_status, scene.record, status="", on=scene.latest)


def _lives(scene: Scene) -> bool:
    return bool(scene.record.households.filter(until=None).exists())


def _enter_fields(scene: Scene) -> list[Field]:
    return [
        Field("household", "迁入户", "household", True),
        Field("relation", "与户主关系", required=True, longest=20),
        day(scene, "自哪天起"),
    ]


def _enter(scene: Scene, said: Said) -> Person:
    people.enter_household(
        scene.record, said["household"], relation=said["relation"], on=said["day"], actor=scene.actor
    )
    return scene.record  # type: ignore[no-any-return]  # the act belongs to persons


def _leave_household(scene: Scene, said: Said) -> Person:
    people.leave_household(scene.record, on=said["day"], actor=scene.actor)
    return scene.record  # type: ignore[no-any-return]  # the act belongs to persons


def _membership(scene: Scene) -> Membership | None:
    found: Membership | None = scene.record.memberships.filter(until=None).select_related("unit").first()
    return found


def _join_fields(scene: Scene) -> list[Field]:
    return [
        Field("branch", "党支部", "unit", True, kinds=("branch",)),
        Field("status", "状态", "choice", True, choices=words.options("membership_status"), initial="probationary"),
        Field("category", "类别", "choice", True, choices=words.options("membership_category")),
        day(scene, "自哪天起"),
    ]


def _join(scene: Scene, said: Said) -> Membership:
    return people.join(
        scene.record,
        said["branch"],
        status=said["status"],
        category=said["category"],
        on=said["day"],
        actor=scene.actor,
    )


def _may_join(scene: Scene) -> bool:
    open_or_later = scene.record.memberships.filter(in_force(scene.latest))
    return not open_or_later.exists()


def _transfer_fields(scene: Scene) -> list[Field]:
    return [
        Field("branch", "转入党支部", "unit", True, kinds=("branch",)),
        Field("category", "类别", "choice", hint="不选的，不变", choices=words.options("membership_category")),
        day(scene, "自哪天起"),
    ]


def _transfer(scene: Scene, said: Said) -> Membership:
    return people.transfer(
        scene.record, said["branch"], on=said["day"], category=said["category"] or None, actor=scene.actor
    )


def _confirm(scene: Scene, said: Said) -> Membership:
    return people.confirm(scene.record, on=said["day"], actor=scene.actor)


def _leave(scene: Scene, said: Said) -> Membership:
    return people.leave(scene.record, on=said["day"], reason=said["reason"], actor=scene.actor)


def _leave_fields(scene: Scene) -> list[Field]:
    return [day(scene, "最后一天"), Field("reason", "终止原因", "choice", True, choices=LEFT)]


def _member(scene: Scene) -> bool:
    return _membership(scene) is not None


def _probationary(scene: Scene) -> bool:
    now = _membership(scene)
    return now is not None and now.status == "probationary"


def _now(scene: Scene) -> str:
    now = _membership(scene)
    return f"现在“{now.unit}”，自{now.since}起。前一天是在原支部的最后一天，以前各日的数字不变。" if now else ""


def _only_day(label: str) -> Any:
    return lambda scene: [day(scene, label)]


NEW = (
    New("persons", "登记人员", lambda kind: WRITE, _person_fields, _register_person, _homes),
    New("households", "登记农户", lambda kind: WRITE, _household_fields, _register_household, lambda kind: ("village", "community")),
)  # fmt: skip
ACTS = (
    Act("status", "households", "变更户类别", WRITE, _status_fields, _set_status, _may_set_status, "pencil"),
    Act("join", "persons", "接收组织关系", WRITE, _join_fields, _join, _may_join, "user-plus"),
    Act("transfer", "persons", "转接组织关系", WRITE, _transfer_fields, _transfer, _member, "send", _now),
    Act("confirm", "persons", "预备党员转正", WRITE, _only_day("转正日"), _confirm, _probationary, "user-check"),
    Act("leave", "persons", "终止组织关系", WRITE, _leave_fields, _leave, _member, "logout", grave=True),
    Act("enter", "persons", "迁入户", WRITE, _enter_fields, _enter, lambda scene: not _lives(scene), "home"),
    Act("depart", "persons", "迁出户", WRITE, _only_day("最后一天"), _leave_household, _lives, "logout"),
)  # fmt: skip

"""台账: booked, and reversed; an entry itself is never edited."""

from datetime import date
from typing import Any

from hangshi.ledger import services
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, day
from hangshi.web.fields import Field, extra_of, of_kind

ONCE = {"month": "每月", "half_year": "每半年", "year": "每年"}


def _fields(scene: Scene) -> list[Field]:
    kind: EntryKind = scene.kind
    measure = words.MEASURES.get(kind.unit, kind.unit)
    fields = []
    if kind.subject != "unit":
        fields.append(Field(kind.subject, {"household": "户", "person": "人员"}[kind.subject], kind.subject, True))
    fields += [Field("amount", f"数额（{measure}）", "decimal", True), day(scene, "入账日期")]
    if kind.sources:
        fields.append(Field("source", "来源", "choice", True, choices=kind.sources))
    if kind.standing:
        fields += [
            Field("since", "生效日", "date", True, initial=scene.today),
            Field("until", "到期日", "date", hint="长期有效的不填"),
        ]
    return [*fields, *of_kind(kind.fields), Field("note", "说明")]


def _book(scene: Scene, said: Said) -> Entry:
    household, person = said.get("household"), said.get("person")
    subject: Any = household or person
    return services.book(
        scene.kind,
        unit=scene.unit or subject.unit,
        amount=said["amount"],
        on=said["day"],
        source=said.get("source", ""),
        since=said.get("since"),
        until=said.get("until"),
        household=household,
        person=person,
        note=said["note"],
        extra=extra_of(said),
        actor=scene.actor,
    )


def _stands(kind: EntryKind) -> tuple[str, ...] | None:
    return () if kind.subject == "unit" else None


def _tells(scene: Scene) -> str:
    once = ONCE.get(scene.kind.once_a)
    said = "入账以后不能修改，记错了办理冲销，再重新入账。"
    return f"{said}{once}只入一次。" if once else said


def _may_reverse(scene: Scene) -> bool:
    return allowed(services.check_may_reverse, scene.record, on=max(scene.today, scene.record.day), reason="-")


def _reverse_fields(scene: Scene) -> list[Field]:
    on = max(scene.today, scene.record.day)
    return [
        Field("day", "冲销日期", "date", True, initial=on, latest=max(scene.latest, on)),
        Field("reason", "理由", "area", True, longest=200),
    ]


def _reverse(scene: Scene, said: Said) -> Entry:
    return services.reverse(scene.record, on=said["day"], reason=said["reason"], actor=scene.actor)


def _correct_fields(scene: Scene) -> list[Field]:
    on = max(scene.today, scene.record.day)
    return [
        Field("amount", "正确的数额", "decimal", hint="本来就不该入账的，不填"),
        Field("day", "更正日期", "date", True, initial=on, latest=max(scene.latest, on)),
        Field("reason", "理由", "area", True, longest=200),
    ]


def _correct(scene: Scene, said: Said) -> Entry:
    kind = words.pack().kinds.entry[scene.record.kind]
    given = {"amount": said["amount"], "on": said["day"], "reason": said["reason"], "actor": scene.actor}
    return services.correct(kind, scene.record, **given)


def _may_correct(scene: Scene) -> bool:
    return scene.record.kind in words.pack().kinds.entry and _may_reverse(scene)


def _renew_fields(scene: Scene) -> list[Field]:
    measure = words.MEASURES[words.pack().kinds.entry[scene.record.kind].unit]
    return [
        Field("amount", f"数额（{measure}）", "decimal", True, initial=scene.record.amount),
        Field("since", "新的生效日", "date", True, initial=scene.today),
        Field("until", "新的到期日", "date", hint="长期有效的不填"),
        day(scene, "办理日期"),
        Field("reason", "说明", "area", True, longest=150),
    ]


def _renew(scene: Scene, said: Said) -> Entry:
    given = {name: said[name] for name in ("amount", "since", "until", "reason")}
    return services.renew(
        words.pack().kinds.entry[scene.record.kind], scene.record, on=said["day"], actor=scene.actor, **given
    )


def _may_renew(scene: Scene) -> bool:
    kind = words.pack().kinds.entry.get(scene.record.kind)
    return kind is not None and allowed(services.check_may_renew, kind, scene.record, since=date.max)


def _at_once(kind: EntryKind) -> bool:
    return not kind.shown_days  # points are proposed on a page of their own


NEW = New("entries", "入账", lambda kind: "entry.write", _fields, _book, _stands, "entry", _tells, _at_once)
ACTS = (
    Act(
        "reverse", "entries", "冲销", "entry.write", _reverse_fields, _reverse, _may_reverse, "arrow-back-up",
        lambda scene: "记一笔相反的数额，原来的一笔留着；要更正的，冲销后再重新入账。",
    ),
    Act(
        "correct", "entries", "更正", "entry.write", _correct_fields, _correct, _may_correct, "pencil",
        lambda scene: "用于已经结账的期间：在原日期上冲销原来的一笔、记入正确的数额。结账时留存的数不变，现在的数随之改变，两者并列。",
    ),
    Act(
        "renew", "entries", "续签", "entry.write", _renew_fields, _renew, _may_renew, "refresh",
        lambda scene: "原合同到新合同生效的前一天为止，同一天不会算两次；原来的一笔留着备查。",
    ),
)  # fmt: skip

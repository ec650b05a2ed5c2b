"""单位: set up, renamed, moved, merged, split, closed; each on a day, and the days before keep their tree."""

from typing import Any

from hangshi.packs.models import UnitKind
from hangshi.registry import carry, services
from hangshi.registry.models import Unit
from hangshi.registry.tree import ONE_DAY
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, coming
from hangshi.web.fields import Field, extra_of, of_kind

WRITE = "unit.write"


def _fields(scene: Scene) -> list[Field]:
    kind: UnitKind = scene.kind
    return [
        Field("name", "名称", required=True, longest=120),
        Field("code", "代码", longest=20, hint="区划代码或组织代码，没有的不填"),
        coming(scene, "设立日"),
        *of_kind(kind.fields),
    ]


def _create(scene: Scene, said: Said) -> Unit:
    return services.create(
        scene.kind,
        name=said["name"],
        code=said["code"],
        parent=scene.unit,
        on=said["day"],
        extra=extra_of(said),
        actor=scene.actor,
    )


def _stands(kind: UnitKind) -> tuple[str, ...]:
    return kind.parents


def _alive(scene: Scene) -> bool:
    return scene.record.until is None


def _rename_fields(scene: Scene) -> list[Field]:
    return [
        Field("name", "新名称", required=True, longest=120, initial=scene.record.name),
        Field("code", "代码", longest=20, initial=scene.record.code),
        coming(scene, "自哪天起"),
    ]


def _rename(scene: Scene, said: Said) -> Unit:
    return services.rename(scene.record, name=said["name"], code=said["code"], on=said["day"], actor=scene.actor)


def _may_rename(scene: Scene) -> bool:
    unit = scene.record
    return allowed(services.check_may_rename, unit, name=unit.name, code=unit.code, on=max(scene.today, unit.since))


def _move_fields(scene: Scene) -> list[Field]:
    kind = words.pack().kinds.unit.get(scene.record.kind)
    return [
        Field("parent", "新的上级单位", "unit", True, kinds=kind.parents if kind else ()),
        coming(scene, "自哪天起"),
    ]


def _move(scene: Scene, said: Said) -> Unit:
    return services.move(scene.record, parent=said["parent"], on=said["day"], actor=scene.actor)


def _merge_fields(scene: Scene) -> list[Field]:
    return [Field("into", "并入单位", "unit", True, kinds=(scene.record.kind,)), coming(scene, "自哪天起")]


def _merge(scene: Scene, said: Said) -> Unit:
    return services.merge([scene.record], into=said["into"], on=said["day"], actor=scene.actor)


def _carried(scene: Scene) -> str:
    links = scene.record.child_links.filter(until=None).count()
    open_ones = [(links, "个下级单位"), *carry.left_open(scene.record, scene.today + ONE_DAY)]
    said = "、".join(f"{count}{what}" for count, what in open_ones if count)
    return f"现有{said}。" if said else "现在没有下级单位，也没有在册的人、户和未结事项。"


def _split_fields(scene: Scene) -> list[Field]:
    return [
        Field("names", "新单位名称", "area", True, "每行一个，至少两个"),
        Field("heir", "由第几个承接", "int", hint="下级单位、人、户和未结事项由它承接；都已转出的不填"),
        coming(scene, "自哪天起"),
    ]


def _split(scene: Scene, said: Said) -> Unit:
    names = [line.strip() for line in said["names"].splitlines() if line.strip()]
    heir = None if said["heir"] is None else said["heir"] - 1
    made = services.split(scene.record, names=names, heir=heir, on=said["day"], actor=scene.actor)
    return made[heir or 0]


def _close(scene: Scene, said: Said) -> Unit:
    return services.close(scene.record, on=said["day"], actor=scene.actor)


def _below_another(scene: Scene) -> bool:
    return _alive(scene) and scene.record.path.count("/") > 1


def _only_day(label: str) -> Any:
    return lambda scene: [coming(scene, label)]


def _merging(scene: Scene) -> str:
    return f"{_carried(scene)}合并后都转到并入的单位；本单位到前一天为止，以前各日的数字仍按原来的单位计。"


def _splitting(scene: Scene) -> str:
    return f"{_carried(scene)}拆分后本单位到前一天为止，以前各日的数字仍按原来的单位计。"


def _closing(scene: Scene) -> str:
    return f"{_carried(scene)}还有下级、人、户、责任、合同或未结事项的，不能撤销。"


NEW = New("units", "设立单位", lambda kind: WRITE, _fields, _create, _stands, "unit")
ACTS = (
    Act("rename", "units", "更名、换代码", WRITE, _rename_fields, _rename, _may_rename, "pencil"),
    Act("move", "units", "改隶属", WRITE, _move_fields, _move, _below_another, "route"),
    Act("merge", "units", "并入另一单位", WRITE, _merge_fields, _merge, _below_another, "git-merge", _merging, True),
    Act("split", "units", "拆分", WRITE, _split_fields, _split, _below_another, "hierarchy", _splitting, True),
    Act("close", "units", "撤销", WRITE, _only_day("最后一天"), _close, _below_another, "archive", _closing, True),
)  # fmt: skip

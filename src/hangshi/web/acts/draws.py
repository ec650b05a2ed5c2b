"""抽样、双随机、互查: frozen from what is on record, and held."""

from collections.abc import Callable
from dataclasses import dataclass

from hangshi.planning import queries, services, sharing
from hangshi.planning.models import Draw
from hangshi.planning.sampling import Quota
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import choices, words
from hangshi.web.acts.shape import Said, Scene, allowed, coming
from hangshi.web.fields import Field


def freeze_fields(scene: Scene) -> list[Field]:
    kinds = words.pack().kinds
    borne = {key: it.name for key, it in kinds.duty.items() if it.bearer == "person"}
    placed = {key: it.name for key, it in kinds.unit.items() if it.group == "place"}
    return [
        Field("title", "名称", required=True, hint="如：2020年第三季度驻村工作队员电话抽查"),
        Field("kind", "从哪些人中抽", "choice", True, choices=borne),
        Field("group", "按什么分组", "choice", True, choices=placed, initial="county"),
        Field("part", "组内按什么分处", "choice", True, choices=placed, initial="township"),
        Field("least", "每组至少抽几名", "int", True, initial=10),
        Field("most", "每处至多抽几名", "int", True, initial=2),
        Field("cover", "每处至少抽一名", "bool", True, initial=False),
        Field("total", "总共抽几名", "int", hint="不填的，各组抽满“至少”的数"),
    ]


def freeze(scene: Scene, unit: Unit, said: Said) -> Draw:
    items, names = queries.bearers(unit, said["kind"], on=scene.today, group=said["group"], part=said["part"])
    quota = Quota(said["least"], said["most"], said["cover"], said["total"])
    return services.freeze_sample(
        unit, title=said["title"], items=items, names=names, quota=quota, on=scene.today, actor=scene.actor
    )


def _unit_kind(label: str) -> Field:
    placed = {key: it.name for key, it in words.pack().kinds.unit.items() if it.group in ("place", "party")}
    return Field(
        "kind", label, "choice", True, choices=placed, initial="village", hint="您的单位以下、现有的这一类单位"
    )


def pairing_fields(scene: Scene) -> list[Field]:
    return [
        Field("title", "名称", required=True, hint="如：2020年第三季度党建督查"),
        Field("inspectors", "检查人员", "people", True, "每行一个姓名或人员编号"),
        _unit_kind("受检单位"),
        Field("most", "每人至多检查几个", "int", hint="不填的，尽量平均"),
        Field(
            "avoid",
            "另外回避",
            "area",
            hint="每行一对：姓名或编号，空格，单位名称。所在单位和承担责任的单位自动回避，不必填",
        ),
    ]


def freeze_pairing(scene: Scene, unit: Unit, said: Said) -> Draw:
    inspectors = [it.pk for it in said["inspectors"]]
    units = queries.units_below(unit, said["kind"], on=scene.today)
    pairs = [*queries.avoided(unit, inspectors, units, on=scene.today), *_pairs(said)]
    return services.freeze_pairing(
        unit,
        title=said["title"],
        inspectors=[str(pk) for pk in inspectors],
        units=[str(pk) for pk in units],
        avoid=pairs,
        most=said["most"],
        on=scene.today,
        actor=scene.actor,
    )


def _pairs(said: Said) -> list[tuple[str, str]]:
    """The pairs that were typed, a line each. Raises `Refused` for a line that names no inspector of the draw or no unit of its kind."""
    inspectors = {key: str(it.pk) for it in said["inspectors"] for key in (it.name, str(it.pk))}
    found = []
    for line in filter(None, (line.strip() for line in (said["avoid"] or "").splitlines())):
        name, _, place = line.partition(" ")
        if name not in inspectors:
            raise Refused("draw.avoid", f"“另外回避”里的“{line}”：“{name}”不在检查人员里。")
        try:
            at = choices.resolve("unit", place.strip(), kinds=(said["kind"],))
        except choices.Unclear as unclear:
            raise Refused("draw.avoid", f"“另外回避”里的“{line}”：{unclear.sentence}") from None
        found.append((inspectors[name], str(at.pk)))
    return found


def ring_fields(scene: Scene) -> list[Field]:
    return [Field("title", "名称", required=True, hint="如：2020年互查互学互鉴"), _unit_kind("互查单位")]


def freeze_ring(scene: Scene, unit: Unit, said: Said) -> Draw:
    units = [str(pk) for pk in queries.units_below(unit, said["kind"], on=scene.today)]
    return services.freeze_ring(unit, title=said["title"], units=units, on=scene.today, actor=scene.actor)


@dataclass(frozen=True)
class Way:
    """A way of drawing: what its form asks, and what freezes the frame."""

    title: str
    icon: str
    fields: Callable[[Scene], list[Field]]
    freeze: Callable[[Scene, Unit, Said], Draw]
    tells: str = ""


WAYS = {
    "sample": Way("抽人", "users", freeze_fields, freeze),
    "pairing": Way(
        "双随机",
        "arrows-sort",
        pairing_fields,
        freeze_pairing,
        "抽出谁检查哪个单位。每个单位一名检查人员，回避的不配在一起。",
    ),
    "ring": Way(
        "互查", "refresh", ring_fields, freeze_ring, "抽成一圈：每个单位查一个、被一个查，不查自己，也不两两对换。"
    ),
}


def share_fields(scene: Scene) -> list[Field]:
    return [
        coming(scene, "起始日", "since"),
        Field("until", "截止日", "date", required=True, hint="互查结束的最后一天"),
    ]


def share(scene: Scene, draw: Draw, said: Said) -> Draw:
    kind = words.pack().kinds.duty[sharing.KIND]
    sharing.share_out(kind, draw, since=said["since"], until=said["until"], actor=scene.actor)
    return draw


def may_share(scene: Scene, draw: Draw) -> bool:
    """Whether the page offers to write down who checks whom: once, for a ring that was drawn."""
    kind = words.pack().kinds.duty.get(sharing.KIND)
    ready = kind is not None and scene.may("duty.write") and allowed(sharing.check_may_share, kind, draw)
    return ready and not sharing.shared(draw)


def hold_fields(scene: Scene) -> list[Field]:
    return [Field("witness", "见证数", hint="抽取当场由见证人报的数，事先谁也不知道；可以不填", longest=60)]


def hold(scene: Scene, draw: Draw, said: Said) -> Draw:
    return services.hold(draw, on=scene.today, actor=scene.actor, witness=said["witness"])

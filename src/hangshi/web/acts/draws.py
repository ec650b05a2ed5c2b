"""抽样: frozen from those who bear a duty, and held."""

from hangshi.planning import queries, services
from hangshi.planning.models import Draw
from hangshi.planning.sampling import Quota
from hangshi.registry.models import Unit
from hangshi.web import words
from hangshi.web.acts.shape import Said, Scene
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


def hold_fields(scene: Scene) -> list[Field]:
    return [Field("witness", "见证数", hint="抽取当场由见证人报的数，事先谁也不知道；可以不填", longest=60)]


def hold(scene: Scene, draw: Draw, said: Said) -> Draw:
    return services.hold(draw, on=scene.today, actor=scene.actor, witness=said["witness"])

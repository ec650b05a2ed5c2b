"""Study as the pages show it: names of classes and units, and the forms of materials, lists and plans."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hangshi.registry.models import Unit
from hangshi.study.models import Material
from hangshi.web import words
from hangshi.web.fields import Field
from hangshi.web.middleware import PersonRequest

EVERYBODY = "全体"
ABOVE = "上级单位"


def learners_of(keys: Iterable[str]) -> str:
    """The classes in words; none is everybody."""
    return "、".join(words.label("learner", key) for key in keys) or EVERYBODY


def units_of(request: PersonRequest, pks: Iterable[int]) -> Mapping[int, str]:
    """Names of the units that published: a reader below sees those on the way up, and others only as being above."""
    asked = set(pks)
    names = dict.fromkeys(asked, ABOVE) | {it.pk: it.name for it in request.units if it.pk in asked}
    return names | dict(Unit.objects.filter(pk__in=asked).values_list("pk", "name"))


def learners_field(*, required: bool = False) -> Field:
    hint = "" if required else "都不选就是面向全体"
    return Field("learners", "学习对象", "several", required=required, choices=words.options("learner"), hint=hint)


def days(today: date) -> list[Field]:
    return [
        Field("since", "起始日", "date", required=True, initial=today),
        Field("until", "截止日", "date", hint="不填就一直有效"),
    ]


def material_fields(today: date) -> list[Field]:
    return [
        Field("title", "标题", required=True, longest=120),
        Field("kind", "资料类别", "choice", required=True, choices=words.options("material")),
        learners_field(),
        *days(today),
        Field("link", "链接", longest=300, hint="视频和网上文件填网址；有文件就不填"),
        Field("file", "文件", "file", hint="PDF 或图片，20 兆以内；链接和文件选一样"),
    ]


def list_fields(today: date, materials: Iterable[Material]) -> list[Field]:
    offered = {str(it.pk): it.title for it in materials}
    return [
        Field("title", "清单名称", required=True, longest=120),
        learners_field(required=True),
        *days(today),
        Field("required", "必读", "several", choices=offered),
        Field("optional", "选读", "several", choices=offered),
    ]


def intent_fields(materials: Iterable[Material]) -> list[Field]:
    return [
        Field("title", "学什么", longest=120, hint="选了下面的资料可以不填"),
        Field("material", "从资料里选", "choice", choices={str(it.pk): it.title for it in materials}),
        Field("due", "打算哪天学完", "date", required=True),
    ]


def chosen(materials: Iterable[Material], keys: Iterable[str]) -> list[Any]:
    """Those ticked, in the order they are shown."""
    ticked = set(keys)
    return [it for it in materials if str(it.pk) in ticked]

"""Study as the pages show it: names of classes and units, and the forms of materials, lists and plans."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.study.models import Material, Paper
from hangshi.study.questions import KINDS
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


def question_fields() -> list[Field]:
    return [
        Field("topic", "专题", required=True, longest=60, hint="组卷时按专题抽题"),
        Field("kind", "题型", "choice", required=True, choices=KINDS),
        Field("text", "题目", "area", required=True, longest=500),
        Field("options", "选项", "area", hint="单选、多选每行写一个；判断题、简答题不填"),
        Field("answer", "答案", longest=20, hint="单选、多选填字母，如 A、AC；判断题填“对”或“错”；简答题不填"),
        Field("reference", "评分要点", "area", longest=500, hint="简答题必填"),
        Field("points", "分值", "int", required=True, initial="5"),
        Field("source", "出处", required=True, longest=200, hint="依据哪份文件、哪一条"),
    ]


def paper_fields(topics: Sequence[tuple[str, int]]) -> list[Field]:
    """`topics`: each with how many questions it has."""
    asked = [Field(f"n_{at}", topic, "int", hint=f"题库有 {number} 道") for at, (topic, number) in enumerate(topics)]
    return [Field("title", "试卷名称", required=True, longest=120), *asked]


def quiz_fields(today: date, papers: Iterable[Paper]) -> list[Field]:
    return [
        Field("title", "测试名称", required=True, longest=120),
        Field("paper", "试卷", "choice", required=True, choices={str(it.pk): it.title for it in papers}),
        learners_field(required=True),
        Field("since", "答题起始日", "date", required=True, initial=today),
        Field("until", "答题截止日", "date", required=True),
    ]


def training_fields(today: date) -> list[Field]:
    return [
        Field("title", "班名", required=True, longest=120),
        Field("kind", "培训类别", "choice", required=True, choices=words.options("training")),
        Field("topic", "主题", required=True, longest=200),
        learners_field(required=True),
        Field("since", "起始日", "date", required=True, initial=today),
        Field("until", "截止日", "date", required=True, initial=today),
        Field("place", "地点", longest=120),
        Field("seats", "名额", "int", required=True, hint="保存以后再把名额分给单位"),
    ]


def blank(title: str, way: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a form needs that stands for itself."""
    return {"title": title, "scene": {}, "grave": False, "tells": ""} | dict(way)


def letters(text: str, options: Sequence[str]) -> list[int]:
    """The numbers of the options that were named by letter, or by 对 and 错. Raises `Refused`."""
    said = text.strip().upper().replace("、", "").replace(",", "").replace(" ", "")
    if said in ("对", "错"):
        return [0 if said == "对" else 1]
    found = [ord(it) - ord("A") for it in said]
    if not all(0 <= it < len(options) for it in found):
        raise Refused("question.letters", f"答案“{text}”不是所列选项的字母，应写成 A 或 AC 这样。")
    return found


def lettered(numbers_: Iterable[int]) -> str:
    return "".join(chr(ord("A") + it) for it in numbers_)


def numbers(said: Iterable[str]) -> list[int]:
    """What was posted as small whole numbers. Raises `Refused`."""
    found = []
    for text in said:
        if not (text.isascii() and text.isdecimal() and len(text) < 4):
            raise Refused("study.number", f"“{text[:20]}”不是所要的数。")
        found.append(int(text))
    return found

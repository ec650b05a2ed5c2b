"""The second pass: has each definition the right keys and types? One bad definition does not hide the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from hangshi.packs.books import Chain, Distribution, Entitlement, Tier
from hangshi.packs.checks import Check
from hangshi.packs.documents import Document
from hangshi.packs.duty_lists import DutyList
from hangshi.packs.models import (
    Closed,
    Fact,
    Figure,
    Header,
    Indicator,
    Kinds,
    Problem,
    ReportTable,
    Role,
    Standard,
    Template,
)
from hangshi.packs.points import PointRules
from hangshi.packs.positions import Key
from hangshi.packs.regulations import Regulation
from hangshi.packs.rosters import Roster
from hangshi.packs.schemes import Scheme
from hangshi.packs.uppers import Upper
from hangshi.packs.work import Approval, Hold, JointSet, Reaction, RequiredSet, Requirement, Roll, StrandBoard, Survey

SECTIONS: dict[str, type[Closed]] = {
    "fact": Fact,
    "indicator": Indicator,
    "standard": Standard,
    "figure": Figure,
    "approval": Approval,
    "hold": Hold,
    "requirement": Requirement,
    "reaction": Reaction,
    "required_set": RequiredSet,
    "joint_set": JointSet,
    "strand_board": StrandBoard,
    "roll": Roll,
    "survey": Survey,
    "check": Check,
    "document": Regulation,
    "role": Role,
    "tier": Tier,
    "chain": Chain,
    "entitlement": Entitlement,
    "roster": Roster,
    "distribution": Distribution,
    "points": PointRules,
    "scheme": Scheme,
    "duty_list": DutyList,
    "template": Template,
    "table": ReportTable,
    "upper": Upper,
}
FAMILIES: dict[str, type[Closed]] = {name: get_args(it.annotation)[1] for name, it in Kinds.model_fields.items()}
WORD = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass
class Shaped:
    """What the second pass hands on. `broken` are the definitions that exist but could not be read."""

    header: Header | None = None
    made: dict[Key, tuple[Closed, Document]] = field(default_factory=dict)
    broken: set[Key] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def did_you_mean(word: str, known: Any) -> str:
    close = get_close_matches(word, sorted(map(str, known)), n=1, cutoff=0.6)
    return f"；是不是“{close[0]}”？" if close else ""


def shape(documents: list[Document]) -> Shaped:
    shaped = Shaped()
    for document in documents:
        for section, table in document.tables.items():
            if section == "pack":
                shape_header(shaped, document, table)
            elif section == "kind" and isinstance(table, dict):
                for family, kinds in table.items():
                    shape_tables(shaped, document, (section, family), FAMILIES, kinds)
            else:
                shape_tables(shaped, document, (section,), SECTIONS, table)
    return shaped


def shape_header(shaped: Shaped, document: Document, table: Any) -> None:
    try:
        shaped.header = Header.model_validate(table)
    except ValidationError as error:
        shaped.problems += complaints(error, document, ("pack",), Header)


def shape_tables(shaped: Shaped, document: Document, at: Key, models: dict[str, type[Closed]], tables: Any) -> None:
    model = models.get(str(at[-1]))
    if model is None:
        known = FAMILIES if len(at) > 1 else [*SECTIONS, "kind", "pack"]
        hint = did_you_mean(str(at[-1]), known)
        shaped.problems.append(document.problem(at, "P104", f"没有叫“{at[-1]}”的一类定义{hint}"))
    elif not isinstance(tables, dict):
        shaped.problems.append(document.problem(at, "P113", "这里应当是一张表"))
    else:
        for name, table in tables.items():
            shape_one(shaped, document, (*at, name), model, table)


def shape_one(shaped: Shaped, document: Document, key: Key, model: type[Closed], table: Any) -> None:
    name = str(key[-1])
    if not WORD.match(name):
        shaped.problems.append(document.problem(key, "P106", f"键“{name}”只能用小写字母、数字和下划线，以字母开头"))
    if key in shaped.made:
        first = shaped.made[key][1]
        sentence = f"“{name}”已经在 {first.name} 第 {first.positions.line(key)} 行定义过"
        shaped.problems.append(document.problem(key, "P102", sentence))
        return
    if isinstance(table, dict) and "key" in table:
        shaped.problems.append(document.problem((*key, "key"), "P112", "没有“key”这个键：表名就是它的键"))
    said = {**table, "key": name} if isinstance(table, dict) else table
    try:
        shaped.made[key] = (model.model_validate(said), document)
    except ValidationError as error:
        shaped.problems += complaints(error, document, key, model)
        if all(it["type"] == "extra_forbidden" for it in error.errors()):
            # What remains is still seen by the third pass, so that one run says everything.
            shaped.made[key] = (model.model_validate(said, extra="ignore"), document)
        else:
            shaped.broken.add(key)


def complaints(error: ValidationError, document: Document, at: Key, model: type[Closed]) -> Iterator[Problem]:
    for it in error.errors(include_url=False):
        key = (*at, *it["loc"])
        last = str(it["loc"][-1]) if it["loc"] else str(at[-1])
        if it["type"] == "missing":
            if key not in document.positions.lines:  # what is written but is no TOML has its own problem already
                yield document.problem(key, "P111", f"缺少“{last}”")
        elif it["type"] == "extra_forbidden":
            hint = did_you_mean(last, keys_at(model, it["loc"][:-1]) - {"key"})
            yield document.problem(key, "P112", f"没有“{last}”这个键{hint}")
        else:
            yield document.problem(key, "P113", wrong_value(it))


def keys_at(model: Any, loc: tuple[int | str, ...]) -> set[str]:
    """The keys that the table at `loc` inside `model` may have."""
    for step in loc:
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or step not in model.model_fields:
            continue
        model = next(iter(models_in(model.model_fields[str(step)].annotation)), None)
    return set(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else set()


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


EXPECTED = {
    "string_type": "应当是文字",
    "int_type": "应当是整数",
    "bool_type": "应当是 true 或 false",
    "date_type": "应当是日期，如 2017-01-01",
    "decimal_type": "应当是数",
    "decimal_parsing": "应当是数",
    "dict_type": "应当是一张表",
    "model_type": "应当是一张表",
    "list_type": "应当是一列",
    "tuple_type": "应当是一列",
    "string_too_short": "不能为空",
    "too_short": "不能为空",
}


def wrong_value(error: Any) -> str:
    if error["type"] == "literal_error":
        allowed = error["ctx"]["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、")
        hint = did_you_mean(str(error["input"]), [word for word in allowed.split("、") if word])
        return f"“{error['input']}”不在可选之列：{allowed}{hint}"
    return EXPECTED.get(error["type"], f"值不合要求（{error['type']}）")

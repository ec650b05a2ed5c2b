"""Fields that several targets share, and the words an office may write for a key."""

from collections.abc import Mapping

from hangshi.intake.shape import Field
from hangshi.packs.models import ExtraField, Pack

NAME = Field("name", "姓名", "text", ("党员姓名", "成员姓名", "人员姓名", "名字", "家庭成员姓名"), True, 64)
IDENTITY = Field(
    "number", "公民身份号码", "identity", ("身份证号", "身份证号码", "公民身份证号", "证件号码", "身份证", "证件号")
)
HOME = (
    "所在单位",
    "单位名称",
    "所属单位",
    "所在村",
    "行政村",
    "村名",
    "村",
    "所在行政村",
    "工作单位",
    "村（社区）",
    "单位代码",
    "村代码",
)
UNIT = Field("unit", "单位", "unit", HOME, True)
EXTRA = "coalesce(s.extra, '{}'::jsonb) || coalesce(s.sealed_extra, '{}'::jsonb)"
TYPES = {"text": "text", "int": "int", "decimal": "number", "bool": "bool", "date": "day", "choice": "choice"}


def words(pack: Pack, family: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name → key and key → key of a family of kinds, and what else an office writes."""
    kinds = pack.kinds.family(family)
    known = {it.name: key for key, it in kinds.items()} | {key: key for key in kinds}
    return known | {word: key for word, key in (more or {}).items() if key in kinds}


def named(options: Mapping[str, str]) -> dict[str, str]:
    """Key → name turned into what may be written → key."""
    return {name: key for key, name in options.items()} | {key: key for key in options}


def extra_fields(fields: Mapping[str, ExtraField]) -> tuple[Field, ...]:
    """The fields that the pack adds to the kind, under the keys that `extra` keeps them by."""
    return tuple(
        Field(
            f"extra_{key}", it.name, TYPES[it.type], (), it.required, 500, named(it.choices), extra=it, places=2  # type: ignore[arg-type]  # the types of a pack are among ours
        )
        for key, it in fields.items()
    )  # fmt: skip

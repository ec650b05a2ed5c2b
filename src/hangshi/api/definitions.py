"""What the packs define, and who one is."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from hangshi.api.calls import ANY, Call, reads
from hangshi.api.shapes import UnitRow, example
from hangshi.registry.models import Unit
from hangshi.web import words

TAG = "包和令牌"


class PackRow(BaseModel):
    """包：一地的办法写成的定义。"""

    model_config = example(key="base", name="基础包")
    key: str
    name: str


class KindRow(BaseModel):
    """类别。`family`：单位、责任、活动等属于哪一族；`key` 就是记录里 `kind` 一栏的值。"""

    model_config = example(family="activity", key="visit", name="走访入户", source="", fields={})
    family: str
    key: str
    name: str
    source: str
    fields: dict[str, str]


class MeRow(BaseModel):
    """令牌是谁的、能做什么。"""

    model_config = example(
        name="县直报送",
        account="关庙镇用户",
        role="township_clerk",
        scopes=["figures.read", "records.read"],
        expires_on="2018-01-31",
        unit={
            "id": 7,
            "kind": "township",
            "name": "关庙镇",
            "code": "610902101",
            "parent": None,
            "since": "2016-01-01",
            "until": None,
            "extra": {},
        },
    )
    name: str
    account: str
    role: str
    scopes: list[str]
    expires_on: date
    unit: UnitRow


@reads("/me", ANY, MeRow, summary="令牌自己", tag=TAG)
def get_me(request: Call) -> dict[str, Any]:
    caller = request.caller
    return {
        "name": caller.token.name,
        "account": caller.account.name,
        "role": caller.grant.role,
        "scopes": [name for name in caller.token.scopes if caller.may(name)],
        "expires_on": caller.token.expires_on,
        "unit": UnitRow.of(Unit.objects.filter(pk=caller.unit.pk), restricted=False)[0],
    }


@reads("/packs", ANY, list[PackRow], summary="所用的包", tag=TAG)
def list_packs(request: Call) -> list[dict[str, Any]]:
    return [{"key": key, "name": it.name} for key, it in words.pack().headers.items()]


@reads("/packs/kinds", ANY, list[KindRow], summary="各族类别", tag=TAG)
def list_kinds(request: Call) -> list[dict[str, Any]]:
    kinds = words.pack().kinds
    return [
        {
            "family": family,
            "key": key,
            "name": it.name,
            "source": it.source,
            "fields": {name: field.name for name, field in getattr(it, "fields", {}).items()},
        }
        for family in type(kinds).model_fields
        for key, it in kinds.family(family).items()
    ]

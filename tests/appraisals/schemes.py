"""Schemes of the tests, written from text as a pack would."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hangshi.packs.schemes import Edition, Scheme

GRADES = [
    {"key": "good", "name": "好", "least": 80},
    {"key": "fair", "name": "一般", "least": 60},
    {"key": "poor", "name": "差", "least": 0},
]
CHOICES = {
    "yes": {"name": "满意", "percent": 100},
    "half": {"name": "基本满意", "percent": 50},
    "no": {"name": "不满意", "percent": 0},
}


def criterion(key: str, weight: Any, by: str = "reviewers", **more: Any) -> dict[str, Any]:
    """With the sources that `by` needs, where the test does not say them."""
    needs: Mapping[str, dict[str, Any]] = {
        "residents": {"choices": CHOICES},
        "indicator": {"indicator": "theme_days", "curve": [{"at": 0, "percent": 0}, {"at": 12, "percent": 100}]},
        "ledger": {"book": "member_points", "curve": [{"at": 0, "percent": 0}, {"at": 20, "percent": 100}]},
        "checklist": {"items": {"a": {"name": "甲"}, "b": {"name": "乙"}}},
    }
    return {"key": key, "name": key, "weight": weight, "nature": "outcome", "by": by} | needs.get(by, {}) | more


def edition(*criteria: dict[str, Any], **more: Any) -> Edition:
    return Edition.model_validate({"since": date(2016, 1, 1), "criteria": list(criteria), "grades": GRADES} | more)


def scheme(*criteria: dict[str, Any], editions: list[Edition] | None = None, **more: Any) -> Scheme:
    said = {
        "key": "trial",
        "name": "试验办法",
        "unit_kinds": ("branch",),
        "source": "示例县〔2020〕3号",
        "objection_days": 3,
    }
    return Scheme.model_validate(said | {"editions": editions or [edition(*criteria)]} | more)

"""A draw in words: the published one holds numbers only, and what they stand for is looked up in the reader's scope."""

from typing import Any

from hangshi.planning.models import Draw
from hangshi.registry.models import Unit
from hangshi.web import names, telling


def told(draw: Draw) -> dict[str, Any]:
    """`people` who were drawn with their place and number; `pairs` of (unit, who checks it); `left`: units without anybody; `avoided`: how many pairs."""
    result = draw.result["drawn"] if draw.result else None
    if draw.kind == "sample":
        return {"people": _people(draw, result or []), "pairs": [], "left": [], "avoided": 0}
    pairs = result["pairs"] if result else {}
    units = _units(draw.frame["units"])
    if draw.kind == "pairing":
        known = names.persons([int(it) for it in draw.frame["inspectors"]])
        lines = [(units[unit], known.get(int(who), telling.OUTSIDE)) for unit, who in pairs.items()]
        left = [units[it] for it in result["left"]] if result else []
        return {"people": [], "pairs": sorted(lines), "left": left, "avoided": len(draw.rule["avoid"])}
    # From anywhere in the ring on, each after the one that checks it.
    lines = [(units[checked], units[checker]) for checker, checked in _around(pairs)]
    return {"people": [], "pairs": lines, "left": [], "avoided": 0}


def _people(draw: Draw, keys: list[str]) -> list[tuple[str, str, str]]:
    ids = [key for key in keys if key.isdecimal()]
    known = names.persons([int(key) for key in ids])
    where = {str(key): draw.frame["names"].get(str(part), "") for key, _, part in draw.frame["items"]}
    return [(known.get(int(key), telling.OUTSIDE), where.get(key, ""), key) for key in ids]


def _units(keys: list[str]) -> dict[str, str]:
    known = dict(Unit.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", "name"))
    return {key: known.get(int(key), telling.OUTSIDE) for key in keys}


def _around(pairs: dict[str, str]) -> list[tuple[str, str]]:
    """(who checks, who is checked), along the ring."""
    at, found = min(pairs, default=""), list[tuple[str, str]]()
    while len(found) < len(pairs):
        found.append((at, pairs[at]))
        at = pairs[at]
    return found

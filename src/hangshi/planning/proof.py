"""The published file of a draw, and its check: needs no database and no trust in whoever drew."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hangshi.planning import matching, sampling
from hangshi.planning.lots import bound
from hangshi.planning.models import Draw
from hangshi.planning.sampling import Item, Quota

Frame = dict[str, Any]


def digest(frame: Any, rule: Any) -> str:
    """SHA-256 of frame and rule in one fixed spelling (sorted keys, no spaces, UTF-8)."""
    text = json.dumps([frame, rule], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mixed(seed: str, witness: str) -> str:
    """The seed of the lots: the one bound beforehand, mixed with what the witnesses said on the day (may be empty)."""
    return hashlib.sha256(f"{seed}\n{witness}".encode()).hexdigest()


def published(draw: Draw) -> dict[str, Any]:
    """Everything that is shown of a draw. It holds keys and places; what a key stands for the office looks up under its own scope."""
    return {
        "format": "hangshi-draw-1",
        "kind": draw.kind,
        "title": draw.title,
        "frozen_on": draw.frozen_on.isoformat(),
        "frame": draw.frame,
        "rule": draw.rule,
        "frame_digest": draw.frame_digest,
        "seed_bound": draw.seed_bound,
        "drawn_on": draw.drawn_on.isoformat() if draw.drawn_on else None,
        "seed": draw.seed,
        "result": draw.result,
    }


def outcome(kind: str, frame: Frame, rule: Mapping[str, Any], seed: str) -> Any:
    """What the lots say, by the rules of the kind: `sample`, `pairing` or `ring`. `seed` is the mixed one."""
    match kind:
        case "sample":
            quota = Quota(**{name: rule[name] for name in ("least", "most", "cover", "total")})
            return sampling.draw([Item(*item) for item in frame["items"]], quota, seed)
        case "pairing":
            avoid = [(inspector, unit) for inspector, unit in rule["avoid"]]
            pairs, left = matching.pair(frame["inspectors"], frame["units"], seed, avoid=avoid, most=rule["most"])
            return {"pairs": pairs, "left": left}
        case "ring":
            return {"pairs": matching.ring(frame["units"], seed)}
    raise ValueError(f"unknown kind of draw: {kind}")


def faults(said: Mapping[str, Any]) -> list[str]:
    """What does not hold in a published draw, a sentence each; empty: it was drawn as it says."""
    if said.get("format") != "hangshi-draw-1":
        return ["这不是抽样公布文件，或版本不认识。"]
    found = []
    if digest(said["frame"], said["rule"]) != said["frame_digest"]:
        found.append("名单或规则与封存时的摘要不符：封存后被改动过。")
    if not said["drawn_on"]:
        return [*found, "还没有抽取，种子尚未公布。"]
    if bound(said["seed"]) != said["seed_bound"]:
        found.append("公布的种子与事先公布的种子摘要不符：种子被换过。")
    seed = mixed(said["seed"], said["result"]["witness"])
    try:
        again = outcome(said["kind"], said["frame"], said["rule"], seed)
    except (ValueError, KeyError, TypeError):
        return [*found, "按公布的名单和规则无法重新抽取。"]
    if again != said["result"]["drawn"]:
        found.append("按公布的名单、规则和种子重新抽取，结果与公布的不同。")
    return found

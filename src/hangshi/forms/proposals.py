"""What a column of a form may be: candidates by name, alias and the whole path of the head, best first, each with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from hangshi.intake.heads import plain
from hangshi.packs.models import Indicator, Pack

NAME, CODE, SERIAL, FIGURE = "unit.name", "unit.code", "serial", "figure."
FIXED = {NAME: "单位名称", CODE: "单位代码", SERIAL: "序号"}
CALLED = {
    NAME: (
        "单位",
        "单位名称",
        "名称",
        "填报单位",
        "乡镇",
        "镇",
        "村",
        "村名",
        "行政村",
        "县区",
        "县",
        "村名称",
        "乡镇名称",
        "县区名称",
    ),
    CODE: ("单位代码", "代码", "行政区划代码", "区划代码", "编码", "行政区划"),
    SERIAL: ("序号", "编号"),
}
LIKE = 0.6  # below it a likeness is chance
OFFERED = 5
ENDINGS = ("总数", "户数", "人数", "次数", "个数", "数量", "数")


@dataclass(frozen=True)
class Candidate:
    """`score`: 1 for the very name, down to `LIKE`."""

    target: str
    name: str
    score: float
    reason: str


def targets(pack: Pack) -> dict[str, str]:
    """Everything that a column may be confirmed as: target → name."""
    return FIXED | {FIGURE + key: it.name for key, it in pack.indicators.items()}


def candidates(pack: Pack, label: str) -> list[Candidate]:
    """The likely meanings of a column, at most five; empty where nothing is like it."""
    ends, whole = plain(label.rsplit("/", 1)[-1]), plain(label.replace("/", ""))
    found = list(_fixed(ends, whole))
    for key, it in pack.indicators.items():
        if (best := _likeness(it, ends, whole)) is not None:
            found.append(Candidate(FIGURE + key, it.name, *best))
    return sorted(found, key=lambda it: (-it.score, len(it.name), it.target))[:OFFERED]


def proposed(pack: Pack, labels: Mapping[str, str]) -> dict[str, str]:
    """Letter → the target to offer: the best one of each column, and none twice; the better claim keeps it."""
    claims = [(it.score, letter, it.target) for letter, label in labels.items() for it in candidates(pack, label)[:1]]
    chosen: dict[str, str] = {}
    for _, letter, target in sorted(claims, key=lambda claim: (-claim[0], claim[1])):
        if target not in chosen.values():
            chosen[letter] = target
    return chosen


def _fixed(ends: str, whole: str) -> Iterator[Candidate]:
    for target, called in CALLED.items():
        if ends in called or whole in called:
            yield Candidate(target, FIXED[target], 1.0, "列名就是")


def _likeness(it: Indicator, ends: str, whole: str) -> tuple[float, str] | None:
    best: tuple[float, str] | None = None
    for called, reason in ((it.name, "名称"), *((alias, f"别名“{alias}”") for alias in it.aliases)):
        said = plain(called)
        for text, where in ((ends, ""), (whole, "连同上级表头")):
            score, how = _score(said, text)
            if score >= LIKE and (best is None or score > best[0]):
                best = (score, f"{where}{how}{reason}")
    return best


def _score(said: str, text: str) -> tuple[float, str]:
    if not said or not text:
        return 0.0, ""
    if said == text:
        return 1.0, "等于"
    if stem(said) == stem(text):
        return 0.95, "去掉量词后等于"
    if len(stem(said)) >= 3 and (stem(said) in text or (len(text) >= 3 and stem(text) in said)):
        return 0.6 + 0.3 * min(len(said), len(text)) / max(len(said), len(text)), "包含"
    return 0.85 * SequenceMatcher(None, said, text, autojunk=False).ratio(), "近似于"


def stem(text: str) -> str:
    """Without the measure word at its end, where enough is left."""
    return next((text.removesuffix(it) for it in ENDINGS if text.endswith(it) and len(text) > len(it) + 1), text)

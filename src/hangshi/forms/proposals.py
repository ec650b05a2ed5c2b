"""What a column or a cell of a form may be: candidates by name, alias and the whole path of the head, best first, each with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from hangshi.forms import lists
from hangshi.intake.heads import plain
from hangshi.packs.models import Indicator, Pack

NAME, CODE, SERIAL, DAY, FILLED_ON = "unit.name", "unit.code", "serial", "day", "filled_on"
FIGURE, LIST = "figure.", "list."
FIXED = {NAME: "单位名称", CODE: "单位代码", SERIAL: "序号", DAY: "截止日期", FILLED_ON: "填报日期"}
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
    DAY: ("截止日期", "统计日期", "报表日期", "截至日期"),
    FILLED_ON: ("填报日期", "填表日期", "填报时间", "填表时间", "日期"),
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
    figures = {FIGURE + key: it.name for key, it in pack.indicators.items()}
    listed = {
        f"{LIST}{key}.{field}": f"{it.name}：{lists.FIELDS[field]}"
        for key, it in lists.lists(pack).items()
        for field in it.fields
    }
    return FIXED | figures | listed


def lists_of(chosen: Iterable[str]) -> set[str]:
    """The keys of the lists whose records are the rows; of a sound mapping at most one."""
    return {target.split(".")[1] for target in chosen if target.startswith(LIST)}


def candidates(pack: Pack, label: str, title: str = "") -> list[Candidate]:
    """The likely meanings of a column, at most five; empty where nothing is like it. `title` may name the records that are its rows."""
    ends, whole = plain(label.rsplit("/", 1)[-1]), plain(label.replace("/", ""))
    found = [*_listed(pack, ends, title), *_fixed(ends, whole)]
    for key, it in pack.indicators.items():
        if (best := _likeness(it, ends, whole)) is not None:
            found.append(Candidate(FIGURE + key, it.name, *best))
    return sorted(found, key=lambda it: (-it.score, len(it.name), it.target))[:OFFERED]


def proposed(pack: Pack, labels: Mapping[str, str], title: str = "") -> dict[str, str]:
    """Letter → the target to offer: the best one of each column, and none twice; the better claim keeps it.

    Records are proposed as rows only where a column is called like their name: a table of figures may speak of them in its title too.
    """
    if not any(plain(it.rsplit("/", 1)[-1]) in lists.CALLED["name"] for it in labels.values()):
        title = ""
    claims = [
        (it.score, letter, it.target) for letter, label in labels.items() for it in candidates(pack, label, title)[:1]
    ]
    chosen: dict[str, str] = {}
    for _, letter, target in sorted(claims, key=lambda claim: (-claim[0], claim[1])):
        if target not in chosen.values():
            chosen[letter] = target
    return chosen


def _listed(pack: Pack, ends: str, title: str) -> Iterator[Candidate]:
    """The fields of the list that the title calls by the longest name."""
    named = [(len(word), it) for it in lists.lists(pack).values() for word in it.called if title and word in title]
    if not named:
        return
    _, it = max(named, key=lambda pair: pair[0])
    for field in it.fields:
        if ends in lists.CALLED[field] or (field == "name" and ends in it.called):
            target = f"{LIST}{it.key}.{field}"
            yield Candidate(target, f"{it.name}：{lists.FIELDS[field]}", 1.05, "表名说的是，列名就是")


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

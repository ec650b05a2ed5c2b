"""How well claims found agree with labels: spans that overlap by half, then interval, unit, role and subject among them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hangshi.claims.extract import extract
from hangshi.claims.table import COLUMNS, line
from hangshi.claims.texts import read
from hangshi.refusal import Refused

Row = dict[str, str]
JUDGED = ("interval", "unit", "role", "subject")


@dataclass(frozen=True)
class Score:
    """Counts; `right`: among the matched, by what is judged."""

    labels: int
    found: int
    matched: int
    right: dict[str, int]

    @property
    def span(self) -> float:
        """F1 of the spans; 0 where nothing was labelled and nothing found."""
        both = self.labels + self.found
        return 2 * self.matched / both if both else 0.0

    def share(self, judged: str) -> float:
        return self.right[judged] / self.matched if self.matched else 0.0


def labels(file: Path) -> dict[str, list[Row]]:
    """The labelled claims by document. Raises `Refused` where a column is missing."""
    head, *body = file.read_text(encoding="utf-8").splitlines()
    names = head.split("\t")
    if missing := [name for name in COLUMNS if name not in names]:
        raise Refused("labels.columns", f"{file.name} 缺少列：{'、'.join(missing)}。")
    found: dict[str, list[Row]] = defaultdict(list)
    for row in body:
        cells = dict(zip(names, row.split("\t"), strict=False))
        found[cells["doc"]].append(cells)
    return found


def of_folder(file: Path, folder: Path) -> Score:
    """The extractor against the labels of all the documents that they name."""
    total = Score(0, 0, 0, dict.fromkeys(JUDGED, 0))
    for doc, gold in sorted(labels(file).items()):
        if not (folder / doc).is_file():
            raise Refused("labels.document", f"{folder} 里没有标注所指的文件“{doc}”。")
        claims = extract(read(doc, (folder / doc).read_bytes()))
        rows = [dict(zip(COLUMNS, line(doc, it).split("\t"), strict=True)) for it in claims]
        total = _added(total, of_rows(gold, rows))
    return total


def of_rows(gold: Sequence[Row], rows: Sequence[Row]) -> Score:
    right = dict.fromkeys(JUDGED, 0)
    pairs = list(_matched(gold, rows))
    for label, found in pairs:
        right["interval"] += _same_interval(label, found)
        right["unit"] += label["unit"] == found["unit"]
        right["role"] += label["role"] == found["role"]
        right["subject"] += dice(label["subject"], found["subject"]) >= 0.5
    return Score(len(gold), len(rows), len(pairs), right)


def dice(one: str, other: str) -> float:
    """How many characters two texts share, from 0 to 1; two empty ones are alike."""
    if not one and not other:
        return 1.0
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other))


def _matched(gold: Sequence[Row], rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """One to one, the largest overlap first."""
    near = []
    for i, label in enumerate(gold):
        for j, found in enumerate(rows):
            a, b, c, d = int(label["start"]), int(label["end"]), int(found["start"]), int(found["end"])
            overlap, longer = min(b, d) - max(a, c), max(b - a, d - c)
            if overlap > 0 and 2 * overlap >= longer:
                near.append((-overlap / longer, i, j))
    used: set[tuple[str, int]] = set()
    for _, i, j in sorted(near):
        if ("label", i) not in used and ("found", j) not in used:
            used |= {("label", i), ("found", j)}
            yield gold[i], rows[j]


def _same_interval(label: Row, found: Row) -> bool:
    return all(_same_end(label, found, end) for end in ("low", "high"))


def _same_end(label: Row, found: Row, end: str) -> bool:
    if not label[end] or not found[end]:
        return label[end] == found[end]
    one, other = float(label[end]), float(found[end])
    near = abs(one - other) <= 1e-6 * max(abs(one), abs(other))
    return near and label[f"{end}_open"] == found[f"{end}_open"]


def _added(one: Score, other: Score) -> Score:
    right = {key: one.right[key] + other.right[key] for key in JUDGED}
    return Score(one.labels + other.labels, one.found + other.found, one.matched + other.matched, right)

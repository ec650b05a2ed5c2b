"""What a quiz came to at a unit, in counts of its branches: no person is in it, and few answers are not told apart."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from hangshi.registry.models import Unit
from hangshi.registry.tree import upper
from hangshi.study.models import ItemTally, PaperItem, Quiz, Tally

FEWEST = 5  # of fewer marked sheets a mean would be somebody's own score
BANDS = {"low": "不足六成", "fair": "六成至八成", "good": "八成至九成", "best": "九成以上"}
COUNTS = ("should", "handed", "marked", "points", "full", *BANDS)


@dataclass(frozen=True)
class Result:
    """`mean` in percent of the paper, to one place; None, and no `bands`, below `FEWEST` marked sheets."""

    should: int
    handed: int
    marked: int
    mean: Decimal | None
    bands: dict[str, int]

    @property
    def coverage(self) -> Decimal | None:
        """Percent of those asked who handed in; None where nobody was asked."""
        return _percent(self.handed, self.should)


def result(quiz: Quiz, unit: Unit | None = None) -> Result:
    """At the unit and below, by default all that the caller sees."""
    rows = Tally.objects.filter(quiz=quiz)
    if unit is not None:
        rows = rows.filter(path__gte=unit.path, path__lt=upper(unit.path))
    sums = rows.aggregate(**{f"all_{name}": Sum(name, default=0) for name in COUNTS})
    enough = sums["all_marked"] >= FEWEST
    return Result(
        should=sums["all_should"],
        handed=sums["all_handed"],
        marked=sums["all_marked"],
        mean=_percent(sums["all_points"], sums["all_full"]) if enough else None,
        bands={word: sums[f"all_{name}"] for name, word in BANDS.items()} if enough else {},
    )


def wrong_rates(quiz: Quiz) -> list[tuple[PaperItem, Decimal | None]]:
    """Each item of the paper with how often in a hundred it missed full points; None below `FEWEST` marked answers."""
    rows = ItemTally.objects.filter(quiz=quiz).values_list("item_id").annotate(Sum("marked"), Sum("wrong"))
    counted = {item: (marked, wrong) for item, marked, wrong in rows}
    found = []
    for item in PaperItem.objects.filter(paper=quiz.paper_id).order_by("number"):
        marked, wrong = counted.get(item.pk, (0, 0))
        found.append((item, _percent(wrong, marked) if marked >= FEWEST else None))
    return found


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None

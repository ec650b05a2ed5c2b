"""Items of other forms that may ask the same: found by words, for a person to judge. Nothing is taken for the same by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from hangshi.demands.models import Demand, Item, Judgement
from hangshi.demands.queries import around
from hangshi.forms.proposals import stem
from hangshi.intake.heads import plain
from hangshi.packs.models import Pack

LEAST = 70.0  # of 100; below it a likeness is chance
SAME_WORDS, SAME_FIGURE = "字面相同", "都是系统里的“{}”"
MOST = 5  # for one item
COMPARED = ("draft", "asked", "approved")


@dataclass(frozen=True)
class Pair:
    """`score`: of 100. `judged` None: nobody has said yet."""

    item: Item
    other: Item
    score: float
    why: str
    judged: Judgement | None


def pairs(pack: Pack, demand: Demand) -> list[Pair]:
    """For each item the likest ones of other demands on the same units, in use or proposed; those not judged first.

    Two that the system fills with the same need no judgement.
    """
    mine, others = list(demand.items.order_by("number")), list(_others(demand))
    words = {it.pk: _words(it.label) for it in (*mine, *others)}
    judged = _judged({it.pk for it in mine})
    found = [
        Pair(it, other, score, why, judged.get((min(it.pk, other.pk), max(it.pk, other.pk))))
        for it in mine
        for other, score, why in _likest(pack, it, others, words)
        if not it.target or it.target != other.target
    ]
    return sorted(found, key=lambda it: (it.judged is not None, -it.score, it.item.number, it.other.pk))


def _others(demand: Demand) -> Iterator[Item]:
    """Items asked of the same kind of unit, by a demand above, below or beside it on the same line; not those that it goes on from."""
    level = Item.objects.select_related("demand").filter(demand__level=demand.level, demand__state__in=COMPARED)
    found = level.filter(demand__in=around(demand.unit))
    own = {demand.pk, demand.renews_id, *demand.renewals.values_list("pk", flat=True)}
    yield from found.exclude(demand__in=own - {None}).order_by("pk")


def _likest(pack: Pack, item: Item, others: list[Item], words: dict[int, str]) -> Iterator[tuple[Item, float, str]]:
    text = words[item.pk]
    if not text:
        return
    by_id = {it.pk: it for it in others}
    choices = {pk: words[pk] for pk in by_id if words[pk]}
    for _, score, pk in process.extract(text, choices, scorer=_alike, limit=MOST, score_cutoff=LEAST):
        yield by_id[pk], float(score), SAME_WORDS if score == 100 else f"字面相近（{score:.0f}%）"
    named = pack.aliases
    if (key := _figure(named, item)) is not None:
        for it in others:
            if _figure(named, it) == key and words[it.pk] != text and _alike(text, words[it.pk]) < LEAST:
                yield it, 99.0, SAME_FIGURE.format(pack.indicators[key].name)


def _figure(named: dict[str, str], item: Item) -> str | None:
    """The indicator that the item is called by, or filled with."""
    if item.target.startswith("figure."):
        return item.target.removeprefix("figure.")
    return named.get(item.label) or named.get(plain(item.label.rsplit("/", 1)[-1]))


def _words(label: str) -> str:
    """The last head without brackets, marks and measure words; a head that says nothing by itself keeps those above it."""
    ends = stem(plain(label.rsplit("/", 1)[-1]))
    return ends if len(ends) > 2 else stem(plain(label.replace("/", "")))


def _alike(one: str, other: str, **options: object) -> float:
    """Of 100: the same characters in the same order; in another order they count a little less."""
    straight = fuzz.ratio(one, other)
    if min(len(one), len(other)) < 4:
        return straight
    return max(straight, 0.95 * fuzz.token_sort_ratio(" ".join(one), " ".join(other)))


def _judged(items: set[int]) -> dict[tuple[int, int], Judgement]:
    found = Judgement.objects.filter(first__in=items) | Judgement.objects.filter(second__in=items)
    return {(it.first_id, it.second_id): it for it in found}

"""Two like items judged by a person: the same, and one answer fills both, or different for a reason."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from hangshi.demands.models import Item, Judgement
from hangshi.refusal import Refused
from hangshi.registry.signing import sign


@transaction.atomic
def judge(one: Item, other: Item, *, same: bool, reason: str, on: date, actor: int | None) -> Judgement:
    """Keep what is said of the pair; said again, the later word holds. Raises `Refused`."""
    sign(actor)
    check_may_judge(one, other, same=same, reason=reason)
    first, second = sorted((one, other), key=lambda it: it.pk)
    said = {
        "path": min(one.path, other.path, key=len),
        "same": same,
        "reason": reason.strip(),
        "judged_on": on,
        "recorded_by": actor,
    }
    made, _ = Judgement.objects.update_or_create(first=first, second=second, defaults=said)
    return made


def check_may_judge(one: Item, other: Item, *, same: bool, reason: str) -> None:
    if one.demand_id == other.demand_id:
        raise Refused("demand.one_form", "同一张表里的两项不用判断；重复的，请删去一项。")
    if not (one.path.startswith(other.path) or other.path.startswith(one.path)):
        raise Refused("demand.apart", "这两张表不是同样这些单位填的，不用判断。")
    if not same and not reason.strip():
        raise Refused("demand.reason", "不是同一项的，请写明差别在哪里（如口径、时点、范围），没有保存。")


def same_as(items: Collection[int]) -> dict[int, set[int]]:
    """Each item with all that it was judged the same as, over however many steps; without itself."""
    links: dict[int, set[int]] = {}
    for first, second in Judgement.objects.filter(same=True).values_list("first_id", "second_id"):
        links.setdefault(first, set()).add(second)
        links.setdefault(second, set()).add(first)
    return {it: _reached(links, it) - {it} for it in items}


def _reached(links: dict[int, set[int]], item: int) -> set[int]:
    reached, waiting = {item}, [item]
    while waiting:
        new = links.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached

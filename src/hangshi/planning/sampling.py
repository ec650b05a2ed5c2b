"""A draw by quota: so many from each group, so many at most from each part of a group. A pure function of frame, quota and seed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hangshi.planning.lots import shuffled


@dataclass(frozen=True)
class Item:
    """One that may be drawn: its key, the group it counts for (a county) and the part of the group (a township)."""

    key: str
    group: str
    part: str


@dataclass(frozen=True)
class Quota:
    """At least `least` from each group; from each part at most `most`, and with `cover` at least one.

    `total`: so many in all, the rest beyond the groups' `least` drawn from all that is left; None: just `least` from each.
    """

    least: int
    most: int
    cover: bool = False
    total: int | None = None


@dataclass(frozen=True)
class Unmet:
    """The group (empty: the whole frame) must give `needs` and can give only `can` within the quota of its `parts` parts."""

    group: str
    needs: int
    can: int
    parts: int


def unmet(frame: Sequence[Item], quota: Quota) -> list[Unmet]:
    """The groups that cannot give what the quota asks, by name of group; empty when the draw can be held."""
    found = []
    capacity, groups = 0, sizes(frame)
    for group, parts in sorted(groups.items()):
        can = sum(min(quota.most, size) for size in parts.values())
        capacity += can
        if can < quota.least:
            found.append(Unmet(group, quota.least, can, len(parts)))
    asked = sum(_asked(parts, quota) for parts in groups.values())
    if quota.total is not None and not found and not asked <= quota.total <= capacity:
        found.append(Unmet("", quota.total, capacity if quota.total > capacity else asked, len(groups)))
    return found


def sizes(frame: Sequence[Item]) -> dict[str, Counter[str]]:
    """How many items each part of each group holds."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for item in frame:
        groups[item.group][item.part] += 1
    return dict(groups)


def _asked(parts: Counter[str], quota: Quota) -> int:
    """What a group must give at least."""
    return max(quota.least, len(parts)) if quota.cover else quota.least


def draw(frame: Sequence[Item], quota: Quota, seed: str) -> list[str]:
    """The keys drawn, in the order of the lots. Raises `ValueError` where a group cannot give what is asked: ask `unmet` first."""
    if unmet(frame, quota):
        raise ValueError("the quota cannot be met")
    known = {item.key: item for item in frame}
    order = [known[key] for key in shuffled(seed, "draw", known)]
    taken: dict[str, Item] = {}
    room = Counter({(item.group, item.part): quota.most for item in frame})
    for group, parts in sorted(sizes(frame).items()):
        mine = [item for item in order if item.group == group]
        if quota.cover:
            _take(_first_of_each_part(mine), len(parts), taken, room)
        _take(mine, _asked(parts, quota) - _of(group, taken), taken, room)
    if quota.total is not None:
        _take(order, quota.total - len(taken), taken, room)
    return [item.key for item in order if item.key in taken]


def _first_of_each_part(items: Sequence[Item]) -> Iterator[Item]:
    seen = set()
    for item in items:
        if item.part not in seen:
            seen.add(item.part)
            yield item


def _take(
    items: "Iterator[Item] | Sequence[Item]", count: int, taken: dict[str, Item], room: Counter[tuple[str, str]]
) -> None:
    for item in items:
        if count <= 0:
            return
        if item.key not in taken and room[item.group, item.part] > 0:
            taken[item.key] = item
            room[item.group, item.part] -= 1
            count -= 1


def _of(group: str, taken: dict[str, Item]) -> int:
    return sum(item.group == group for item in taken.values())

"""Who inspects whom: inspectors drawn to units with avoidance (双随机), and units that check each other. Pure functions of a seed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from hangshi.planning.lots import lot, shuffled

Avoided = Collection[tuple[str, str]]  # (inspector, unit) pairs that must not meet


def pair(
    inspectors: Sequence[str], units: Sequence[str], seed: str, *, avoid: Avoided = (), most: int | None = None
) -> tuple[dict[str, str], list[str]]:
    """Unit → its inspector, and the units for which there is none within the rules.

    `most`: units an inspector may get; by default as even as can be. A unit left over is reported, never given to one who must avoid it.
    """
    cap = most if most is not None else -(-len(units) // len(inspectors)) if inspectors else 0
    barred = set(avoid)
    allowed = {
        unit: sorted((it for it in inspectors if (it, unit) not in barred), key=lambda it: lot(seed, "pair", it, unit))
        for unit in units
    }
    load: dict[str, list[str]] = defaultdict(list)
    left = [unit for unit in shuffled(seed, "units", units) if not _seat(unit, allowed, load, cap, set())]
    return {unit: it for it, seated in load.items() for unit in seated}, left


def _seat(unit: str, allowed: Mapping[str, list[str]], load: dict[str, list[str]], cap: int, tried: set[str]) -> bool:
    """Give the unit an inspector; where all of its own are full, move another unit on (augmenting path)."""
    mine = sorted((it for it in allowed[unit] if it not in tried), key=lambda it: len(load[it]))
    for inspector in mine:
        if len(load[inspector]) < cap:
            load[inspector].append(unit)
            return True
    for inspector in mine:
        if inspector in tried:
            continue
        tried.add(inspector)
        for other in list(load[inspector]):
            load[inspector].remove(other)
            if _seat(other, allowed, load, cap, tried):
                load[inspector].append(unit)
                return True
            load[inspector].append(other)
    return False


def ring(units: Sequence[str], seed: str) -> dict[str, str]:
    """Each unit checks one other and is checked by one (互查): nobody checks itself, and with three or more no two just swap.

    Raises `ValueError` for fewer than three units: two can only swap.
    """
    if len(units) < 3:
        raise ValueError("a mutual check needs at least three units")
    order = shuffled(seed, "ring", units)
    return dict(zip(order, [*order[1:], order[0]], strict=True))

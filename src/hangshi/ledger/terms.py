"""Under which terms points are given at a place: those of the place's own pack, else those that the book itself says."""

from hangshi.packs.models import EntryKind, Pack
from hangshi.packs.points import PointTerms
from hangshi.registry.reach import reach_of, roots


def at(pack: Pack, key: str, path: str) -> EntryKind:
    """The book `key` as it holds at the unit with this path. Raises `KeyError` for an unknown one."""
    kind = pack.kinds.entry[key]
    theirs = [it for it in pack.points.values() if it.book == key]
    if not theirs:
        return kind
    standing = roots(pack)
    for it in theirs:
        if reach_of(pack, f"points.{it.key}", standing).holds(path):
            return kind.model_copy(update={name: getattr(it, name) for name in PointTerms.model_fields})
    return kind


def accounts(pack: Pack, path: str) -> dict[str, EntryKind]:
    """The points accounts of the packs, each as it holds there."""
    return {key: at(pack, key, path) for key, it in pack.kinds.entry.items() if it.shown_days}

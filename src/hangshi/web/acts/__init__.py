"""Everything that can be done on the pages. A module a kind of record; the rules are in the services that they call."""

from hangshi.web.acts import (
    activities,
    approvals,
    cases,
    duties,
    entries,
    parts,
    people,
    points,
    pressing,
    reviews,
    units,
)
from hangshi.web.acts.shape import Act, New, Scene

NEW: dict[str, New] = {
    it.register: it for it in (activities.NEW, duties.NEW, cases.NEW, entries.NEW, *people.NEW, units.NEW)
}
ACTS: dict[tuple[str, str], Act] = {
    (it.register, it.key): it
    for it in (
        *duties.ACTS, *cases.ACTS, approvals.SUBMIT, *parts.ACTS, *pressing.ACTS, *cases.LATER, *reviews.ACTS,
        *entries.ACTS, *people.ACTS, *units.ACTS, points.OF_ACTIVITY,
    )
}  # fmt: skip


def offered(register: str, scene: Scene) -> list[Act]:
    """What this person may do to the record now: the permission and the service's check both say so."""
    return [it for (room, _), it in ACTS.items() if room == register and scene.may(it.permission) and it.offered(scene)]


__all__ = ["ACTS", "NEW", "Act", "New", "Scene", "offered"]

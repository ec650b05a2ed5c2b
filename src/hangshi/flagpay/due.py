"""What red flags pay: to whom, for which flag, how much; what of it was posted, and what was not."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hangshi.appraisals.models import Honour, Raise
from hangshi.appraisals.queries import scheme_of
from hangshi.approvals.content import digest_of
from hangshi.duties.models import Duty
from hangshi.packs.models import Pack
from hangshi.packs.schemes import Effect
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

Key = tuple[int, int, date]


@dataclass(frozen=True)
class Due:
    """A flag's rise of a month for who bears the post on the first of it; `amount` None: no standard covers that day.

    `since` and `until` are of the flag, both included.
    """

    month: date
    honour: int
    unit: int
    village: str
    flag: str
    since: date
    until: date
    duty: str
    role: str
    person: int
    standard: str
    amount: Decimal | None
    source: str
    book: str

    @property
    def key(self) -> Key:
        return self.honour, self.person, self.month

    @property
    def content(self) -> dict[str, Any]:
        """As a sheet keeps it: numbers and words, no names of people."""
        kept = ("honour", "unit", "village", "flag", "duty", "role", "person", "standard", "source", "book")
        said = {name: getattr(self, name) for name in kept}
        return said | {"since": str(self.since), "until": str(self.until), "amount": f"{self.amount:.2f}"}


def read(month: date, content: dict[str, Any]) -> Due:
    """A line of a sheet, as it was kept."""
    said = dict(content)
    for name in ("since", "until"):
        said[name] = date.fromisoformat(said[name])
    return Due(month=month, **said | {"amount": Decimal(said["amount"])})


def months_of(first: date, last: date) -> list[date]:
    """The first day of every month from that of `first` to that of `last`."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(begin, end + 1)]


def due(pack: Pack, unit: Unit, months: Sequence[date]) -> list[Due]:
    """For the months, each by its first day, at and below the unit; by village, flag and person. Four statements however many months."""
    if not months:
        return []
    held = list(_held(unit, months))
    effects = _effects(held)
    posts = _posts(held, effects, months)
    found: dict[Key, Due] = {}
    for month in months:
        for honour in held:
            if honour.since is None or honour.until is None or not honour.since <= month <= honour.until:
                continue
            for it in _of(pack, honour, effects[honour.sheet.round_id, honour.name], posts, month):
                found.setdefault(it.key, it)  # who bears two posts is paid for the first that the scheme names
    return list(found.values())


def _held(unit: Unit, months: Sequence[date]) -> Any:
    below = Q(path__gte=unit.path, path__lt=upper(unit.path))
    rows = Honour.objects.filter(below, since__lte=max(months), until__gte=min(months), sheet__person=None)
    return rows.select_related("sheet__unit", "sheet__round").order_by("path", "name", "pk")


def _effects(held: Iterable[Honour]) -> dict[tuple[int, str], Effect]:
    """Round and flag → what follows from it, by the scheme as the round keeps it."""
    rounds = {it.sheet.round_id: it.sheet.round for it in held}
    return {(pk, effect.name): effect for pk, round_ in rounds.items() for effect in scheme_of(round_)[0].effects}


def _posts(
    held: Collection[Honour], effects: dict[tuple[int, str], Effect], months: Sequence[date]
) -> dict[tuple[str, int], list[Duty]]:
    """Kind of duty and village → those who bore it in any of the months."""
    kinds = {rise.duty for effect in effects.values() for rise in effect.rises}
    rows = Duty.objects.filter(kind__in=kinds, target_unit__in={it.sheet.unit_id for it in held}, bearer__isnull=False)
    rows = rows.filter(Q(until=None) | Q(until__gte=min(months)), since__lte=max(months))
    found: dict[tuple[str, int], list[Duty]] = defaultdict(list)
    for it in rows.order_by("bearer", "pk"):
        found[it.kind, it.target_unit_id or 0].append(it)
    return found


def _of(
    pack: Pack, honour: Honour, effect: Effect, posts: dict[tuple[str, int], list[Duty]], month: date
) -> Iterable[Due]:
    village = honour.sheet.unit
    for rise in effect.rises:
        standard = pack.standards.get(rise.standard)
        for post in posts[rise.duty, village.pk]:
            if post.since > month or (post.until is not None and post.until < month):
                continue
            if rise.role in ("", post.role) and honour.since and honour.until:
                yield Due(
                    month, honour.pk, village.pk, village.name, honour.name, honour.since, honour.until, rise.duty,
                    post.role, post.bearer_id or 0, rise.standard, standard.amount(month) if standard else None,
                    standard.source if standard else "", effect.book or "",
                )  # fmt: skip


def posted(unit: Unit, months: Sequence[date]) -> dict[Key, Raise]:
    """What was posted for the months and not reversed."""
    rows = Raise.objects.filter(path__gte=unit.path, path__lt=upper(unit.path), month__in=months)
    rows = rows.filter(entry__reversal=None).select_related("entry")
    return {(it.honour_id, it.person_id, it.month): it for it in rows}


def unpaid(pack: Pack, unit: Unit, months: Sequence[date]) -> list[Due]:
    """差额: what a flag should have paid and no posting says so."""
    had = posted(unit, months)
    return [it for it in due(pack, unit, months) if it.key not in had]


def digest(lines: Iterable[Due]) -> str:
    """Over all that is to be paid, whatever the order."""
    return digest_of({"lines": sorted((it.content for it in lines), key=lambda it: (it["honour"], it["person"]))})

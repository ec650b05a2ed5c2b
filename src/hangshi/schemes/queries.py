"""Which scheme holds where and when, and the drafts on the way to one."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from hangshi.approvals.content import digest_of
from hangshi.packs.beside import cut
from hangshi.packs.loader import stacked
from hangshi.packs.models import Pack
from hangshi.packs.schemes import Scheme
from hangshi.registry.models import Unit
from hangshi.schemes.models import Draft, Edition
from hangshi.schemes.reading import read


def drafts(unit: Unit) -> "QuerySet[Draft]":
    """Those of the unit and below it that are still written, the latest change first."""
    below = Draft.objects.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "0", state="open")
    return below.select_related("unit").order_by("-changed_on", "-pk")


def editions(unit: Unit, *, on: date | None = None) -> list[Edition]:
    """Those that hold for the unit, its own and those of the units above it; with `on`, those begun by that day."""
    found = Edition.objects.all() if on is None else Edition.objects.filter(since__lte=on)
    return [it for it in found.order_by("key", "since", "pk") if unit.path.startswith(it.path)]


def schemes_at(pack: Pack, unit: Unit, *, on: date) -> dict[str, Scheme]:
    """Every scheme that the unit may use on the day: of the same key the nearest unit's latest edition, else the pack's."""
    nearest: dict[str, Edition] = {}
    for it in editions(unit, on=on):
        held = nearest.get(it.key)
        if held is None or (len(it.path), it.since) >= (len(held.path), held.since):
            nearest[it.key] = it
    return dict(pack.schemes) | {key: scheme for key, it in nearest.items() if (scheme := scheme_of(it))}


def in_force(pack: Pack, key: str, unit: Unit, *, on: date) -> Scheme | None:
    """See `schemes_at`. None: no such scheme."""
    return schemes_at(pack, unit, on=on).get(key)


def scheme_of(it: Edition | Draft) -> Scheme | None:
    """What it says; of an edition whatever has become of the packs since: what an indicator's loss means is said when it is computed."""
    return read(it.text).scheme


def text_of(key: str, unit: Unit, *, on: date) -> str:
    """The words of the scheme in force: those of the edition, else of the pack's file. Empty: they do not stand in one piece."""
    held = [it for it in editions(unit, on=on) if it.key == key]
    if held:
        return max(held, key=lambda it: (len(it.path), it.since)).text
    made = stacked(*settings.PACKS, dirs=settings.PACK_DIRS).whole.made
    found = made.get(("scheme", key))
    return cut(found[1], ("scheme", key)) if found else ""


def content_digest(draft: Draft) -> str:
    """Of what is approved: every letter of it."""
    return digest_of({"key": draft.key, "text": draft.text})

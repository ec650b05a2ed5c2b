"""A ring that was drawn, written down as duties: from then on the register says who checks whom."""

from datetime import date

from django.db import transaction

from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind
from hangshi.planning.models import Draw
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

KIND = "mutual_check"


@transaction.atomic
def share_out(kind: DutyKind, draw: Draw, *, since: date, until: date, actor: int | None) -> list[Duty]:
    """Each unit of the ring bears the duty `kind` for the one it drew. All of them are written, or none.

    Raises `Refused`, also where one of the units is outside the caller's scope: half a ring is none.
    """
    check_may_share(kind, draw)
    pairs = _pairs(draw)
    units = Unit.objects.in_bulk(list(pairs))
    if len(units) < len(pairs):
        raise Refused("draw.outside", f"圈里有{len(pairs) - len(units)}个单位不在您的范围内，请由抽签的单位登记。")
    return [
        duties.assign(kind, bearer=units[checker], target=units[checked], on=since, until=until, actor=actor)
        for checker, checked in pairs.items()
    ]


def check_may_share(kind: DutyKind, draw: Draw) -> None:
    if draw.kind != "ring" or draw.drawn_on is None:
        raise Refused("draw.no_ring", f"“{draw}”不是已经抽取的互查，没有可以登记的分工。")
    if not kind.circle:
        raise Refused("draw.no_circle", f"{kind.name}不是互查的分工。")


def shared(draw: Draw) -> bool:
    """Whether it is written down already: a pair of the ring stands in the register on the day of the draw or after it."""
    pairs = set(_pairs(draw).items())
    found = Duty.objects.filter(kind=KIND, bearer_unit__in=[checker for checker, _ in pairs])
    found = found.exclude(until__lt=draw.drawn_on)
    return not pairs.isdisjoint(found.values_list("bearer_unit_id", "target_unit_id"))


def _pairs(draw: Draw) -> dict[int, int]:
    """Who checks → who is checked; nobody before the draw is held."""
    drawn = draw.result["drawn"]["pairs"] if draw.result else {}
    return {int(checker): int(checked) for checker, checked in drawn.items()}

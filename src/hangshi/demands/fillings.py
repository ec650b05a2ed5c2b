"""What filling took: a blank form downloaded filled is kept as a filling too, and fillings are summed up by month, level and department."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from hangshi.demands import costs
from hangshi.demands.models import Demand, Filling
from hangshi.demands.queries import asked_on
from hangshi.forms.filling import Filled
from hangshi.forms.models import Form
from hangshi.indicators.queries import Period
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign


@transaction.atomic
def downloaded(
    pack: Pack, form: Form, unit: Unit, when: Period, made: Filled, *, on: date, actor: int | None
) -> Filling:
    """Keep that the form was filled for the unit and the days; downloaded again, it is still one filling. Raises `Refused`.

    The cells left open count as typed: the system does not see what is typed into the workbook.
    """
    sign(actor)
    rate = costs.rate(pack, on)
    if rate is None:
        raise Refused("demand.rate", "规矩包里没有这一天的填报用时标准，没有记下这次填报。")
    demand = asked_on(Demand.objects.filter(form=form.pk), on).order_by("-pk").first()
    said = {
        "path": unit.path,
        "title": form.title,
        "department": demand.department if demand else "",
        "level": unit.kind,
        "filled_on": on,
        "known": made.numbers - made.empty,
        "typed": made.left,
        "empty": made.empty,
        "minutes": rate * made.left,
        "recorded_by": actor,
    }
    filling, _ = Filling.objects.update_or_create(
        form=form.pk, demand=None, unit=unit, first=when.first, last=when.last, defaults=said
    )
    return filling


def within(fillings: "QuerySet[Filling]", when: Period) -> "QuerySet[Filling]":
    """Those filled in the days, both included."""
    return fillings.filter(filled_on__range=(when.first, when.last))


def grouped(fillings: "QuerySet[Filling]", by: str) -> Any:
    """A row for each `key`, a month (its first day), a level, a department or a title: `times` filled, cells by the `system`, by `hand`, `left` empty, and the minutes it `took`."""
    keyed = fillings.annotate(key=TruncMonth("filled_on") if by == "month" else F(by))
    sums = {"system": Sum("known"), "hand": Sum("typed"), "left": Sum("empty"), "took": Sum("minutes")}
    return keyed.values("key").annotate(times=Count("pk"), **sums).order_by("key")


@dataclass
class Department:
    """What a department asks: `demands` in use and their items, those typed by hand among them; what was filled for it in the days."""

    name: str
    demands: int = 0
    items: int = 0
    typed: int = 0
    times: int = 0
    hand: int = 0
    took: Decimal = Decimal(0)


def departments(demands: "QuerySet[Demand]", fillings: "QuerySet[Filling]", day: date) -> list[Department]:
    """Those that ask most first: by the items in use on the day that a person types. `fillings`: those of the days that are looked at."""
    by_hand = {
        "papers": Count("pk", distinct=True),
        "asks": Count("items"),
        "open": Count("items", filter=Q(items__target="")),
    }
    asked: Any = asked_on(demands, day).order_by().values("department").annotate(**by_hand)
    found = {it["department"]: Department(it["department"], it["papers"], it["asks"], it["open"]) for it in asked}
    for row in grouped(fillings.exclude(department=""), "department"):
        one = found.setdefault(row["key"], Department(row["key"]))
        one.times, one.hand, one.took = row["times"], row["hand"], row["took"]
    return sorted(found.values(), key=lambda it: (-it.typed, -it.hand, it.name))


def spared(demands: "QuerySet[Demand]", when: Period) -> "QuerySet[Demand]":
    """What came to an end in the days: refused, merged, withdrawn, or run out and not renewed."""
    decided = Q(state__in=("refused", "merged", "withdrawn"), decided_on__range=(when.first, when.last))
    gone_on = Exists(Demand.objects.filter(renews=OuterRef("pk"), state__in=("approved", "withdrawn")))
    ran_out = Q(state="approved", until__gte=when.first, until__lt=when.last) & ~gone_on
    return demands.filter(decided | ran_out).order_by("-until", "-pk")

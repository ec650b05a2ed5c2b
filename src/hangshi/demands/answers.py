"""A demand filled for one unit and one term: what the system knows is there, what another form was told is taken over, the rest a person types."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from hangshi.calendar.days import periods
from hangshi.demands import costs, judging
from hangshi.demands.models import Answer, Demand, Filling, Item
from hangshi.demands.queries import IN_USE
from hangshi.forms import proposals
from hangshi.indicators import queries as figures
from hangshi.indicators.queries import Period, Value
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

LONGEST = 200
BY_SYSTEM = "由系统填"
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Line:
    """An item before whoever fills it. `value`: the figure, where the system fills it; `elsewhere`: the answer that another form was told.

    `text`: what stands in the cell; `open_`: a person types it.
    """

    item: Item
    text: str
    open_: bool
    value: Value | None = None
    elsewhere: Answer | None = None


def term(demand: Demand, day: date) -> Period:
    """The week, month, quarter, half year or year that holds the day, both ends included; of a single demand its whole term."""
    if demand.every == "once":
        return Period(demand.since, demand.until)
    if demand.every == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    return Period(*next(periods(day, day, MONTHS[demand.every])))


def sheet(pack: Pack, demand: Demand, unit: Unit, when: Period) -> list[Line]:
    """Every item in its order. A person's own answer stands before one taken over from another form."""
    items = list(demand.items.order_by("number"))
    keys = [it.target.removeprefix(proposals.FIGURE) for it in items if it.target.startswith(proposals.FIGURE)]
    values = figures.values([it for it in keys if it in pack.indicators], unit, when)
    typed = [it for it in items if not it.target]
    own = _told(unit, when, typed)
    elsewhere = _told_elsewhere(unit, when, [it for it in typed if it.pk not in own])
    return [
        _line(it, values, own, elsewhere)
        if not it.target or it.target.startswith(proposals.FIGURE)
        else Line(it, known_of(it.target, unit, when), open_=False)
        for it in items
    ]


def known_of(target: str, unit: Unit, when: Period) -> str:
    """What the system writes that is no figure; of a list of records, which has no single value, only that it does."""
    said = {proposals.NAME: unit.name, proposals.CODE: unit.code or "", proposals.DAY: str(when.last)}
    return said.get(target, BY_SYSTEM)


def _line(item: Item, values: Mapping[str, Value], own: Mapping[int, Answer], elsewhere: Mapping[int, Answer]) -> Line:
    if item.target:
        value = values.get(item.target.removeprefix(proposals.FIGURE))
        known = value.value if value else None
        return Line(item, "" if known is None else f"{Decimal(known).normalize():f}", open_=False, value=value)
    if item.pk in elsewhere:
        return Line(item, elsewhere[item.pk].text, open_=False, elsewhere=elsewhere[item.pk])
    return Line(item, own[item.pk].text if item.pk in own else "", open_=True)


def _told(unit: Unit, when: Period, items: Collection[Item] | Collection[int]) -> dict[int, Answer]:
    """Item id → what was typed for the unit and the very same days; the latest where two forms were told."""
    told = Answer.objects.select_related("filling").filter(
        item__in=items, filling__unit=unit, filling__first=when.first, filling__last=when.last
    )
    return {it.item_id: it for it in told.order_by("pk")}


def _told_elsewhere(unit: Unit, when: Period, items: Collection[Item]) -> dict[int, Answer]:
    same = judging.same_as([it.pk for it in items]) if items else {}
    told = _told(unit, when, set().union(*same.values()))
    found = {pk: [told[it] for it in others if it in told] for pk, others in same.items()}
    return {pk: max(some, key=lambda it: it.pk) for pk, some in found.items() if some}


def check_may_fill(demand: Demand, unit: Unit, when: Period) -> None:
    if demand.state not in IN_USE:
        raise Refused("demand.not_asked", f"“{demand.title}”没有审定在用，不用填。")
    if unit.kind != demand.level or not unit.path.startswith(demand.path) or unit.until is not None:
        raise Refused("demand.not_of_you", f"“{demand.title}”不由{unit.name}填。")
    if when.last < demand.since or when.first > demand.until:
        raise Refused("demand.over", f"“{demand.title}”从{demand.since}要到{demand.until}，这一期不用填。")


@transaction.atomic
def fill(
    pack: Pack,
    demand: Demand,
    unit: Unit,
    *,
    day: date,
    typed: Mapping[int, str],
    on: date,
    actor: int | None,
    seen: Mapping[int, str] | None = None,
) -> Filling:
    """Keep what was typed, by the number of the item, for the term that holds `day`; filled again, the new answers stand for the old.

    An item that the system or another form fills takes no answer. `seen`: what stood in the items that were typed over; where somebody
    else has changed one meanwhile nothing is kept (None: it does not matter). Raises `Refused`.
    """
    sign(actor)
    when = term(demand, day)
    Unit.objects.select_for_update(of=("self",)).get(
        pk=unit.pk
    )  # of two who fill it at once, the second sees the first
    check_may_fill(demand, unit, when)
    lines = sheet(pack, demand, unit, when)
    _check_seen(lines, seen)
    said = {it.item: typed.get(it.item.number, "").strip() for it in lines if it.open_}
    told = {item: text for item, text in said.items() if text}
    _check_told(told, open_=len(said))
    filling = _counted(pack, demand, unit, when, lines, len(told), on, actor)
    filling.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(filling=filling, item=item, path=unit.path, text=text) for item, text in told.items()
    )
    return filling


def _check_seen(lines: Collection[Line], seen: Mapping[int, str] | None) -> None:
    if seen is None:
        return
    for it in lines:
        if it.open_ and it.text != seen.get(it.item.number, it.text):
            raise Refused(
                "demand.overtaken",
                f"打开这一页以后，“{it.item.label}”已由别人填为“{it.text}”，没有保存。您填的都在，请核对后再保存。",
            )


def _check_told(told: Mapping[Item, str], *, open_: int) -> None:
    if open_ and not told:
        raise Refused("demand.empty", "一项也没有填，没有保存。没有的，请写“无”。")
    if item := next((it for it, text in told.items() if len(text) > LONGEST), None):
        raise Refused("demand.long", f"“{item.label}”最多{LONGEST}字，没有保存。")


def _counted(
    pack: Pack, demand: Demand, unit: Unit, when: Period, lines: list[Line], told: int, on: date, actor: int | None
) -> Filling:
    known = sum(not it.open_ and it.text != "" for it in lines)
    rate = costs.rate(pack, on)
    if rate is None:
        raise Refused("demand.rate", "规矩包里没有这一天的填报用时标准，没有保存。")
    said = {
        "path": unit.path,
        "title": demand.title,
        "department": demand.department,
        "level": unit.kind,
        "filled_on": on,
        "known": known,
        "typed": told,
        "empty": len(lines) - known - told,
        "minutes": rate * told,
        "recorded_by": actor,
    }
    filling, _ = Filling.objects.update_or_create(
        demand=demand, unit=unit, first=when.first, last=when.last, defaults=said
    )
    return filling

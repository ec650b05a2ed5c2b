"""Each claim of a report against the records: 支持, 不符, 口径不明 or 无记录, with the value and the nearest explanation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hangshi.claims import binding
from hangshi.claims.binding import Candidate
from hangshi.claims.table import Claim
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.packs.models import Pack
from hangshi.registry.models import Unit

HOLDS, FAILS, UNCLEAR, NONE = "支持", "不符", "口径不明", "无记录"
EXPLAINED = 60  # failed claims that are explained: each asks the records a few dozen times
WORDS = (HOLDS, FAILS, UNCLEAR, NONE)
_SINCE = re.compile(r"((?:19|20)\d\d)年")
Number = Decimal | int | None


@dataclass(frozen=True)
class Verdict:
    """`definition`: what the claim was held against, if anything. `hints`: nearest explanations, the best first."""

    claim: Claim
    word: str
    reason: str
    definition: Candidate | None = None
    value: Decimal | None = None
    unit: int | None = None
    days: Period | None = None
    candidates: tuple[Candidate, ...] = ()
    hints: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Desk:
    """What a check needs: the definitions, whose report it is, the day it speaks of, and what was confirmed before."""

    pack: Pack
    unit: Unit
    on: date
    confirmed: dict[tuple[str, str], str]


def check(claims: list[Claim], raw: str, desk: Desk) -> list[Verdict]:
    """A verdict for each claim, in the order of the text. One read of the figures for each unit and period asked."""
    bound = [(it, binding.candidates(it, raw, desk.pack, desk.confirmed)) for it in claims]
    asked: dict[tuple[int, Period], set[str]] = {}
    places = _places(claims, desk)
    for it, found in bound:
        keys = {one.key for one in found if not one.standard}
        asked.setdefault((places[it.scope].pk, days_of(it, desk.on)), set()).update(keys)
    units = {unit.pk: unit for unit in places.values()}
    values = {where: queries.values(sorted(keys), units[where[0]], where[1]) for where, keys in asked.items() if keys}
    got = {(where, key): _decimal(it.value) for where, figures in values.items() for key, it in figures.items()}
    verdicts = [
        Verdict(it, NONE, "这是一个条件，不单独核对")
        if _is_condition(it, raw)
        else _verdict(it, found, got, places[it.scope], desk)
        for it, found in bound
    ]
    failed = [at for at, it in enumerate(verdicts) if it.word == FAILS]
    for at in failed[:EXPLAINED]:
        verdicts[at] = replace(verdicts[at], hints=tuple(_hints(verdicts[at], got, places[verdicts[at].claim.scope])))
    return verdicts


def _is_condition(claim: Claim, raw: str) -> bool:
    """收入50万元以上的村: a bound that describes what the next number counts is not the total of anything."""
    return claim.role == "fact" and None in (claim.low, claim.high) and raw[claim.end : claim.end + 1] == "的"


def _places(claims: list[Claim], desk: Desk) -> dict[str, Unit]:
    """Scope words → unit: one below the report's own unit that is called so, else the report's own."""
    words = {it.scope for it in claims if it.scope}
    below = Unit.objects.filter(name__in=words, until=None, path__startswith=desk.unit.path)
    named = {unit.name: unit for unit in below}
    return {word: named.get(word, desk.unit) for word in words | {""}}


def days_of(claim: Claim, on: date) -> Period:
    """The days the claim speaks of; without a year, from the first of January to the report's day."""
    years = [int(it) for it in _SINCE.findall(claim.period)]
    if not years or years[0] > on.year:
        return Period(date(on.year, 1, 1), on)
    first = date(years[0], 1, 1)
    if "以来" in claim.period or years[0] == on.year:
        return Period(first, on)
    return Period(first, date(years[0], 12, 31))


Got = dict[tuple[tuple[int, Period], str], Decimal | None]


def _verdict(claim: Claim, found: list[Candidate], got: Got, place: Unit, desk: Desk) -> Verdict:
    days = days_of(claim, desk.on)
    if claim.role in ("target", "structure"):
        return Verdict(claim, NONE, "目标或结构，不与记录相比", candidates=tuple(found))
    if claim.role == "standard":
        return _of_standard(claim, found, desk)
    if not found:
        return Verdict(claim, NONE, "没有名称或别名相近、计量单位相同的指标")
    chosen = binding.sure(found)
    values = {one.key: got.get(((place.pk, days), one.key)) for one in found}
    if chosen is None:
        near = [f"按“{one.name}”算得 {shown(values[one.key])}" for one in found[:3]]
        return Verdict(claim, UNCLEAR, "有几个相近的指标，请确认是哪一个", candidates=tuple(found), hints=tuple(near))
    value = values[chosen.key]
    if value is None:
        return Verdict(
            claim, NONE, f"“{chosen.name}”在这段日子没有记录", chosen, unit=place.pk, days=days, candidates=tuple(found)
        )
    if allows(claim, value):
        return Verdict(claim, HOLDS, f"算得 {shown(value)}，在所许区间内", chosen, value, place.pk, days, tuple(found))
    return Verdict(claim, FAILS, f"算得 {shown(value)}，不在所许区间内", chosen, value, place.pk, days, tuple(found))


def _of_standard(claim: Claim, found: list[Candidate], desk: Desk) -> Verdict:
    chosen = binding.sure(found)
    if chosen is None:
        word = UNCLEAR if found else NONE
        return Verdict(
            claim, word, "标准：请确认是哪一条" if found else "标准：规矩包里没有相近的一条", candidates=tuple(found)
        )
    amount = desk.pack.standards[chosen.key].amount(desk.on)
    if amount is None:
        return Verdict(claim, NONE, f"“{chosen.name}”在 {desk.on} 还没有数额", chosen, candidates=tuple(found))
    same = amount in (claim.low, claim.high)
    return Verdict(claim, HOLDS if same else FAILS, f"规定为 {shown(amount)}", chosen, amount, candidates=tuple(found))


def allows(claim: Claim, value: Decimal) -> bool:
    """Whether the words allow the value; a percentage is rounded half up to the places that the words write."""
    if claim.unit != "percent":
        return claim.allows(value)
    written = claim.text.rstrip("%％").partition(".")[2] if claim.text[-1:] in "%％" else "00"
    return claim.allows(value.quantize(Decimal(1).scaleb(-len(written)), ROUND_HALF_UP)) or claim.allows(value)


def shown(value: Number) -> str:
    if value is None:
        return "无值"
    rounded = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return f"{rounded:,f}"


def _decimal(value: Number) -> Decimal | None:
    return None if value is None else Decimal(value)


def _hints(failed: Verdict, got: Got, place: Unit) -> Iterator[str]:
    """The nearest explanations: a near definition, another measure, another day, another unit."""
    claim, chosen, days, value = failed.claim, failed.definition, failed.days, failed.value
    if chosen is None or days is None:
        return
    for one in failed.candidates:
        other = got.get(((place.pk, days), one.key))
        if one.key != chosen.key and other is not None and allows(claim, other):
            yield f"与“{one.name}”相符（{shown(other)}），口径可能用错"
    for power, word in ((10**4, "万"), (10**8, "亿")):
        if value and (claim.allows(value * power) or claim.allows(value / power)):
            yield f"数值相差一个“{word}”，计量单位可能写错"
    yield from _other_measure(claim, chosen, place, days)
    yield from _other_days(claim, chosen.key, place, days)
    yield from _other_units(claim, chosen.key, place, days)


def _other_measure(claim: Claim, chosen: Candidate, place: Unit, days: Period) -> Iterator[str]:
    """户 written where the number is of 人, or the other way round."""
    other = {"person": "household", "household": "person"}.get(claim.unit)
    known = queries.pack().indicators
    near = [key for key, it in known.items() if it.unit == other and set(binding.plain(it.name)) & set(chosen.core)]
    for key, value in queries.values(near, place, days).items() if near else ():
        if value.value and allows(claim, Decimal(value.value)):
            yield f"与“{known[key].name}”相符（{shown(value.value)}），户和人可能写混"
            return


def _other_days(claim: Claim, key: str, place: Unit, days: Period) -> Iterator[str]:
    for period, value in reversed(queries.months(key, place, days.last, 12)[:-1]):
        since = Period(date(period.last.year, 1, 1), period.last)
        if value.value is not None and allows(claim, Decimal(value.value)):
            yield f"与 {period.last} 的数相符（{shown(value.value)}），日期可能用错"
            return
        whole = queries.value(key, place, since).value
        if whole is not None and allows(claim, Decimal(whole)):
            yield f"与截至 {period.last} 的数相符（{shown(whole)}），日期可能用错"
            return
    before = Period(days.first - timedelta(days=365), days.last)
    longer = queries.value(key, place, before).value
    if longer is not None and allows(claim, Decimal(longer)):
        yield f"与 {before.first} 以来的数相符（{shown(longer)}），起始日可能不同"


def _other_units(claim: Claim, key: str, place: Unit, days: Period) -> Iterator[str]:
    for child, value in queries.children(key, place, days):
        if value.value is not None and allows(claim, Decimal(value.value)) and value.value:
            yield f"与{child.name}的数相符（{shown(value.value)}），范围可能用错"
            return

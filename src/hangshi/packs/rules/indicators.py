"""Indicators: each has one form, names what exists, and can be asked at its time."""

from collections.abc import Iterator

from hangshi.packs.models import Fact, Indicator
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean

CLASSIFIERS = {
    "item": ("个", "次", "支", "份", "件", "起", "家", "场", "人次"),
    "person": ("人", "名", "人次"),
    "household": ("户",),
}


@rule(Indicator)
def fact_exists(it: Indicator, book: Book) -> Iterator[Fault]:
    """P201. `fact` is one that the packs define."""
    if it.fact is not None and not book.has("fact", it.fact):
        yield Fault("fact", "P201", f"没有事实“{it.fact}”{did_you_mean(it.fact, book.names('fact'))}")


@rule(Indicator)
def form_is_one(it: Indicator, book: Book) -> Iterator[Fault]:
    """P202. A measure over a fact (with its time), or a ratio (both parts), or a change; not two of them, not none."""
    forms = [it.fact is not None, it.numerator is not None or it.denominator is not None, it.change_of is not None]
    if sum(forms) != 1:
        yield Fault("", "P202", "只能有一种算法：fact，或 numerator 和 denominator，或 change_of")
    elif it.fact is not None:
        for field in ("measure", "time"):
            if not getattr(it, field):
                yield Fault(field, "P202", f"有 fact 就要写“{field}”")
    elif it.where or it.measure or it.time:
        yield Fault("", "P202", "比率和增减幅度由别的指标算出，不写 where、measure、time")
    elif forms[1]:
        for field in ("numerator", "denominator"):
            if getattr(it, field) is None:
                yield Fault(field, "P202", f"比率缺少“{field}”")


def fact_of(it: Indicator, book: Book) -> Fact | None:
    return book.pack.facts.get(it.fact or "")


@rule(Indicator)
def as_of_has_validity(it: Indicator, book: Book) -> Iterator[Fault]:
    """P209. Only a fact with dated validity can be asked as of a day."""
    fact = fact_of(it, book)
    if fact is not None and it.time == "as_of":
        missing = [name for name in ("since", "until") if name not in fact.columns or fact.columns[name].type != "date"]
        if missing:
            yield Fault("time", "P209", f"事实“{fact.key}”没有 {'、'.join(missing)}，不能问某一天的存量；可用 within")


@rule(Indicator)
def within_has_a_day(it: Indicator, book: Book) -> Iterator[Fault]:
    """P210. What is counted within a period names the date column that decides."""
    fact = fact_of(it, book)
    if fact is None or it.time != "within":
        return
    dates = [name for name, column in fact.columns.items() if column.type == "date"]
    if it.time_column not in dates:
        field = "time_column" if "time_column" in it.model_fields_set else "time"
        hint = did_you_mean(it.time_column, dates)
        yield Fault(field, "P210", f"“{it.time_column}”不是事实“{fact.key}”的日期列（{'、'.join(dates)}）{hint}")


@rule(Indicator)
def parts_exist(it: Indicator, book: Book) -> Iterator[Fault]:
    """P212. A ratio's parts, and what changes, are indicators that the packs define."""
    for field, part in it.parts:
        if not book.has("indicator", part):
            yield Fault(field, "P212", f"没有指标“{part}”{did_you_mean(part, book.names('indicator') - {it.key})}")


def reaches(start: Indicator, book: Book) -> bool:
    """Whether an indicator is, by its parts, computed from itself."""
    seen: set[str] = set()
    waiting = [part for _, part in start.parts]
    while waiting:
        key = waiting.pop()
        if key == start.key:
            return True
        if key not in seen and key in book.pack.indicators:
            seen.add(key)
            waiting += [part for _, part in book.pack.indicators[key].parts]
    return False


@rule(Indicator)
def parts_are_no_cycle(it: Indicator, book: Book) -> Iterator[Fault]:
    """P213. No indicator is computed from itself."""
    if reaches(it, book):
        field = next(field for field, _ in it.parts)
        yield Fault(field, "P213", f"“{it.key}”绕了一圈，由它自己算出")


def time_of(key: str, book: Book) -> str | None:
    """The time of what an indicator rests on; None where that cannot be said."""
    seen: set[str] = set()
    while key in book.pack.indicators and key not in seen:
        seen.add(key)
        it = book.pack.indicators[key]
        if it.time is not None:
            return it.time
        key = it.numerator or it.change_of or ""
    return None


@rule(Indicator)
def parts_share_their_time(it: Indicator, book: Book) -> Iterator[Fault]:
    """P214. Both parts of a ratio are stocks, or both are flows."""
    if it.numerator and it.denominator:
        times = time_of(it.numerator, book), time_of(it.denominator, book)
        if None not in times and times[0] != times[1]:
            yield Fault("denominator", "P214", f"分子是 {times[0]}，分母是 {times[1]}：存量和发生数不能相除")


@rule(Indicator)
def change_is_of_a_flow(it: Indicator, book: Book) -> Iterator[Fault]:
    """P216. Only what is counted within a period is compared with the same days of the year before; in percent."""
    if it.change_of and time_of(it.change_of, book) == "as_of":
        yield Fault("change_of", "P216", f"“{it.change_of}”是某一天的存量，增减幅度只能比一段时间的发生数")
    if it.change_of and it.unit != "percent":
        yield Fault("unit", "P216", f"增减幅度的单位是 percent，不是 {it.unit}")


@rule(Indicator)
def classifier_fits_the_unit(it: Indicator, book: Book) -> Iterator[Fault]:
    """P219. A classifier is one by which things of that unit are counted; a sum of money or a percentage has none."""
    fitting = CLASSIFIERS.get(it.unit, ())
    if it.classifier and it.classifier not in fitting:
        known = f"可用：{'、'.join(fitting)}" if fitting else "这个单位不用量词"
        yield Fault("classifier", "P219", f"量词“{it.classifier}”与单位 {it.unit} 不合，{known}")

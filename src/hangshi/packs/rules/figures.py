"""Figures: what a report states, bound to what we compute."""

from collections.abc import Iterator

from hangshi.packs.models import Figure
from hangshi.packs.rules.indicators import time_of
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.structure import size


@rule(Figure)
def subject_exists(it: Figure, book: Book) -> Iterator[Fault]:
    """P331. A figure names one indicator, one standard or one structure, which exists."""
    if sum(said is not None for said in (it.indicator, it.standard, it.structure)) != 1:
        yield Fault("", "P331", "要写 indicator、standard 或 structure，三者只写其一")
    for section, word, key in (("indicator", "指标", it.indicator), ("standard", "标准", it.standard)):
        if key is not None and not book.has(section, key):
            yield Fault(section, "P331", f"没有{word}“{key}”{did_you_mean(key, book.names(section))}")


@rule(Figure)
def interval_is_sane(it: Figure, book: Book) -> Iterator[Fault]:
    """P332. Some value lies in the interval; only a standard may lack an upper end."""
    if it.high is None:
        if it.indicator is not None:
            yield Fault("high", "P332", "数的区间要有上限 high")
    elif it.high < it.low:
        yield Fault("high", "P332", f"上限 {it.high} 小于下限 {it.low}")
    elif it.high == it.low and (it.low_open or it.high_open):
        yield Fault("high", "P332", f"上下限都是 {it.low}，又不含端点，没有数能在其中")


@rule(Figure)
def time_fits(it: Figure, book: Book) -> Iterator[Fault]:
    """P333. A stock is stated as of a day, a flow from a first to a last day; a structure needs neither."""
    if it.structure is not None:
        return
    stock, flow = it.as_of is not None, it.first is not None and it.last is not None
    if stock == flow or (it.first is None) != (it.last is None):
        yield Fault("", "P333", "要写 as_of，或 first 和 last，二者只写其一")
    elif it.first and it.last and it.first > it.last:
        yield Fault("last", "P333", f"末日 {it.last} 早于首日 {it.first}")
    elif it.indicator and (time := time_of(it.indicator, book)) and stock != (time == "as_of"):
        wanted = "as_of" if time == "as_of" else "first 和 last"
        yield Fault("as_of" if stock else "first", "P333", f"指标“{it.indicator}”要用 {wanted}")


@rule(Figure)
def units_agree(it: Figure, book: Book) -> Iterator[Fault]:
    """P334. Figure and indicator (or standard) are in the same unit; a structure is a number of items."""
    if it.structure is not None and it.unit != "item":
        yield Fault("unit", "P334", f"定义的条数以 item 计，不是 {it.unit}")
    bound = book.pack.indicators.get(it.indicator or "") or book.pack.standards.get(it.standard or "")
    if bound is not None and bound.unit != it.unit:
        yield Fault("unit", "P334", f"单位是 {it.unit}，而“{bound.key}”的单位是 {bound.unit}")


@rule(Figure)
def structure_leads_somewhere(it: Figure, book: Book) -> Iterator[Fault]:
    """P335. The way of a structure ends at a list, a table or a number that the packs define."""
    if it.structure is not None and size(book.pack, it.structure) is None:
        yield Fault("structure", "P335", f"“{it.structure}”没有通到任何一组定义")


@rule(Figure)
def exceptions_are_counted(it: Figure, book: Book) -> Iterator[Fault]:
    """P336. What must be none is an indicator, asked at the same time as the figure."""
    if it.none is None:
        return
    if not book.has("indicator", it.none):
        yield Fault("none", "P336", f"没有指标“{it.none}”{did_you_mean(it.none, book.names('indicator'))}")
    elif (time := time_of(it.none, book)) and (it.as_of is not None) != (time == "as_of"):
        yield Fault("none", "P336", f"指标“{it.none}”的时间口径与这个数不同")

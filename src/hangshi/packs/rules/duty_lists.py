"""Lists of duties: they rest on catalogues that exist, item by item, and on indicators that exist."""

from collections.abc import Iterator

from hangshi.packs.duty_lists import DutyList
from hangshi.packs.models import CaseKind
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.work import Catalogue


def catalogues(it: DutyList, field: str, book: Book) -> list[Catalogue]:
    found = book.made.get(("kind", "case", getattr(it, field)))
    return found.catalogues if isinstance(found, CaseKind) else []


@rule(DutyList)
def lists_rest_on_catalogues(it: DutyList, book: Book) -> Iterator[Fault]:
    """P385. Both kinds of case have a catalogue; the headings are its groups, and each is named; `below` is a kind of unit."""
    if it.below and not book.has("kind", "unit", it.below):
        yield Fault("below", "P385", f"没有单位类别“{it.below}”{did_you_mean(it.below, book.names('kind', 'unit'))}")
    for field in ("case", "reverse"):
        key = getattr(it, field)
        if not book.has("kind", "case", key):
            yield Fault(field, "P385", f"没有事项类别“{key}”{did_you_mean(key, book.names('kind', 'case'))}")
        elif not catalogues(it, field, book):
            yield Fault(field, "P385", f"事项类别“{key}”没有情形目录")
    groups = {group for catalogue in catalogues(it, "case", book) for group in catalogue.groups}
    for key in sorted(it.headings.keys() - groups if groups else ()):
        yield Fault(f"headings.{key}", "P385", f"目录里没有大项“{key}”{did_you_mean(key, groups)}")
    for key in sorted(groups - it.headings.keys()):
        yield Fault("headings", "P385", f"大项“{key}”没有写名称")


@rule(DutyList)
def what_is_said_of_items_is_said_of_items(it: DutyList, book: Book) -> Iterator[Fault]:
    """P386. Terms, evidence, proofs and reverse elements belong to items of the catalogue."""
    items = {item for catalogue in catalogues(it, "case", book) for item in catalogue.grounds}
    if not items:
        return
    for field in ("due", "evidence", "proofs"):
        for key in sorted(getattr(it, field).keys() - items):
            yield Fault(f"{field}.{key}", "P386", f"清单里没有子项“{key}”{did_you_mean(key, items)}")
    for catalogue in catalogues(it, "reverse", book):
        for key in sorted(catalogue.groups.keys() - items):
            yield Fault("reverse", "P386", f"反向评价要素对应的子项“{key}”不在清单里")


@rule(DutyList)
def proofs_can_be_computed(it: DutyList, book: Book) -> Iterator[Fault]:
    """P387. A proof names an indicator that exists and says how much is enough, one way."""
    for key, proof in it.proofs.items():
        if not book.has("indicator", proof.indicator):
            hint = did_you_mean(proof.indicator, book.names("indicator"))
            yield Fault(f"proofs.{key}.indicator", "P387", f"没有指标“{proof.indicator}”{hint}")
        if (proof.least is None) == (proof.most is None):
            yield Fault(f"proofs.{key}", "P387", "least（至少）和 most（至多）写一个")

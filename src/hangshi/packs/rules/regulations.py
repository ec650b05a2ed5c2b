"""Documents, and the rules that point to them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hangshi.packs.checks import Check
from hangshi.packs.models import Standard
from hangshi.packs.regulations import Regulation
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.work import Requirement


@rule(Regulation)
def days_are_in_order(it: Regulation, book: Book) -> Iterator[Fault]:
    """P381. A document is in force for one day at least."""
    if it.until is not None and it.until < it.since:
        yield Fault("until", "P381", f"失效日 {it.until} 早于生效日 {it.since}")


@rule(Regulation)
def replaced_ones_have_ended(it: Regulation, book: Book) -> Iterator[Fault]:
    """P382. What a document replaces is another one that is registered, and ended before this one began."""
    known = book.names("document") - {it.key}
    for number, key in enumerate(it.replaces):
        old = book.pack.documents.get(key)
        if key not in known:
            yield Fault(f"replaces.{number}", "P382", f"没有制度文件“{key}”{did_you_mean(key, known)}")
        elif old is not None and (old.until is None or old.until >= it.since):
            yield Fault(f"replaces.{number}", "P382", f"被代替的《{old.name}》要在 {it.since} 之前失效：写明它的 until")


@rule(Standard)
def standard_rests_on_a_document(it: Standard, book: Book) -> Iterator[Fault]:
    """P383. The document that a standard points to is registered, and in force when the first amount begins (P384)."""
    yield from _rests(it, it.values[0].since if it.values else None, book)


@rule(Check)
def check_rests_on_a_document(it: Check, book: Book) -> Iterator[Fault]:
    """P383, P384. So with a check."""
    yield from _rests(it, it.amount[0].since if it.amount else None, book)


@rule(Requirement)
def requirement_rests_on_a_document(it: Requirement, book: Book) -> Iterator[Fault]:
    """P383, P384. So with a requirement."""
    yield from _rests(it, it.since, book)


def _rests(it: Any, first: date | None, book: Book) -> Iterator[Fault]:
    if not it.document:
        return
    if not book.has("document", it.document):
        yield Fault(
            "document", "P383", f"没有制度文件“{it.document}”{did_you_mean(it.document, book.names('document'))}"
        )
        return
    found = book.pack.documents.get(it.document)
    if found is not None and first is not None and not found.in_force(first):
        yield Fault("document", "P384", f"规矩自 {first} 起，而《{found.name}》那天不在生效期内")

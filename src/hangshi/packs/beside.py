"""One text read beside packs that are loaded: what it defines takes the place of what they define under the same key."""

from dataclasses import dataclass

from hangshi.packs.documents import Document, read_text
from hangshi.packs.loader import Stack
from hangshi.packs.models import Closed, Problem
from hangshi.packs.positions import Key
from hangshi.packs.rules import Book, faults
from hangshi.packs.shapes import shape


@dataclass(frozen=True)
class Beside:
    """`made`: what the text defines and could be read; `problems`: everything that is wrong with it, by line, as `hangshi pack check` says it.

    `shaped`: whether TOML, keys and types are right; what remains may be a rule about how the parts fit together.
    """

    document: Document
    made: dict[Key, Closed]
    problems: list[Problem]
    shaped: bool


def read_beside(text: str, *, file: str, stack: Stack) -> Beside:
    """Of the three passes over the text alone: the packs have been checked when they were loaded."""
    document, problems = read_text(text, file)
    shaped = shape([document])
    problems += shaped.problems
    made = {key: it for key, (it, _) in shaped.made.items()}
    known = {key: it for key, (it, _) in stack.whole.made.items()}
    book = Book(stack.pack(), known | made, frozenset(stack.whole.broken | shaped.broken))
    found = list(problems)
    found += [document.problem(fault.key(at), fault.code, fault.sentence) for at, fault in faults(book, made)]
    by_line = sorted(set(found), key=lambda it: (it.line, it.code, it.key, it.sentence))
    return Beside(document, made, by_line, not problems)


def cut(document: Document, key: Key) -> str:
    """The lines of one definition as they were written, with the comment right above it. Empty where it does not stand in one piece."""
    lines = document.text.split("\n")
    own = {line for known, line in document.positions.lines.items() if known[: len(key)] == key}
    if not own:
        return ""
    spans = document.positions.spans
    mine = [span for span in spans if any(span[0] <= line <= span[1] for line in own)]
    first, last = mine[0][0], mine[-1][1]
    if any(first <= span[0] <= last and span not in mine for span in spans):
        return ""
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : last]) + "\n"

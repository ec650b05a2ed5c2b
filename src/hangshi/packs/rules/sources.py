"""What holds for every definition: it cites its source, and its name and aliases are its own."""

from collections.abc import Iterator

from hangshi.packs.models import Definition, Figure, Indicator
from hangshi.packs.rules.register import Book, Fault, rule


def uncited(source: str) -> Iterator[Fault]:
    if not source.strip():
        yield Fault("source", "P301", "缺少出处：写明所依据的文件")


@rule(Definition)
def definition_is_cited(it: Definition, book: Book) -> Iterator[Fault]:
    """P301. Every definition names the document it rests on."""
    yield from uncited(it.source)


@rule(Figure)
def figure_is_cited(it: Figure, book: Book) -> Iterator[Fault]:
    """P301. So does every figure."""
    yield from uncited(it.source)


@rule(Definition)
def name_is_its_own(it: Definition, book: Book) -> Iterator[Fault]:
    """P302. Two definitions of one section do not share a name; the later one is at fault."""
    at = next(key for key, other in book.made.items() if other is it)
    for key, other in book.made.items():
        if key == at:
            return
        if key[:-1] == at[:-1] and isinstance(other, Definition) and other.name == it.name:
            yield Fault("name", "P302", f"名称“{it.name}”已由“{other.key}”使用")


@rule(Indicator)
def aliases_are_its_own(it: Indicator, book: Book) -> Iterator[Fault]:
    """P303. An alias leads to one indicator: it is nobody's name and nobody else's alias."""
    for number, alias in enumerate(it.aliases):
        if alias == it.name or alias in it.aliases[:number]:
            yield Fault(f"aliases.{number}", "P303", f"别名“{alias}”重复写了")
        earlier = True
        for other in book.pack.indicators.values():
            if other is it:
                earlier = False
            elif alias == other.name or (earlier and alias in other.aliases):
                yield Fault(f"aliases.{number}", "P303", f"别名“{alias}”已由“{other.key}”（{other.name}）使用")

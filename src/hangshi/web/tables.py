"""The rows of a register's table as HTML: written here, a column at a time, and not by a template, which took half of a list's time."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from hangshi.web import words
from hangshi.web.registers import Column, Register
from hangshi.web.words import number

Row = tuple[Any, ...]
Values = Sequence[Any]
Writer = Callable[[Values, Sequence[Row]], list[str]]
BETWEEN = "\x1f"  # joins the texts of a column, which are escaped in one go


def body(register: Register, rows: list[Row]) -> Markup:
    if not rows:
        return Markup("")
    _, _, *columns = zip(*rows, strict=True)
    writers = _writers(register.key, register.columns)
    written = [write(values, rows) for write, values in zip(writers, columns, strict=True)]
    return Markup("".join([f"<tr>{''.join(cells)}</tr>\n" for cells in zip(*written, strict=True)]))  # noqa: S704  # the writers escape what comes from rows


@cache
def _writers(key: str, columns: tuple[Column, ...]) -> tuple[Writer, ...]:
    return tuple(_writer(key, column) for column in columns)


def _writer(key: str, column: Column) -> Writer:
    """How the cells of a column are written; its label stands beside the value where a narrow page shows no heads."""
    said, label = _in_words(column), escape(column.label)
    by_show: dict[str, Writer] = {
        "head": lambda values, rows: [
            f'<th scope="row" class="card-head"><a href="/records/{key}/{row[0]}/">{it or "（未命名）"}</a></th>'
            for it, row in zip(said(values), rows, strict=True)
        ],
        "unit": lambda values, rows: [
            f'<td><a class="text-reset" href="/units/{row[1]}/">{it}</a></td>'
            for it, row in zip(said(values), rows, strict=True)
        ],
        "number": lambda values, _: [f'<td class="num" data-label="{label}">{number(it)}</td>' for it in values],
        "stage": lambda values, rows: [
            f'<td><span class="badge bg-blue-lt">{escape(words.stage_name(row[3], it))}</span></td>'
            for it, row in zip(values, rows, strict=True)
        ],
        "day": lambda values, _: [
            f'<td data-label="{label}"><time>{it}</time></td>' if it else "<td></td>" for it in values
        ],
        "text": lambda values, _: [f'<td data-label="{label}">{it}</td>' if it else "<td></td>" for it in said(values)],
    }
    return by_show[column.show]


def _in_words(column: Column) -> Callable[[Values], list[str]]:
    """The values escaped; a key of a family as the pack calls it."""
    if not column.family:
        return _escaped
    named = {key: str(escape(name)) for key, name in words.options(column.family).items()}
    return lambda values: [named.get(it) or str(escape(it or "")) for it in values]


def _escaped(values: Values) -> list[str]:
    texts = ["" if it is None else str(it) for it in values]
    parts = str(escape(BETWEEN.join(texts))).split(BETWEEN)
    return parts if len(parts) == len(texts) else [str(escape(it)) for it in texts]

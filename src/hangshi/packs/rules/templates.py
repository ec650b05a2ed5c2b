"""Templates and regular tables: what they name exists."""

from collections.abc import Iterator
from pathlib import Path

from hangshi.packs.models import ReportTable, Template
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean


@rule(Template)
def file_is_there(it: Template, book: Book) -> Iterator[Fault]:
    """P351. The words of a template stand in the folder `templates` of its pack."""
    if not Path(book.pack.files.get(it.key, "")).is_file():
        yield Fault("file", "P351", f"包的 templates 目录里没有“{it.file}”")


@rule(Template)
def attached_tables_exist(it: Template, book: Book) -> Iterator[Fault]:
    """P352. What is attached is a regular table that the packs define."""
    for number, key in enumerate(it.attached):
        if not book.has("table", key):
            yield Fault(f"attached.{number}", "P352", f"没有报表“{key}”{did_you_mean(key, book.names('table'))}")


@rule(Template)
def units_of_templates_exist(it: Template, book: Book) -> Iterator[Fault]:
    """P353. The kinds of unit that a template is meant for are kinds that the packs define."""
    for number, kind in enumerate(it.unit_kinds):
        if not book.has("kind", "unit", kind):
            sentence = f"没有单位类别“{kind}”{did_you_mean(kind, book.names('kind', 'unit'))}"
            yield Fault(f"unit_kinds.{number}", "P353", sentence)


@rule(ReportTable)
def columns_exist(it: ReportTable, book: Book) -> Iterator[Fault]:
    """P354. Every column of a regular table is an indicator."""
    for number, column in enumerate(it.columns):
        if not book.has("indicator", column.indicator):
            hint = did_you_mean(column.indicator, book.names("indicator"))
            yield Fault(f"columns.{number}.indicator", "P354", f"没有指标“{column.indicator}”{hint}")


@rule(ReportTable)
def rows_are_units(it: ReportTable, book: Book) -> Iterator[Fault]:
    """P355. The rows are the children of the unit, or the units of a kind."""
    if it.rows != "children" and not book.has("kind", "unit", it.rows):
        hint = did_you_mean(it.rows, {"children", *book.names("kind", "unit")})
        yield Fault("rows", "P355", f"rows 应当是 children 或一种单位类别，“{it.rows}”都不是{hint}")

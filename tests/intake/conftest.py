"""A county with two villages, and sheets written as offices write them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from hangshi import packs
from hangshi.intake import services
from hangshi.intake.models import Intake
from hangshi.registry.identity import check_digit
from tests.land import land, people

__all__ = ["land", "people"]

TODAY = date(2026, 11, 1)
ACTOR = 7


def citizen(serial: int, born: str = "19800101", area: str = "610902") -> str:
    """A number with a right check digit; odd serials are men."""
    first = f"{area}{born}{serial:03}"
    return first + check_digit(first)


def table(text: str) -> list[list[str]]:
    """A table in sight: a line a row, cells between bars, a first line of heads."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def book(
    rows: list[list[Any]], sheet: str = "Sheet1", *, more: dict[str, list[list[Any]]] | None = None, **options: Any
) -> bytes:
    """A workbook with the sheet, and with `more` of them behind it."""
    sink = BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, **options}) as made:
        for name, cells in {sheet: rows, **(more or {})}.items():
            _fill(made.add_worksheet(name), cells)
    return sink.getvalue()


def _fill(page: Any, rows: list[list[Any]]) -> None:
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, int | float):
                page.write_number(r, c, cell)
            elif cell not in ("", None):
                page.write_string(r, c, cell)


@pytest.fixture(scope="session")
def pack() -> packs.Pack:
    return packs.load("base", "ankang")


@pytest.fixture(autouse=True)
def own_vault(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def bring(land: SimpleNamespace, pack: packs.Pack) -> Callable[..., Intake]:
    """Receive a sheet for the county and check it."""

    def brought(target: str, rows: "list[list[Any]] | str | bytes", unit: Any = None, source: str = "组织部") -> Intake:
        data = rows if isinstance(rows, bytes) else book(table(rows) if isinstance(rows, str) else rows)
        intake = services.receive(
            pack, unit or land.county, target=target, source=source, name="名册.xlsx", data=data, account=ACTOR
        )
        return services.check(pack, intake, on=TODAY, account=ACTOR)

    return brought


@pytest.fixture
def commit(pack: packs.Pack) -> Callable[..., Intake]:
    def committed(intake: Intake, way: str = "sound") -> Intake:
        return services.commit(pack, intake, way=way, on=TODAY, account=ACTOR)

    return committed


def counts(intake: Intake) -> tuple[int, int, int, int]:
    """new, changed, same, refused; together all rows of the sheet."""
    said = intake.counts
    found = (said["new"], said["changed"], said["same"], said["refused"])
    assert sum(found) == said["rows"], intake.preview
    return found


def reasons(intake: Intake) -> list[tuple[int, str]]:
    return [(n, sentence) for n, _, sentence in intake.preview["refused"]]

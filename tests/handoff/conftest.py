"""示例县 hands on the members of two branches; a clerk makes the difference, another sends it, the upper system answers by key."""

import csv
import io
from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from hangshi import packs
from hangshi.access.models import Account
from hangshi.handoff import answers, services
from hangshi.handoff.models import Handoff, Line
from hangshi.registry.identity import check_digit
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.people import join, register_household, register_person
from hangshi.registry.signing import Signer
from tests.land import FIRST, land

__all__ = ["land"]

DAY, TODAY, LATER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 1)
CLERK, HEAD = Signer(901, 9001), Signer(902, 9002)


def citizen(serial: int) -> str:
    """A number with a right check digit, born on 1980-01-01; odd serials are men."""
    first = f"61090219800101{serial:03}"
    return first + check_digit(first)


@pytest.fixture(scope="session")
def pack() -> packs.Pack:
    return packs.load("base", "ankang")


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def county(land: SimpleNamespace) -> Unit:
    found: Unit = land.county
    Account.objects.create(pk=CLERK.account, username="clerk", name="经办甲")
    return found


@pytest.fixture
def member(land: SimpleNamespace) -> Callable[..., Person]:
    def made(name: str, serial: int | None, branch: Unit | None = None, status: str = "full") -> Person:
        number = None if serial is None else citizen(serial)
        person = register_person(land.bay, name=name, on=FIRST, actor=None, number=number)
        join(person, branch or land.bay_branch, on=FIRST, actor=None, status=status, category="rural")
        return person

    return made


@pytest.fixture
def members(member: Callable[..., Person]) -> SimpleNamespace:
    return SimpleNamespace(wang=member("王建国", 11), li=member("李秀英", 12), zhao=member("赵大山", 13))


@pytest.fixture
def household(land: SimpleNamespace) -> Callable[..., Household]:
    def made(number: str, head: str, status: str = "monitored_relapse") -> Household:
        return register_household(land.bay, number=number, head=head, status=status, on=FIRST, actor=None)

    return made


@pytest.fixture
def upper_key() -> str:
    return "party_members"


@pytest.fixture
def make(pack: packs.Pack, county: Unit, upper_key: str) -> Callable[..., Handoff]:
    def made(day: date = DAY, on: date = TODAY, **how: Any) -> Handoff:
        unit = how.pop("unit", county)
        return services.make(pack, pack.uppers[upper_key], unit, day=day, on=on, by=how.pop("by", CLERK), **how)

    return made


@pytest.fixture
def send(pack: packs.Pack, make: Callable[..., Handoff]) -> Callable[..., Handoff]:
    def sent(day: date = DAY, on: date = TODAY, **how: Any) -> Handoff:
        return services.send(pack, make(day, on, **how), on=on, by=HEAD, stored_on=on)

    return sent


@pytest.fixture
def answer(pack: packs.Pack) -> Callable[..., dict[str, int]]:
    """The receipt with these rows, read; what it came to."""

    def answered(handoff: Handoff, *rows: list[str], on: date = TODAY, name: str = "回执.xlsx") -> dict[str, int]:
        receipt = answers.receive(pack, handoff, name=name, data=receipt_file(pack, handoff, rows), on=on, by=CLERK)
        counts: dict[str, int] = answers.answer(pack, receipt, on=on, by=CLERK).counts
        return counts

    return answered


def receipt_file(pack: packs.Pack, handoff: Handoff, rows: Any) -> bytes:
    said = pack.uppers[handoff.upper].receipt
    sink = BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(
            [
                ["上级系统处理结果"],
                ["序号", said.key, said.result, said.reason],
                *([str(i), *it] for i, it in enumerate(rows, 1)),
            ]
        ):
            sheet.write_row(r, 0, row)
    return sink.getvalue()


def acts(handoff: Handoff) -> dict[str, list[str]]:
    """Act → the persons or households of its lines, by name."""
    found: dict[str, list[str]] = {}
    names = dict(Person.objects.values_list("pk", "name")) | dict(Household.objects.values_list("pk", "head"))
    for line in Line.objects.filter(handoff=handoff).order_by("subject"):
        found.setdefault(line.act, []).append(names.get(line.subject, f"{line.subject}"))
    return found


def sheet(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows()]


def csv_rows(data: bytes, encoding: str = "gb18030") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding))))

"""`hangshi closing`: what the page does, typed; by an account that may, and by no other."""

from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cli.main import cli
from hangshi.closings.models import Closing, Kept
from hangshi.closings.periods import named
from hangshi.indicators.queries import Period
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from tests.refusals import refusal_of
from tests.web.conftest import row, sign_in, town

__all__ = ["row", "sign_in", "town"]

BENEFIT = load("base", "ankang").kinds.entry["benefit"]
EAST, WEST, VILLAGE = "610902001", "610902002", "610902001001"
KEY = "resident_benefit_yuan"


@pytest.fixture
def booked(town: dict[str, Unit]) -> Entry:
    """1,000.50 yuan in August in 东湾村, which lies in 关庙镇; places have codes to be called by."""
    with acting(EVERYTHING):
        for name, code in (("关庙镇", EAST), ("大河镇", WEST), ("东湾村", VILLAGE)):
            Unit.objects.filter(pk=town[name].pk).update(code=code)
        return ledger.book(
            BENEFIT, unit=town["东湾村"], amount=Decimal("1000.50"), on=date(2017, 8, 5), source="rent", actor=None
        )


@pytest.fixture
def closed(booked: Entry, row) -> Closing:
    assert run("close", "2017-08", "--unit", EAST, "--as", "zhen").exit_code == 0
    found: Closing = row(Closing)
    return found


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["closing", *map(str, words)])


def refused(*words: object) -> str | None:
    """The code of the refusal; `main` turns it into its sentence and exit code 1."""
    fault = run(*words).exception
    assert fault is None or isinstance(fault, Refused), fault
    return fault.code if fault else None


def closings() -> int:
    with acting(EVERYTHING):
        return Closing.objects.filter(reopened_on=None).count()


@pytest.mark.parametrize(
    ("text", "length", "first", "last"),
    [
        ("2020-02", "month", date(2020, 2, 1), date(2020, 2, 29)),
        ("2017-Q3", "quarter", date(2017, 7, 1), date(2017, 9, 30)),
        ("2017-Q4", "quarter", date(2017, 10, 1), date(2017, 12, 31)),
        (" 2017 ", "year", date(2017, 1, 1), date(2017, 12, 31)),
    ],
)
def test_how_a_period_is_written(text, length, first, last):
    assert named(text) == (length, Period(first, last))


@pytest.mark.parametrize("text", ["", "2017-13", "2017-00", "2017-Q5", "2017-7", "0000", "2017-07-01", "２０１７"])
def test_what_is_no_period_is_refused_with_how_to_write_one(text):
    assert refusal_of(named, text) == "closing.period"


def test_a_month_is_closed_in_the_name_of_who_closes_it(booked, row):
    answer = run("close", "2017-08", "--unit", EAST, "--as", "zhen")
    found = row(Closing)
    assert answer.exit_code == 0
    assert f"编号 {found.pk}：关庙镇2017年8月" in answer.output
    assert found.digest in answer.output
    with acting(EVERYTHING):
        assert Kept.objects.get(closing=found, unit=found.unit, indicator=KEY).value == Decimal("1000.50")
    assert found.closed_by is not None


@pytest.mark.parametrize(
    ("username", "unit", "code"),
    [
        ("zhen", EAST, None),
        ("zhen", VILLAGE, None),
        ("shi", WEST, None),
        ("zhen", WEST, "closing.may_not"),  # not its township
        ("zhen", "610902", "closing.may_not"),  # its county
        ("kan", EAST, "closing.may_not"),  # reads only
        ("nobody", EAST, "account.unknown"),
        ("zhen", "999", "unit.unknown"),
    ],
)
def test_the_command_may_no_more_than_the_page(booked, username, unit, code):
    assert refused("close", "2017-08", "--unit", unit, "--as", username) == code
    assert closings() == (code is None)


def test_it_is_closed_once(closed):
    assert refused("close", "2017-08", "--unit", EAST, "--as", "zhen") == "closing.closed"
    assert refused("close", "2017-08", "--unit", VILLAGE, "--as", "zhen") == "closing.above"


@pytest.mark.parametrize(
    ("username", "reason", "code"),
    [
        ("shi", "村里漏报", None),
        ("shi", " ", "closing.reason"),
        ("zhen", "村里漏报", "closing.may_not"),  # a township closes, and does not reopen
        ("kan", "村里漏报", "closing.may_not"),
    ],
)
def test_who_reopens_and_why(closed, row, username, reason, code):
    assert refused("reopen", closed.pk, "--reason", reason, "--as", username) == code
    assert (row(Closing).reason, closings()) == (("村里漏报", 0) if code is None else ("", 1))


def test_a_closing_that_is_not_there_is_said(closed):
    assert refused("reopen", 0, "--reason", "改", "--as", "shi") == "closing.unknown"
    assert refused("difference", 0) == "closing.unknown"
    assert refused("difference", closed.pk, "no_such") == "closing.no_figure"


def test_closings_are_listed_with_their_state(closed):
    assert f"{closed.pk}\t关庙镇2017年8月" in run("list", "--unit", VILLAGE).output  # it binds the village
    assert run("list", "--unit", EAST).output.endswith("\t结着\n")
    assert run("list", "--unit", WEST).output == ""
    run("reopen", closed.pk, "--reason", "村里漏报", "--as", "shi")
    assert "重新打开：村里漏报" in run("list", "--unit", EAST).output


def test_nothing_changed_is_said(closed):
    assert run("difference", closed.pk).output == "与结账时完全相同。\n"


def test_a_correction_after_the_closing_is_the_difference_and_explains_it(closed, booked):
    with acting(EVERYTHING):
        right = ledger.correct(
            BENEFIT, booked, amount=Decimal("900.00"), on=date(2017, 10, 9), reason="合同看错", actor=None
        )
    line = f"{KEY}\t群众直接受益金额\t结账时 1000.5\t现在 900\t相差 -100.5\n"
    assert line in run("difference", closed.pk).output
    records = (
        f"第 {right.pk - 1} 号\t2017-10-09更正2017-08-05\t-1000.50\t冲销第 {booked.pk} 号，合同看错\n",
        f"第 {right.pk} 号\t2017-10-09更正2017-08-05\t900.00\t合同看错\n",
    )
    assert run("difference", closed.pk, KEY).output == f"{line}  {records[0]}  {records[1]}"
    assert run("corrections", "--unit", EAST).output == f"东湾村\t{records[1]}东湾村\t{records[0]}"
    assert run("corrections", "--unit", WEST).output == ""


def test_a_digest_that_does_not_fit_is_told_by_the_exit_code(closed):
    with acting(EVERYTHING):
        Closing.objects.filter(pk=closed.pk).update(digest="0" * 64)
    answer = run("difference", closed.pk)
    assert (answer.exit_code, "摘要不符" in answer.output) == (1, True)

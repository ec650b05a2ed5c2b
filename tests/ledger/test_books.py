"""A book at a unit: its running balance, and what the database lets nobody do to an entry."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from hangshi.access.append import refusal
from hangshi.access.once import digest, once
from hangshi.access.scope import EVERYTHING, acting
from hangshi.access.services import open_account
from hangshi.ledger import queries, services
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from hangshi.registry.models import Unit
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of
from tests.web.conftest import sign_in, town

__all__ = ["sign_in", "town"]

FUND = EntryKind(key="fund", name="经费", unit="yuan")
JULY, YEAR_END = date(2017, 7, 1), date(2017, 12, 31)


def book(unit, amount: str, on: date = JULY) -> Entry:
    return services.book(FUND, unit=unit, amount=Decimal(amount), on=on, actor=7)


def test_the_balance_runs_through_the_days_and_begins_with_what_was_there(land: SimpleNamespace):
    book(land.bay, "100.10", date(2017, 6, 30))
    first = book(land.bay, "20.20", date(2017, 7, 2))
    book(land.hill, "3.03", date(2017, 7, 2))
    services.reverse(first, on=date(2017, 7, 31), reason="重复", actor=7)
    book(land.bay, "9.00", date(2017, 8, 1))
    account = queries.account("fund", land.east, JULY, date(2017, 7, 31))
    assert (account.before, account.came, account.went, account.after) == (
        Decimal("100.10"),
        Decimal("23.23"),
        Decimal("-20.20"),
        Decimal("103.13"),
    )
    lines = queries.running("fund", land.east, JULY, date(2017, 7, 31))
    assert [(it.amount, account.before + it.run) for it in lines] == [
        (Decimal("20.20"), Decimal("120.30")),
        (Decimal("3.03"), Decimal("123.33")),
        (Decimal("-20.20"), Decimal("103.13")),
    ]
    assert queries.books(land.bay, JULY, YEAR_END) == {"fund": Decimal("9.00")}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount = 1",
        "UPDATE entry SET day = day + 1",
        "UPDATE entry SET note = '改'",
        "UPDATE entry SET corrected_on = day",
        "UPDATE entry SET unit_id = unit_id",  # only a change of the tree may
        "UPDATE entry SET until = day",
        "DELETE FROM entry",
    ],
)
def test_nobody_edits_or_deletes_an_entry(land: SimpleNamespace, statement: str):
    entry = book(land.bay, "100.00")
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    said = refusal(error.value)
    assert said.code == "record.append_only"
    assert f"台账只增不改：第{entry.pk}号不能修改或删除" in said.sentence
    assert Entry.objects.get().amount == Decimal("100.00")


def test_the_owner_of_the_tables_may_repair_them(committed: None):
    with acting(EVERYTHING):
        entry = book(make("county", "示例县", None), "100.00")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE entry SET note = '迁移' WHERE id = %s", [entry.pk])
        cursor.execute("DELETE FROM entry WHERE id = %s", [entry.pk])
        assert cursor.rowcount == 1


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_column_but_the_path_is_watched():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'entry'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
            " AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = a.attrelid AND t.tgname LIKE 'append_only%%'"
            " AND a.attnum = ANY (t.tgattr::int2[]))"
        )
        assert cursor.fetchall() == [("path",)]


def test_the_path_follows_the_tree(land: SimpleNamespace):
    entry = book(land.bay, "100.00")
    Entry.objects.filter(pk=entry.pk).update(path=land.hill.path)
    assert queries.account("fund", land.hill, JULY, JULY).after == Decimal("100.00")


def test_posting_twice_with_one_key_posts_once(committed: None):
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        account = open_account("bookkeeper", name="记账人", password="一个够长的密码-2017").pk
    asked = digest({"amount": "5.00"})
    answers = at_once(lambda _: once(account, "key-1", asked, lambda: {"pk": book(unit, "5.00").pk}))
    with acting(EVERYTHING):
        assert Entry.objects.count() == 1
    assert sorted(it.repeated for it in answers) == [False, True]
    assert len({it.answer["pk"] for it in answers}) == 1


class TestInterleaved:
    """Two who post, reverse and correct at the same time, whatever they do and in whatever order."""

    @pytest.mark.parametrize("seed", range(3))
    def test_the_balance_is_the_sum_of_what_was_done(self, committed: None, seed: int):
        with acting(EVERYTHING):
            unit = make("county", "示例县", None)
            shared = [book(unit, "100.00") for _ in range(4)]

        def work(index: int) -> Decimal:
            """What this one added to the balance, counted by hand."""
            added = Decimal(0)
            for number, entry in enumerate(shared):
                amount = Decimal(f"{number + seed + 1}.0{index + 1}")
                book(unit, str(amount))
                added += amount
                added += self.undone(entry, correct=(number + index + seed) % 2 == 0)
            return added

        added = at_once(work)
        with acting(EVERYTHING):
            account = queries.account("fund", unit, JULY, YEAR_END)
            last = list(queries.running("fund", unit, JULY, YEAR_END))[-1]
            assert Entry.objects.filter(reverses__isnull=False).count() == 4
        assert len(added) == 2
        assert account.after == Decimal("400.00") + sum(added)
        assert last.run == account.after

    def undone(self, entry: Entry, *, correct: bool) -> Decimal:
        """One of the two undoes the entry; of the other nothing is kept."""
        if correct:
            said = {"amount": Decimal("70.70"), "on": YEAR_END, "reason": "记错", "actor": 7}
            return Decimal(0) if refusal_of(services.correct, FUND, entry, **said) else Decimal("-29.30")
        refused = refusal_of(services.reverse, entry, on=YEAR_END, reason="重复", actor=8)
        return Decimal(0) if refused else Decimal("-100.00")


@pytest.fixture
def benefits(town) -> None:
    kind = EntryKind(key="benefit", name="群众受益", unit="yuan")
    with acting(EVERYTHING):
        Unit.objects.update(extra={"report_day": "2017-10-31"})  # what is today for all of them
        for village, amount in (("东湾村", "1000.50"), ("东湾村", "20.00"), ("西沟村", "7.00")):
            services.book(kind, unit=town[village], amount=Decimal(amount), on=date(2017, 8, 5), actor=None)


def test_the_page_of_a_book_shows_the_balance_after_each_entry(benefits: None, town, sign_in: Callable[[str], Client]):
    page = sign_in("zhen").get("/ledger/benefit/").content.decode()
    lines = [line.split("</tr>")[0] for line in page.split('data-label="余额">')[1:]]
    assert [line.split("<")[0] for line in lines] == ["1,000.50", "1,020.50"]
    assert "西沟村" not in page
    assert "1,020.50" in sign_in("zhen").get("/ledger/").content.decode()
    assert sign_in("shi").get("/ledger/benefit/").content.decode().count("1,027.50") == 3  # in, end, last line


def test_a_book_that_no_pack_knows_is_not_found(town, sign_in: Callable[[str], Client]):
    assert sign_in("zhen").get("/ledger/nothing/").status_code == 404

"""结账: what is closed stays as it was reported; what is corrected later stands beside it, with its records."""

import itertools
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from hangshi.access.append import refusal, spoken
from hangshi.access.scope import EVERYTHING, acting
from hangshi.closings import queries, services
from hangshi.closings.models import Closing, Kept
from hangshi.closings.periods import ended, holding, said
from hangshi.duties.models import Duty
from hangshi.indicators.queries import Period
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.ledger.queries import account
from hangshi.packs import load
from hangshi.refusal import Refused
from hangshi.registry.people import leave, register_household
from tests.committed import at_once
from tests.land import FIRST, make
from tests.refusals import refusal_of

JULY = Period(date(2017, 7, 1), date(2017, 7, 31))
QUARTER = Period(date(2017, 7, 1), date(2017, 9, 30))
BENEFIT = load("base", "ankang").kinds.entry["benefit"]
AUGUST_3, OCTOBER_9 = date(2017, 8, 3), date(2017, 10, 9)


def book(unit, amount="1000.00", on=date(2017, 7, 10), **more) -> Entry:
    return ledger.book(BENEFIT, unit=unit, amount=Decimal(amount), on=on, source="rent", actor=7, **more)


def close(unit, period=JULY, length="month", on=AUGUST_3) -> Closing:
    return services.close(unit, length, period, on=on, actor=9)


def kept(closing: Closing, unit, key: str = "resident_benefit_yuan") -> Decimal | None:
    return Kept.objects.get(closing=closing, unit=unit, indicator=key).value


def refused_by_the_database(statement: str, values: list[object]) -> str | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        said_no = refusal(error)
        return said_no.code if said_no else "other"
    return None


@pytest.mark.parametrize(
    ("length", "day", "first", "last", "words"),
    [
        ("month", date(2020, 2, 29), date(2020, 2, 1), date(2020, 2, 29), "2020年2月"),
        ("quarter", date(2017, 12, 31), date(2017, 10, 1), date(2017, 12, 31), "2017年第四季度"),
        ("year", date(2017, 1, 1), date(2017, 1, 1), date(2017, 12, 31), "2017年"),
    ],
)
def test_periods_are_whole_months_quarters_and_years(length, day, first, last, words):
    assert holding(length, day) == Period(first, last)
    assert said(length, Period(first, last)) == words


def test_the_periods_that_have_ended_are_offered_latest_first():
    assert [it.last for it in ended("month", date(2017, 3, 1), 3)] == [
        date(2017, 2, 28),
        date(2017, 1, 31),
        date(2016, 12, 31),
    ]


class TestWhoMayClose:
    def test_a_period_is_closed_after_its_last_day(self, land: SimpleNamespace):
        assert refusal_of(close, land.bay, on=date(2017, 7, 31)) == "closing.early"
        assert refusal_of(close, land.bay, on=date(2017, 8, 1)) is None

    def test_it_is_closed_once_and_not_below_one_that_has_closed_it(self, land: SimpleNamespace):
        close(land.bay)
        assert refusal_of(close, land.bay) == "closing.closed"
        close(land.east)  # up the tree
        assert refusal_of(close, land.hill) == "closing.above"
        assert refusal_of(close, land.ditch) is None

    def test_a_month_of_a_closed_quarter_is_closed(self, land: SimpleNamespace):
        close(land.bay, QUARTER, "quarter", on=OCTOBER_9)
        assert refusal_of(close, land.bay, JULY) == "closing.closed"

    def test_the_units_below_that_have_not_closed_are_named(self, land: SimpleNamespace):
        close(land.bay)
        assert [it.name for it in queries.unclosed(land.east, JULY)] == ["东坡村"]


class TestTheLock:
    @pytest.mark.parametrize(
        ("place", "on", "code"),
        [
            ("bay", date(2017, 6, 30), None),
            ("bay", date(2017, 7, 1), "period.closed"),
            ("bay", date(2017, 7, 31), "period.closed"),
            ("bay", date(2017, 8, 1), None),
            ("hill", date(2017, 7, 15), "period.closed"),  # below the township that closed
            ("ditch", date(2017, 7, 15), None),
            ("county", date(2017, 7, 15), None),
        ],
    )
    def test_nothing_is_booked_in_a_closed_period(self, land: SimpleNamespace, place, on, code):
        close(land.east)
        before = Entry.objects.count()
        assert refusal_of(book, getattr(land, place), on=on) == code
        assert Entry.objects.count() - before == (code is None)

    def test_the_sentence_says_whose_period_and_what_to_do(self, land: SimpleNamespace):
        close(land.east)
        with pytest.raises(Refused, match=r"“东镇”已结2017-07-01至2017-07-31的账.*没有写入.*更正、补记"):
            book(land.bay)

    def test_a_reversal_is_dated_in_an_open_period(self, land: SimpleNamespace):
        entry = book(land.bay)
        close(land.bay)
        assert refusal_of(ledger.reverse, entry, on=date(2017, 7, 20), reason="错", actor=7) == "period.closed"
        assert refusal_of(ledger.reverse, entry, on=AUGUST_3, reason="错", actor=7) is None

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            ("INSERT INTO activity (kind, unit_id, path, day, present, topic, place, minutes, extra, state, late, recorded_at) "
             "VALUES ('visit', %s, %s, '2017-07-05', 1, '', '', '', '{}', 'recorded', false, now())", "period.closed"),
            ("UPDATE activity SET day = '2017-07-05' WHERE unit_id = %s AND path = %s", "period.closed"),
            ("UPDATE activity SET topic = '学习' WHERE unit_id = %s AND path = %s", None),
            ("UPDATE duty SET until = '2017-07-30' WHERE unit_id = %s AND path = %s", "period.closed"),
            ("UPDATE duty SET until = '2017-07-31' WHERE unit_id = %s AND path = %s", None),  # July is as it was
            ("UPDATE duty SET role = 'leader' WHERE unit_id = %s AND path = %s", "period.closed"),
            ("UPDATE duty SET since = '2017-07-02' WHERE unit_id = %s AND path = %s", "period.closed"),
            ("DELETE FROM duty WHERE unit_id = %s AND path = %s", "period.closed"),
            ("DELETE FROM activity WHERE unit_id = %s AND path = %s", None),  # it was held in August
        ],
    )  # fmt: skip
    def test_bulk_sql_meets_the_same_lock(self, land: SimpleNamespace, people: SimpleNamespace, statement, code):
        Duty.objects.create(kind="pairing", unit=land.bay, path=land.bay.path, bearer=people.wang, since=FIRST)
        ours = [land.bay.pk, land.bay.path]
        assert refused_by_the_database(
            "INSERT INTO activity (kind, unit_id, path, day, present, topic, place, minutes, extra, state, late, recorded_at) "
            "VALUES ('visit', %s, %s, '2017-08-05', 1, '', '', '', '{}', 'recorded', false, now())", ours
        ) is None  # fmt: skip
        close(land.bay)
        assert refused_by_the_database(statement, ours) == code

    def test_who_joined_before_may_leave_after_but_not_within(self, land: SimpleNamespace, people: SimpleNamespace):
        close(land.county)
        assert (
            refusal_of(spoken()(leave), people.wang, on=date(2017, 7, 15), actor=None, reason="moved")
            == "period.closed"
        )
        assert refusal_of(spoken()(leave), people.wang, on=AUGUST_3, actor=None, reason="moved") is None

    def test_a_household_is_not_registered_back_into_it(self, land: SimpleNamespace):
        close(land.county)
        given = {"number": "东湾-9", "head": "钱某", "status": "registered", "actor": None}
        assert refusal_of(spoken()(register_household), land.bay, on=date(2017, 7, 1), **given) == "period.closed"
        assert refusal_of(spoken()(register_household), land.bay, on=date(2017, 8, 1), **given) is None

    def test_the_path_of_what_lies_in_it_still_follows_the_tree(self, land: SimpleNamespace):
        entry = book(land.bay)
        close(land.bay)
        Entry.objects.filter(pk=entry.pk).update(path=land.hill.path)
        assert Entry.objects.get(pk=entry.pk).path == land.hill.path


class TestWhatIsKept:
    def test_the_figures_of_the_unit_and_of_those_right_below(self, land: SimpleNamespace):
        book(land.bay, "1000.00")
        book(land.hill, "250.25")
        closing = close(land.east)
        assert (kept(closing, land.east), kept(closing, land.bay), kept(closing, land.hill)) == (
            Decimal("1250.25"),
            Decimal("1000.00"),
            Decimal("250.25"),
        )
        assert not Kept.objects.filter(closing=closing, unit=land.ditch).exists()
        assert {len(it.version) for it in closing.kept.all()} == {12}

    def test_a_kept_figure_cannot_be_changed(self, land: SimpleNamespace):
        closing = close(land.bay)
        for statement in (
            "UPDATE closing_figure SET value = 1 WHERE closing_id = %s",
            "DELETE FROM closing_figure WHERE closing_id = %s",
        ):
            assert refused_by_the_database(statement, [closing.pk]) == "record.append_only"

    def test_the_digest_binds_every_figure(self, land: SimpleNamespace):
        book(land.bay)
        closing = close(land.bay)
        assert queries.intact(closing)
        figures = list(closing.kept.all())
        next(it for it in figures if it.indicator == "resident_benefit_yuan").value = Decimal("1000.01")
        assert services.digest(closing, figures) != closing.digest


class TestACorrection:
    def test_leaves_the_kept_figure_changes_the_present_and_explains_the_difference(self, land: SimpleNamespace):
        wrong = book(land.bay, "1000.00")
        book(land.bay, "40.00")
        closing = close(land.bay)
        right = ledger.correct(BENEFIT, wrong, amount=Decimal("900.00"), on=AUGUST_3, reason="合同金额看错", actor=7)
        line = queries.line(closing, "resident_benefit_yuan")
        assert (line.kept, line.now, line.difference, line.redefined) == (
            Decimal("1040.000000"), Decimal("940.000000"), Decimal("-100.000000"), False,
        )  # fmt: skip
        between = list(queries.explaining(closing, "resident_benefit_yuan"))
        assert [(it.amount, it.day, it.corrected_on, it.note) for it in between] == [
            (Decimal("-1000.00"), date(2017, 7, 10), AUGUST_3, "合同金额看错"),
            (Decimal("900.00"), date(2017, 7, 10), AUGUST_3, "合同金额看错"),
        ]
        assert between[0].reverses_id == wrong.pk
        assert between[1].pk == right.pk
        assert sum(it.amount for it in between) == line.difference

    def test_what_was_left_out_is_added_with_a_reason(self, land: SimpleNamespace):
        closing = close(land.bay)
        assert refusal_of(book, land.bay, "5.00", corrected_on=AUGUST_3, note=" ") == "entry.reason"
        book(land.bay, "5.00", corrected_on=AUGUST_3, note="七月漏记")
        line = queries.line(closing, "resident_benefit_yuan")
        assert (line.kept, line.now) == (Decimal(0), Decimal(5))

    def test_is_itself_dated_in_an_open_period(self, land: SimpleNamespace):
        entry = book(land.bay)
        close(land.bay)
        close(land.bay, Period(date(2017, 8, 1), date(2017, 8, 31)), on=OCTOBER_9)
        given = {"amount": None, "reason": "错", "actor": 7}
        assert refusal_of(ledger.correct, BENEFIT, entry, on=AUGUST_3, **given) == "period.closed"
        assert refusal_of(ledger.correct, BENEFIT, entry, on=OCTOBER_9, **given) is None

    def test_made_before_the_closing_explains_nothing(self, land: SimpleNamespace):
        entry = book(land.bay)
        ledger.correct(BENEFIT, entry, amount=1, on=date(2017, 7, 20), reason="错", actor=7)
        closing = close(land.bay)
        assert not queries.line(closing, "resident_benefit_yuan").differs
        assert list(queries.explaining(closing, "resident_benefit_yuan")) == []


class TestReopening:
    def test_says_who_and_why_and_keeps_what_was_kept(self, land: SimpleNamespace):
        closing = close(land.bay)
        assert refusal_of(services.reopen, closing, on=OCTOBER_9, reason=" ", actor=3) == "closing.reason"
        closing = services.reopen(closing, on=OCTOBER_9, reason="漏了一个组", actor=3)
        assert (closing.reopened_on, closing.reopened_by, closing.reason) == (OCTOBER_9, 3, "漏了一个组")
        assert refusal_of(book, land.bay) is None
        again = close(land.bay, on=OCTOBER_9)
        assert (kept(closing, land.bay), kept(again, land.bay)) == (Decimal(0), Decimal(1000))
        assert refusal_of(services.reopen, closing, on=OCTOBER_9, reason="又", actor=3) == "closing.reopened"

    def test_waits_for_the_unit_above(self, land: SimpleNamespace):
        below, above = close(land.bay), close(land.east, QUARTER, "quarter", on=OCTOBER_9)
        assert refusal_of(services.reopen, below, on=OCTOBER_9, reason="错", actor=3) == "closing.held"
        services.reopen(above, on=OCTOBER_9, reason="村里要改", actor=3)
        assert refusal_of(services.reopen, below, on=OCTOBER_9, reason="错", actor=3) is None


def test_who_books_while_another_closes_is_in_the_kept_figure_or_refused(committed: None):
    with acting(EVERYTHING):
        village = make("county", "示例县", None)

    def work(index: int) -> object:
        if index:
            return close(village).pk
        return refusal_of(book, village)

    refusals = [it for it in at_once(work) if not isinstance(it, int)]
    with acting(EVERYTHING):
        figure = kept(Closing.objects.get(), village)
    assert (refusals, figure) in [([None], Decimal(1000)), (["period.closed"], Decimal(0))]


# A table whose rows lie at a unit and bear dates is locked, or stands here with the reason why not.
NOT_LOCKED = {
    "access_grant": "what an account may do counts for no figure",
    "activity_plan": "what is to come; what was held is an activity",
    "activity_review": "dated by the day of the check itself, which may come after the closing",
    "appraisal_honour": "held by approval on the day; the money that follows is an entry, which is locked",
    "appraisal_mark": "an appraisal freezes its own inputs",
    "appraisal_objection": "said and answered on the day itself",
    "appraisal_raise": "names an entry, which is locked",
    "appraisal_round": "an appraisal freezes its own inputs",
    "approval": "dated by the day of asking and deciding",
    "approval_act": "as the approval",
    "approval_task": "as the approval",
    "case_measure": "dates of a plan; what was done is a step",
    "case_urging": "written by the system on the day itself",
    "claim_binding": "what a word means, counts for no figure",
    "closing": "the closing itself",
    "demand": "a term, and a decision on the day itself",
    "demand_filling": "what filling a form took, written on the day itself",
    "demand_judgement": "what a person judged, on the day itself",
    "draw": "counts for no figure",
    "draw_call": "what was said on the telephone, counted by place in the draw alone",
    "duplicate_pair": "what a person judged, on the day itself",
    "finding": "derived from the records",
    "form": "what the columns of a superior's blank mean counts for no figure",
    "handoff": "what went out, dated by the act; what a unit holds is not changed by it",
    "handoff_receipt": "as the hand-off",
    "indicator_cell": "derived from the records",
    "indicator_dirty": "derived from the records",
    "indicator_income": "derived from the ledger",
    "outbox_event": "what has happened, for the reactions",
    "pay_sheet": "what is to be paid; what was paid is an entry, which is locked",
    "person": "a date of birth is no date of a record",
    "personal_request": "asked on the day itself",
    "point_proposal": "names an entry, which is locked",
    "reaction_done": "as the event",
    "report_issue": "a report keeps the figures it was issued with; its dates count for none",
    "roster": "an outside list; what is found is a case, which is locked",
    "scheme_draft": "a text to be decided on counts for no figure",
    "scheme_edition": "holds from its day on and never reaches back",
    "share_dividend": "names entries, which are locked",
    "study_intent": "what a member means to study counts for no figure",
    "study_list": "what is to be read counts for no figure",
    "study_material": "what can be read counts for no figure",
    "study_paper": "what was asked counts for no figure",
    "study_quiz": "its days are a term; what it came to is counted from the sheets",
    "study_sheet": "handed in on the day itself",
    "study_tally": "derived from the sheets",
    "study_training": "a term; who was there is a trainee, which is locked",
    "unit_name": "names count for no figure",
    "unit_path": "follows unit_link, which is locked",
}
DATED = """
    SELECT DISTINCT c.relname, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'closed_insert')
    FROM pg_class c JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'path'
    JOIN pg_attribute d ON d.attrelid = c.oid AND d.atttypid = 'date'::regtype AND NOT d.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '%\\_history'"""


def test_every_dated_table_is_locked_or_says_why_not(db: None):
    with connection.cursor() as cursor:
        cursor.execute(DATED)
        found = cursor.fetchall()
    assert {name for name, locked in found if not locked} == set(NOT_LOCKED)


def run_together(works: list[Callable[[], list[Any]]]) -> list[list[Any]]:
    """What each returns when all begin at once, each on a connection of its own and in as many transactions as it likes."""
    start, results = threading.Barrier(len(works)), [list[Any]()] * len(works)

    def run(index: int) -> None:
        try:
            start.wait(10)
            results[index] = works[index]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for it in threads:
        it.start()
    for it in threads:
        it.join(60)
    return results


@pytest.mark.parametrize("seed", range(2))
def test_balances_and_kept_figures_hold_whatever_the_order(committed: None, seed: int):
    """Two post, reverse and correct in July while a third closes and reopens it, each step a transaction of its own."""
    with acting(EVERYTHING):
        village = make("county", "示例县", None)
        shared = [book(village, "100.00") for _ in range(5)]

    def posting(index: int) -> list[Any]:
        """What was added to the balance, step by step, counted by hand; a refused step adds nothing."""
        added: list[Any] = []
        for number, entry in enumerate(shared):
            amount = Decimal(f"{number + 1}.{index + 1}{seed}")
            with acting(EVERYTHING):
                added += [] if refusal_of(book, village, str(amount)) else [amount]
            given = {"on": OCTOBER_9, "reason": "记错", "actor": index}
            with acting(EVERYTHING):
                if (number + index + seed) % 2:
                    refused = refusal_of(ledger.correct, BENEFIT, entry, amount=Decimal("70.70"), **given)
                    added += [] if refused else [Decimal("-29.30")]
                else:
                    added += [] if refusal_of(ledger.reverse, entry, **given) else [Decimal("-100.00")]
        return added

    def closing() -> list[Any]:
        made: list[Any] = []
        for _ in range(3):
            with acting(EVERYTHING):
                it = close(village)
            made.append(it.pk)
            with acting(EVERYTHING):
                services.reopen(it, on=OCTOBER_9, reason="再改", actor=3)
        return made

    *added, made = run_together([lambda: posting(0), lambda: posting(1), closing])
    with acting(EVERYTHING):
        after = account("benefit", village, JULY.first, OCTOBER_9).after
        assert after == Decimal("500.00") + sum(itertools.chain(*added))
        for it in Closing.objects.filter(pk__in=made):
            july = Entry.objects.filter(pk__lte=it.seen, day__range=(JULY.first, JULY.last))
            assert kept(it, village) == sum(entry.amount for entry in july)
        assert len(made) == 3

"""The month's pay of red flags: who is owed what, drawn by one, approved by another, posted once, corrected by reversal.

东湾村 holds two flags from 2018-02-01 to 2019-01-31; 王建国 is its secretary (500 a flag), 李秀英 its director (400).
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.appraisals import effects
from hangshi.appraisals.models import Honour, Raise
from hangshi.duties.services import end
from hangshi.flagpay import due, services
from hangshi.flagpay.models import PaySheet
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.registry.models import Person
from hangshi.registry.signing import Signer
from tests.appraisals.test_effects import FEB_1, FLAGS, MARCH_1, PACK, POST, standard
from tests.refusals import refusal_of

pytestmark = pytest.mark.django_db
CLERK, HEAD, SAME = Signer(1, person=31), Signer(2, person=32), Signer(3, person=31)
FEB_5, FEB_6, FEB_7 = date(2018, 2, 5), date(2018, 2, 6), date(2018, 2, 7)
FULL = [("李秀英", 400), ("李秀英", 400), ("王建国", 500), ("王建国", 500)]


def named(lines: list[due.Due]) -> list[tuple[str, Any]]:
    names = dict(Person.objects.values_list("pk", "name"))
    return sorted((names[it.person], it.amount) for it in lines)


def owed(it: SimpleNamespace, month: date) -> list[tuple[str, Any]]:
    return named(due.due(PACK, it.land.county, [month]))


def drawn(it: SimpleNamespace, month: date = FEB_1, on: date = FEB_5) -> PaySheet:
    return services.draw(PACK, it.land.county, month=month, on=on, by=CLERK)


def approved(it: SimpleNamespace, month: date = FEB_1) -> PaySheet:
    sheet = drawn(it, month, max(FEB_5, month))
    return services.approve(PACK, sheet, seen=sheet.digest, on=max(FEB_6, month), by=HEAD)


def posted(it: SimpleNamespace, month: date = FEB_1) -> PaySheet:
    return services.post(PACK, approved(it, month), on=max(FEB_7, month), by=CLERK)


@pytest.mark.parametrize(
    ("month", "lines"),
    [(date(2018, 1, 1), []), (FEB_1, FULL), (date(2019, 1, 1), FULL), (date(2019, 2, 1), [])],
)
def test_a_flag_pays_while_it_is_held(held: SimpleNamespace, month: date, lines: list[tuple[str, Any]]):
    assert owed(held, month) == lines


def test_what_is_owed_is_what_the_effects_of_the_round_would_book(held: SimpleNamespace):
    """Two ways to the same sum: the sheet of the unit, and the booking of the round."""
    lines = owed(held, FEB_1)
    made = effects.pay(held.round, PACK, month=FEB_1, on=FEB_1, actor=1)
    assert sorted((it.person.name, it.entry.amount) for it in made) == lines
    assert due.unpaid(PACK, held.land.county, [FEB_1]) == []


def test_it_is_owed_to_who_bears_the_post_on_the_first_of_the_month(held: SimpleNamespace):
    end(POST, held.people.wang.duties.get(), on=date(2018, 2, 28), reason="term", actor=None)
    assert owed(held, FEB_1) == FULL
    assert owed(held, MARCH_1) == [("李秀英", 400), ("李秀英", 400)]


def test_a_flag_taken_away_pays_to_its_last_day(held: SimpleNamespace):
    effects.withdraw(Honour.objects.get(name=FLAGS[0]), on=date(2018, 2, 28), reason="复评未过", actor=2)
    assert owed(held, FEB_1) == FULL
    assert owed(held, MARCH_1) == [("李秀英", 400), ("王建国", 500)]


def test_a_line_says_which_flag_from_when_to_when_and_by_which_standard(held: SimpleNamespace):
    [it] = [it for it in due.due(PACK, held.land.bay, [FEB_1]) if (it.flag, it.role) == (FLAGS[0], "secretary")]
    assert (it.village, it.since, it.until, it.amount) == ("东湾村", FEB_1, date(2019, 1, 31), Decimal(500))
    assert (
        services.ground(it) == "2018年02月报酬上浮：东湾村基层党建红旗（2018-02-01至2019-01-31），依据某区〔2018〕1号"
    )


def test_another_unit_owes_nothing(held: SimpleNamespace):
    assert due.due(PACK, held.land.west, [FEB_1]) == []


def test_it_takes_the_same_number_of_statements_for_a_year_as_for_a_month(held, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(due.due(PACK, held.land.county, [FEB_1])) == 4
    with django_assert_num_queries(2):
        assert len(due.due(PACK, held.land.county, due.months_of(FEB_1, date(2019, 1, 5)))) == 48


def test_months_are_counted_from_the_first_to_the_last():
    assert due.months_of(date(2018, 11, 30), date(2019, 1, 1)) == [
        date(2018, 11, 1),
        date(2018, 12, 1),
        date(2019, 1, 1),
    ]
    assert due.months_of(date(2019, 2, 1), date(2019, 1, 1)) == []


def test_a_sheet_keeps_what_was_owed_when_it_was_drawn(held: SimpleNamespace):
    sheet = drawn(held)
    assert (sheet.state, sheet.total, len(sheet.lines), str(sheet)) == ("drawn", Decimal(1800), 4, "2018年02月红旗报酬")
    assert {it["person"] for it in sheet.lines} == {held.people.wang.pk, held.people.li.pk}
    assert Entry.objects.count() == 0


def test_what_cannot_be_drawn(held: SimpleNamespace):
    assert refusal_of(drawn, held, date(2018, 2, 2)) == "pay.month"
    assert refusal_of(drawn, held, MARCH_1, FEB_5) == "pay.month"
    assert refusal_of(drawn, held, date(2018, 1, 1)) == "pay.nothing"
    assert refusal_of(drawn, held) is None
    assert refusal_of(drawn, held) == "pay.open"


def test_a_missing_standard_is_never_zero(held: SimpleNamespace):
    none = standard("secretary", 500).model_copy(update={"values": []})
    pack = PACK.model_copy(update={"standards": PACK.standards | {"flag_secretary": none}})
    assert refusal_of(services.draw, pack, held.land.county, month=FEB_1, on=FEB_5, by=CLERK) == "pay.no_rate"
    assert PaySheet.objects.count() == 0


def test_who_is_registered_elsewhere_is_left_to_the_level_above(held: SimpleNamespace):
    with acting(Scope.below(held.land.bay.path, actor=1)):  # 李秀英 lives in 东坡村
        refused = refusal_of(services.draw, PACK, held.land.bay, month=FEB_1, on=FEB_5, by=CLERK)
    assert refused == "pay.outside"


@pytest.mark.parametrize(
    ("by", "refusal"), [(HEAD, None), (CLERK, "pay.own"), (SAME, "pay.own"), (Signer(4, acts_for=(CLERK,)), "pay.own")]
)
def test_another_person_approves(held: SimpleNamespace, by: Signer, refusal: str | None):
    sheet = drawn(held)
    assert refusal_of(services.approve, PACK, sheet, seen=sheet.digest, on=FEB_6, by=by) == refusal
    sheet.refresh_from_db()
    assert sheet.state == ("drawn" if refusal else "approved")


def test_what_changed_since_is_neither_approved_nor_posted(held: SimpleNamespace):
    sheet = drawn(held)
    assert refusal_of(services.approve, PACK, sheet, seen="0" * 64, on=FEB_6, by=HEAD) == "pay.changed"
    services.approve(PACK, sheet, seen=sheet.digest, on=FEB_6, by=HEAD)
    effects.withdraw(Honour.objects.get(name=FLAGS[0]), on=FEB_1, reason="复评未过", actor=2)
    Honour.objects.filter(name=FLAGS[0]).update(since=date(2018, 1, 1), until=date(2018, 1, 31))
    assert refusal_of(services.post, PACK, sheet, on=FEB_7, by=CLERK) == "pay.changed"
    assert Entry.objects.count() == 0


def test_it_is_posted_after_the_approval_as_entries_with_their_ground(held: SimpleNamespace):
    sheet = drawn(held)
    assert refusal_of(services.post, PACK, sheet, on=FEB_7, by=CLERK) == "pay.state"
    services.approve(PACK, sheet, seen=sheet.digest, on=FEB_6, by=HEAD)
    assert refusal_of(services.post, PACK, sheet, on=FEB_5, by=CLERK) == "pay.day"
    services.post(PACK, sheet, on=FEB_7, by=CLERK)
    mine = Entry.objects.filter(person=held.people.wang).order_by("note")
    assert [(it.kind, it.amount, it.day, it.unit) for it in mine] == [
        ("flag_rise", Decimal(500), FEB_7, held.land.bay)
    ] * 2
    assert mine[0].note.startswith("2018年02月报酬上浮：东湾村基层党建红旗（2018-02-01至2019-01-31）")
    assert Raise.objects.count() == 4
    assert due.unpaid(PACK, held.land.county, [FEB_1]) == []
    assert refusal_of(services.post, PACK, sheet, on=FEB_7, by=CLERK) == "pay.state"


def test_a_line_reversed_is_owed_again_and_can_be_paid_again(held: SimpleNamespace):
    posted(held)
    raised = Raise.objects.get(person=held.people.li, honour__name=FLAGS[0])
    assert refusal_of(services.reverse, raised, reason=" ", on=FEB_7, actor=1) == "entry.reason"
    services.reverse(raised, reason="发错了人", on=FEB_7, actor=1)
    assert named(due.unpaid(PACK, held.land.county, [FEB_1])) == [("李秀英", 400)]
    assert posted(held).total == 400
    assert sum(it.amount for it in Entry.objects.all()) == 1800
    assert Raise.objects.count() == 4


def test_an_entry_reversed_in_the_ledger_itself_counts_as_not_paid(held: SimpleNamespace):
    posted(held)
    entry = Entry.objects.filter(person=held.people.wang).first()
    ledger.reverse(entry, on=FEB_7, reason="记错", actor=1)
    assert named(due.unpaid(PACK, held.land.county, [FEB_1])) == [("王建国", 500)]


def test_the_gap_names_every_month_without_a_posting(held: SimpleNamespace):
    posted(held, MARCH_1)
    months = due.months_of(date(2018, 1, 1), date(2018, 4, 30))
    gap = [(it.month, it.amount or 0) for it in due.unpaid(PACK, held.land.county, months)]
    assert sorted({month for month, _ in gap}) == [FEB_1, date(2018, 4, 1)]
    assert sum(amount for _, amount in gap) == 3600


def test_a_sheet_is_cancelled_with_a_reason_before_it_is_posted(held: SimpleNamespace):
    sheet = drawn(held)
    assert refusal_of(services.cancel, sheet, reason=" ", by=CLERK) == "pay.reason"
    assert services.cancel(sheet, reason="重新核对任职", by=CLERK).state == "cancelled"
    assert refusal_of(services.approve, PACK, sheet, seen=sheet.digest, on=FEB_6, by=HEAD) == "pay.state"
    assert refusal_of(services.cancel, posted(held), reason="x", by=CLERK) == "pay.state"


def test_a_sheet_is_seen_in_its_own_range_alone(held: SimpleNamespace):
    services.draw(PACK, held.land.county, month=FEB_1, on=FEB_5, by=CLERK)
    for where, seen in (("county", 1), ("east", 0), ("west", 0)):
        with acting(Scope.below(getattr(held.land, where).path, actor=1)):
            assert PaySheet.objects.count() == seen

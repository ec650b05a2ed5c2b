"""An item of a list from nothing to verified: who reports, who verifies, what proves it, what counts against it."""

from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import services as cases
from hangshi.indicators import queries as indicators
from hangshi.indicators.queries import Period, pack
from hangshi.responsibility import queries, services
from tests.refusals import refusal_of
from tests.responsibility.conftest import AUG_1, JUL_3, LIST

pytestmark = pytest.mark.django_db
ITEM, ELEMENT = "item_1_1", "element_1_1_2"


@pytest.fixture(autouse=True)
def everything(db):
    with acting(EVERYTHING):
        yield


@pytest.fixture
def duties():
    return pack().duty_lists[LIST]


@pytest.fixture
def suzhou(places):
    return places["肃州区"]


@pytest.fixture
def report(duties, suzhou):
    def reported(item=ITEM, *, by=suzhou, note="常委会研究两次，见会议记录", on=JUL_3, actor=1):
        return services.report(pack(), duties, suzhou, item, by=by, note=note, on=on, actor=actor)

    return reported


@pytest.fixture
def item(duties, suzhou):
    """The item as it stands on a day."""

    def found(key=ITEM, on=JUL_3):
        return next(it for it in queries.items(pack(), duties, suzhou, year=2017, on=on) if it.key == key)

    return found


def test_the_list_has_its_items_under_their_headings(duties, suzhou):
    found = queries.items(pack(), duties, suzhou, year=2017, on=JUL_3)
    headed = queries.headed(pack(), duties, found, 2017)
    assert [(name, len(items)) for name, items in headed][:2] == [("责任落实", 6), ("思想政治建设", 6)]
    assert sum(len(items) for _, items in headed) == 49
    assert queries.items(pack(), duties, suzhou, year=2016, on=JUL_3) == []


def test_an_item_is_due_at_the_end_of_its_month_else_of_the_year(item):
    assert (item().due, item("item_1_2").due, item("item_9_5").due) == (
        date(2017, 3, 31),
        date(2017, 6, 30),
        date(2017, 12, 31),
    )
    assert (item().late(date(2017, 3, 31)), item().late(date(2017, 4, 1))) == (False, True)


def test_an_item_is_reported_and_verified(report, item, places):
    case = report()
    assert (item().state, item().late(AUG_1)) == ("reported", False)
    services.verify(pack(), case, by=places["city"], good=True, note="", on=AUG_1, actor=2)
    assert (item().state, item().case.closed_on) == ("verified", AUG_1)


def test_a_returned_item_is_reported_again_in_the_same_case(report, item, places):
    case = report()
    services.verify(pack(), case, by=places["city"], good=False, note="没有会议记录", on=AUG_1, actor=2)
    assert item().state == "open"
    assert report(on=AUG_1).pk == case.pk
    assert item().state == "reported"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"note": "  "}, "responsibility.note"),
        ({"item": "item_10_1"}, "responsibility.item"),
        ({"on": date(2016, 7, 3)}, "responsibility.item"),
    ],
)
def test_what_may_be_reported(report, said, code):
    assert refusal_of(report, **said) == code


def test_a_unit_reports_for_itself_and_once(report, places):
    assert refusal_of(report, by=places["city"]) == "responsibility.own"
    assert refusal_of(report) is None
    assert refusal_of(report) == "responsibility.again"
    assert refusal_of(report, on=date(2018, 1, 3)) is None  # another year


def test_who_may_verify(report, places):
    case = report()

    def verify(by, *, good=True, note="", actor=2):
        return services.verify(pack(), case, by=places[by], good=good, note=note, on=AUG_1, actor=actor)

    assert refusal_of(verify, "肃州区") == "responsibility.superior"
    assert refusal_of(verify, "金塔县") == "responsibility.superior"
    assert refusal_of(verify, "city", actor=1) == "responsibility.reporter"
    assert refusal_of(verify, "city", good=False) == "responsibility.reason"
    assert refusal_of(verify, "city") is None
    assert refusal_of(verify, "city") == "responsibility.state"


def test_a_proof_is_the_figure_of_the_year_beside_what_is_asked(item):
    proved = item("item_3_1").proved  # no weak branch is left
    assert (proved.value, proved.holds) == (0, True)
    held = item("item_6_1").proved  # twelve theme days
    assert (held.value, held.holds) == (0, False)
    assert item(ITEM).proved is None


def test_an_element_stands_at_its_item_and_counts_when_it_is_held(duties, suzhou, item):
    kind = pack().kinds.case[duties.reverse]

    def held():
        return queries.tallies(pack(), duties, [suzhou], year=2017, on=JUL_3)[0].held

    case = cases.open_case(kind, unit=suzhou, title="没有研究", ground=ELEMENT, on=JUL_3, actor=2)
    assert [it.pk for it in item().elements] == [case.pk]
    assert held() == 0
    cases.move(kind, case, to="explained", on=JUL_3, actor=1)
    cases.close(kind, case, to="held", verdict="认定", on=JUL_3, actor=2)
    assert held() == 1


def test_the_tally_counts_what_the_items_say(duties, suzhou, report, places):
    services.verify(pack(), report(), by=places["city"], good=True, note="", on=JUL_3, actor=2)
    report("item_1_3")
    [tally] = queries.tallies(pack(), duties, [suzhou], year=2017, on=JUL_3)
    assert (tally.whole, tally.verified, tally.reported, tally.late) == (49, 1, 1, 2)  # item_1_2 and item_2_1 by June
    found = queries.items(pack(), duties, suzhou, year=2017, on=JUL_3)
    assert sum(it.late(JUL_3) for it in found) == 2


def test_the_figures_of_the_scheme_are_counted_from_the_same_cases(report, places):
    services.verify(pack(), report(), by=places["city"], good=True, note="", on=AUG_1, actor=2)
    year = Period(date(2017, 1, 1), date(2017, 12, 31))
    assert indicators.value("county_duties_verified", places["肃州区"], year).value == 1
    assert indicators.value("county_duties_verified", places["金塔县"], year).value == 0
    criteria = pack().schemes["county_responsibility"].editions[0].criteria
    assert [it.indicator for it in criteria] == ["county_duties_verified", "county_elements_held"]


def test_only_the_units_of_the_place_of_the_pack_answer_by_it(duties, places):
    city, other = places["city"], places["汉滨区"]
    assert [it.name for it in queries.bearers(pack(), duties, city)] == ["肃州区", "金塔县"]
    assert queries.bearers(pack(), duties, other) == []


def test_the_departments_of_the_city_answer_and_those_of_its_counties_do_not(places):
    departments = pack().duty_lists["organ_duties"]
    assert [it.name for it in queries.bearers(pack(), departments, places["city"])] == ["酒泉市教育局"]

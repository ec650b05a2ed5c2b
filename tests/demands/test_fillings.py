"""A blank form downloaded filled counts as a filling; which departments ask most; what is asked no longer."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.demands import fillings
from hangshi.demands.models import Demand, Filling
from hangshi.forms.filling import Filled
from hangshi.forms.models import Form
from hangshi.indicators.queries import Period
from tests.demands.conftest import DAY
from tests.refusals import refusal_of

MARCH = Period(date(2020, 3, 1), date(2020, 3, 31))
MADE = Filled(b"", numbers=10, empty=2, left=6)


@pytest.fixture
def form(land):
    return Form.objects.create(
        unit=land.county,
        path=land.county.path,
        title="月报表",
        file_name="月报.xlsx",
        digest="d",
        blank=b"",
        received_on=DAY,
    )


@pytest.fixture
def download(pack, form, land):
    def downloaded(on=DAY, when=MARCH, made=MADE):
        return fillings.downloaded(pack, form, land.east, when, made, on=on, actor=7)

    return downloaded


def test_cells_with_data_are_the_systems_and_cells_left_open_are_typed(download, land):
    filling = download()
    assert (filling.known, filling.empty, filling.typed, filling.minutes) == (8, 2, 6, Decimal(12))
    assert (filling.title, filling.unit, filling.level, filling.department) == ("月报表", land.east, "township", "")


def test_the_same_form_for_the_same_days_is_one_filling_and_the_latest_counts(download):
    download()
    download(on=date(2020, 3, 9), made=Filled(b"", numbers=10, empty=0, left=5))
    filling = Filling.objects.get()
    assert (filling.filled_on, filling.known, filling.typed) == (date(2020, 3, 9), 10, 5)
    download(when=Period(date(2020, 4, 1), date(2020, 4, 30)))
    assert Filling.objects.count() == 2


@pytest.mark.parametrize(("on", "department"), [(DAY, "县乡村振兴局"), (date(2021, 1, 1), "")])
def test_a_form_that_is_demanded_that_day_is_filled_for_the_department_that_demands_it(
    download, propose, form, on, department
):
    propose()
    Demand.objects.update(form=form.pk, state="approved")
    assert download(on=on).department == department


def test_without_a_standard_no_filling_is_kept(download):
    assert refusal_of(download, on=date(1999, 12, 31)) == "demand.rate"
    assert not Filling.objects.exists()


def filled(unit, department, typed, day=DAY):
    Filling.objects.create(
        unit=unit, path=unit.path, form=Filling.objects.count(), title="表", department=department, level="village", first=day,
        last=day, filled_on=day, known=0, typed=typed, empty=0, minutes=Decimal(2) * typed,
    )  # fmt: skip


def test_the_department_that_asks_most_of_people_stands_first(propose, land):
    for department, labels in (("甲局", ("走访次数", "备注")), ("乙局", ("一", "二", "三")), ("甲局", ("四",))):
        propose(labels, department=department)
    Demand.objects.update(state="approved")
    propose(("五", "六", "七", "八"), department="丁局")  # a draft
    filled(land.bay, "丙局", 9)
    filled(land.bay, "甲局", 1)
    filled(land.hill, "甲局", 2)
    filled(land.hill, "", 30)  # a blank form that nobody demands
    found = fillings.departments(Demand.objects.all(), Filling.objects.all(), DAY)
    assert [(it.name, it.demands, it.items, it.typed, it.times, it.hand, it.took) for it in found] == [
        ("乙局", 1, 3, 3, 0, 0, Decimal(0)),
        ("甲局", 2, 3, 2, 2, 3, Decimal(6)),
        ("丙局", 0, 0, 0, 1, 9, Decimal(18)),
    ]


@pytest.mark.parametrize(
    ("state", "decided_on", "until", "spared"),
    [
        ("refused", DAY, date(2020, 12, 31), True),
        ("merged", MARCH.last, date(2020, 12, 31), True),
        ("withdrawn", MARCH.first, MARCH.first, True),
        ("withdrawn", date(2020, 2, 29), date(2020, 2, 29), False),
        ("refused", date(2020, 4, 1), date(2020, 12, 31), False),
        ("approved", date(2020, 1, 2), date(2020, 3, 30), True),
        ("approved", date(2020, 1, 2), MARCH.last, False),  # on the last day it is still asked
        ("approved", date(2020, 1, 2), date(2020, 2, 29), False),
        ("draft", None, date(2020, 3, 30), False),
    ],
)
def test_what_is_asked_no_longer_since_these_days(propose, state, decided_on, until, spared):
    propose()
    Demand.objects.update(state=state, decided_on=decided_on, until=until)
    assert fillings.spared(Demand.objects.all(), MARCH).exists() == spared


@pytest.mark.parametrize(("state", "spared"), [("approved", 0), ("draft", 1), ("refused", 1)])
def test_what_ran_out_and_was_renewed_is_still_asked(propose, state, spared):
    old = propose(until=date(2020, 3, 15))
    Demand.objects.update(state="approved")
    new = propose(since=date(2020, 3, 16))
    Demand.objects.filter(pk=new.pk).update(renews=old, state=state, decided_on=date(2020, 2, 1))
    assert fillings.spared(Demand.objects.all(), MARCH).count() == spared

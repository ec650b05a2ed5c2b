"""Hostile files are refused before they are parsed, each with its own sentence; odd ones are read as their authors meant them."""

from datetime import date

import pytest

from hangshi.intake import heads, matching, reading
from hangshi.intake.targets import target
from hangshi.refusal import Refused
from hangshi.registry.models import HouseholdStatus, Person
from tests.intake import sheets
from tests.intake.conftest import counts, reasons


@pytest.mark.parametrize("name", sheets.HOSTILE)
def test_a_hostile_file_is_refused_with_its_sentence(name, pack):
    made, code, words = sheets.HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        heads.find(reading.sheet(made()).frame, matching.known(target(pack, "persons")))
    assert (refusal.value.code, words in refusal.value.sentence) == (code, True), refusal.value.sentence
    assert refusal.value.sentence.endswith("。")


@pytest.mark.parametrize("name", sheets.ODD)
def test_an_odd_file_is_read_row_by_row(name, bring, commit):
    made, new, refused = sheets.ODD[name]
    intake = bring("persons", made())
    assert counts(intake) == (new, 0, 0, refused), intake.preview
    if new:
        commit(intake)
        assert Person.objects.count() == new
        assert counts(bring("persons", made())) == (0, 0, new, refused)


def test_the_corpus_is_large_enough():
    assert len(sheets.HOSTILE) + len(sheets.ODD) >= 60


def test_a_merged_head_under_a_title_with_a_total_below(bring, commit):
    intake = bring("households", sheets.merged())
    assert counts(intake) == (2, 0, 0, 0), intake.preview
    commit(intake)
    said = HouseholdStatus.objects.order_by("household__number").values_list("household__number", "status", "since")
    assert list(said) == [("H1", "registered", date(2017, 8, 1)), ("H2", "general", date(2017, 8, 1))]


@pytest.mark.parametrize(("serial", "options"), [(43000, {}), (41538, {"date_1904": True})])
def test_a_date_cell_is_its_day_in_either_calendar(bring, commit, serial, options):
    commit(bring("households", sheets.dated(serial, **options)))
    assert HouseholdStatus.objects.get().since == date(2017, 9, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("43000", date(2017, 9, 22)), ("2017.8", date(2017, 8, 1)), ("2017/8/9", date(2017, 8, 9)), ("20170809", date(2017, 8, 9)),
        ("２０１７年８月", date(2017, 8, 1)), ("2016-02-29", date(2016, 2, 29)), ("'2017-08-09", date(2017, 8, 9)),
    ],
)  # fmt: skip
def test_days_as_offices_write_them(bring, commit, text, day):
    commit(bring("households", f"户编号 | 户主 | 村 | 户类别 | 认定日期\nH1 | 赵一 | 东湾村 | 一般户 | {text}"))
    assert HouseholdStatus.objects.get().since == day


@pytest.mark.parametrize("text", ["2017-02-29", "2017.13", "0", "99999999", "2017年", "1e3", "上月"])
def test_a_day_that_is_none_is_refused(bring, text):
    intake = bring("households", f"户编号 | 户主 | 村 | 户类别 | 认定日期\nH1 | 赵一 | 东湾村 | 一般户 | {text}")
    assert reasons(intake) == [(2, f"“{text}”不是能认的日期，请写成 2017-08-01 这样。")]

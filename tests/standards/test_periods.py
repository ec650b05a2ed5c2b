"""The last whole period before a day; on its own last day it has ended."""

from datetime import date

import pytest

from hangshi.standards.periods import last_whole


@pytest.mark.parametrize(
    ("every", "on", "first", "last"),
    [
        ("month", "2017-07-15", "2017-06-01", "2017-06-30"),
        ("month", "2017-07-31", "2017-07-01", "2017-07-31"),
        ("month", "2017-01-01", "2016-12-01", "2016-12-31"),
        ("month", "2016-03-01", "2016-02-01", "2016-02-29"),
        ("quarter", "2017-07-15", "2017-04-01", "2017-06-30"),
        ("quarter", "2017-12-31", "2017-10-01", "2017-12-31"),
        ("half_year", "2017-07-15", "2017-01-01", "2017-06-30"),
        ("year", "2017-12-30", "2016-01-01", "2016-12-31"),
        ("year", "2017-12-31", "2017-01-01", "2017-12-31"),
    ],
)
def test_the_last_whole_period(every, on, first, last):
    found = last_whole(every, date.fromisoformat(on))
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)

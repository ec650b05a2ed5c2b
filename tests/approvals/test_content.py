from datetime import date
from decimal import Decimal

import pytest

from hangshi.approvals.content import digest_of, fields_of
from hangshi.registry.models import Unit


def test_a_digest_is_that_of_the_content_and_not_of_its_order() -> None:
    content = {"title": "调整", "day": date(2020, 6, 1), "amount": Decimal("1.50")}
    assert digest_of(content) == digest_of(dict(reversed(content.items())))
    # printf '{"amount":"1.50","day":"2020-06-01","title":"调整"}' | sha256sum
    assert digest_of(content) == "3f87921d76d820ae250e3f7a493636e62863a3f1ea6fea664cd2e63c7eba9d44"


@pytest.mark.parametrize("other", [{"title": "调整 "}, {"title": None}, {"title": "调整", "more": ""}, {}])
def test_any_change_changes_it(other: dict[str, object]) -> None:
    assert digest_of({"title": "调整"}) != digest_of(other)


def test_what_has_no_fixed_writing_is_not_digested() -> None:
    with pytest.raises(TypeError, match="not part of a content: set"):
        digest_of({"title": {"调整"}})


def test_the_columns_of_a_record_are_taken_by_name() -> None:
    unit = Unit(pk=3, name="东镇", kind="township", since=date(2016, 1, 1))
    assert fields_of(unit, ("id", "name", "since")) == {"id": 3, "name": "东镇", "since": date(2016, 1, 1)}

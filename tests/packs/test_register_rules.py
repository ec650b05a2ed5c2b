"""The rules over lists of persons, circles of units and plain numbers, each with the least pack that breaks it."""

import pytest

from tests.packs.conftest import SaidOf
from tests.packs.test_rules import kind

AGREED = '{ agreed_on = { name = "同意日期", type = "date", required = true } }'
CHOSEN = '{ sort = { name = "种类", type = "choice", choices = { wedding = "婚事", funeral = "丧事" } } }'
NUMBER = {"counts": '"次数"', "number_only": "true"}


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (kind("duty", consent='"agreed_on"', fields=AGREED), []),
        (kind("duty", consent='"agreed_on"'), ["P318"]),
        (kind("duty", consent='"agreed_on"', fields=AGREED.replace(", required = true", "")), ["P318"]),
        (kind("duty", consent='"agreed_on"', fields=AGREED.replace('"date"', '"text"')), ["P318"]),
        (kind("duty", consent='"agreed_on"', fields=AGREED, bearer='"unit"'), ["P318"]),
        (kind("duty", circle="true", bearer='"unit"'), []),
        (kind("duty", circle="true"), ["P319"]),
        (kind("duty", circle="true", bearer='"unit"', target='"household"'), ["P319"]),
        (kind("duty", circle="true", bearer='"unit"', exclusive="true"), ["P319"]),
        (kind("duty", needed='"every"', target_kinds='["village"]'), []),
        (kind("duty", needed='"every"'), ["P323"]),
        (kind("duty", needed='"poor"', target='"household"'), ["P323"]),
        (kind("duty", needed='"some"', target_kinds='["village"]'), ["P113"]),
        (kind("activity", **NUMBER), []),
        (kind("activity", **NUMBER, fields=CHOSEN), []),
        (kind("activity", number_only="true"), ["P320"]),
        (kind("activity", **NUMBER, attendance='"named"'), ["P320"]),
        (kind("activity", **NUMBER, leader="true"), ["P320"]),
        (kind("activity", **NUMBER, household="true"), ["P320"]),
        (kind("activity", **NUMBER, fields='{ host = { name = "办事人", type = "text" } }'), ["P320"]),
    ],
)
def test_what_a_register_promises_is_written_so_that_it_can_be_kept(
    codes_of: SaidOf, part: str, codes: list[str]
) -> None:
    assert codes_of(part) == codes

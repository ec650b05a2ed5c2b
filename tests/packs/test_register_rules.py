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
        (kind("duty", chain='"first"', exclusive="true", target_kinds='["village"]'), []),
        (kind("duty", chain='"direct"', target_kinds='["village"]'), []),
        (kind("duty", chain='"first"', target_kinds='["village"]'), ["P324"]),
        (kind("duty", chain='"direct"'), ["P324"]),
        (kind("duty", chain='"direct"', bearer='"unit"', target_kinds='["village"]'), ["P324"]),
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


def joint(**said: str) -> str:
    words = {
        "name": '"几个一"',
        "cases": '["problem"]',
        "duties": '["first_secretary", "contact_point"]',
        "source": '"试验"',
    } | said
    return "[joint_set.a]\n" + "".join(f"{name} = {value}\n" for name, value in words.items())


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (joint(), []),
        (joint(cases='["problm"]'), ["P377"]),
        (joint(cases='["household_need"]'), ["P377"]),  # about a household
        (joint(duties='["first_secretary", "contactpoint"]'), ["P377"]),
        (joint(duties='["first_secretary", "pairing"]'), ["P377"]),  # for a household
        (joint(duties='["first_secretary"]'), ["P113"]),
    ],
)
def test_a_joint_set_is_of_duties_for_units_with_a_case(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


PLAN = kind("case", grounds='{ one = "甲", two = "乙" }')


def board(case: str = "a", **strands: str) -> str:
    lines = "".join(f"{name} = {keys}\n" for name, keys in strands.items())
    return f'{PLAN}[strand_board.b]\nname = "计划"\ncase = "{case}"\nsource = "试验"\n[strand_board.b.strands]\n{lines}'


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (board(one='["visits"]', two="[]"), []),
        (board(one='["visits"]', three='["visits"]'), ["P378"]),
        (board(one='["visit"]', two='["visits"]'), ["P378"]),
        (board("b", one="[]", two="[]"), ["P378"]),
        (board(one='["visits"]'), ["P113"]),
    ],
)
def test_the_strands_of_a_board_are_the_grounds_of_its_plan(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def roll(**said: str) -> str:
    words = {"name": '"某名册"', "kinds": '["unit.venue"]', "rule": '"某"', "source": '"试验"'} | said
    return "[roll.a]\n" + "".join(f"{name} = {value}\n" for name, value in words.items())


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (roll(), []),
        (roll(by='"unit.venue.serves"', indicators='["village_venues"]'), []),
        (roll(kinds='["unit.venu"]'), ["P379"]),
        (roll(kinds='["entry.venue"]'), ["P379"]),
        (roll(kinds='["venue"]'), ["P379"]),
        (roll(by='"unit.venue.area"'), ["P379"]),  # no choice
        (roll(by='"unit.council.sort"'), ["P379"]),  # of another kind
        (roll(indicators='["village_venue"]'), ["P379"]),
        (roll(kinds="[]"), ["P113"]),
    ],
)
def test_a_roll_is_kept_as_kinds_that_are_there(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes

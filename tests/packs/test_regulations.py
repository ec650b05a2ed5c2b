"""Documents and the dated rules that point to them; each fault alone, by its number."""

from datetime import date

import pytest

from hangshi.packs import load
from hangshi.packs.regulations import resting
from tests.packs.conftest import SaidOf, SentenceOf

OLD = """
[document.old]
name = "旧办法"
issuer = "某县委"
since = 2010-01-01
until = 2017-12-31
source = "旧办法"
"""
NEW = """
[document.new]
name = "新办法"
number = "某委发〔2018〕1号"
issuer = "某县委"
since = 2018-01-01
replaces = ["old"]
source = "新办法"
"""
STANDARD = """
[standard.fund]
name = "某经费"
unit = "yuan"
bound = "least"
per = "每村每年"
values = [{{ since = {since}, amount = 5000 }}]
document = "{document}"
source = "新办法"
"""


def standard(document: str, since: str = "2018-01-01") -> str:
    return STANDARD.format(document=document, since=since)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (OLD + NEW, []),
        (OLD.replace("2017-12-31", "2009-12-31") + NEW, ["P381"]),
        (OLD.replace("until = 2017-12-31\n", "") + NEW, ["P382"]),
        (OLD.replace("2017-12-31", "2018-01-01") + NEW, ["P382"]),  # both would be in force on that day
        (NEW, ["P382"]),
        (NEW.replace('["old"]', '["new"]'), ["P382"]),  # no document replaces itself
        (OLD + NEW.replace('issuer = "某县委"\n', ""), ["P111"]),
        (OLD + NEW + standard("new"), []),
        (OLD + NEW + standard("old", "2017-12-31"), []),  # its last day still counts
        (OLD + NEW + standard("old", "2018-01-01"), ["P384"]),
        (OLD + NEW + standard("new", "2017-12-31"), ["P384"]),
        (OLD + NEW + standard("knew"), ["P383"]),
    ],
)
def test_what_is_refused(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def test_the_sentence_says_what_to_write(sentence_of: SentenceOf) -> None:
    sentence = "被代替的《旧办法》要在 2018-01-01 之前失效：写明它的 until"
    assert sentence_of(OLD.replace("until = 2017-12-31\n", "") + NEW) == sentence


def test_on_the_day_of_the_change_one_of_the_two_is_in_force() -> None:
    documents = load("base").documents
    old, new = documents["rural_regulations_1999"], documents["rural_regulations"]
    days = (date(1999, 2, 12), date(1999, 2, 13), date(2018, 12, 27), date(2018, 12, 28))
    assert [(old.in_force(day), new.in_force(day)) for day in days] == [
        (False, False),
        (True, False),
        (True, False),
        (False, True),
    ]


def test_a_document_knows_the_rules_that_rest_on_it() -> None:
    pack = load("base", "shifan")
    assert [it.key for it in resting(iter(pack.standards.values()), "five_flags")] == [
        "flag_secretary",
        "flag_head",
        "flag_member",
    ]
    assert resting(iter(pack.standards.values()), "talent_support") == []


def test_the_document_of_a_check_is_no_part_of_what_it_finds() -> None:
    pack = load("base")
    check = pack.checks["branch_members"]
    assert check.document == "branch_regulations"
    assert check.version(pack.facts) == check.model_copy(update={"document": ""}).version(pack.facts)

from datetime import date

import pytest

from hangshi.refusal import Refused
from hangshi.registry import identity
from tests.refusals import refusal_of

GOOD = "11010519491231002X"  # the example of GB 11643-1999 itself


def test_a_number_says_birth_date_and_sex() -> None:
    assert identity.read(GOOD) == identity.Identity(GOOD, date(1949, 12, 31), "女")
    assert identity.read("440524188001010014").sex == "男"


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002ｘ"],
)
def test_the_ways_of_typing_it_are_forgiven(typed: str) -> None:
    assert identity.read(typed).number == GOOD


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identity.empty"),
        (None, "identity.empty"),
        ("110105491231002", "identity.old"),
        ("1101051949123100", "identity.length"),
        ("110105194912310021", "identity.checksum"),
        ("110105194902310026", "identity.born"),
        ("11010519491231002Y", "identity.characters"),
        ("1101051949123100X2", "identity.characters"),
        ("1.10105E+17", "identity.spoiled"),
        (1.10105194912310e17, "identity.spoiled"),
        ("110105194912310000", "identity.spoiled"),
        ("110105194912310020.0", "identity.spoiled"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "identity.length"),
    ],
)
def test_what_is_refused_and_why(typed: object, code: str) -> None:
    assert refusal_of(identity.read, typed) == code


def test_no_sentence_repeats_the_number() -> None:
    with pytest.raises(Refused) as refused:
        identity.read("110105194912310021")
    assert "1949" not in refused.value.sentence


def test_a_seal_opens_in_its_own_row_only() -> None:
    sealed = identity.seal(GOOD, row=7)
    assert identity.reveal(sealed, row=7) == GOOD
    assert refusal_of(identity.reveal, sealed, row=8) == "identity.seal"
    assert refusal_of(identity.reveal, sealed[:-1] + bytes([sealed[-1] ^ 1]), row=7) == "identity.seal"
    assert refusal_of(identity.reveal, b"\x09" + sealed[1:], row=7) == "identity.key"


def test_the_same_number_is_sealed_differently_each_time_and_indexed_the_same() -> None:
    assert identity.seal(GOOD, row=7) != identity.seal(GOOD, row=7)
    assert identity.index(GOOD) == identity.index(GOOD)
    assert len(identity.index(GOOD)) == 32


def test_after_a_new_key_the_old_seals_still_open(settings: object) -> None:
    settings.FIELD_KEY = "first"  # type: ignore[attr-defined]  # pytest-django's fixture
    old = identity.seal(GOOD, row=7)
    settings.FIELD_KEY = "first,second"  # type: ignore[attr-defined]
    new = identity.seal(GOOD, row=7)
    assert (old[0], new[0]) == (1, 2)
    assert identity.reveal(old, row=7) == identity.reveal(new, row=7) == GOOD


def test_a_page_shows_a_masked_number() -> None:
    assert identity.masked(GOOD) == "*****************X"

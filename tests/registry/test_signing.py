"""Nobody approves what they wrote, under whatever account or delegation."""

import pytest

from hangshi.registry.signing import Signer, same_person

WANG_AT_WORK, WANG_AT_HOME, LI = Signer(1, person=10), Signer(2, person=10), Signer(3, person=11)
NOBODY_KNOWN, OTHER_UNKNOWN = Signer(4), Signer(5)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (WANG_AT_WORK, WANG_AT_WORK, True),
        (WANG_AT_WORK, WANG_AT_HOME, True),  # two accounts, one person
        (WANG_AT_WORK, LI, False),
        (NOBODY_KNOWN, OTHER_UNKNOWN, False),  # two accounts of unknown persons are not one
        (NOBODY_KNOWN, NOBODY_KNOWN, True),
        (Signer(6, acts_for=(WANG_AT_WORK,)), WANG_AT_HOME, True),  # a delegate of the person's other account
        (Signer(6, acts_for=(Signer(7, acts_for=(LI,)),)), LI, True),  # a delegate's delegate
        (Signer(6, acts_for=(LI,)), Signer(7, acts_for=(LI,)), True),  # two delegates of one
        (Signer(6, acts_for=(LI,)), Signer(7, acts_for=(WANG_AT_HOME,)), False),
    ],
)
def test_when_two_signers_are_one_person(one: Signer, other: Signer, same: bool) -> None:
    assert same_person(one, other) == same
    assert same_person(other, one) == same

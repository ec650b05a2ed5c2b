import stat
from pathlib import Path
from typing import Any

import pytest

from hangshi.access import keyring
from hangshi.packs.models import ExtraField
from hangshi.registry import sealed_fields
from hangshi.registry.fields import checked_extra
from tests.refusals import refusal_of

TEXT = "13900001111"


@pytest.mark.parametrize(("cipher", "first"), [("aes", 1), ("sm4", 129)])
def test_each_cipher_opens_what_it_sealed_in_its_place_only(ring: Path, settings: Any, cipher: str, first: int) -> None:
    settings.FIELD_CIPHER = cipher
    sealed = keyring.seal(TEXT, bound=b"person:7")
    assert (sealed[0], keyring.header()) == (first, first)
    assert TEXT.encode() not in sealed
    assert keyring.unseal(sealed, bound=b"person:7") == TEXT
    assert refusal_of(keyring.unseal, sealed, bound=b"person:8") == "identity.seal"
    for place in range(1, len(sealed)):
        forged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert refusal_of(keyring.unseal, forged, bound=b"person:7") == "identity.seal"


def test_the_other_cipher_still_opens_after_the_setting_changed(ring: Path, settings: Any) -> None:
    sealed = keyring.seal(TEXT, bound=b"x")
    settings.FIELD_CIPHER = "sm4"
    assert keyring.unseal(sealed, bound=b"x") == TEXT


def test_a_new_key_seals_from_now_on_and_the_old_one_still_opens(ring: Path) -> None:
    old = keyring.seal(TEXT, bound=b"x")
    assert keyring.add("field") == 2
    new = keyring.seal(TEXT, bound=b"x")
    assert (old[0], new[0]) == (1, 2)
    assert [keyring.unseal(it, bound=b"x") for it in (old, new)] == [TEXT, TEXT]
    assert stat.S_IMODE((ring / "field.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "code"), [("another secret", "identity.seal"), ("2:the first field secret", "identity.key")]
)
def test_a_wrong_or_missing_key_is_an_error_never_garbage(ring: Path, settings: Any, text: str, code: str) -> None:
    sealed = keyring.seal(TEXT, bound=b"x")
    settings.FIELD_KEY = text
    assert refusal_of(keyring.unseal, sealed, bound=b"x") == code


@pytest.mark.parametrize("text", [" , ,", "1:a,1:b", "0:a", "128:a"])
def test_a_ring_that_is_none_is_refused(ring: Path, settings: Any, text: str) -> None:
    settings.FIELD_KEY = text
    assert refusal_of(keyring.ring, "field") == "keys.ring"


def test_a_ring_of_the_environment_is_added_to_by_its_operator(ring: Path, settings: Any) -> None:
    settings.FIELD_KEY = "a,b"
    assert refusal_of(keyring.add, "field") == "keys.environment"


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(27)])
def test_a_ciphertext_cut_short_is_refused(ring: Path, sealed: bytes) -> None:
    assert refusal_of(keyring.unseal, sealed, bound=b"x") == "identity.key"


def test_many_indexes_at_once_are_those_of_each_under_every_key(ring: Path) -> None:
    keyring.add("index")
    texts = ["610902198001010019", "甲"]
    assert keyring.indexes_all(texts) == [[keyring.indexes(it)[key] for it in texts] for key in (0, 1)]
    assert keyring.indexes_all([]) == [[], []]


def test_a_search_compares_with_every_index_key(ring: Path) -> None:
    before = keyring.index(TEXT)
    keyring.add("index")
    assert keyring.indexes(TEXT)[0] == before
    assert keyring.index(TEXT) == keyring.indexes(TEXT)[1] != before


FIELDS = {
    "phone": ExtraField(name="联系电话", type="text", sensitive=True),
    "size": ExtraField(name="面积", type="int"),
}


def test_a_sensitive_extra_field_is_sealed_before_it_is_stored(ring: Path) -> None:
    stored = checked_extra(FIELDS, {"phone": TEXT, "size": 3})
    assert stored["size"] == 3
    assert TEXT not in str(stored)
    assert sealed_fields.opened("phone", stored["phone"]) == TEXT
    assert checked_extra(FIELDS, stored) == stored
    assert refusal_of(sealed_fields.opened, "account", stored["phone"]) == "identity.seal"


def test_a_sensitive_extra_field_is_checked_before_it_is_sealed(ring: Path) -> None:
    assert refusal_of(checked_extra, FIELDS, {"phone": 13900001111}) == "extra.type"

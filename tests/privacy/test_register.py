from typing import Any

import pytest
from django.db import models

from hangshi.access.models import Account
from hangshi.privacy import register
from hangshi.registry.models import Household, Membership, Person, Unit


def test_every_field_of_every_table_is_registered():
    assert register.unregistered() == []


def test_a_field_or_table_without_an_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(register.fields())
    del known["person", "born"]
    tables = {name: why for name, why in register.without().items() if name != "unit_link"}
    monkeypatch.setattr(register, "fields", lambda: known)
    monkeypatch.setattr(register, "without", lambda: tables)
    assert register.unregistered() == [
        "person.born", "unit_link.id", "unit_link.line", "unit_link.parent_id", "unit_link.path", "unit_link.since",
        "unit_link.unit_id", "unit_link.until",
    ]  # fmt: skip


def test_an_entry_says_purpose_basis_and_retention_in_words():
    entry = register.fields()["person", "id_sealed"]
    assert entry.kind == "sensitive"
    assert entry.purpose == "防止一人多头登记，与上级系统核对"
    assert entry.basis.startswith("第二十九条")
    assert entry.retention == "在册期间；注销后五年"
    assert all(len(text) >= 4 for it in register.fields().values() for text in (it.purpose, it.basis, it.retention))


@pytest.mark.parametrize(
    "wrong", [{"class": "secret"}, {"class": "open", "basis": "none"}, {"class": "open", "retention": "x"}]
)
def test_an_entry_with_unknown_words_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]) -> None:
    table = {"purpose": "x", "basis": "duty", "retention": "person", "fields": {"name": wrong}}
    said: dict[str, Any] = {"basis": {"duty": "d"}, "retention": {"person": "p"}, "table": {"person": table}}
    monkeypatch.setattr(register, "_said", lambda: said)
    with pytest.raises(ValueError, match=r"person\.name"):
        register.fields.__wrapped__()


@pytest.mark.parametrize(
    ("model", "source", "plain", "with_permission"),
    [
        (Person, "name", True, True),
        (Person, "born", False, True),
        (Person, "id_sealed", False, False),
        (Household, "extra", False, True),
        (Membership, "person__name", True, True),
        (Membership, "person__born", False, True),
        (Unit, "name", True, True),
        (Account, "password", False, False),
    ],
)
def test_the_class_decides_what_is_shown(
    model: type[models.Model], source: str, plain: bool, with_permission: bool
) -> None:
    assert register.may_show(model, source, restricted=False) == plain
    assert register.may_show(model, source, restricted=True) == with_permission

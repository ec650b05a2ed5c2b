"""What the rules hold for typed columns is what the records have: packs may not import them, so a test compares."""

import pytest
from django.db.models import Model

from hangshi.activities.models import Activity
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.packs.models import ActivityKind, CaseKind, DutyKind, EntryKind, Kind, UnitKind
from hangshi.packs.rules.kinds import TYPED
from hangshi.registry.models import Unit


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (UnitKind, Unit),
        (DutyKind, Duty),
        (ActivityKind, Activity),
        (CaseKind, Case),
        (EntryKind, Entry),
    ],
)
def test_every_typed_column_is_closed_to_extra_fields(kind: type[Kind], record: type[Model]) -> None:
    assert {it.name for it in record._meta.concrete_fields} - TYPED[kind] == set()

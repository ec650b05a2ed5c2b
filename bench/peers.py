"""The same roster through django-import-export, on a slice, as its documentation shows it; what it takes is extrapolated and said so.

It is let off lightly: persons alone, known by their number in the list, without memberships, sealed numbers, search by name or its reset of sequences.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from import_export import fields, resources, widgets  # type: ignore[import-untyped]  # ships no types
from import_export.formats.base_formats import XLSX  # type: ignore[import-untyped]  # ships no types

from bench.measure import Line
from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Person, Unit

SLICE = 10_000


class OneByOne(resources.ModelResource):  # type: ignore[misc]  # of a library without types
    """Its default: a row looked up, checked and saved at a time."""

    id = fields.Field(attribute="id", column_name="序号")
    name = fields.Field(attribute="name", column_name="姓名")
    sex = fields.Field(attribute="sex", column_name="性别")
    born = fields.Field(attribute="born", column_name="出生日期", widget=widgets.DateWidget("%Y-%m-%d"))
    unit = fields.Field(attribute="unit", column_name="所在党支部", widget=widgets.ForeignKeyWidget(Unit, "name"))

    def before_save_instance(self, instance: Person, row: Any, **_: Any) -> None:
        instance.path = instance.unit.path

    def after_import(self, *_: Any, **__: Any) -> None:
        """Without its reset of the sequence, which the app role may not do."""

    class Meta:
        model = Person
        import_id_fields = ("id",)
        fields = ("id", "name", "sex", "born", "unit")


class InBulk(OneByOne):
    """Its bulk mode, in pieces of a thousand."""

    class Meta(OneByOne.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True


def run(file: Path, rows: int, ours: float) -> Iterator[Line]:
    """`file`: the slice; `rows`: of the whole roster, to which its times are extrapolated; `ours`: milliseconds of the whole roster."""
    for name, resource in (("default", OneByOne), ("bulk", InBulk)):
        taken = _taken(file, resource) * rows / SLICE
        yield Line(f"django-import-export, {name}, extrapolated from {SLICE:,}", taken, taken, ours)


def _taken(file: Path, resource: type[OneByOne]) -> float:
    start = time.perf_counter()
    with acting(EVERYTHING), transaction.atomic():
        found = resource().import_data(XLSX().create_dataset(file.read_bytes()), raise_errors=True)
        taken = (time.perf_counter() - start) * 1000
        if sum(found.totals.values()) != SLICE:
            raise SystemExit(f"django-import-export 只读了{sum(found.totals.values()):,}行。")
        transaction.set_rollback(True)
    return taken

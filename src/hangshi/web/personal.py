"""What of personal data the pages show to whom: columns by their class, masked values, and the note of an export."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone

from hangshi.audit import queries as audited
from hangshi.audit import services as audit
from hangshi.packs.models import ExtraField
from hangshi.privacy import register as personal
from hangshi.privacy import reveal
from hangshi.registry.models import Person
from hangshi.web import history, words, workbook
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds
from hangshi.web.registers import Register

RESTRICTED, REVEAL = "people.restricted", "people.reveal"


def may_see(request: PersonRequest, model: type[Model], source: str) -> bool:
    """Whether the reader's role sees the column at all; sensitive ones nobody sees without asking."""
    return personal.may_show(model, source, restricted=holds(request.grant.role, RESTRICTED))


def allowed(request: PersonRequest, register: Register) -> Register:
    """The register with the columns that the reader's role may see: on pages, in sorting and in workbooks."""
    columns = tuple(it for it in register.columns if may_see(request, register.model, it.source))
    return register if len(columns) == len(register.columns) else replace(register, columns=columns)


def beside(request: PersonRequest, record: Model) -> dict[str, Any]:
    """For a record's page: who registered it, and what of a person is hidden."""
    found: dict[str, Any] = {"registered": _registered(record), "hidden": []}
    if isinstance(record, Person):
        found |= {"hidden": reveal.hidden(record, names()), "may_reveal": holds(request.grant.role, REVEAL)}
    return found


def names() -> dict[str, str]:
    """What the packs call their extra fields."""
    kinds = words.pack().kinds
    every = [
        field
        for family in type(kinds).model_fields
        for kind in kinds.family(family).values()
        for field in _fields(kind)
    ]
    return {key: field.name for key, field in every}


def _fields(kind: Any) -> list[tuple[str, ExtraField]]:
    return list(getattr(kind, "fields", {}).items())


def _registered(record: Model) -> dict[str, Any] | None:
    """Who first wrote it, when, and with how many others at once; None for what was loaded before the log began."""
    first = audited.of_record(record._meta.db_table, int(record.pk)).filter(kind="insert").first()
    if first is None:
        return None
    return {
        "at": first.at,
        "by": audited.names_of([first.account]).get(first.account or 0, ""),
        "rows": first.rows,
        "origin": history.origin(first.address, first.request),
    }


def exported(request: PersonRequest, rows: int, *, table: str, what: str, unit: int, of: str) -> str:
    """Check the size, put the export on record, and return the workbook's first line. Raises `Refused`."""
    workbook.check_size(rows)
    audit.note_first("export", table=table, what=what, unit=unit, rows=rows)
    by = f"{request.account.name}（{request.unit.name}）"
    return workbook.line(by, at=timezone.localtime(), of=of, rows=rows)


def counted(rows: QuerySet[Any]) -> int:
    """How many rows an export would have; counting stops just beyond the cap."""
    return rows.order_by().values("pk")[: settings.EXPORT_ROWS + 1].count()

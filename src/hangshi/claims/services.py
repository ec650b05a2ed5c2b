"""Writes: a person confirms what a claim means."""

from datetime import date

from django.db import transaction

from hangshi.claims.models import ClaimBinding
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

LONGEST = 120


@transaction.atomic
def confirm(
    pack: Pack,
    *,
    unit: Unit,
    report_kind: str,
    subject: str,
    measure: str,
    definition: str,
    on: date,
    actor: int | None,
) -> ClaimBinding:
    """From now on `subject`, counted in `measure`, means `definition` in the unit's reports of that kind. A later word replaces it.

    Raises `Refused`, and then nothing is written.
    """
    sign(actor)
    check_may_confirm(pack, subject=subject, measure=measure, definition=definition, report_kind=report_kind)
    made, _ = ClaimBinding.objects.update_or_create(
        unit=unit,
        report_kind=report_kind,
        subject=subject,
        measure=measure,
        defaults={
            "path": unit.path,
            "definition": definition,
            "standard": definition in pack.standards,
            "confirmed_by_id": actor,
            "confirmed_on": on,
        },
    )
    return made


def check_may_confirm(pack: Pack, *, subject: str, measure: str, definition: str, report_kind: str) -> None:
    known = pack.indicators.get(definition) or pack.standards.get(definition)
    if known is None:
        raise Refused("binding.definition", f"没有“{definition}”这个指标或标准，没有保存。请从所列的指标中选一个。")
    if not subject.strip() or len(subject) > LONGEST:
        raise Refused("binding.subject", f"数字所指的事物要写出来，且不超过{LONGEST}个字。没有保存。")
    if not report_kind.strip() or len(report_kind) > 40:
        raise Refused("binding.kind", "请写明是哪一类材料（如 述职报告），不超过40个字。没有保存。")
    if known.unit != measure:
        raise Refused("binding.measure", f"“{known.name}”的计量单位与这个数字不同，不能对应。没有保存。")

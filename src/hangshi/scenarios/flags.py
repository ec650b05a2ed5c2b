"""The flags that villages hold, as results that were there before the system, and the month's pay sheet drawn but not approved."""

from datetime import date, timedelta

from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals.models import Honour, Round, Sheet
from hangshi.duties.models import Duty
from hangshi.flagpay import services
from hangshi.packs import load
from hangshi.packs.schemes import Scheme
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.registry.tree import upper

PACK = load("base", "shifan")
SORTS = ("building", "poverty", "industry", "beauty", "governance")
FIRST, LAST, FIXED, JUNE = date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 4), date(2019, 6, 1)
NOBODY = Signer(0)  # no account of the demonstration, so that each of them may approve


def fill(top: str) -> None:
    """For every duty `red_flag` below the place with the division code `top`: a round a sort of flag, a sheet and a flag for a year each village."""
    with acting(EVERYTHING):
        place = Unit.objects.get(code=top, until=None)
        held = Duty.objects.filter(kind="red_flag", path__gte=place.path, path__lt=upper(place.path), until=None)
        for sort in SORTS:
            _flags(place, PACK.schemes[f"{sort}_flag"], list(held.filter(role=sort).order_by("pk")))
        services.draw(PACK, place, month=JUNE, on=JUNE, by=NOBODY)


def _flags(place: Unit, scheme: Scheme, held: list[Duty]) -> None:
    if not held:
        return
    round_ = Round.objects.create(
        scheme=scheme.key, edition=scheme.editions[-1].digest(), definition=scheme.model_dump_json(), unit=place,
        path=place.path, title=f"2018年度{scheme.name}（系统启用以前评定，登记结果）", first=FIRST, last=LAST, state="used",
        subjects=len(held), opened_on=FIXED, fixed_on=FIXED,
    )  # fmt: skip
    villages = Unit.objects.in_bulk([it.target_unit_id for it in held])
    sheets = Sheet.objects.bulk_create(
        Sheet(round=round_, unit=villages[it.target_unit_id], path=villages[it.target_unit_id].path, grade="flag")
        for it in held
    )
    Honour.objects.bulk_create(
        Honour(sheet=sheet, path=sheet.path, name=scheme.effects[0].name, state="held", since=it.since, until=_year(it))
        for it, sheet in zip(held, sheets, strict=True)
    )


def _year(it: Duty) -> date:
    return it.since.replace(year=it.since.year + 1) - timedelta(days=1)

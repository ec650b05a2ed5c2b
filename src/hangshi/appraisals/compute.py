"""Inputs frozen from records and marks, points computed from them and from nothing else, and computed again to be compared."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from hangshi.appraisals.models import Mark, Round, Sheet
from hangshi.appraisals.queries import scheme_of, sheets
from hangshi.appraisals.ranking import Place, Standing, places
from hangshi.appraisals.scoring import Known, Outcome, score
from hangshi.indicators import queries as indicators
from hangshi.indicators.queries import Period
from hangshi.ledger.models import Entry
from hangshi.packs.schemes import Edition, Scheme
from hangshi.refusal import Refused

AT_ONCE = 1000
Marked = Mapping[int, Mapping[str, dict[str, Any]]]
WRITE = """
    UPDATE appraisal_sheet s SET inputs = v.inputs, parts = v.parts, total = v.total, low = v.low, high = v.high, grade = v.grade,
        vetoed = v.vetoed, rank = v.rank, best = v.best, worst = v.worst, among = v.among
    FROM jsonb_to_recordset(%s::jsonb) AS v (id bigint, inputs jsonb, parts jsonb, total numeric, low numeric, high numeric, grade text,
        vetoed boolean, rank int, best int, worst int, among int) WHERE s.id = v.id"""


def freeze_and_compute(round_: Round) -> str:
    """Take the inputs as they stand now, write them and the points to every sheet; the digest of what was taken.

    Raises `Refused` where an indicator is no longer defined.
    """
    scheme, edition = scheme_of(round_)
    found = list(sheets(round_))
    frozen = _inputs(round_, edition, found)
    _write(found, frozen, outcomes(scheme, edition, found, frozen))
    return digest(round_.definition, found, frozen)


def digest(definition: str, found: Sequence[Sheet], frozen: Mapping[int, Any]) -> str:
    """SHA-256 of the scheme and of every subject's inputs, in one fixed writing."""
    said = [[it.unit_id, it.person_id, it.peers, frozen[it.pk]] for it in found]
    said.sort(key=lambda it: (it[0], it[1] or 0))
    text = json.dumps([definition, said], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(round_: Round) -> list[str]:
    """Compute again from what was frozen; a sentence for each difference. Empty: the same to the last digit."""
    scheme, edition = scheme_of(round_)
    found = list(sheets(round_).select_related("unit"))
    frozen = {it.pk: it.inputs for it in found}
    said = []
    if digest(round_.definition, found, frozen) != round_.digest:
        said.append("冻结的办法或输入与计算时的摘要不符：封存以后被改动过。")
    for it, (outcome, place) in zip(found, outcomes(scheme, edition, found, frozen), strict=True):
        again = _row(it, frozen[it.pk], outcome, place)
        if any(_kept(it, name) != again[name] for name in again if name not in ("id", "inputs")):
            said.append(f"“{it.unit.name}”重新计算的结果与保存的不同：保存的总分{it.total}，重新计算{outcome.total}。")
    return said


def _kept(it: Sheet, name: str) -> Any:
    value = getattr(it, name)
    return value if name not in ("total", "low", "high") or value is None else str(value.normalize())


def outcomes(
    scheme: Scheme, edition: Edition, found: Sequence[Sheet], frozen: Mapping[int, Any]
) -> list[tuple[Outcome, Place | None]]:
    """What each sheet comes to by the edition from these inputs (sheet → inputs), and where it then stands. Writes nothing."""
    known: Known = {}
    made = [score(edition, scheme.places, frozen[it.pk], known) for it in found]
    standings = [
        Standing(it.pk, it.peers, outcome)
        for it, outcome in zip(found, made, strict=True)
        if it.person_id is None  # persons are not compared
    ]
    ranked = places(standings)
    return [(outcome, ranked.get(it.pk)) for it, outcome in zip(found, made, strict=True)]


def _row(it: Sheet, inputs: Any, outcome: Outcome, place: Place | None) -> dict[str, Any]:
    row: dict[str, Any] = {"id": it.pk, "inputs": inputs, "grade": outcome.grade, "vetoed": outcome.vetoed}
    row["parts"] = [part.kept for part in outcome.parts]
    for name in ("total", "low", "high"):
        value: Decimal | None = getattr(outcome, name)
        row[name] = None if value is None else str(value.normalize())
    return row | (asdict(place) if place else dict.fromkeys(("rank", "best", "worst", "among")))


def _write(found: Sequence[Sheet], frozen: Mapping[int, Any], computed: Sequence[tuple[Outcome, Place | None]]) -> None:
    rows = [_row(it, frozen[it.pk], outcome, place) for it, (outcome, place) in zip(found, computed, strict=True)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            cursor.execute(WRITE, [json.dumps(rows[start : start + AT_ONCE], ensure_ascii=False)])


def _inputs(round_: Round, edition: Edition, found: Sequence[Sheet]) -> dict[int, dict[str, Any]]:
    figures, booked, marked = _figures(round_, edition), _booked(round_, edition), _marked(round_)
    frozen = {}
    for it in found:
        said: dict[str, Any] = {key: dict(value) for key, value in marked.get(it.pk, {}).items() if key}
        for criterion in edition.criteria:
            if criterion.by == "indicator":
                known, nothing = figures[criterion.key]
                value = known.get(it.unit_id, nothing)
            elif criterion.by == "ledger":
                value = booked.get((criterion.book or "", it.unit_id, it.person_id))
            else:
                continue
            said.setdefault(criterion.key, {})["value"] = None if value is None else str(value)
        said["vetoes"] = sorted(marked.get(it.pk, {}).get("", {}).get("vetoes", ()))
        frozen[it.pk] = said
    return frozen


def _figures(round_: Round, edition: Edition) -> dict[str, tuple[dict[int, Any], Any]]:
    """Criterion → the figure of each unit that has one, and what it is where there are no rows."""
    when = Period(round_.first, round_.last)
    named = {it.key: it.indicator for it in edition.criteria if it.by == "indicator" and it.indicator}
    gone = [key for key in named.values() if key not in indicators.pack().indicators]
    if gone:
        raise Refused("appraisal.indicator", f"办法里的指标“{gone[0]}”已不在规矩包中，无法计算。")
    keys = list(dict.fromkeys(named.values()))
    found = indicators.everywhere(keys, round_.unit, when) if keys else {}
    nothing = {key: indicators.said(key, when, {}) for key in keys}
    return {criterion: (found[key], nothing[key]) for criterion, key in named.items()}


def _booked(round_: Round, edition: Edition) -> dict[tuple[str, int, int | None], Decimal]:
    """(book, unit, person) → the sum booked within the days; a person's entries count wherever they were booked."""
    books = {it.book for it in edition.criteria if it.by == "ledger"}
    if not books:
        return {}
    entries = Entry.objects.filter(kind__in=books, day__range=(round_.first, round_.last))
    subjects = Sheet.objects.filter(round=round_)
    of_persons = entries.filter(person__in=subjects.filter(person__isnull=False).values("person"))
    sums: dict[tuple[str, int, int | None], Decimal] = {}
    homes = dict(subjects.filter(person__isnull=False).values_list("person_id", "unit_id"))
    for book, person, amount in of_persons.values_list("kind", "person_id").annotate(n=Sum("amount")).order_by():
        sums[(book, homes[person], person)] = amount
    of_units = entries.filter(person=None, household=None, unit__in=subjects.filter(person=None).values("unit"))
    for book, unit, amount in of_units.values_list("kind", "unit_id").annotate(n=Sum("amount")).order_by():
        sums[(book, unit, None)] = amount
    return sums


def _marked(round_: Round) -> Marked:
    """Sheet → criterion → what was marked; under the empty key the vetoes. What a unit says of itself is no input until it is checked."""
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    marks = Mark.objects.filter(sheet__round=round_).exclude(stance="self").order_by("criterion", "part", "pk")
    for sheet, criterion, part, stance, value in marks.values_list("sheet_id", "criterion", "part", "stance", "value"):
        said = found[sheet][criterion]
        match stance:
            case "review":
                said.setdefault("marks", []).append(str(value))
            case "residents":
                said.setdefault("counts", {})[part] = int(value)
            case "check":
                said.setdefault("ticks", {})[part] = value == 1
            case "element":
                said.setdefault("elements", {})[part] = int(value)
            case "veto" if value:
                said.setdefault("vetoes", []).append(part)
    for criteria in found.values():
        for said in criteria.values():
            said.get("marks", []).sort(key=Decimal)
    return found

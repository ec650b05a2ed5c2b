"""A record in words: its fields, what it points at, who did what to it. Names instead of keys and numbers, everywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, Model
from django.urls import reverse

from hangshi.activities.models import Activity, Plan
from hangshi.activities.reviews import NAMES
from hangshi.approvals.models import Approval
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.flagpay.models import PaySheet
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs.models import ExtraField
from hangshi.planning.models import Draw
from hangshi.registry.models import Household, Membership, Person, Unit
from hangshi.registry.services import LINES
from hangshi.study.models import Material, Paper, Quiz, ReadingList, Training
from hangshi.web import history, names, words
from hangshi.web.acts.people import LEFT

FAMILIES: dict[type[Model], str] = {Unit: "unit", Duty: "duty", Activity: "activity", Case: "case", Entry: "entry"}
# Column → the family of kinds whose keys it holds.
TERMS = {"status": "membership_status", "category": "membership_category", "cadre": "cadre"}
ENDS = LEFT | {"transfer": "转出", "confirmed": "转正"}
PLACES: dict[type[Model], str] = {
    Person: "persons",
    Household: "households",
    Membership: "members",
    Duty: "duties",
    Activity: "activities",
    Case: "cases",
    Entry: "entries",
}
PAGES: dict[type[Model], str] = {
    Unit: "unit",
    Approval: "approval",
    Plan: "plan",
    Draw: "draw",
    PointProposal: "point_proposal",
    PaySheet: "flag_pay_sheet",
    Material: "study_material",
    ReadingList: "study_list",
    Paper: "study_paper",
    Quiz: "study_quiz",
    Training: "study_training",
}
# What it is and whose comes first; from when to when follows on what it is about.
ORDER = {
    "title": 0,
    "kind": 0,
    "name": 0,
    "person": 0,
    "unit": 1,
    "since": 3,
    "until": 4,
    "end_reason": 5,
    "recorded_at": 6,
}
NOISE = history.HIDDEN | {"extra", "revision"}  # of use to the programme only
OUTSIDE = names.OUTSIDE
EMPTY = "空"


@dataclass(frozen=True)
class Fact:
    """A field in words; `address` is where what it names opens, empty where nothing does."""

    label: str
    text: str
    address: str = ""


@dataclass(frozen=True)
class Told:
    """A change: who, when, what was done, and from what to what."""

    what: str
    at: datetime
    by: str
    fields: list[tuple[str, str, str]]
    origin: str = ""


def address(record: Model) -> str:
    if type(record) in PAGES:
        return reverse(PAGES[type(record)], args=[record.pk])
    return reverse("record", args=[PLACES[type(record)], record.pk]) if type(record) in PLACES else ""


def heading(record: Any) -> str:
    """What a record is called: a title, a name, or its kind and whom it is about."""
    match record:
        case Case():
            return str(record.title)
        case Plan():
            return str(record.topic)
        case Activity():
            return f"{kind_name(record)} · {seen(record, 'household') or record.unit}"
        case Duty():
            bearer = seen(record, "bearer") or seen(record, "bearer_unit")
            target = seen(record, "target_unit") or seen(record, "household") or seen(record, "target_person")
            return f"{kind_name(record)}：{bearer} → {target}"
        case Entry():
            return f"{kind_name(record)} {shown(record.amount)}{_measure(record)}"
        case Membership():
            return f"{seen(record, 'person')}：{record.unit}"
    return str(record)


def seen(record: Any, name: str) -> str:
    """The name of what the field points at, though its row may lie outside the scope; empty where it points at nothing."""
    pk = getattr(record, f"{name}_id")
    if pk is None:
        return ""
    model = record._meta.get_field(name).related_model
    if row := model._default_manager.filter(pk=pk).first():
        return str(row)
    return names.persons([pk]).get(pk, OUTSIDE) if model is Person else OUTSIDE


def kind_name(record: Any) -> str:
    return words.label(FAMILIES[type(record)], record.kind)


def kind_of(record: Any) -> Any:
    """The pack's kind of the record; None where it has none or the pack does not know it any more."""
    family = FAMILIES.get(type(record))
    return words.pack().kinds.family(family).get(record.kind) if family else None


def facts(record: Any, shows: Callable[[str], bool]) -> list[Fact]:
    """The record's fields that say something and that the reader may see, in their order, the pack's own ones last."""
    found = []
    for field in sorted(record._meta.concrete_fields, key=lambda it: ORDER.get(it.name, 2)):
        value = getattr(record, field.attname)
        if field.name in NOISE or value in (None, "", False) or not shows(field.name):
            continue
        if isinstance(field, ForeignKey):
            found.append(_pointing(record, field))
        else:
            found.append(Fact(_label(field), value_in_words(record, field.column, value)))
    own = _extra(record) if hasattr(record, "extra") and shows("extra") else {}
    return found + [Fact(_extra_name(record, key), extra_in_words(record, key, it)) for key, it in own.items()]


def _extra(record: Any) -> dict[str, Any]:
    """Without what the installation keeps there for itself."""
    kind = kind_of(record)
    known = kind.fields if kind else {}
    stored = getattr(record, "extra", None) or {}
    # What is sensitive is sealed, and stored as a table: it is revealed, not shown.
    return {key: value for key, value in stored.items() if key in known and not isinstance(value, dict)}


def _label(field: Any) -> str:
    """A field that was given no Chinese name is whoever the record is about."""
    label = str(field.verbose_name)
    return "姓名" if label == "person" else label


def _pointing(record: Any, field: Any) -> Fact:
    label, pk = _label(field), getattr(record, field.attname)
    model = field.related_model
    row = model._default_manager.filter(pk=pk).first()
    if row is not None:
        return Fact(label, heading(row), address(row))
    return Fact(label, names.persons([pk]).get(pk, OUTSIDE) if model is Person else OUTSIDE)


def parts(case: Case) -> list[tuple[str, list[Fact]]]:
    """Who has a part in the case, its measures, its evidence."""
    kind = kind_of(case)
    seats = {key: it.name for key, it in kind.seats.items()} if kind else {}
    papers = kind.evidence if kind else {}
    return [
        ("责任", [Fact(f"{seats.get(it.seat, it.seat)}：{_borne(it)}", _span(it)) for it in case.seats.order_by("pk")]),
        ("措施", [Fact(it.text, _measured(it)) for it in case.measures.order_by("pk")]),
        (
            "材料",
            [
                Fact(it.name, f"{papers.get(it.evidence, it.evidence)} · {it.day}", _filed(it))
                for it in case.evidences.order_by("pk")
            ],
        ),
        ("催办", [_urged(kind, it) for it in case.urgings.order_by("-pk")]),
    ]


def held(activity: Activity, *, files: bool) -> list[tuple[str, list[Fact]]]:
    """The agenda, what else the activity counts as, its files (for those who may read its minutes), and its reviews."""
    also = [Fact(words.label("activity", it.kind), "此次活动同时计入") for it in activity.also.order_by("pk")]
    items = [Fact(f"{it.number}. {it.topic}", it.resolution) for it in activity.agenda.order_by("number")]
    hung = activity.attachments.filter(taken_off=False).order_by("pk") if files else ()
    done = list(activity.reviews.order_by("-pk"))
    by = names.accounts([it.recorded_by for it in done])
    return [
        ("议题", items),
        ("同时计入", also),
        (
            "附件",
            [Fact(it.name, f"{_kilobytes(it.size)} · {names.moment(it.attached_at)}", _attached(it)) for it in hung],
        ),
        (
            "审核经过",
            [
                Fact(
                    f"{NAMES.get(it.after, it.after)} · {it.day}",
                    " · ".join(filter(None, (by.get(it.recorded_by or 0, ""), it.note))),
                )
                for it in done
            ],
        ),
    ]


def _attached(it: Any) -> str:
    return reverse("attachment", args=[it.pk])


def _kilobytes(size: int) -> str:
    return f"{max(size // 1024, 1):,} KB"


def _filed(it: Any) -> str:
    return reverse("evidence", args=[it.pk]) if it.sha256 else ""


def _urged(kind: Any, it: Any) -> Fact:
    levels = {step.key: step.name for step in kind.escalations} if kind else {}
    return Fact(
        f"{levels.get(it.level, it.level)}函", f"{it.day} · 期限 {it.due_on} 已过", reverse("letter", args=[it.pk])
    )


def _borne(it: Any) -> str:
    return seen(it, "person") or seen(it, "unit")


def _measured(it: Any) -> str:
    said = [_borne(it)]
    if it.done_on:
        said.append(f"{it.done_on} 完成：{it.result}")
    elif it.due_on:
        said.append(f"期限 {it.due_on}")
    if it.finding:
        said.append(f"回访：{it.finding}")
    return " · ".join(said)


HOW = {"merge": "并入", "split": "拆分为", "close": "由其承接："}


def course(unit: Unit) -> list[Fact]:
    """What became of a unit: its names, what it stood under, what it came from and passed to; the latest first."""
    found = [
        (it.since, Fact(f"称“{it.name}”{f'，代码 {it.code}' if it.code else ''}", _span(it))) for it in unit.names.all()
    ]
    # A unit above one's own is in nobody's reach from here: its line is left out, the head of the page names it.
    links = unit.links.select_related("parent")
    found += [
        (it.since, Fact(f"{LINES.get(it.line, it.line)}：隶属“{it.parent}”", _span(it), address(it.parent)))
        for it in links
        if it.parent
    ]
    found += [
        (it.day, Fact(f"{HOW.get(it.how, it.how)}“{it.successor}”", f"自 {it.day} 起", address(it.successor)))
        for it in unit.successions.select_related("successor")
    ]
    found += [
        (
            it.day,
            Fact(f"由“{it.unit}”{HOW.get(it.how, it.how).removesuffix('为')}而来", f"自 {it.day} 起", address(it.unit)),
        )
        for it in unit.predecessions.select_related("unit")
    ]
    return [fact for _, fact in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _span(it: Any) -> str:
    return f"{it.since} 至 {it.until or '今'}"


def value_in_words(record: Any, column: str, value: Any) -> str:
    """The value of a column of the record, as an official reads it."""
    kind = kind_of(record)
    if value in (None, ""):
        return EMPTY
    if column == "kind":
        return words.label(FAMILIES[type(record)], value)
    if column == "state" and isinstance(record, Activity):
        return str(NAMES.get(value, value))
    if column == "stage":
        return words.stage_name(record.kind, value)
    if column in ("role", "ground", "source") and kind is not None:
        table = getattr(kind, {"role": "roles", "ground": "grounds", "source": "sources"}[column], {})
        return str(table.get(value, value))
    if column == "end_reason":
        return str((getattr(kind, "end_reasons", None) or ENDS).get(value, value))
    if column == "amount":
        return f"{shown(value)}{_measure(record)}"
    return words.label(TERMS[column], value) if column in TERMS else shown(value)


def _measure(entry: Any) -> str:
    kind = kind_of(entry)
    return words.MEASURES.get(kind.unit, kind.unit) if kind else ""


def shown(value: Any) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return f"{value:,.2f}".removesuffix(".00")
        case datetime():
            return names.moment(value)
        case date():
            return value.isoformat()
        case None | "":
            return EMPTY
    return str(value)


def _field(record: Any, key: str) -> ExtraField | None:
    kind = kind_of(record)
    return kind.fields.get(key) if kind else None


def _extra_name(record: Any, key: str) -> str:
    field = _field(record, key)
    return field.name if field else key


def extra_in_words(record: Any, key: str, value: Any) -> str:
    field = _field(record, key)
    return field.choices.get(value, shown(value)) if field and isinstance(value, str) else shown(value)


def told(record: Any, changes: Iterable[history.Change]) -> list[Told]:
    """The changes in words. What they point at is read once a kind of row, not once a change."""
    changes = list(changes)
    by = names.accounts([it.by for it in changes if it.by])
    pointed = _pointed(record, changes)
    return [
        Told(
            it.op,
            it.at,
            by.get(it.by or 0, OUTSIDE if it.by else ""),
            _worded(record, it.fields, pointed),
            history.origin(it.address, it.request),
        )
        for it in changes
    ]


def _worded(
    record: Any, changed: list[tuple[str, Any, Any]], pointed: dict[tuple[str, Any], str]
) -> list[tuple[str, str, str]]:
    columns = {field.column: field for field in record._meta.concrete_fields}
    lines = []
    for column, was, now in (it for it in changed if it[0] not in NOISE):
        key = column.removeprefix("extra.")
        if key != column:
            # What the pack does not know, the installation keeps there for itself.
            if _field(record, key):
                name = _extra_name(record, key)
                lines.append((name, extra_in_words(record, key, was), extra_in_words(record, key, now)))
            continue
        said = [_told_value(record, columns[column], value, pointed) for value in (was, now)]
        lines.append((_label(columns[column]), said[0], said[1]))
    return lines


def _told_value(record: Any, field: Any, value: Any, pointed: dict[tuple[str, Any], str]) -> str:
    if isinstance(field, ForeignKey):
        return EMPTY if value is None else pointed.get((field.column, value), OUTSIDE)
    return value_in_words(record, field.column, value)


def _pointed(record: Any, changes: list[history.Change]) -> dict[tuple[str, Any], str]:
    """(column, id) → the name of the row."""
    found: dict[tuple[str, Any], str] = {}
    pointing: list[Any] = [it for it in record._meta.concrete_fields if isinstance(it, ForeignKey)]
    for field in pointing:
        ids = {pk for it in changes for column, *pks in it.fields if column == field.column for pk in pks if pk}
        if not ids:
            continue
        rows = {pk: heading(row) for pk, row in field.related_model._default_manager.in_bulk(ids).items()}
        if field.related_model is Person:
            rows = names.persons(list(ids - rows.keys())) | rows
        found |= {(field.column, pk): name for pk, name in rows.items()}
    return found

"""Kinds: their fields, their stages, and the kinds of unit they speak of."""

from collections.abc import Iterator

from hangshi.packs.models import ActivityKind, CaseKind, Column, DutyKind, EntryKind, Fact, Kind, LearnerKind, UnitKind
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import FAMILIES, did_you_mean

PLACED = frozenset({"id", "unit", "unit_id", "path", "extra", "kind", "recorded_by"})
TYPED: dict[type[Kind], frozenset[str]] = {
    UnitKind: PLACED | {"name", "code", "since", "until"},
    DutyKind: PLACED
    | {
        "bearer",
        "bearer_unit",
        "target_unit",
        "household",
        "target_person",
        "role",
        "end_reason",
        "slot",
        "since",
        "until",
    },
    ActivityKind: PLACED
    | {
        "day",
        "leader",
        "household",
        "topic",
        "place",
        "present",
        "minutes",
        "plan",
        "state",
        "late",
        "recorded_at",
    },
    CaseKind: PLACED
    | {
        "title",
        "ground",
        "person",
        "household",
        "opened_on",
        "due_on",
        "due_assumed",
        "stage",
        "stage_due_on",
        "closed_on",
        "verdict",
        "batch",
        "listed_on",
        "suspended_on",
        "revision",
    },
    EntryKind: PLACED
    | {"day", "since", "until", "amount", "source", "household", "person", "reverses", "note", "corrected_on"},
}
NUMERIC = ("int", "decimal")


@rule(Kind)
def fields_are_new(it: Kind, book: Book) -> Iterator[Fault]:
    """P311. A field is asked only if the record has no typed column for it: what is known is not asked again."""
    for name in it.fields:
        if name in TYPED[type(it)]:
            yield Fault(f"fields.{name}", "P311", f"“{name}”本来就有这一列，不能再作附加字段")


@rule(CaseKind)
def stages_are_a_way(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P312. A case has at least a first and a last stage, each once."""
    if len(it.stages) < 2:
        yield Fault("stages", "P312", "事项至少要有两个阶段：一个开头，一个办结")
    for number, stage in enumerate(it.stages):
        earlier = it.stages[:number]
        if any(stage.key == other.key or stage.name == other.name for other in earlier):
            yield Fault(f"stages.{number}", "P312", f"阶段“{stage.key}”（{stage.name}）重复")


@rule(Kind)
def unit_kinds_exist(it: Kind, book: Book) -> Iterator[Fault]:
    """P313. The kinds of unit that a kind speaks of are defined."""
    known = book.names("kind", "unit")
    for field in ("parents", "target_kinds", "bearer_kinds", "unit_kinds"):
        for number, name in enumerate(getattr(it, field, ())):
            if name not in known:
                yield Fault(f"{field}.{number}", "P313", f"没有单位类别“{name}”{did_you_mean(name, known)}")


@rule(Kind)
def fields_can_be_filled(it: Kind, book: Book) -> Iterator[Fault]:
    """P314. A choice has choices, and only it; limits are of numbers, the lower below the upper."""
    for name, field in it.fields.items():
        if (field.type == "choice") != bool(field.choices):
            yield Fault(f"fields.{name}", "P314", "choice 类的字段要写 choices，别的类不写")
        if field.type not in NUMERIC and (field.low is not None or field.high is not None):
            yield Fault(f"fields.{name}", "P314", "只有 int 和 decimal 才有 low、high")
        if field.low is not None and field.high is not None and field.low > field.high:
            yield Fault(f"fields.{name}", "P314", f"下限 {field.low} 大于上限 {field.high}")


@rule(DutyKind)
def duty_sides_agree(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P315. Kinds of unit are named only for a side that is a unit."""
    for side, field in ((it.bearer, "bearer_kinds"), (it.target, "target_kinds")):
        if side != "unit" and getattr(it, field):
            yield Fault(field, "P315", f"这一方是 {side}，不是单位，不写 {field}")


@rule(DutyKind)
def consent_is_a_day_that_is_asked(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P318. `consent` names a date that must be given, of a kind that a person bears or is the object of."""
    field = it.fields.get(it.consent)
    if it.consent and (field is None or field.type != "date" or not field.required):
        yield Fault("consent", "P318", f"“{it.consent}”应是本类别 fields 里必填的日期")
    if it.consent and "person" not in (it.bearer, it.target):
        yield Fault("consent", "P318", "只有关于个人的责任才要本人同意")


@rule(DutyKind)
def a_circle_is_of_units(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P319. Units check each other: both sides of a circle are units, and one may be checked by several."""
    if it.circle and ((it.bearer, it.target) != ("unit", "unit") or it.exclusive):
        yield Fault("circle", "P319", "circle 用于单位对单位的责任，不与 exclusive 同写")


@rule(DutyKind)
def a_vacancy_is_of_units(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P323. What must be borne says for which kinds of unit, or nobody could tell where it is vacant."""
    if it.needed and (it.target != "unit" or not it.target_kinds):
        yield Fault("needed", "P323", "写了 needed 的，对象应是单位，并写明 target_kinds")


@rule(DutyKind)
def a_chain_is_of_persons_over_units(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P324. In the chain of responsibility a person answers for units of named kinds; who answers first is one."""
    if not it.chain:
        return
    if (it.bearer, it.target) != ("person", "unit") or not it.target_kinds:
        yield Fault("chain", "P324", "责任链上由个人对单位负责，并写明 target_kinds")
    if it.chain == "first" and not it.exclusive:
        yield Fault("chain", "P324", "第一责任人一个单位只有一个，应写 exclusive = true")


@rule(ActivityKind)
def a_number_has_no_words(it: ActivityKind, book: Book) -> Iterator[Fault]:
    """P320. What is only a number says what it counts, names nobody and asks for no text."""
    if not it.number_only:
        return
    if it.attendance != "none" or it.leader or it.household or "counts" not in it.model_fields_set:
        yield Fault("number_only", "P320", "只记一个数的，attendance 写 none，写明 counts，不写 leader 和 household")
    for name, field in it.fields.items():
        if field.type == "text":
            yield Fault(f"fields.{name}", "P320", "只记一个数的，不设文字字段")


def family_columns(fact: Fact) -> Iterator[tuple[str, Column]]:
    return ((name, column) for name, column in fact.columns.items() if column.values)


@rule(Fact)
def families_exist(it: Fact, book: Book) -> Iterator[Fault]:
    """P316. `values` of a column is a family of kinds."""
    for name, column in family_columns(it):
        if column.values not in FAMILIES:
            hint = did_you_mean(column.values, FAMILIES)
            yield Fault(f"columns.{name}.values", "P316", f"没有叫“{column.values}”的一族类别{hint}")


@rule(LearnerKind)
def learners_are_somebody(it: LearnerKind, book: Book) -> Iterator[Fault]:
    """P317. A class of learners names categories, cadres or duties that are defined; one that names none means nobody."""
    families = {"categories": "membership_category", "cadres": "cadre", "duties": "duty"}
    if not any(getattr(it, field) for field in families):
        yield Fault("", "P317", "没有写 categories、cadres 或 duties，这类学习对象一个人也没有")
    for field, family in families.items():
        known = book.names("kind", family)
        for number, word in enumerate(getattr(it, field)):
            key, _, role = word.partition(".")
            roles = book.pack.kinds.duty[key].roles if role and key in book.pack.kinds.duty else {}
            if key not in known or (role and role not in roles):
                yield Fault(f"{field}.{number}", "P317", f"没有定义“{word}”{did_you_mean(key, known)}")

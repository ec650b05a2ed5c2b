"""Flows, holds, requirements and reactions: they speak of kinds that exist, and say all that their sort needs."""

from collections.abc import Iterator

from hangshi.packs.models import ActivityKind
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.work import Approval, Hold, JointSet, Reaction, RequiredSet, Requirement, Roll, StrandBoard

# The family of kinds that each event's record belongs to; an approval's kind is its flow.
FAMILY = {
    "activity": ("kind", "activity"),
    "case": ("kind", "case"),
    "duty": ("kind", "duty"),
    "approval": ("approval",),
}


def named(field: str, names: tuple[str, ...], known: set[str], what: str, code: str) -> Iterator[Fault]:
    for number, name in enumerate(names):
        if name not in known:
            yield Fault(f"{field}.{number}" if field else "", code, f"没有{what}“{name}”{did_you_mean(name, known)}")


@rule(Approval)
def steps_are_distinct(it: Approval, book: Book) -> Iterator[Fault]:
    """P370. The steps of a flow have keys and names of their own."""
    for number, step in enumerate(it.steps):
        if any(step.key == other.key or step.name == other.name for other in it.steps[:number]):
            yield Fault(f"steps.{number}", "P370", f"环节“{step.key}”（{step.name}）重复")


@rule(Hold)
def holds_speak_of_cases(it: Hold, book: Book) -> Iterator[Fault]:
    """P371. A hold names kinds of case and of unit that exist, posts the kind offers, and grounds the kind has as exceptions."""
    yield from named("kinds", it.kinds, book.names("kind", "case"), "事项类别", "P371")
    yield from named("unit_kinds", it.unit_kinds, book.names("kind", "unit"), "单位类别", "P371")
    cases = [book.pack.kinds.case[key] for key in it.kinds if key in book.pack.kinds.case]
    for case in cases:
        posts = set(case.fields["post"].choices) if "post" in case.fields else set()
        yield from named("posts", it.posts, posts, f"{case.name}的职务", "P371")
        for key in it.exceptions:
            if key not in case.grounds:
                yield Fault(f"exceptions.{key}", "P371", f"{case.name}没有情形“{key}”{did_you_mean(key, case.grounds)}")
        if it.clock == "entered" and "entered_on" not in case.fields:
            yield Fault("clock", "P371", f"{case.name}没有字段 entered_on，算不出年限")


@rule(Requirement)
def requirements_can_be_met(it: Requirement, book: Book) -> Iterator[Fault]:
    """P372. A requirement names an activity and kinds of unit that hold it; its last day is not before its first."""
    kinds = book.pack.kinds.activity
    if it.activity not in book.names("kind", "activity"):
        yield Fault("activity", "P372", f"没有活动类别“{it.activity}”{did_you_mean(it.activity, kinds)}")
    yield from named("unit_kinds", it.unit_kinds, book.names("kind", "unit"), "单位类别", "P372")
    if it.activity in kinds:
        holding = set(kinds[it.activity].unit_kinds)
        for number, name in enumerate(it.unit_kinds):
            if holding and name not in holding:
                yield Fault(f"unit_kinds.{number}", "P372", f"“{name}”这类单位不开展{kinds[it.activity].name}")
    if not it.unit_kinds:
        yield Fault("unit_kinds", "P372", "没有写对哪些单位作要求")
    if it.since and it.until and it.until < it.since:
        yield Fault("until", "P372", "截止日早于起始日")


@rule(ActivityKind)
def also_are_other_kinds(it: ActivityKind, book: Book) -> Iterator[Fault]:
    """P373. What an activity may count as too is another kind of activity."""
    yield from named("also", it.also, book.names("kind", "activity") - {it.key}, "另一种活动类别", "P373")


@rule(Reaction)
def reactions_can_happen(it: Reaction, book: Book) -> Iterator[Fault]:
    """P374. A reaction names kinds of its event's record and what it does in full: a case with a title, an amount in a book, a duty with its seat."""
    family = FAMILY[it.on.split(".")[0]]
    yield from named("kinds", it.kinds, book.names(*family), "类别", "P374")
    yield from _field_is_there(it, family, book)
    yield from _ends_are_ends(it, book)
    if it.do == "open_case":
        yield from named("", (it.case,), book.names("kind", "case"), "事项类别", "P374")
        if not it.title.strip():
            yield Fault("", "P374", "要立事项的，写明 title")
        yield from _ground_fits(it, book)
    elif it.do == "assign_duty":
        yield from _duty_fits(it, book)
    else:
        yield from named("", (it.entry,), book.names("kind", "entry"), "账目", "P374")
        if it.amount is None or it.amount <= 0:
            yield Fault("", "P374", "要入账的，写明大于零的 amount")
        if it.each and not it.on.startswith("activity."):
            yield Fault("each", "P374", "只有活动才有到会的人")


def _field_is_there(it: Reaction, family: tuple[str, ...], book: Book) -> Iterator[Fault]:
    for name in it.kinds if it.when else ():
        kind = book.made.get((*family, name))
        if kind is not None and it.when not in getattr(kind, "fields", {}):
            yield Fault("when", "P374", f"“{name}”没有字段“{it.when}”")


def _ends_are_ends(it: Reaction, book: Book) -> Iterator[Fault]:
    for name in it.kinds if it.ends else ():
        kind = book.pack.kinds.case.get(name)
        known = set(kind.closing) if kind and it.on == "case.closed" else set()
        yield from named("ends", it.ends, known, f"“{name}”办结的阶段", "P374")


def _duty_fits(it: Reaction, book: Book) -> Iterator[Fault]:
    """A person in a seat of the case bears the duty for a unit; what the field of the case holds are roles of the duty."""
    duty = book.pack.kinds.duty.get(it.duty)
    if duty is None or (duty.bearer, duty.target) != ("person", "unit"):
        yield Fault("", "P374", f"要派责任的，duty 写一种由个人对单位承担的责任，不是“{it.duty}”")
    if not it.on.startswith("case."):
        yield Fault("on", "P374", "只有事项才有席位，可以派给席位上的人")
    for kind in (book.pack.kinds.case[name] for name in it.kinds if name in book.pack.kinds.case):
        if it.seat not in kind.seats or kind.seats[it.seat].bearer != "person":
            yield Fault("", "P374", f"{kind.name}没有由个人担任的席位“{it.seat}”")
        field = kind.fields.get(it.role)
        if it.role and (field is None or duty is None or not set() < set(field.choices) <= set(duty.roles)):
            yield Fault("role", "P374", f"{kind.name}的字段“{it.role}”里不全是这种责任的岗位")


def _ground_fits(it: Reaction, book: Book) -> Iterator[Fault]:
    kind = book.pack.kinds.case.get(it.case)
    if kind and kind.grounds and it.ground not in kind.grounds:
        yield Fault("ground" if it.ground else "", "P374", f"{kind.name}要写明情形：{'、'.join(kind.grounds)}")


@rule(Reaction)
def reactions_do_not_chase_themselves(it: Reaction, book: Book) -> Iterator[Fault]:
    """P375. A case that is opened does not open another of its own kind."""
    if it.do == "open_case" and it.on == "case.opened" and it.case in it.kinds:
        yield Fault("case", "P375", f"立一件“{it.case}”又引出一件“{it.case}”，没有尽头")


@rule(RequiredSet)
def sets_can_be_kept(it: RequiredSet, book: Book) -> Iterator[Fault]:
    """P376. A required set names a duty that a person bears for units, its roles, and parts of the kinds of unit that the duty is for."""
    kind = book.pack.kinds.duty.get(it.duty)
    if it.duty not in book.names("kind", "duty"):
        yield Fault("duty", "P376", f"没有责任类别“{it.duty}”{did_you_mean(it.duty, book.pack.kinds.duty)}")
    if kind is None:
        return
    if (kind.bearer, kind.target) != ("person", "unit"):
        yield Fault("duty", "P376", f"{kind.name}不是由个人对单位承担的责任")
    yield from named("roles", it.roles, set(kind.roles), f"{kind.name}的岗位", "P376")
    for key, part in it.parts.items():
        known = set(kind.target_kinds) or book.names("kind", "unit")
        yield from named(f"parts.{key}.unit_kinds", part.unit_kinds, known, f"{kind.name}的对象类别", "P376")


@rule(JointSet)
def joint_sets_speak_of_units(it: JointSet, book: Book) -> Iterator[Fault]:
    """P377. A joint set names kinds of case about units, and duties that are borne for units."""
    yield from named("cases", it.cases, book.names("kind", "case"), "事项类别", "P377")
    yield from named("duties", it.duties, book.names("kind", "duty"), "责任类别", "P377")
    for field, family, side in (("cases", book.pack.kinds.case, "subject"), ("duties", book.pack.kinds.duty, "target")):
        for number, key in enumerate(getattr(it, field)):
            if key in family and getattr(family[key], side) != "unit":
                yield Fault(f"{field}.{number}", "P377", f"“{key}”不是对单位的")


@rule(StrandBoard)
def strands_are_grounds(it: StrandBoard, book: Book) -> Iterator[Fault]:
    """P378. The strands of a board are all the grounds of its kind of case, and its indicators are defined."""
    yield from named("", (it.case,), book.names("kind", "case"), "事项类别", "P378")
    kind = book.pack.kinds.case.get(it.case)
    if kind is not None and set(it.strands) != set(kind.grounds):
        yield Fault("strands", "P378", f"主线应与“{kind.name}”的情形一一对应：{'、'.join(kind.grounds)}")
    for strand, keys in it.strands.items():
        yield from named(f"strands.{strand}", keys, book.names("indicator"), "指标", "P378")


@rule(Roll)
def rolls_are_kept_as_kinds(it: Roll, book: Book) -> Iterator[Fault]:
    """P379. A register names kinds of unit, duty, case or activity, a choice of one of them, and indicators that are defined."""
    families = ("unit", "duty", "case", "activity")
    known = {f"{family}.{key}" for family in families for key in book.names("kind", family)}
    yield from named("kinds", it.kinds, known, "类别", "P379")
    yield from named("indicators", it.indicators, book.names("indicator"), "指标", "P379")
    kind, _, name = it.by.rpartition(".")
    family, _, key = kind.partition(".")
    if it.by and (kind not in it.kinds or not _is_choice(book, family, key, name)):
        yield Fault("by", "P379", f"“{it.by}”应是所列类别的一个选择类字段")


def _is_choice(book: Book, family: str, key: str, name: str) -> bool:
    kind = book.pack.kinds.family(family).get(key)
    field = getattr(kind, "fields", {}).get(name)
    return field is not None and field.type == "choice"

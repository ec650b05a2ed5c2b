"""What a pack may say: every definition, its keys and their types. Unknown keys are refused."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from hangshi.packs.books import Chain, Distribution, Entitlement, ShareKind, Tier
from hangshi.packs.definitions import Amount as Amount  # these are read from here by others
from hangshi.packs.definitions import Closed as Closed
from hangshi.packs.definitions import Definition as Definition
from hangshi.packs.definitions import Text as Text
from hangshi.packs.definitions import Texts as Texts
from hangshi.packs.points import PointRules, PointTerms
from hangshi.packs.regulations import Regulation as Regulation
from hangshi.packs.reports import ReportTable as ReportTable
from hangshi.packs.reports import Template as Template
from hangshi.packs.uppers import Upper as Upper
from hangshi.packs.work import (
    Approval,
    Catalogue,
    Escalation,
    Hold,
    JointSet,
    Reaction,
    RequiredSet,
    Requirement,
    Roll,
    Seat,
    StrandBoard,
    Survey,
    Transition,
)
from hangshi.packs.work import Stage as Stage

Measured = Literal["person", "household", "item", "yuan", "mu", "m2", "percent", "point", "year", "minute"]
Demand = Literal["check_in", "photo", "track", "person_ranking", "app_score"]


class Header(Closed):
    """`[pack]`: a pack's own key is the name of its folder; the packs in `needs` are loaded before it.

    `root`: the division code of the place that its figures speak of and its checks, requirements, reactions and kinds are made for. `parts`: the projects that the place's programme is made of.
    """

    name: Text
    doc: str = ""
    needs: Texts = ()
    root: str = ""
    parts: dict[str, Text] = {}


class Column(Closed):
    """A business column of a fact. `values` names the family of kinds whose keys its cells hold."""

    type: Literal["id", "text", "int", "decimal", "bool", "date"]
    doc: Text
    values: str = ""


class Fact(Closed):
    """A documented view: the only words that an indicator's `where` and `measure` may use."""

    key: str
    view: Text
    doc: Text
    columns: dict[str, Column] = Field(min_length=1)


class ExtraField(Closed):
    """A field that a kind adds to its record, kept in `extra` and checked when it is written."""

    name: Text
    type: Literal["text", "int", "decimal", "bool", "date", "choice"]
    doc: str = ""
    required: bool = False
    low: Amount | None = None
    high: Amount | None = None
    choices: dict[str, Text] = {}
    sensitive: bool = False  # sealed when written, shown only to those who give a reason


class Kind(Definition):
    """What every kind may say. `demands` is what its form asks beyond the facts; P4xx refuses formalism."""

    fields: dict[str, ExtraField] = {}
    demands: Annotated[tuple[Demand, ...], Field(strict=False)] = ()
    lawful_ground: str = ""


class Term(Definition):
    """A word of a closed list: a status, a category."""


class UnitKind(Kind):
    """`parents`: the kinds of unit below which one of this kind may hang on the place line; empty for a root."""

    parents: Texts = ()
    group: Literal["place", "party", "organ", "entity", "team"]


class DutyKind(Kind):
    """`exclusive`: at most one such duty per target on a day; the database refuses the overlap.

    `opens`: whoever bears it sees the household it is for, under a role whose scope is "households".
    `award`: what it says is that the target was granted a flag or an honour (by the bearer, of the sort `role`).
    `consent`: the field that says when the person agreed (本人同意); nobody is on the list before that day.
    `needed`: it is vacant where nobody bears it for a unit of its kinds: for "every" one, or only for those marked as "poor".
    `chain`: its place in the chain of responsibility (责任链): who answers "first", or "direct" for what lies below.
    `listing`: a list of persons and no charge, so nobody carries it as a load.
    `circle`: a unit never bears it for itself, and no two for each other at the same time (互查: neither oneself nor a mere swap).
    """

    bearer: Literal["person", "unit"]
    target: Literal["unit", "household", "person"]
    target_kinds: Texts = ()
    bearer_kinds: Texts = ()
    exclusive: bool = False
    opens: bool = False
    award: bool = False
    consent: str = ""
    listing: bool = False
    circle: bool = False
    needed: Literal["", "every", "poor"] = ""
    chain: Literal["", "first", "direct"] = ""
    roles: dict[str, Text] = {}
    end_reasons: dict[str, Text] = {}


class ActivityKind(Kind):
    """`attendance`: people are named one by one, only counted, or neither. `counts`: what `present` counts.

    `record_within`: days after the day within which it is to be recorded; later ones are marked late. `also`: kinds of activity that one
    of this kind may count as, once each, without being entered again. `leave_reason`: who is on leave gives a reason.
    `number_only`: a number of a day and nothing else; no topic, place or minutes, where a name could be written.
    """

    unit_kinds: Texts = ()
    attendance: Literal["named", "counted", "none"]
    counts: str = "参加人数"
    household: bool = False
    leader: bool = False
    every: Literal["", "month", "quarter", "half_year", "year"] = ""
    record_within: Annotated[int, Field(ge=0)] | None = None
    also: Texts = ()
    leave_reason: bool = False
    number_only: bool = False


class CaseKind(Kind):
    """`restricted`: only accounts with the grant read its rows; figures are counts.

    Without `transitions` the stages follow one another: one forward, any back with a reason. `ends`: the stages that close the case;
    by default the last one. `single`: one open case of the kind for a subject. `reopens`: the stage a closed case goes back to.
    """

    subject: Literal["unit", "household", "person"]
    unit_kinds: Texts = ()
    grounds: dict[str, Text] = {}
    catalogues: list[Catalogue] = []
    stages: list[Stage] = []
    transitions: list[Transition] = []
    ends: Texts = ()
    reopens: str = ""
    seats: dict[str, Seat] = {}
    evidence: dict[str, Text] = {}
    escalations: list[Escalation] = []
    single: bool = False
    restricted: bool = False

    @property
    def closing(self) -> tuple[str, ...]:
        """The keys of the stages that close the case."""
        return self.ends or tuple(stage.key for stage in self.stages[-1:])

    def grounds_on(self, day: date, unit_kind: str) -> dict[str, str]:
        """The grounds to choose from: those of the catalogue in force, else the kind's own. Empty: none is asked."""
        if not self.catalogues:
            return dict(self.grounds)
        fit = [it for it in self.catalogues if it.since <= day and (not it.unit_kinds or unit_kind in it.unit_kinds)]
        return dict(max(fit, key=lambda it: it.since).grounds) if fit else {}


class EntryKind(Kind, PointTerms):
    """A book (账本). `standing`: the amount is in force from `since` to `until` instead of being booked once.

    `basis` and `accounting` are its 口径: gross or net of costs, when paid or when owed. With `shown_days` it is a points account.
    """

    unit: Measured
    subject: Literal["unit", "household", "person"] = "unit"
    standing: bool = False
    sources: dict[str, Text] = {}
    once_a: Literal["", "month", "half_year", "year"] = ""
    basis: Literal["", "gross", "net"] = ""
    accounting: Literal["", "cash", "accrual"] = ""


class LearnerKind(Definition):
    """学习对象: members of the `categories`, cadres of the identities `cadres`, and bearers of `duties` ("kind" or "kind.role")."""

    categories: Texts = ()
    cadres: Texts = ()
    duties: Texts = ()


class Kinds(Closed):
    """The families of kinds; an attribute is a family, a key is what the record's column holds."""

    unit: dict[str, UnitKind] = {}
    household_status: dict[str, Term] = {}
    membership_status: dict[str, Term] = {}
    membership_category: dict[str, Term] = {}
    cadre: dict[str, Term] = {}
    duty: dict[str, DutyKind] = {}
    activity: dict[str, ActivityKind] = {}
    case: dict[str, CaseKind] = {}
    entry: dict[str, EntryKind] = {}
    share: dict[str, ShareKind] = {}
    learner: dict[str, LearnerKind] = {}
    material: dict[str, Term] = {}
    training: dict[str, Term] = {}

    def family(self, name: str) -> dict[str, Definition]:
        return dict(getattr(self, name))


class Indicator(Definition):
    """A measure over a fact, a ratio of two indicators, or the change of one.

    Change is in percent against the same days of the year before; with `change = "fall"` a fall is positive.
    `home`: "row" when the counted thing belongs to one unit, so that units add up; "shared" when it may be in several.
    `classifier`: the 量词 beside the number on a page, where that of `unit` does not fit: 次 for visits.
    """

    fact: str | None = None
    where: str = ""
    measure: str = ""
    time: Literal["as_of", "within"] | None = None
    time_column: str = "day"
    numerator: str | None = None
    denominator: str | None = None
    scale: Amount = Decimal(1)
    change_of: str | None = None
    change: Literal["fall", "rise"] = "fall"
    unit: Measured
    classifier: str = ""
    empty: Literal["zero", "none"]
    direction: Literal["up", "down", "none"] = "none"
    home: Literal["row", "shared"] = "row"
    aliases: Texts = ()

    @property
    def parts(self) -> Iterator[tuple[str, str]]:
        """The indicators this one is computed from, each with the field that names it."""
        for field in ("numerator", "denominator", "change_of"):
            if part := getattr(self, field):
                yield field, part


class Dated(Closed):
    """An amount that holds from the day `since` until the next one begins."""

    since: date
    amount: Amount


class Standard(Definition):
    """A dated, cited amount. A new amount is a new line in `values`, never an edit of an old one.

    `document`: the key of the registered document it rests on.
    """

    unit: Measured
    bound: Literal["least", "most", "exact"]
    per: Text
    values: list[Dated] = []
    document: str = ""

    def amount(self, on: date) -> Decimal | None:
        """The amount in force on a day; None before the first, for a missing amount is never read as zero."""
        amounts = [it.amount for it in self.values if it.since <= on]
        return amounts[-1] if amounts else None


class Figure(Closed):
    """A number that a report states, with the interval its words allow; `start` is its first character in the source.

    It names an indicator, a standard, or a `structure`: the way to a list in the packs whose length is the number
    ("kind.case.model_project.stages"). Computed values are rounded half up to `places` before they are compared.
    `none`: an indicator of what would give the words the lie (villages below the floor that all have reached); unless it is zero,
    the figure has no value.
    """

    key: str
    words: Text
    subject: Text
    source: str = ""
    start: Annotated[int, Field(ge=0)]
    indicator: str | None = None
    standard: str | None = None
    structure: str | None = None
    none: str | None = None
    low: Amount
    low_open: bool = False
    high: Amount | None = None
    high_open: bool = False
    unit: Measured
    as_of: date | None = None
    first: date | None = None
    last: date | None = None
    places: int | None = None

    def allows(self, value: Decimal | int) -> bool:
        """Whether the words allow the value; an interval without `high` has no upper end."""
        above = value > self.low if self.low_open else value >= self.low
        if self.high is None:
            return above
        return above and (value < self.high if self.high_open else value <= self.high)


class Role(Definition):
    """What an account may do under a grant of this role, and which rows the grant's unit opens to it.

    `scope`: "place", the rows of the unit and all below it; "party", those below it on the Party line; "households", those that
    the person is paired with; "none", no row of the work at all. `group` keeps the three administrators apart from the work
    and from each other. `delegable`: its holder may hand it on for a time.
    """

    permissions: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    scope: Literal["place", "party", "households", "none"]
    group: Literal["business", "system", "security", "audit"] = "business"
    read_only: bool = False
    delegable: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a pack: where it stands, the number of the rule, and a sentence for its author."""

    file: str
    line: int
    key: str
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}\n  {self.code}: {self.sentence}"


class Pack(Closed):
    """Packs loaded together. `names` are their keys in load order; later ones add to earlier ones.

    `places`: “check.x” or “kind.duty.x” → division code of the place that it is made for, that of its pack's root.
    """

    names: tuple[str, ...] = ()
    headers: dict[str, Header] = {}
    facts: dict[str, Fact] = {}
    kinds: Kinds = Kinds()
    indicators: dict[str, Indicator] = {}
    standards: dict[str, Standard] = {}
    documents: dict[str, Regulation] = {}
    figures: list[Figure] = []
    approvals: dict[str, Approval] = {}
    holds: dict[str, Hold] = {}
    requirements: dict[str, Requirement] = {}
    reactions: dict[str, Reaction] = {}
    required_sets: dict[str, RequiredSet] = {}
    joint_sets: dict[str, JointSet] = {}
    strand_boards: dict[str, StrandBoard] = {}
    rolls: dict[str, Roll] = {}
    surveys: dict[str, Survey] = {}
    checks: dict[str, Any] = {}  # of `packs.checks.Check`, which is built from what stands here
    roles: dict[str, Role] = {}
    places: dict[str, str] = {}
    tiers: dict[str, Tier] = {}
    chains: dict[str, Chain] = {}
    entitlements: dict[str, Entitlement] = {}
    rosters: dict[str, Any] = {}  # of `packs.rosters.Roster`, as with checks
    distributions: dict[str, Distribution] = {}
    points: dict[str, PointRules] = {}
    schemes: dict[str, Any] = {}  # of `packs.schemes.Scheme`, as with checks
    duty_lists: dict[str, Any] = {}  # of `packs.duty_lists.DutyList`, likewise
    templates: dict[str, Template] = {}
    tables: dict[str, ReportTable] = {}
    uppers: dict[str, Upper] = {}
    files: dict[str, str] = {}  # of `templates`: key → path

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Name or alias of an indicator → its key."""
        return {word: it.key for it in self.indicators.values() for word in (it.name, *it.aliases)}

    def definition_version(self, key: str) -> str:
        """Digest of everything that the value depends on: not of the name, the aliases or the source.

        Raises `KeyError` for an unknown indicator.
        """
        it = self.indicators[key]
        said = it.model_dump(mode="json", exclude={"name", "aliases", "source", "doc", "direction", "classifier"})
        said["view"] = self.facts[it.fact].view if it.fact else ""
        said["parts"] = [self.definition_version(part) for _, part in it.parts]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]

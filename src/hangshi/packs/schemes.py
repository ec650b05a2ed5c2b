"""What a pack may say of schemes 考评办法: criteria with weights, how each is scored, what deducts, what vetoes, what follows."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.models import Amount, Closed, Definition, Text, Texts

FULL = Decimal(100)  # the weights of an edition add up to this
Count = Annotated[int, Field(ge=1)]


class Knot(Closed):
    """At the value `at`, so many percent of the criterion's weight are given."""

    at: Amount
    percent: Amount


class Item(Closed):
    """One line of a checklist; `points` is its share among the lines of its criterion."""

    name: Text
    points: Amount = Decimal(1)


class Element(Closed):
    """反向评价要素: what counts against `item` (empty: against the whole criterion), so many points each time it is found."""

    name: Text
    item: str = ""
    points: Amount


class Choice(Closed):
    """An answer that residents may give, and the percent it stands for."""

    name: Text
    percent: Amount


class Criterion(Closed):
    """`by` says where the score comes from, `nature` what it looks at: what came of it, how often something was held, or a duty fulfilled.

    indicator: the figure of the unit through `curve`; ledger: the sum booked in `book` for the subject, through `curve`; reviewers: at least `least`
    marks of 0 to 100, taken together by `combine` ("trimmed" leaves out one highest and one lowest); residents: at least `least` answers;
    checklist: the share of `items` that hold. `shape`: between two knots the curve is a line, or keeps the percent of the lower one.
    `missing`: without a value the sheet waits, the criterion gives nothing, or it is left out and the others stand for the full marks.
    """

    key: Text
    name: Text
    heading: str = ""
    weight: Amount
    nature: Literal["outcome", "activity", "duty"]
    by: Literal["indicator", "ledger", "reviewers", "residents", "checklist"]
    indicator: str | None = None
    book: str | None = None
    curve: list[Knot] = []
    shape: Literal["linear", "steps"] = "linear"
    missing: Literal["wait", "zero", "out"] = "wait"
    least: Count = 1
    combine: Literal["mean", "median", "trimmed"] = "mean"
    choices: dict[str, Choice] = {}
    items: dict[str, Item] = {}
    elements: dict[str, Element] = {}
    most_deducted: Amount | None = None
    evidence: Texts = ()


class Heading(Closed):
    """A 大项: its criteria together give at most `cap`, where it is given."""

    key: Text
    name: Text
    cap: Amount | None = None


class Grade(Closed):
    """A grade for a total of `least` and more, up to the next."""

    key: Text
    name: Text
    least: Amount


class Edition(Closed):
    """The scheme as it holds from the day `since`. `vetoes`: facts that make the last grade, whatever the total (一票否决)."""

    since: date
    headings: list[Heading] = []
    criteria: list[Criterion] = Field(min_length=1)
    grades: list[Grade] = Field(min_length=1)
    vetoes: dict[str, Text] = {}

    def digest(self) -> str:
        """Of all that decides a score."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()[:12]


class Rise(Closed):
    """Who bears `duty` (in the role `role`, where given) is paid the amount of `standard` more each month while the flag is held."""

    duty: Text
    role: str = ""
    standard: Text


class Effect(Closed):
    """What follows from the grades `grades`: a flag or an honour for `months`; `quota`: for so many at most. A person decides, never the program."""

    name: Text
    grades: Texts
    months: Count
    quota: Count | None = None
    book: str | None = None
    rises: list[Rise] = []


class Scheme(Definition):
    """Who is appraised, against whom they stand, and the dated editions. Totals are rounded half up to `places` at every criterion.

    `peers`: compared with all of the round, those of the same kind, or of the same field (领域); `within`: below the same unit of that kind.
    `objection_days`: days after the day of showing in which one may object. `counts_ground`: what allows counts to outweigh outcomes.
    """

    subject: Literal["unit", "person"] = "unit"
    unit_kinds: Texts
    peers: Literal["all", "kind", "field"] = "all"
    within: str = ""
    places: Annotated[int, Field(ge=0, le=4)] = 2
    objection_days: Annotated[int, Field(ge=0)] = 5
    counts_ground: str = ""
    effects: list[Effect] = []
    editions: list[Edition] = Field(min_length=1)

    def edition(self, on: date) -> Edition | None:
        """The edition in force on a day; None before the first."""
        found = [it for it in self.editions if it.since <= on]
        return found[-1] if found else None

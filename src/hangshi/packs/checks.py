"""What a pack may say of checks: rules whose breach is a finding, over the same facts as the indicators."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.models import Amount, Closed, Dated, Definition, Fact, Indicator, Standard, Text

SUBJECTS = {"unit_id": "unit", "household": "household", "person": "person", "bearer": "person"}
BELOW = "below"


class Counted(Closed):
    """A measure of a fact, for each subject: `by` is the column that names it, or "below" for all rows at and below a unit."""

    fact: Text
    where: str = ""
    measure: Text
    by: Text
    time: Literal["as_of", "within"]
    time_column: str = "day"


class Years(Closed):
    """Whole years from the date in `column` to the day of the check, both bounds included."""

    column: Text
    least: Annotated[int, Field(ge=0)] | None = None
    most: Annotated[int, Field(ge=0)] | None = None


class Check(Definition):
    """Each subject must keep to the bound; one that does not is a finding.

    Subjects are the rows of the fact `of` in force on the day that meet `of_where`, by the column `subject`. Compared is `has`, or without
    it `years`; with neither, every subject is a finding. The bound is `amount`, or the amount of `standard`, times `times` where given;
    before the first dated amount the check says nothing. `every`: `has` is counted within the last whole period before the day, for
    subjects that existed all through it. In `sentence`, {has} and {needs} are put in.
    """

    of: Text
    of_where: str = ""
    subject: Literal["unit_id", "household", "person", "bearer"]
    has: Counted | None = None
    every: Literal["", "month", "quarter", "half_year", "year"] = ""
    bound: Literal["least", "most", "exact"] = "least"
    amount: list[Dated] = []
    standard: str | None = None
    times: Counted | None = None
    years: Years | None = None
    sentence: Text
    todo: Text
    weight: Literal["must", "advice"] = "must"
    document: str = ""

    @property
    def about(self) -> str:
        """unit, household or person."""
        return SUBJECTS[self.subject]

    def needs(self, on: date, standards: Mapping[str, Standard]) -> Decimal | None:
        """The amount of the bound on that day; None: the rule was not in force, and is not read as zero."""
        if self.standard:
            return standards[self.standard].amount(on)
        amounts = [it.amount for it in self.amount if it.since <= on]
        return amounts[-1] if amounts else None

    def parts(self) -> list[tuple[str, Indicator]]:
        """Its fragments as indicators, by the field they stand in: they are parsed, checked and compiled as those are."""
        said = [
            (
                "of",
                _indicator(
                    self, Counted(fact=self.of, where=self.of_where, measure="count(*)", by=self.subject, time="as_of")
                ),
            )
        ]
        for field in ("has", "times"):
            if counted := getattr(self, field):
                said.append((field, _indicator(self, counted)))
        return said

    def version(self, facts: Mapping[str, Fact]) -> str:
        """Digest of all that decides what is found."""
        said = self.model_dump(mode="json", exclude={"name", "source", "doc", "sentence", "todo", "weight", "document"})
        said["views"] = [facts[part.fact].view for _, part in self.parts() if part.fact and part.fact in facts]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def _indicator(check: Check, it: Counted) -> Indicator:
    return Indicator(
        key=check.key, name=check.name, fact=it.fact, where=it.where, measure=it.measure, time=it.time,
        time_column=it.time_column, unit="item", empty="zero",
    )  # fmt: skip


__all__ = ["Amount", "Check", "Counted", "Years"]

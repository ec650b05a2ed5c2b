"""What a pack may say of outside lists (比对名单): what such a list says of a person, and what the register should say then."""

from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.checks import Counted
from hangshi.packs.definitions import Closed, Definition, Text, Texts
from hangshi.packs.models import Indicator

# What a rule finds; the keys are the grounds of the case that is opened.
OUTCOMES = {"in": "应纳未纳", "out": "应退未退", "listed": "登记有、名单无", "same": "信息不一致"}


class RosterColumn(Closed):
    """A column that such a list has beside who the person is: kept, sealed, only because a rule's check needs it."""

    name: Text
    type: Literal["text", "day"] = "text"
    aliases: Texts = ()


class RosterRule(Closed):
    """`expects`: "in", who is on the list is in the set; "out", is not; "listed", who is in the set is on the list; "same", the name agrees.

    The set is of those whom the column `subject` of the fact `of` names in the rows in force on the list's day that meet `of_where`; of a
    household all who live in it. `each`: every person of a household for themselves; otherwise one of them speaks for it.
    """

    name: Text
    expects: Literal["in", "out", "listed", "same"]
    of: str = ""
    of_where: str = ""
    subject: Literal["person", "household", "bearer"] = "household"
    each: bool = False
    sentence: Text
    todo: Text

    @property
    def by_home(self) -> bool:
        """Whether one finding, and one clue, speaks for a whole household."""
        return self.subject == "household" and not self.each

    def part(self, key: str) -> Indicator:
        """Its fragment as an indicator: parsed, checked and compiled as those are."""
        said = Counted(fact=self.of, where=self.of_where, measure="count(*)", by=self.subject, time="as_of")
        return Indicator(
            key=key, name=self.name, fact=said.fact, where=said.where, measure=said.measure, time=said.time, unit="item", empty="zero",
        )  # fmt: skip


class Roster(Definition):
    """A kind of outside list. `holder`: who usually keeps it; `says`: what it says of a person; `basis`: the legal ground, proposed.

    `case`: the kind of case in which a finding is looked into. `keep`: for how many days such a list may be kept at most.
    """

    holder: Text
    says: Text
    basis: Text
    columns: dict[str, RosterColumn] = {}
    rules: dict[str, RosterRule] = Field(min_length=1)
    case: Text
    keep: Annotated[int, Field(gt=0, le=366)] = 180

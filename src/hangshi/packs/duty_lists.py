"""What a pack may say of a list of duties 责任清单: which cases it consists of, when each item is due, what proves it."""

from typing import Annotated

from pydantic import Field

from hangshi.packs.models import Amount, Closed, Definition, Text, Texts

Month = Annotated[int, Field(ge=1, le=12)]
DECEMBER = 12


class Proof(Closed):
    """The records prove an item where the indicator, from the first of the year on, is at least or at most so much."""

    indicator: Text
    least: Amount | None = None
    most: Amount | None = None

    def holds(self, value: Amount) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


class DutyList(Definition):
    """The items are the grounds of the catalogue of the kind of case `case`, its headings the groups, named in `headings`.

    What counts against an item (反向评价要素) are the grounds of `reverse`, grouped by item. `bearer`: who answers, in words.
    `below`: only units right below one of that kind answer, as the departments of a city and not those of its counties.
    `due`: item → the month at whose end it is to be reported, December where nothing is said. `evidence`: item → what shows it.
    """

    case: Text
    reverse: Text
    bearer: Text
    below: str = ""
    headings: dict[str, Text] = Field(min_length=1)
    due: dict[str, Month] = {}
    evidence: dict[str, Texts] = {}
    proofs: dict[str, Proof] = {}

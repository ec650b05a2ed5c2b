"""What a pack may say of books: the tiers that units fall into by an amount, and what somebody is owed while bearing a duty."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.definitions import Amount, Closed, Definition, Text, Texts


class Target(Closed):
    """At least `count` units are to reach `at` or more. Targets nest: who reaches the highest counts for each."""

    at: Amount
    count: Annotated[int, Field(ge=1)]
    word: Text = "目标"


class Tier(Definition):
    """Units of the kinds `of`, by what was booked at and below each in the book `entry` over a period.

    `bounds`, rising: a unit belongs to the last that it reaches; the first is 0, and who has nothing or less is below it.
    """

    entry: Text
    of: Texts
    bounds: list[Amount]
    targets: list[Target] = []


class Rate(Closed):
    """From the day `since`: the amount a month, for the `role` (empty: any), and from so many `years` on."""

    since: date
    role: str = ""
    years: Annotated[int, Field(ge=0)] = 0
    amount: Amount


class Entitlement(Definition):
    """Whoever bears a duty of the kind `duty` in any part of a month is owed the amount of that month, booked in `entry`.

    `every`: rates are always of a month; "year" says that the months of a year are paid and settled together.

    `years`: the extra field of the duty that holds the years served, where rates go by years. Rates of the same first day belong together
    and replace all earlier ones.
    """

    duty: Text
    entry: Text
    every: Literal["month", "year"] = "month"
    years: str = ""
    rates: list[Rate] = []

    def amount(self, month: date, *, role: str = "", years: int | None = None) -> Decimal | None:
        """What is owed for the month that begins on that day; None: no rate covers it, which is never read as zero."""
        begun = [it.since for it in self.rates if it.since <= month]
        fit = [it for it in self.rates if begun and it.since == max(begun) and it.role in ("", role)]
        if self.years and years is None:
            return None
        fit = [it for it in fit if it.years <= (years or 0)]
        return max(fit, key=lambda it: (it.role != "", it.years)).amount if fit else None


class Chain(Definition):
    """Money on its way: the books `steps` in their order, as 预算 → 下达 → 拨付 → 支出; no later one may exceed the one before.

    `standard` is what a unit of the kinds `of` should have at the first step in a year, shown beside it.
    """

    of: Texts
    steps: Texts
    standard: str | None = None


class ShareKind(Definition):
    """A kind of share 股种. `holder`: "collective" (集体股, held by the collective itself) or "household".

    `statuses`: a household must count as one of these on the day it is given such shares; none named: any household.
    """

    holder: Literal["collective", "household"] = "household"
    statuses: Texts = ()


class Reserve(Closed):
    """What is set aside before shares: at least `least` percent of the amount that is distributed."""

    key: Text
    name: Text
    least: Amount = Decimal(0)


class Distribution(Definition):
    """How a collective's earnings of a year are distributed (收益分配): `income` less `costs`, less the reserves, by shares.

    `of`: the kinds of unit that are such a collective. `due` and `paid` are the books of what each household is to get and has got.
    `meetings`: the kinds of activity whose resolution decides.
    """

    of: Texts
    income: Texts
    costs: Texts = ()
    due: Text
    paid: Text
    reserves: list[Reserve] = []
    meetings: Texts

"""What a pack may say of a points account: how long points are shown, what they are given for, what they buy."""

from typing import Annotated

from pydantic import Field

from hangshi.packs.definitions import Amount, Closed, Definition, Text

Days = Annotated[int, Field(ge=0)]


class PointItem(Closed):
    """One thing that points are given for; below zero: taken off. `doc`: the ground in the pack's own words."""

    name: Text
    points: Amount
    doc: str = ""


class Reward(Closed):
    """One thing that points buy. `stock`: how many there are for each unit that keeps accounts; None: as many as are asked for."""

    name: Text
    points: Amount
    stock: Annotated[int, Field(ge=1)] | None = None


class PointTerms(Closed):
    """`shown_days`: for so many days, the first included, points are shown (公示) before another person posts them; 0: no points account.

    `appeal_days`: how long after the posting an appeal is taken. With `items` points are given by hand for one of them only.
    """

    shown_days: Days = 0
    appeal_days: Days = 0
    items: dict[str, PointItem] = {}
    rewards: dict[str, Reward] = {}


class PointRules(Definition, PointTerms):
    """The terms of the account `book` in the place that the pack is made for, instead of those that the book itself says."""

    book: Text

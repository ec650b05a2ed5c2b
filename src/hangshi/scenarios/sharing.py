"""Something to see on the pages of shares and dividends, by the services themselves: the same every time, counted by no figure of a report."""

from datetime import date
from decimal import Decimal
from typing import Any

from hangshi.access.models import Grant
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.services import Item, record
from hangshi.ledger import services as ledger
from hangshi.packs import load
from hangshi.registry.models import Household, Unit
from hangshi.registry.signing import Signer
from hangshi.registry.tree import upper
from hangshi.shares import dividends, queries, register
from hangshi.shares.dividends import Asked

PACK = load("base")
RULE, BOOKS, KINDS = PACK.distributions["collective"], PACK.kinds.entry, PACK.kinds.share
# The books of 2017 are not touched: what is distributed is what 2016 brought.
FOUNDED, EARNED, YEAR_END, MET, POSTED, PAID = (
    date(2016, 3, 15), date(2016, 11, 20), date(2016, 12, 31), date(2017, 1, 16), date(2017, 1, 20), date(2017, 1, 26),
)  # fmt: skip
HOUSEHOLDS, GROUPS = 24, ("一组", "二组", "三组")
TOTAL, KEPT = Decimal(1000), Decimal(150)
INCOME, COST, DISTRIBUTED = Decimal("86400"), Decimal("21900"), Decimal("48888.88")
NOBODY = (0, -1)  # whose accounts, where the scenario is loaded without any


def fill(top: str, township: str) -> None:
    """In the first village with enough households of a township, by name, at the place with the division code `top`."""
    with acting(EVERYTHING):
        city = Unit.objects.get(code=top, until=None)
        town = Unit.objects.filter(path__gte=city.path, path__lt=upper(city.path)).get(name=township, until=None)
        below = Unit.objects.filter(path__gte=town.path, path__lt=upper(town.path), kind="village", until=None)
        for unit in below.order_by("path"):
            homes = list(Household.objects.filter(unit=unit).select_related("unit").order_by("pk")[:HOUSEHOLDS])
            if len(homes) == HOUSEHOLDS:
                _register(unit, homes)
                _dividend(unit, *_signers(town))
                return


def _signers(town: Unit) -> tuple[Signer, Signer]:
    """Who proposes and who approves: the first accounts of the township's first secretaries and of its clerks."""
    held = Grant.objects.filter(path__gte=town.path, path__lt=upper(town.path)).order_by("pk")
    found = [held.filter(role=role).first() for role in ("first_secretary", "township_clerk")]
    one, other = (it.account_id if it else nobody for it, nobody in zip(found, NOBODY, strict=True))
    return Signer(one), Signer(other)


def _register(unit: Unit, homes: list[Household]) -> None:
    """A decided total, the collective's own shares, and those of the households by their number in the village; one inherits."""
    met = record(
        PACK.kinds.activity["members_meeting"], unit=unit, on=FOUNDED, topic="股份量化和配股方案", present=len(homes),
        agenda=[Item("股份量化方案", f"总股数{TOTAL}股，其中集体股{KEPT}股，其余按人口配到户。")], actor=None,
    )  # fmt: skip
    given: dict[str, Any] = {"activity": met, "note": "村集体经济组织章程", "on": FOUNDED, "actor": None}
    register.decide(unit, RULE, total=TOTAL, **given)
    register.keep(unit, RULE, KINDS["collective"], shares=KEPT, **given)
    shares = {home: Decimal(10 * (at % 5 + 1)) for at, home in enumerate(homes)}
    groups = {home: GROUPS[at * len(GROUPS) // len(homes)] for at, home in enumerate(homes)}
    register.allot(unit, RULE, KINDS["person"], shares, groups=groups, **given)
    register.pass_on(
        unit, KINDS["person"], giver=homes[0], taker=homes[1], shares=Decimal(10), ground="inherit", note="公证书",
        on=date(2016, 8, 8), actor=None,
    )  # fmt: skip


def _dividend(unit: Unit, clerk: Signer, other: Signer) -> None:
    """Of 2016, posted; one group has been paid."""
    for key, amount in (("collective_income", INCOME), ("collective_cost", COST)):
        ledger.book(BOOKS[key], unit=unit, amount=amount, on=EARNED, actor=None)
    met = record(
        PACK.kinds.activity["members_meeting"], unit=unit, on=MET, topic="2016年度收益分配方案", present=HOUSEHOLDS,
        agenda=[Item("2016年度收益分配", f"分配{DISTRIBUTED}元，先提取公积公益金10%、福利费5%，其余按股分配。")], actor=None,
    )  # fmt: skip
    rates = {"fund": Decimal(10), "welfare": Decimal(5)}
    asked = Asked(2016, YEAR_END, DISTRIBUTED, rates)
    made = dividends.propose(unit, RULE, asked, activity=met, by=clerk, on=MET)
    dividends.approve(made, RULE, BOOKS[RULE.due], by=other, on=POSTED)
    first = queries.parts(made).filter(holder__group=GROUPS[0]).values_list("pk", flat=True)
    dividends.pay(made, BOOKS[RULE.paid], parts=list(first), note="第1批，转账凭证3号", by=clerk, on=PAID)

"""Tiers and entitlements as a pack may say them; each fault alone, by its number."""

import pytest

from tests.packs.conftest import SaidOf

KINDS = """
[kind.entry.income]
name = "收入"
unit = "yuan"
{basis}
source = "某文件"
[kind.entry.pay]
name = "报酬"
unit = "yuan"
subject = "person"
source = "某文件"
[kind.duty.post]
name = "任职"
bearer = "{bearer}"
target = "unit"
roles = {{ head = "主任" }}
source = "某文件"
[kind.duty.post.fields]
served = {{ name = "年限", type = "int" }}
"""
TIER = """
[tier.rich]
name = "分档"
entry = "{entry}"
of = [{of}]
bounds = [{bounds}]
targets = [{targets}]
source = "某文件"
"""
OWED = """
[entitlement.pay]
name = "报酬"
duty = "{duty}"
entry = "{entry}"
years = "{years}"
rates = [{rates}]
source = "某文件"
"""


def kinds(basis: str = 'basis = "gross"\naccounting = "cash"', bearer: str = "person") -> str:
    return KINDS.format(basis=basis, bearer=bearer)


def tier(entry: str = "income", of: str = '"village"', bounds: str = "0, 5", targets: str = "") -> str:
    return TIER.format(entry=entry, of=of, bounds=bounds, targets=targets)


def owed(
    duty: str = "post", entry: str = "pay", years: str = "", rates: str = "{ since = 2017-01-01, amount = 80 }"
) -> str:
    return OWED.format(duty=duty, entry=entry, years=years, rates=rates)


CHAIN = """
[chain.fund]
name = "走向"
of = ["{of}"]
steps = [{steps}]
{standard}
source = "某文件"
"""


def chain(of: str = "village", steps: str = '"income", "pay"', standard: str = "") -> str:
    return CHAIN.format(of=of, steps=steps, standard=standard)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (kinds() + tier() + owed(), []),
        (kinds() + tier(entry="incom"), ["P801"]),
        (kinds() + owed(entry="income"), ["P801"]),  # owed to somebody
        (kinds(basis="") + tier(), ["P802"]),
        (kinds(basis='basis = "net"') + tier(), ["P802"]),
        (kinds() + tier(of='"vilage"'), ["P802"]),
        (kinds() + tier(of=""), ["P802"]),
        (kinds() + tier(bounds="5, 30"), ["P803"]),
        (kinds() + tier(bounds="0, 30, 30"), ["P803"]),
        (kinds() + tier(targets="{ at = 5, count = 100 }"), []),
        (kinds() + tier(targets="{ at = 6, count = 100 }"), ["P803"]),
        (kinds() + tier(targets="{ at = 5, count = 0 }"), ["P113"]),
        (kinds() + owed(duty="posts"), ["P804"]),
        (kinds(bearer="unit") + owed(), ["P804"]),
        (kinds() + owed(rates='{ since = 2017-01-01, role = "heads", amount = 80 }'), ["P804"]),
        (kinds() + owed(years="years"), ["P804"]),
        (kinds() + owed(years="served", rates="{ since = 2017-01-01, years = 3, amount = 80 }"), []),
        (kinds() + owed(rates="{ since = 2017-01-01, years = 3, amount = 80 }"), ["P805"]),
        (kinds() + owed(rates=""), ["P805"]),
        (kinds() + owed(rates="{ since = 2017-01-01, amount = 0 }"), ["P805"]),
        (kinds() + owed(rates="{ since = 2018-01-01, amount = 1 }, { since = 2017-01-01, amount = 1 }"), ["P805"]),
        (kinds() + owed(rates="{ since = 2017-01-01, amount = 1 }, { since = 2017-01-01, amount = 2 }"), ["P805"]),
        (kinds() + chain(), []),
        (kinds() + chain(of="vilage"), ["P806"]),
        (kinds() + chain(steps='"income"'), ["P806"]),
        (kinds() + chain(steps='"income", "income"'), ["P806"]),
        (kinds() + chain(steps='"income", "land_contract"'), ["P806"]),  # yuan and mu
        (kinds() + chain(steps='"income", "paid"'), ["P806"]),
        (kinds() + chain(standard='standard = "none"'), ["P806"]),
    ],
)
def test_what_is_wrong_with_a_book(codes_of: SaidOf, text: str, codes: list[str]):
    assert codes_of(text) == codes

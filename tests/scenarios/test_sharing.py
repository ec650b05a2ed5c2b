"""The shares and the dividend of the demonstration: the same every time, to the fen."""

from decimal import Decimal

from hangshi.access.scope import EVERYTHING, acting
from hangshi.scenarios.sharing import YEAR_END
from hangshi.shares import dividends, queries
from hangshi.shares.models import Dividend
from tests.scenarios.conftest import Load


def test_a_village_has_a_register_and_a_dividend_of_which_one_group_is_paid(standing: Load) -> None:
    with standing(("ankang", 0.02)), acting(EVERYTHING):
        it = Dividend.objects.select_related("unit").get()
        held = queries.held(it.unit, on=YEAR_END)
        assert (queries.decided(it.unit, on=YEAR_END), sum(line.shares for line in held)) == (
            Decimal(1000),
            Decimal(850),
        )
        assert (it.state, it.income, it.costs) == (
            "posted",
            Decimal(153824),
            Decimal(21900),
        )  # 67424 were in the books before
        assert (it.reserves, it.pool) == ({"fund": "4888.89", "welfare": "2444.44"}, Decimal("41555.55"))
        assert (it.shares, dividends.per_share(it)) == (Decimal(850), Decimal("48.88"))
        parts = queries.parts(it)
        assert (parts.count(), queries.unpaid(parts).count()) == (
            23,
            16,
        )  # one household has left its shares to another
        assert sum(part.amount for part in it.parts.all()) == Decimal("41555.55")

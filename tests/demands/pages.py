"""What the tests of the pages share: a county office that demands, a leader who agrees, and the townships that are asked."""

import re
from datetime import date

import pytest

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.demands.models import Demand
from hangshi.registry.models import Unit
from tests.web.conftest import PASSWORD, count, row, sign_in, town

__all__ = ["count", "county", "leader", "proposed", "row", "sign_in", "text", "town"]
SAID = {
    "title": "防溺水月报",
    "department": "县教体局",
    "ground": "县安委〔2017〕8号",
    "every": "month",
    "level": "village",
    "since": "2017-10-01",
    "until": "2017-12-31",
    "form": "",
    "items": "走访次数\n防溺水巡查次数\n警示牌（块）",
}


def text(answer):
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def opened(town, username, unit, role):
    account = access.open_account(username, name=f"{unit}的{username}", password=PASSWORD)
    access.grant(account, role=role, unit_id=town[unit].pk, path=town[unit].path, since=date(2017, 1, 1))
    return account


@pytest.fixture
def county(town, sign_in):
    """The clerk of the county, on 2017-10-31; its villages are 东湾村 and 西沟村."""
    with acting(EVERYTHING):
        Unit.objects.filter(kind__in=("county", "township")).update(extra={"report_day": "2017-10-31"})
        opened(town, "xian", "county", "county_clerk")
    return sign_in("xian")


@pytest.fixture
def leader(town, sign_in):
    """Who may agree to what the clerk demands; `pk` is the account."""
    with acting(EVERYTHING):
        account = opened(town, "jianfu", "county", "org_admin")
    client = sign_in("jianfu")
    client.pk = account.pk
    return client


@pytest.fixture
def proposed(county, row):
    """The address of a draft that the county's clerk has proposed."""
    answer = county.post("/demands/new/", SAID)
    assert answer.status_code == 302, text(answer)
    assert answer["Location"] == f"/demands/{row(Demand).pk}/"
    return answer["Location"]

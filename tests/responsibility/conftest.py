"""酒泉市 with two counties, 肃州区 and 金塔县, and their accounts; the lists are those of the pack `jiuquan`."""

from datetime import date

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators.queries import pack
from hangshi.registry import services as registry
from hangshi.registry.models import Unit
from tests.web.conftest import JAN_1, PASSWORD

JUL_3, AUG_1 = date(2017, 7, 3), date(2017, 8, 1)
LIST = "county_duties"


@pytest.fixture
def places(db) -> dict[str, Unit]:
    kinds = pack().kinds.unit
    with acting(EVERYTHING):
        city = registry.create(kinds["city"], name="酒泉市", parent=None, on=JAN_1, actor=None, code="6209")
        made = {"city": city}
        for name, code in (("肃州区", "620902"), ("金塔县", "620921")):
            made[name] = registry.create(kinds["county"], name=name, parent=city, on=JAN_1, actor=None, code=code)
        for name, above in (("酒泉市教育局", "city"), ("肃州区教育局", "肃州区")):
            made[name] = registry.create(kinds["organ"], name=name, parent=made[above], on=JAN_1, actor=None)
        other = registry.create(kinds["city"], name="安康市", parent=None, on=JAN_1, actor=None, code="6109")
        made["汉滨区"] = registry.create(
            kinds["county"], name="汉滨区", parent=other, on=JAN_1, actor=None, code="610902"
        )
        Unit.objects.filter(pk__in=[it.pk for it in made.values()]).update(extra={"report_day": str(JUL_3)})
        for username, unit, role in (
            ("shi", "city", "city_clerk"),
            ("suzhou", "肃州区", "county_clerk"),
            ("jinta", "金塔县", "county_clerk"),
            ("hanbin", "汉滨区", "county_clerk"),
        ):
            account = access.open_account(username, name=f"{unit}经办", password=PASSWORD)
            access.grant(account, role=role, unit_id=made[unit].pk, path=made[unit].path, since=JAN_1)
    return made


@pytest.fixture
def sign_in(places):
    def signed_in(username: str) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return client

    return signed_in

"""A county with two townships, a village each, and an account over each of them; all in the database as the app role sees it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.registry import people
from hangshi.registry import services as registry
from hangshi.registry.models import Household, HouseholdStatus, Person, Unit

PASSWORD = "一个够长的密码-2017"
JAN_1 = date(2017, 1, 1)


@pytest.fixture
def town(db: None) -> dict[str, Unit]:
    kinds = load("base", "ankang").kinds.unit
    with acting(EVERYTHING):
        city = registry.create(kinds["city"], name="安康市", parent=None, on=JAN_1, actor=None, code="6109")
        Unit.objects.filter(pk=city.pk).update(extra={"synthetic": True, "report_day": "2017-10-31"})
        made = {"city": city}
        made["county"] = registry.create(
            kinds["county"], name="汉滨区", parent=city, on=JAN_1, actor=None, code="610902"
        )
        for township, village in (("关庙镇", "东湾村"), ("大河镇", "西沟村")):
            made[township] = registry.create(
                kinds["township"], name=township, parent=made["county"], on=JAN_1, actor=None
            )
            made[village] = registry.create(kinds["village"], name=village, parent=made[township], on=JAN_1, actor=None)
        for number, village in enumerate(("东湾村", "东湾村", "西沟村"), start=1):
            _household(number, made[village])
        for username, unit, role in (
            ("shi", "city", "city_clerk"),
            ("zhen", "关庙镇", "township_clerk"),
            ("kan", "关庙镇", "reader"),
        ):
            account = access.open_account(username, name=f"{unit}用户", password=PASSWORD)
            access.grant(account, role=role, unit_id=made[unit].pk, path=made[unit].path, since=JAN_1)
        Person.objects.create(name="王建国", unit=made["东湾村"], path=made["东湾村"].path, cadre="organ")
    return made


def _household(number: int, village: Unit) -> None:
    household = Household.objects.create(
        number=f"H{number}", head=f"李{'一二三'[number - 1]}", unit=village, path=village.path
    )
    HouseholdStatus.objects.create(
        household=household, unit=village, path=village.path, status="registered", since=JAN_1
    )


@pytest.fixture
def sign_in(town: dict[str, Unit]) -> Callable[[str], Client]:
    def signed_in(username: str) -> Client:
        client = Client()
        answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return signed_in


@pytest.fixture
def party(town: dict[str, Unit]) -> dict[str, Person]:
    """东湾村党支部 has three members, the last on probation; 西沟村党支部 has none. 王建国 of `town` is in no branch."""
    kinds = load("base", "ankang").kinds.unit
    with acting(EVERYTHING):
        for village in ("东湾村", "西沟村"):
            town[f"{village}党支部"] = registry.create(
                kinds["branch"],
                name=f"{village}党支部",
                parent=town[village],
                on=JAN_1,
                actor=None,
                extra={"field": "rural"},
            )
        members = {}
        for name, status in (("张爱民", "full"), ("李建军", "full"), ("陈小红", "probationary")):
            members[name] = people.register_person(town["东湾村"], name=name, on=JAN_1, actor=None)
            people.join(members[name], town["东湾村党支部"], on=JAN_1, actor=None, status=status, category="rural")
    return members


@pytest.fixture
def row() -> Callable[..., Any]:
    """The one row of the model that fits, read as the installation."""

    def only(model: type[Any], **where: Any) -> Any:
        with acting(EVERYTHING):
            return model._default_manager.get(**where)

    return only


@pytest.fixture
def count() -> Callable[..., int]:
    def counted(model: type[Any], **where: Any) -> int:
        with acting(EVERYTHING):
            return int(model._default_manager.filter(**where).count())

    return counted

"""A city with a county, two townships and their villages, everyone's tokens, and one record of each room."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities import services as activities
from hangshi.api import door
from hangshi.api import services as tokens
from hangshi.cases import services as cases
from hangshi.duties import services as duties
from hangshi.ledger import services as ledger
from hangshi.packs import load
from hangshi.registry import people, services
from hangshi.registry.models import Unit
from hangshi.web.permissions import holds
from tests.committed import committed

__all__ = ["committed"]

PASSWORD = "一个够长的密码-2017"
JAN_1 = date(2017, 1, 1)
KINDS = load("base", "ankang").kinds


@dataclass
class Land:
    """Ids by name: units, people, households, records; and each account's secret."""

    ids: dict[str, int]
    secrets: dict[str, str]


def _unit(kind: str, name: str, parent: Unit | None, code: str = "", **extra: str) -> Unit:
    return services.create(KINDS.unit[kind], name=name, parent=parent, on=JAN_1, actor=None, code=code, extra=extra)


def _account(username: str, role: str, unit: Unit) -> None:
    account = access.open_account(username, name=f"{unit.name}用户", password=PASSWORD)
    access.grant(account, role=role, unit_id=unit.pk, path=unit.path, since=JAN_1)


def _units() -> dict[str, Unit]:
    city = _unit("city", "安康市", None, "6109")
    Unit.objects.filter(pk=city.pk).update(extra={"synthetic": True, "report_day": "2017-10-31"})
    county, other = _unit("county", "汉滨区", city, "610902"), _unit("county", "旬阳县", city, "610928")
    made = {"安康市": city, "汉滨区": county, "旬阳县": other}
    for township, village, above in (
        ("关庙镇", "东湾村", county),
        ("大河镇", "西沟村", county),
        ("城关镇", "河街村", other),
    ):
        made[township] = _unit("township", township, above)
        made[village] = _unit("village", village, made[township])
    made["空村"] = _unit("village", "空村", made["关庙镇"])
    made["东湾村党支部"] = _unit("branch", "东湾村党支部", made["东湾村"], field="rural")
    return made


def _records(made: dict[str, Unit]) -> dict[str, int]:
    """One of each in 东湾村, and a household of each other village."""
    bay, common = made["东湾村"], {"on": JAN_1, "actor": None}
    wang = people.register_person(bay, name="王建国", cadre="organ", **common)
    far = people.register_person(made["西沟村"], name="李外人", **common)
    bond = people.join(wang, made["东湾村党支部"], status="full", category="rural", **common)
    home, foreign = (
        people.register_household(made[village], number=number, head=head, status="registered", **common)
        for village, number, head in (("东湾村", "H1", "李一"), ("西沟村", "H2", "李二"))
    )
    duty = duties.assign(KINDS.duty["first_secretary"], bearer=wang, target=bay, **common)
    visit = activities.record(KINDS.activity["visit"], unit=bay, leader=wang, household=home, present=1, **common)
    case = cases.open_case(KINDS.case["weak_branch"], unit=bay, title="整顿东湾村", ground="disunity", **common)
    secret = cases.open_case(KINDS.case["discipline"], unit=bay, title="不宜外传", person=wang, **common)
    entry = ledger.book(KINDS.entry["collective_income"], unit=bay, amount=1200, **common)
    return {
        "王建国": wang.pk,
        "李外人": far.pk,
        "王建国的组织关系": bond.pk,
        "李一": home.pk,
        "李二": foreign.pk,
        "责任": duty.pk,
        "走访": visit.pk,
        "整顿": case.pk,
        "限制事项": secret.pk,
        "收入": entry.pk,
    }


ACCOUNTS = (
    ("shi", "city_clerk", "安康市"),
    ("xian", "county_clerk", "汉滨区"),
    ("zhen", "township_clerk", "关庙镇"),
    ("kan", "reader", "关庙镇"),
)


def build() -> Land:
    with acting(EVERYTHING):
        made = _units()
        ids = {name: unit.pk for name, unit in made.items()} | _records(made)
        for username, role, unit in ACCOUNTS:
            _account(username, role, made[unit])
    roles = {username: role for username, role, _ in ACCOUNTS}
    return Land(ids, {username: token(username, scopes_of(role)) for username, role in roles.items()})


def scopes_of(role: str) -> list[str]:
    return [name for name in tokens.SCOPES if holds(role, name)]


def token(username: str, scopes: Collection[str], *, name: str = "试", days: int = 30, on: date | None = None) -> str:
    """A new token of the account under its only grant."""
    with access.at_the_door():
        account = Account.objects.get(username=username)
    [grant] = access.grants_of(account, JAN_1)
    with acting(Scope("", "", account.pk)):
        return tokens.make(account, grant, name=name, scopes=scopes, days=days, on=on or timezone.localdate())[1]


@dataclass
class Caller:
    """Calls the API as a program does; every write with a key of its own unless one is given."""

    secret: str | None
    client: Client
    count: int = 0

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, said: Any, *, key: str | None = None, kind: str = "application/json") -> Any:
        self.count += 1
        text = said if isinstance(said, bytes) else json.dumps(said)
        headers = self._headers() | {"Idempotency-Key": key or f"key-{self.count}"}
        return self.client.generic("POST", f"/api/v1{path}", text, content_type=kind, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}


@pytest.fixture(autouse=True)
def fresh_buckets() -> None:
    door.buckets.clear()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Land]:
    """Built once a module, in a transaction that is rolled back; so a module that serves over a port builds its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def land(built: Land) -> Iterator[Land]:
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def call(land: Land) -> Callable[[str | None], Caller]:
    """`call("zhen")`: with that account's token; `call(None)`: with none."""

    def calling(username: str | None) -> Caller:
        return Caller(land.secrets[username] if username else None, Client())

    return calling


@pytest.fixture
def one_token(land: Land) -> Callable[..., Caller]:
    """`one_token("zhen", "figures.read")`: with a token of these scopes only."""

    def made(username: str, *scopes: str) -> Caller:
        return Caller(token(username, scopes, name="-".join(scopes)), Client())

    return made

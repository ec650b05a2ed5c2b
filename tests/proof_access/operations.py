"""What the matrix asks of every operation of the API, with which ids, in the path, the query and the body; each under its permission.

A write names what the service may well do; the matrix takes each one back. For a row in sight it answers anything but “not found”.
"""

from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from hangshi.access.scope import Scope, acting
from hangshi.api import services
from hangshi.web.permissions import holds
from tests.proof_access.routes import UNIT, Ask
from tests.proof_access.world import World

API = "/api/v1"
NUMBERS = count(1)  # of tokens: an account gives each a name of its own
DAY = "2017-10-31"
PAIRING = {"kind": "pairing", "on": DAY}
PERIOD = "from=2017-01-01&to=2017-10-31"


def listed(path: str) -> tuple[Ask, ...]:
    return Ask(f"{API}{path}"), Ask(f"{API}{path}?unit={{id}}", UNIT, heavy=True)


def one(path: str, table: str) -> tuple[Ask, ...]:
    return (Ask(f"{API}{path}", table),)


def write(path: str, table: str, **body: str) -> Ask:
    return Ask(f"{API}{path}", table, body | {"on": DAY}, "post", found=0)


# (method, route) → asks; a dot in a body's name is a step into it, and what is all digits goes as a number.
OPERATIONS: dict[tuple[str, str], tuple[Ask, ...]] = {
    ("GET", "/me"): (Ask(f"{API}/me"),),
    ("GET", "/packs"): (Ask(f"{API}/packs"),),
    ("GET", "/packs/kinds"): (Ask(f"{API}/packs/kinds"),),
    ("GET", "/indicators"): (Ask(f"{API}/indicators"),),
    ("GET", "/indicators/<key>"): (Ask(f"{API}/indicators/visits"),),
    ("GET", "/indicators/<key>/value"): (Ask(f"{API}/indicators/visits/value?unit={{id}}&{PERIOD}", UNIT),),
    ("GET", "/indicators/<key>/children"): (Ask(f"{API}/indicators/visits/children?unit={{id}}&{PERIOD}", UNIT),),
    ("GET", "/indicators/<key>/months"): (Ask(f"{API}/indicators/visits/months?unit={{id}}&{PERIOD}", UNIT),),
    ("GET", "/indicators/<key>/rows"): (Ask(f"{API}/indicators/visits/rows?unit={{id}}&{PERIOD}", UNIT),),
    ("GET", "/persons"): listed("/persons"),
    ("GET", "/persons/<pk>"): one("/persons/{id}", "person"),
    ("GET", "/households"): listed("/households"),
    ("GET", "/households/<pk>"): one("/households/{id}", "household"),
    ("POST", "/households/<pk>/status"): (write("/households/{id}/status", "household", status="lifted"),),
    ("GET", "/memberships"): listed("/memberships"),
    ("GET", "/memberships/<pk>"): one("/memberships/{id}", "membership"),
    ("GET", "/duties"): listed("/duties"),
    ("POST", "/duties"): (
        Ask(f"{API}/duties", "household", PAIRING | {"bearer.person": "{somebody}", "target.household": "{id}"}, "post", 0),
        Ask(f"{API}/duties", "person:named", PAIRING | {"bearer.person": "{id}", "target.unit": "{own}"}, "post", 0),
    ),
    ("GET", "/duties/<pk>"): one("/duties/{id}", "duty"),
    ("POST", "/duties/<pk>/end"): (write("/duties/{id}/end", "duty", reason="term"),),
    ("GET", "/activities"): listed("/activities"),
    ("POST", "/activities"): (write("/activities", UNIT, kind="theme_day", unit="{id}", leader="{somebody}"),),
    ("GET", "/activities/<pk>"): one("/activities/{id}", "activity"),
    ("POST", "/visits"): (write("/visits", "household", household="{id}", leader="{somebody}"),),
    ("GET", "/cases"): listed("/cases"),
    ("POST", "/cases"): (write("/cases", UNIT, kind="weak_branch", unit="{id}", title="整顿", ground="disunity"),),
    ("GET", "/cases/<pk>"): one("/cases/{id}", "case_file"),
    ("POST", "/cases/<pk>/move"): (write("/cases/{id}/move", "case_file", to="plan"),),
    ("POST", "/cases/<pk>/close"): (write("/cases/{id}/close", "case_file", verdict="好"),),
    ("GET", "/entries"): listed("/entries"),
    ("POST", "/entries"): (write("/entries", UNIT, kind="collective_income", unit="{id}", amount="5.00"),),
    ("GET", "/entries/<pk>"): one("/entries/{id}", "entry"),
    ("POST", "/entries/<pk>/reverse"): (write("/entries/{id}/reverse", "entry", reason="填错"),),
    ("GET", "/units"): listed("/units"),
    ("POST", "/units"): (write("/units", UNIT, kind="village", name="新村", parent="{id}"),),
    ("GET", "/units/<pk>"): one("/units/{id}", "unit:listed"),
    ("GET", "/units/<pk>/children"): one("/units/{id}/children", UNIT),
    ("POST", "/units/<pk>/rename"): (write("/units/{id}/rename", UNIT, name="新名"),),
    ("POST", "/units/<pk>/move"): (write("/units/{id}/move", UNIT, parent="{own}"), write("/units/{own}/move", UNIT, parent="{id}")),
    ("POST", "/units/<pk>/merge"): (write("/units/{id}/merge", UNIT, into="{own}"), write("/units/{own}/merge", UNIT, into="{id}")),
    ("POST", "/units/<pk>/close"): (write("/units/{id}/close", UNIT),),
}  # fmt: skip


def nested(body: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in body.items():
        *steps, last = name.split(".")
        at = made
        for step in steps:
            at = at.setdefault(step, {})
        at[last] = int(value) if value.isdecimal() else value
    return made


class Program:
    """Asks as `django.test.Client` is asked by the matrix, but under a token, and with a key of its own for each write."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})
        self.count = 0

    def get(self, address: str, body: Any = None) -> Any:
        return self.client.get(address)

    def head(self, address: str, body: Any = None) -> Any:
        return self.client.head(address)

    def put(self, address: str, body: Any = None) -> Any:
        return self.client.put(address, nested(body or {}), "application/json")

    def delete(self, address: str, body: Any = None) -> Any:
        return self.client.delete(address)

    def post(self, address: str, body: Any = None) -> Any:
        self.count += 1
        headers = {"Idempotency-Key": f"key-{self.count}"}
        return self.client.post(address, nested(body or {}), "application/json", headers=headers)


def program(world: World, who: str) -> Program:
    """A program of the account, with all that its role may hand to one."""
    grant = world.grants[who]
    scopes = [name for name in services.SCOPES if holds(grant.role, name)]
    with acting(Scope("", "", grant.account_id)):
        made = services.make(
            world.accounts[who], grant, name=f"矩阵{next(NUMBERS)}", scopes=scopes, days=2, on=timezone.localdate()
        )
    return Program(made[1])

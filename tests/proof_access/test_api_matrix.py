"""Every operation of the API × role × target × method under tokens: what one may not see answers like what does not exist."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from hangshi.access.roles import pack
from hangshi.access.scope import Scope, acting
from hangshi.api import calls, door, services
from hangshi.api.urls import OPEN
from tests.proof_access import oracle
from tests.proof_access.asking import NONE, Answer, ask, leaked, routes, targets, visible
from tests.proof_access.operations import API, OPERATIONS, Program, program
from tests.proof_access.oracle import Rows
from tests.proof_access.routes import UNIT, Ask
from tests.proof_access.test_matrix import fault, row_security, typed_for
from tests.proof_access.world import ROLES, World
from tests.refusals import refusal_of

BOTH = pytest.mark.django_db(databases=["default", "owner"])
PEOPLE = ("mayor", "north_clerk", "clerk", "first", "reader", "secretary", "paired")
OFFICES = ("systems", "security", "auditor")
NO_OPERATION = f"{calls.PREFIX}/"  # django-ninja's own; the door answers it like any address that is not there
OTHER_METHODS = ("head", "put", "delete")
READS = [(operation, it) for operation, asks in OPERATIONS.items() if operation[0] == "GET" for it in asks]
RECORDS = {"persons", "households", "memberships", "duties", "activities", "cases", "entries"}


def may(who: str, operation: tuple[str, str]) -> bool:
    needed = calls.needs[operation[0], f"{calls.PREFIX}{operation[1]}"]
    return needed == calls.ANY or needed in pack().roles[ROLES[who][0]].permissions


def undone(client: Program, it: Ask, pk: int, typed: dict[str, Any], method: str) -> Answer:
    """What the call answers; what it did is taken back, for the next one asks the same country."""
    with transaction.atomic():
        answer = ask(client, it, pk, typed, method)
        transaction.set_rollback(True)
    return answer


def faults(
    world: World, rows: Rows, who: str, asks: list[tuple[bool, Ask]], methods: tuple[str, ...] = ("",)
) -> list[str]:
    """Every answer that says more than it should, in a line; an ask comes with whether the role holds its permission."""
    found, client = [], program(world, who)
    typed: dict[str, Any] = typed_for(world, rows, who) | {"own": str(world.grants[who].unit_id)}
    for allowed, it in asks:
        seen = visible(rows, world.grants[who], it) if it.table else set()
        for method in methods:
            nothing = undone(client, it, NONE, typed, method)
            for pk in targets(world, rows, it) if it.table else [NONE]:
                answer = undone(client, it, pk, typed, method)
                said = fault(it, answer, nothing, allowed, not it.table or pk in seen, bool(method))
                names = leaked(world, rows, who, answer.text + str(answer.headers))
                if said or names:
                    found.append(f"{method or it.method} {it.address} {it.body} {pk}: {said} {sorted(names)}")
    return found


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """How often one may call is the subject of tests/api/test_limits.py."""
    settings.API_CALLS_A_MINUTE = {"token": 10**9, "address": 10**9}
    door.buckets.clear()


def test_every_operation_is_asked() -> None:
    assert {(method, f"{calls.PREFIX}{path}") for method, path in OPERATIONS} == set(calls.needs)
    known = {calls.route_of(name) for name in routes() if name.startswith("api/")}
    assert known == {route for _, route in calls.needs} | OPEN | {NO_OPERATION}


@BOTH
@pytest.mark.parametrize("who", PEOPLE)
def test_a_row_out_of_sight_answers_a_program_like_one_that_does_not_exist(
    world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    rows = oracle.everything()
    asks = [(may(who, operation), it) for operation, several in OPERATIONS.items() for it in several]
    assert "\n".join(faults(world, rows, who, asks)) == ""
    assert "鹮" not in caplog.text


@BOTH
@pytest.mark.parametrize("who", ["clerk", "secretary", "paired"])
def test_so_it_does_by_every_method(world: World, who: str) -> None:
    rows = oracle.everything()
    asks = [
        (may(who, operation), it)
        for operation, several in OPERATIONS.items()
        for it in several
        if operation[0] == "GET" and it.table and not it.heavy
    ]
    assert "\n".join(faults(world, rows, who, asks, OTHER_METHODS)) == ""


@BOTH
@pytest.mark.parametrize("secret", [None, "hs_nobody"])
def test_without_a_living_token_every_operation_answers_401_whatever_it_names(world: World, secret: str | None) -> None:
    rows, client = oracle.everything(), Program(secret)
    typed = typed_for(world, rows, "nobody") | {"own": "1"}
    for it in (it for several in OPERATIONS.values() for it in several):
        nothing = ask(client, it, NONE, typed)
        assert nothing.status == 401
        for pk in targets(world, rows, it)[:4] if it.table else []:
            assert ask(client, it, pk, typed) == nothing


@pytest.mark.parametrize("who", ["clerk", "first"])
def test_lists_and_records_of_a_place_hold_without_row_security(bare: World, who: str) -> None:
    """The registers' own range is a second lock. `?unit=` is the database's alone, and so is `/units/{id}`."""
    rows, client = oracle.everything(), program(bare, who)
    asks = [it for _, it in READS if it.table != UNIT and RECORDS & set(it.address.split("/"))]
    assert len(asks) == 2 * len(RECORDS)
    row_security("DISABLE")
    try:
        found = {(it.address, pk): said_of(bare, rows, who, client, it, pk) for it, pk in each(bare, rows, asks)}
    finally:
        row_security("ENABLE")
    assert {at: said for at, said in found.items() if said} == {}


@pytest.mark.parametrize("who", ["clerk", "secretary", "paired"])
def test_rows_hold_without_the_checks_of_the_application(
    bare: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every scope granted to the token and no list narrowed: the policies alone still show no program a foreign name."""
    rows, client = oracle.everything(), program(bare, who)
    monkeypatch.setattr("hangshi.api.door._check_permission", lambda *_: None)
    monkeypatch.setattr("hangshi.api.queries.Caller.may", lambda *_: True)
    monkeypatch.setattr("hangshi.web.lists.below", lambda rows, unit: rows)
    asks = [it for _, it in READS]
    texts = {(it.address, pk): ask(client, it, pk, {}) for it, pk in each(bare, rows, asks)}
    assert {at: names for at, said in texts.items() if (names := leaked(bare, rows, who, said.text))} == {}
    assert sum(said.status == 200 for said in texts.values()) > len(asks)  # they do answer


def test_the_matrix_itself_sees_a_leak(bare: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both locks open the same questions must find something."""
    rows, client = oracle.everything(), program(bare, "clerk")
    monkeypatch.setattr("hangshi.web.lists.below", lambda rows, unit: rows)
    asks = [Ask(f"{API}/persons/{{id}}", "person")]  # a household vanishes with its unit, which is still guarded
    row_security("DISABLE")
    try:
        found = [said_of(bare, rows, "clerk", client, it, pk) for it, pk in each(bare, rows, asks)]
    finally:
        row_security("ENABLE")
    assert any(found)


def each(world: World, rows: Rows, asks: list[Ask]) -> list[tuple[Ask, int]]:
    return [(it, pk) for it in asks for pk in (targets(world, rows, it) if it.table else [NONE])]


def said_of(world: World, rows: Rows, who: str, client: Program, it: Ask, pk: int) -> str:
    """What the answer says more than it should; "" nothing."""
    seen = not it.table or pk in visible(rows, world.grants[who], it)
    answer = ask(client, it, pk, {})
    said = fault(it, answer, ask(client, it, NONE, {}), True, seen, False)
    names = leaked(world, rows, who, answer.text + str(answer.headers))
    return f"{said} {sorted(names)}" if said or names else ""


@BOTH
@pytest.mark.parametrize("who", OFFICES)
def test_an_office_that_sees_no_record_can_make_no_token(world: World, who: str) -> None:
    grant = world.grants[who]
    said = {"name": "矩阵", "scopes": ["records.read"], "days": 2, "on": timezone.localdate()}
    with acting(Scope("", "", grant.account_id)):
        assert refusal_of(services.make, world.accounts[who], grant, **said) == "token.wider"
        assert refusal_of(services.make, world.accounts[who], grant, **(said | {"scopes": []})) == "token.scopes"

"""Every route × role × target × method: what one may not see answers like what does not exist, and no name of it is anywhere."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.proof_access import oracle
from tests.proof_access.asking import NONE, Answer, ask, leaked, may, needs, routes, signed_in, targets, visible
from tests.proof_access.oracle import Rows
from tests.proof_access.routes import ELSEWHERE, ROUTES, Ask
from tests.proof_access.world import World

BOTH = pytest.mark.django_db(databases=["default", "owner"])
ASKS = [(name, it) for name, asks in ROUTES.items() for it in asks]
OTHER_METHODS = ("head", "put", "delete")
RECORDS = ("person", "household", "membership", "duty", "activity", "case_file", "entry")


def typed_for(world: World, rows: Rows, who: str) -> dict[str, Any]:
    """What goes into a form beside the id: a person whom one sees, the day."""
    persons = oracle.visible(rows, world.grants[who], timezone.localdate())["person"] if who in world.grants else set()
    return {"somebody": str(min(persons, default=0)), "today": timezone.localdate().isoformat()}


def number_of(rows: Rows, pk: int) -> str:
    return next((row["number"] for row in rows["household"] if row["id"] == pk), "no such number")


def faults(
    world: World,
    rows: Rows,
    who: str,
    client: Client,
    asks: list[tuple[str, Ask]],
    methods: tuple[str, ...] = ("",),
    most: int = 99,
) -> list[str]:
    """Every answer that says more than it should, in a line."""
    found, typed = [], typed_for(world, rows, who)
    for name, it in asks:
        allowed, seen = may(who, name), visible(rows, world.grants[who], it) if it.table else set()
        for method in methods:
            nothing = ask(client, it, NONE, typed | {"number": number_of(rows, NONE)}, method)
            for pk in targets(world, rows, it)[-most:] if it.table else [NONE]:
                answer = ask(client, it, pk, typed | {"number": number_of(rows, pk)}, method)
                if said := fault(it, answer, nothing, allowed, not it.table or pk in seen, bool(method)):
                    found.append(f"{method or it.method} {it.address} {pk}: {said}")
                if names := leaked(world, rows, who, answer.text + str(answer.headers)):
                    found.append(f"{method or it.method} {it.address} {pk}: reads {sorted(names)}")
    return found


def fault(it: Ask, answer: Answer, nothing: Answer, allowed: bool, seen: bool, other_method: bool) -> str:
    if not allowed:
        refused = answer.status in (302, 403) and answer == nothing
        return "" if refused else f"{answer.status} without the permission"
    if not seen:
        if answer != nothing:
            return f"differs from what does not exist ({answer.status}, {nothing.status})"
        return "" if other_method or answer.status == it.missing else f"{answer.status}, not {it.missing}"
    if other_method:
        return "" if answer.status < 500 else f"{answer.status}"
    right = answer != nothing if it.table and not it.found else answer.status == (it.found or 200)
    return "" if right else f"{answer.status}, not {it.found}"


def test_every_route_is_in_the_table() -> None:
    elsewhere = {name for name in routes() if name.startswith(tuple(ELSEWHERE))} - ROUTES.keys()
    assert set(routes()) - elsewhere == set(ROUTES), "routes.py has to say with which ids each route is asked"
    assert [start for start in ELSEWHERE if not any(name.startswith(start) for name in elsewhere)] == []


def test_what_reveals_hands_out_or_changes_who_may_asks_again_who_one_is() -> None:
    delicate = {name for name, view in routes().items() if getattr(view, "delicate", False)}
    assert delicate == {
        "reveal", "revealed", "person_file", "records_export", "indicator_export", "intake_refused", "roster_workbook",
        "comparison_faults", "comparison_export",
        "dividend_sheet",
        "flag_pay_workbook",
        "grant_new", "grant_person", "grant_end", "delegation_new", "delegation_end",
        "handoff_send", "handoff_file", "form_list",
    }  # fmt: skip
    assert {name for name in routes() if needs(name) in ("people.reveal", "records.export")} <= delicate


@BOTH
@pytest.mark.parametrize("who", ["clerk", "reader", "secretary", "paired", "systems", "security", "auditor"])
def test_a_row_out_of_sight_answers_like_one_that_does_not_exist(
    world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    rows = oracle.everything()
    found = faults(world, rows, who, signed_in(who), ASKS)
    assert "\n".join(found) == ""
    assert "鹮" not in caplog.text  # nor is a name in the log


@BOTH
@pytest.mark.parametrize("who", ["clerk", "secretary", "paired"])
def test_so_it_does_by_every_method(world: World, who: str) -> None:
    rows = oracle.everything()
    asks = [
        (name, it) for name, it in ASKS if it.table and not it.heavy and it.method == "get" and "{id}" in it.address
    ]
    assert faults(world, rows, who, signed_in(who), asks, OTHER_METHODS, most=4) == []


@BOTH
def test_a_stranger_is_sent_to_the_door_whatever_they_ask(world: World) -> None:
    rows, client = oracle.everything(), Client()
    typed = typed_for(world, rows, "nobody")
    for _, it in ASKS:
        nothing = ask(client, it, NONE, typed | {"number": "no such number"})
        assert nothing.status == 302
        for pk in targets(world, rows, it) if it.table else []:
            assert ask(client, it, pk, typed | {"number": number_of(rows, pk)}) == nothing


def row_security(word: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        for table in RECORDS:
            cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")


@pytest.mark.parametrize("who", ["clerk", "first"])
def test_lists_and_records_of_a_place_hold_without_row_security(bare: World, who: str) -> None:
    """The pages' own range is a second lock: on the lists, their workbooks and the records. `?unit=` is the database's alone."""
    rows, client = oracle.everything(), signed_in(who)
    asks = [
        (name, it) for name, it in ASKS if name in ("records", "records_export", "record") and "unit" not in it.address
    ]
    row_security("DISABLE")
    try:
        found = faults(bare, rows, who, client, asks)
    finally:
        row_security("ENABLE")
    assert "\n".join(found) == ""


@pytest.mark.parametrize("who", ["clerk", "secretary", "paired", "security", "auditor"])
def test_rows_hold_without_the_checks_of_the_application(
    bare: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every permission granted and no page narrowing its rows: the policies alone still show nobody a foreign name."""
    rows, client = oracle.everything(), signed_in(who)
    monkeypatch.setattr("hangshi.web.permissions.holds", lambda role, name: True)
    monkeypatch.setattr("hangshi.web.views.records.holds", lambda role, name: True)
    monkeypatch.setattr("hangshi.web.lists.below", lambda rows, unit: rows)
    texts = {}
    for _, it in ASKS:
        if it.method == "get":
            for pk in targets(bare, rows, it)[:6] if it.table else [NONE]:
                texts[it.address, pk] = ask(client, it, pk, {}).text
    assert {where: names for where, text in texts.items() if (names := leaked(bare, rows, who, text))} == {}


def test_the_matrix_itself_sees_a_leak(bare: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both locks open the same questions must find something: a check that cannot fail proves nothing."""
    rows, client = oracle.everything(), signed_in("clerk")
    asks = [
        ("record", Ask("/records/households/{id}/", "household")),
        ("record", Ask("/records/persons/{id}/", "person")),
    ]
    monkeypatch.setattr("hangshi.web.lists.below", lambda rows, unit: rows)
    row_security("DISABLE")
    try:
        found = faults(bare, rows, "clerk", client, asks)
    finally:
        row_security("ENABLE")
    assert {it.split(": ")[1].split(" ")[0] for it in found} == {"differs", "reads"}

"""How the matrix asks: as somebody signed in, with what changes from answer to answer taken out."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from hangshi.access.models import Grant
from hangshi.access.roles import pack
from tests.proof_access import oracle
from tests.proof_access.oracle import Row, Rows
from tests.proof_access.routes import Ask
from tests.proof_access.world import PASSWORD, ROLES, World

NONE = 999_999_999
CHANGING = re.compile(r'(name="csrfmiddlewaretoken" value="|name="csrf-token" content="|name="once" value=")[^"]*')
CANARY = re.compile(r"鹮(\w+?)鹮")
# Who is named though their home is out of sight: they bear a duty there. A page that names nobody else's cadre is right as well.
NAMED = {"clerk": {"cadre", "other_cadre"}, "first": {"cadre", "other_cadre"}, "reader": {"cadre", "other_cadre"},
         "secretary": {"cadre"}, "paired": {"cadre"}}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, f"{username} cannot sign in"
    return client


def routes(patterns: list[Any] | None = None, prefix: str = "") -> dict[str, Any]:
    """Name → view of every route; one without a name, or below another file of routes, goes by its address."""
    found: dict[str, Any] = {}
    for it in get_resolver().url_patterns if patterns is None else patterns:
        address = f"{prefix}{it.pattern}"
        if isinstance(it, URLResolver):
            found |= routes(it.url_patterns, address)
        else:
            found[address if prefix or not it.name else it.name] = it.callback
    return found


def needs(name: str) -> str | None:
    """The permission of a route."""
    found: str | None = routes()[name].permission
    return found


def may(username: str, name: str) -> bool:
    permission = needs(name)
    return permission == "" or permission in pack().roles[ROLES[username][0]].permissions


def ask(client: Client, it: Ask, pk: int, typed: dict[str, str], method: str = "") -> Answer:
    said = {"id": str(pk), **typed}
    address = it.address.format_map(said)
    body = {name: value.format_map(said) for name, value in it.body.items()}
    response = getattr(client, method or it.method)(address, body or None)
    return _plain(response, [address, str(pk), *body.values()])


def _plain(response: Any, typed: list[str]) -> Answer:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    text = _unzipped(raw) if raw[:2] == b"PK" else raw.decode()
    text = CHANGING.sub(r"\1", text)
    headers = {name: value for name, value in response.headers.items() if name not in ("Set-Cookie", "Content-Length")}
    said = "\n".join(f"{name}: {value}" for name, value in sorted(headers.items()))
    for word in sorted(
        {word for word in typed if word}, key=len, reverse=True
    ):  # what was typed comes back in the form
        text, said = text.replace(word, "…"), said.replace(word, "…")
    return Answer(response.status_code, text, tuple(line.partition(": ")[::2] for line in said.split("\n")))


def _unzipped(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def targets(world: World, rows: Rows, it: Ask) -> list[int]:
    """An id of every place, the ids of what was erased, and one that never was."""
    table = it.table.partition(":")[0]
    if it.heavy:
        return [*(world.units[name].pk for name in ("bay", "far", "east_party")), NONE]
    if it.table.endswith(("unit", "unit:listed", "unit:village")):
        return [*(unit.pk for unit in world.units.values()), NONE]
    if table == "access_grant":
        return [*(given.pk for given in world.grants.values()), NONE]
    spread: dict[int, Row] = {row["unit_id"]: row for row in rows[table]}
    register = {"household": "households", "person": "persons"}.get(table, "")
    erased = [ids[register] for ids in world.erased.values()] if register else []
    return [*(row["id"] for row in spread.values()), *erased[:1], NONE]


def visible(rows: Rows, grant: Grant, it: Ask) -> set[int]:
    """The ids for which the route answers with the row, by the oracle."""
    day, (table, _, which) = timezone.localdate(), it.table.partition(":")
    if which == "unit":
        return {row["id"] for row in rows["unit"] if row["path"].startswith(grant.path)}
    seen = oracle.visible(rows, grant, day)[table]
    if which == "listed" and grant.line != "party":  # a list ends at one's own unit; those above are only named
        return {row["id"] for row in rows[table] if row["id"] in seen and row["path"].startswith(grant.path)}
    if which == "village":  # pages that only a village has
        return {row["id"] for row in rows[table] if row["id"] in seen and row["kind"] == "village"}
    if which == "named":  # whom one may put down: whoever already bears something in sight
        duties = oracle.visible(rows, grant, day)["duty"]
        return seen | {row["bearer_id"] for row in rows["duty"] if row["id"] in duties}
    grants = [row for row in rows["access_grant"] if row["id"] in seen]
    if which == "run":  # rounds that are held from where one acts
        members = {it["round_id"] for it in rows["appraisal_sheet"] if it["person_id"] is not None}
        held = {it["id"] for it in rows[table] if it["path"].startswith(grant.path)} - members
        return seen & held
    if which == "own":
        return {row["id"] for row in grants if row["account_id"] == grant.account_id} & oracle.standing(rows, day)
    if which == "manage":
        return {row["id"] for row in grants if row["account_id"] != grant.account_id}
    if which == "given":
        return {row["id"] for row in grants if row["granted_by"] == grant.account_id and row["delegated_from_id"]}
    return seen


def readable(world: World, rows: Rows, username: str) -> set[str]:
    """The canaries that somebody may read: of units, households and persons in sight, and of the cadres named there."""
    grant = world.grants[username]
    seen = oracle.visible(rows, grant, timezone.localdate())
    above = [int(step) for step in grant.path.split("/") if step]  # one's own unit and those above it, by name
    allowed = {name for name, it in world.units.items() if it.pk in seen["unit"] or it.pk in above}
    allowed |= {name for name, it in world.households.items() if it.pk in seen["household"]}
    allowed |= {name for name, it in world.persons.items() if it.pk in seen["person"]}
    if grant.role == "security_admin":  # names of the units of the grants, and of nothing below a village
        allowed |= {ROLES[it][1] for it in ROLES} | {"bay", "n_east"}
    return allowed | NAMED.get(username, set())


def leaked(world: World, rows: Rows, username: str, text: str) -> set[str]:
    """The canaries in the text that somebody should never read."""
    return set(CANARY.findall(text)) - readable(world, rows, username)

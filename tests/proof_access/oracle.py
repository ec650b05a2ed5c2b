"""Which rows a grant opens, said once more in plain Python over plain rows: what the database's answer must equal."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connections

from hangshi.access.models import Grant

Row = dict[str, Any]
Rows = dict[str, list[Row]]
TABLES = (
    "unit",
    "unit_name",
    "unit_link",
    "unit_path",
    "succession",
    "person",
    "household",
    "household_status",
    "household_member",
    "membership",
    "search_token",
    "duty",
    "activity",
    "attendance",
    "case_file",
    "case_step",
    "entry",
    "appraisal_sheet",
    "appraisal_round",  # after the sheets, which open it
)
OURS = ("account", "access_grant")
SCOPES = {"branch_secretary": "party", "paired_cadre": "households"}
OFFICES = {"system_admin", "security_admin", "auditor"}


def everything() -> Rows:
    """All rows of the tables as their owner reads them, whom no policy binds; only columns that decide."""
    found: Rows = {}
    with connections["owner"].cursor() as cursor:
        for table in (*TABLES, *OURS):
            cursor.execute(f"SELECT * FROM {table}")
            names = [column.name for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def in_force(row: Row, day: date) -> bool:
    return row["since"] <= day and (row["until"] is None or day <= row["until"])


def visible(rows: Rows, grant: Grant, day: date) -> dict[str, set[int]]:
    """The ids that the grant opens in each table on the day."""
    return _of_the_work(rows, grant, day) | _of_access(rows, grant)


def standing(rows: Rows, day: date) -> set[int]:
    """The ids of the grants under which somebody may act that day."""
    given, active = {it["id"]: it for it in rows["access_grant"]}, {it["id"] for it in rows["account"] if it["active"]}

    def stands(it: Row) -> bool:
        if not (in_force(it, day) and it["account_id"] in active):
            return False
        above = given.get(it["delegated_from_id"])
        if above is None:
            return it["delegated_from_id"] is None
        return stands(above) and it["path"].startswith(above["path"])

    return {it["id"] for it in given.values() if stands(it)}


def _of_access(rows: Rows, grant: Grant) -> dict[str, set[int]]:
    """One's own and what one has given; an administrator of security those of their unit and below, and of whom they are."""
    secure, me = grant.role == "security_admin", grant.account_id
    seen = [
        it
        for it in rows["access_grant"]
        if me in (it["account_id"], it["granted_by"]) or (secure and it["path"].startswith(grant.path))
    ]
    accounts = {it["account_id"] for it in seen} if secure else set()
    if grant.role == "system_admin":
        accounts = {it["id"] for it in rows["account"]}
    return {"access_grant": {it["id"] for it in seen}, "account": accounts | {me}}


def _of_the_work(rows: Rows, grant: Grant, day: date) -> dict[str, set[int]]:
    if grant.role in OFFICES:
        return {table: set() for table in TABLES}
    see = {"party": _party, "households": _paired}.get(SCOPES.get(grant.role, ""), _place)
    allowed = see(rows, grant, day)
    seen = {table: {row["id"] for row in rows[table] if allowed(table, row)} for table in TABLES}
    # A member's sheet is for the branch itself and the member, none of whom is among our roles; a sheet lets its round be read.
    seen["appraisal_sheet"] -= {it["id"] for it in rows["appraisal_sheet"] if it["person_id"] is not None}
    seen["appraisal_round"] |= {it["round_id"] for it in rows["appraisal_sheet"] if it["id"] in seen["appraisal_sheet"]}
    return seen


Allowed = Callable[[str, Row], bool]


def _place(rows: Rows, grant: Grant, day: date) -> Allowed:
    here = grant.path.split("/")[:-1]
    return lambda table, row: row["path"].split("/")[: len(here)] == here


def _party(rows: Rows, grant: Grant, day: date) -> Allowed:
    parent = {
        link["unit_id"]: link["parent_id"]
        for link in rows["unit_link"]
        if link["line"] == "party" and in_force(link, day)
    }

    def stands_below(unit: int | None) -> bool:
        while unit in parent:
            if unit == grant.unit_id:
                return True
            unit = parent[unit]
        return False

    paths = {unit["path"] for unit in rows["unit"] if stands_below(unit["id"])}
    members = {it["person_id"] for it in rows["membership"] if it["path"] in paths and in_force(it, day)}
    units = {unit["id"] for unit in rows["unit"] if unit["path"] in paths}
    closed = ("household", "household_status", "household_member")

    def allowed(table: str, row: Row) -> bool:
        if table in closed:
            return False
        if table == "person":
            return row["path"] in paths or row["id"] in members
        if table == "search_token":
            return row["target_id"] in (units if row["target"] == "unit" else members)
        return row["path"] in paths

    return allowed


def _paired(rows: Rows, grant: Grant, day: date) -> Allowed:
    mine = [
        it
        for it in rows["duty"]
        if it["kind"] == "pairing"
        and grant.person_id is not None
        and it["bearer_id"] == grant.person_id
        and in_force(it, day)
        and it["path"].startswith(grant.path)
    ]
    homes, duties = {it["household_id"] for it in mine}, {it["id"] for it in mine}
    way = {int(step) for it in rows["household"] if it["id"] in homes for step in it["path"].split("/") if step}
    living = [it for it in rows["household_member"] if it["household_id"] in homes and in_force(it, day)]
    persons = {it["person_id"] for it in living} | {grant.person_id}
    members, files = {it["id"] for it in living}, {it["id"] for it in rows["case_file"] if it["household_id"] in homes}
    by_id = {"unit": way, "household": homes, "household_member": members, "person": persons, "duty": duties}

    def allowed(table: str, row: Row) -> bool:
        if table in by_id:
            return row["id"] in by_id[table]
        if table == "search_token":
            return row["target_id"] in by_id[row["target"]]
        if table == "case_step":
            return row["case_id"] in files
        return row.get("household_id") in homes

    return allowed

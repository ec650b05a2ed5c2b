"""安康, at the end of October 2017: synthetic people on the real division tree, adding up to what its report says."""

from collections.abc import Callable
from datetime import date

import polars as pl
from django.contrib.auth.hashers import make_password
from django.db.backends.utils import CursorWrapper

from hangshi.scenarios import bonds, books, doings, files, people, places
from hangshi.scenarios.tables import copy
from hangshi.scenarios.totals import Totals

Told = Callable[[str], None]
ACCOUNTS = [  # sign-in name, shown name, role, name of the unit
    ("shi", "市级演示账号", "city_clerk", "安康市"),
    ("hanbin", "汉滨区演示账号", "county_clerk", "汉滨区"),
    ("guanmiao", "关庙镇演示账号", "township_clerk", "关庙镇"),
    ("cun", "第一书记演示账号", "first_secretary", None),
]
# On every place, since a clerk sees no unit above their own: the banner and the day the pages speak of.
SAYS = {"synthetic": True, "report_day": "2017-10-31"}
PLACES = ["city", "county", "township", "village", "community"]
TABLES = [
    "unit", "unit_name", "unit_link", "unit_path", "person", "household", "household_status", "membership", "search_token", "duty",
    "activity", "attendance", "case_file", "case_step", "entry",
]  # fmt: skip


def fill(cursor: CursorWrapper, scale: float, password: str | None, told: Told) -> None:
    totals = Totals(scale)
    told("区划与组织")
    town = places.build(totals)
    chains, led = bonds.write_entities(town, totals)
    town.units.write(cursor)
    told("党员、干部与农户")
    members = people.people(town, totals)
    homes = people.households(town, totals)
    people.write_people(cursor, town, members, totals)
    told("责任")
    ties = bonds.write_duties(cursor, town, members, homes, chains, led, totals)
    gone = files.exits(homes, ties, totals)
    people.write_households(cursor, town, homes, gone)
    told("活动与到会")
    doings.write(cursor, town, members, homes, ties, totals)
    told("台账与事项")
    books.write(cursor, town, members, homes, totals)
    files.write(cursor, town, members, homes, ties, gone, totals)
    if password is not None:
        accounts(cursor, town, password)


def accounts(cursor: CursorWrapper, town: places.Places, password: str) -> None:
    """The demo accounts, all with the one password."""
    units = town.units
    unit_of = {name: at + 1 for at, name in reversed(list(enumerate(units.name)))}
    township = unit_of["关庙镇"]
    villages = [int(at) for at in units.ids("village") if units.parent[at - 1] == township]
    village = next(
        (at for at in villages if at in set(town.teamed.tolist())), villages[0]
    )  # where there is a first secretary
    cursor.execute("SELECT coalesce(max(id), 0) FROM account")
    (last,) = cursor.fetchone() or (0,)
    rows = [
        (last + at, username, name, role, unit_of[unit] if unit else village)
        for at, (username, name, role, unit) in enumerate(ACCOUNTS, 1)
    ]
    hashed = make_password(password)
    copy(cursor, "account", pl.DataFrame({
        "id": [row[0] for row in rows], "username": [row[1] for row in rows], "name": [row[2] for row in rows],
        "password": [hashed] * len(rows), "active": [True] * len(rows),
    }))  # fmt: skip
    copy(cursor, "access_grant", pl.DataFrame({
        "account_id": [row[0] for row in rows], "role": [row[3] for row in rows], "unit_id": [row[4] for row in rows],
        "path": [units.path[row[4] - 1] for row in rows], "since": [date(2015, 11, 1)] * len(rows),
    }))  # fmt: skip

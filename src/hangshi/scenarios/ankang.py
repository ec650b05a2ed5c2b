"""安康, at the end of October 2017: synthetic people on the real division tree, adding up to what its report says."""

from collections.abc import Callable
from datetime import date

from hangshi.scenarios import bonds, books, doings, files, people, places
from hangshi.scenarios.accounts import opened
from hangshi.scenarios.tables import Sink
from hangshi.scenarios.totals import Totals

Told = Callable[[str], None]
ROOT = "6109"
ACCOUNTS = [  # sign-in name, shown name, role, name of the unit
    ("shi", "市级演示账号", "city_clerk", "安康市"),
    ("hanbin", "汉滨区演示账号", "county_clerk", "汉滨区"),
    ("guanmiao", "关庙镇演示账号", "township_clerk", "关庙镇"),
    ("cun", "第一书记演示账号", "first_secretary", None),
    ("dui", "工作队员演示账号", "first_secretary", None),  # what one proposes another approves
]
# On every place, since a clerk sees no unit above their own: the banner and the day the pages speak of.
SAYS = {"synthetic": True, "report_day": "2017-10-31"}


def fill(sink: Sink, scale: float, password: str | None, told: Told) -> None:
    totals = Totals(scale)
    told("区划与组织")
    town = places.build(totals, sink.base["unit"])
    chains, led = bonds.write_entities(town, totals)
    town.units.write(sink)
    told("党员、干部与农户")
    members = people.people(town, totals)
    homes = people.households(town, totals)
    people.write_people(sink, town, members, totals)
    told("责任")
    ties = bonds.write_duties(sink, town, members, homes, chains, led, totals)
    gone = files.exits(homes, ties, totals)
    people.write_households(sink, town, homes, gone)
    told("活动与到会")
    doings.write(sink, town, members, homes, ties, totals)
    told("台账与事项")
    books.write(sink, town, members, homes, totals)
    files.write(sink, town, members, homes, ties, gone, totals)
    if password is not None:
        accounts(sink, town, password)


def accounts(sink: Sink, town: places.Places, password: str) -> None:
    """The demo accounts; the first secretary's village has a work team where there is one."""
    units = town.units
    unit_of = {name: at + 1 for at, name in reversed(list(enumerate(units.name)))}
    township, teamed = unit_of["关庙镇"], set(town.teamed.tolist())
    villages = [int(at) for at in units.ids("village") if units.parent[at - 1] == township]
    village = next((at for at in villages if at in teamed), villages[0])
    rows = [(username, name, role, unit_of[unit] if unit else village) for username, name, role, unit in ACCOUNTS]
    opened(sink, units, rows, password, since=date(2015, 11, 1))

"""酒泉 at the end of 2017: synthetic people on the real division tree, adding up to what its report says.

The tree has the 434 villages that the report counts: living areas of state farms and four villages founded later are left out.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from hangshi.scenarios import jiuquan_people, jiuquan_work
from hangshi.scenarios.accounts import opened
from hangshi.scenarios.draw import Ints, split
from hangshi.scenarios.land import chosen, read, stand
from hangshi.scenarios.sheets import Sheets, numbered_names
from hangshi.scenarios.tables import Sink
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

Told = Callable[[str], None]
ROOT = "6209"
REPORT_DAY = date(2017, 12, 31)
SAYS = {"synthetic": True, "report_day": "2017-12-31"}
ACCOUNTS = [
    ("jiuquan", "酒泉市演示账号", "city_clerk", "酒泉市"),
    ("suzhou", "肃州区演示账号", "county_clerk", "肃州区"),
]
LED, GRID = 1_078, 846
BRANCHES = {"rural": 1_500, "community": 846, "organ": 1_100, "two_new": 700, "other": 90}
ORGANS = 18  # in the city and in each county
TEAMS, STATIONS = 35, 12
WORDS = ["组织部", "宣传部", "统战部", "政法委", "发展和改革委员会", "教育局", "公安局", "民政局", "司法局", "财政局", "人力资源和社会保障局",
         "自然资源局", "交通运输局", "水务局", "农牧局", "商务局", "卫生和计划生育委员会", "审计局"]  # fmt: skip


def fill(sink: Sink, scale: float, password: str | None, told: Told) -> None:
    totals = Totals(scale)
    sheets = Sheets("jiuquan", REPORT_DAY, Units(base=sink.base["unit"]))
    told("区划与组织")
    branches = build(sheets, totals)
    told("两新组织和场所")
    entities = covered(sheets, totals)
    told("党员、干部与农户")
    people = jiuquan_people.gather(sheets, branches, totals)
    told("责任")
    jiuquan_people.bind(sheets, people, branches, entities, totals)
    told("活动、台账与事项")
    jiuquan_work.gather(sheets, people, branches, entities, totals)
    told("写入")
    sheets.write(sink)
    if password is not None:
        unit_of = {name: at + 1 for at, name in reversed(list(enumerate(sheets.units.name)))}
        rows = [(username, name, role, unit_of[unit]) for username, name, role, unit in ACCOUNTS]
        opened(sink, sheets.units, rows, password, since=date(2017, 1, 1))


def build(sheets: Sheets, totals: Totals) -> dict[str, Ints]:
    """The tree, its organs and teams, and the branches by field."""
    units = sheets.units
    stand(units, chosen(read("jiuquan_divisions.csv"), totals), [])
    places = units.ids("city", "county")
    for place in places.tolist():
        for word in WORDS[: max(1, totals.of(ORGANS))]:
            units.add("organ", units.name[place - 1] + word, place)
    for at, place in enumerate(np.resize(places, totals.of(TEAMS)).tolist()):
        units.add("investment_team", f"第{at + 1}招商小分队", place)
    for at, place in enumerate(np.resize(places, max(2, totals.of(STATIONS))).tolist()):
        units.add("liaison_station", f"第{at + 1}流动党员联络服务站", place)
    homes = {
        "rural": units.ids("village"), "community": units.ids("community"), "organ": units.ids("organ"),
        "two_new": units.ids("township"), "other": units.ids("township"),
    }  # fmt: skip
    return {field: _branches(sheets, field, home, totals) for field, home in homes.items()}


def _branches(sheets: Sheets, field: str, homes: Ints, totals: Totals) -> Ints:
    """Every village and organ has one at least; so many are led by a trade or an able person, those of communities stand on grids."""
    rng, units = sheets.draw(f"branches {field}"), sheets.units
    least = 1 if field in ("rural", "organ", "community") else 0
    count = max(totals.of(BRANCHES[field]), least * len(homes))
    sizes = split(count, rng.lognormal(0, 0.4, len(homes)), least=least)
    word = {"organ": "机关", "two_new": "非公企业", "other": "离退休", "community": "网格"}.get(field, "")
    led = totals.of(LED) if field == "rural" else 0
    grids = totals.of(GRID) if field == "community" else 0
    found = []
    home = np.repeat(homes, sizes)
    for at, (place, name) in enumerate(zip(home.tolist(), numbered_names(word, sizes), strict=True)):
        more: dict[str, Any] = {"led_by": "industry" if at % 2 else "person"} if at < led else {}
        more |= {"grid": True} if at < grids else {}
        found.append(units.add("branch", f"中共{units.name[place - 1]}{name}支部委员会", place, field=field, **more))
    return np.array(found, dtype=np.int64)


def covered(sheets: Sheets, totals: Totals) -> dict[str, Ints]:
    """Enterprises and social organisations, in numbers of which 56 % and 77.6 % are whole; and the venues."""
    units, rng = sheets.units, sheets.draw("entities")
    towns = units.ids("township")
    sizes = {
        "private_enterprise": 25 * max(1, round(100 * totals.scale)),
        "social_organisation": 125 * max(1, round(4 * totals.scale)),
    }
    found = {}
    for kind, word in (("private_enterprise", "商贸有限公司"), ("social_organisation", "协会")):
        homes = rng.choice(towns, sizes[kind])
        found[kind] = np.array(
            [
                units.add(kind, f"{units.name[home - 1]}{at + 1}号{word}", home)
                for at, home in enumerate(homes.tolist())
            ],
            dtype=np.int64,
        )
    jiuquan_work.venues(sheets, totals)
    return found

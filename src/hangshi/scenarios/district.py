"""示例区, an invented district in the middle of 2019, adding up to what a speech about an unnamed district says.

Its divisions, their names and their codes (99…) are made up; no real place has them.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from hangshi.scenarios import district_work, names
from hangshi.scenarios.accounts import opened
from hangshi.scenarios.draw import Ints, split
from hangshi.scenarios.sheets import Sheets
from hangshi.scenarios.tables import Sink
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

Told = Callable[[str], None]
ROOT = "990001"
REPORT_DAY = date(2019, 6, 30)
SAYS = {"synthetic": True, "report_day": "2019-06-30"}
ACCOUNTS = [
    ("shiqu", "示例区演示账号", "county_clerk", "示例区"),
    ("shixiang", "示例一乡演示账号", "township_clerk", "示例一乡"),
]
TOWNSHIPS, VILLAGES, ORGANS, ENTITIES = 20, 280, 40, 47
MEMBERS = 11_200
WORDS = ["丰", "茂", "源", "汇", "盛", "泰", "康", "瑞", "祥", "绿"]
ENDINGS = {"farm": "家庭农场", "cooperative": "农民合作社", "company": "农业有限公司"}


def fill(sink: Sink, scale: float, password: str | None, told: Told) -> None:
    totals = Totals(scale)
    sheets = Sheets("shifan", REPORT_DAY, Units(base=sink.base["unit"]))
    told("区划与组织")
    branches = build(sheets, totals)
    told("党员、干部与农户")
    members = sheets.members(
        branches, split(max(totals.of(MEMBERS), 3 * len(branches)), np.ones(len(branches)), least=3), "rural"
    )
    cadres = district_work.cadres(sheets, totals)
    told("责任")
    district_work.bind(sheets, branches, members, cadres, totals)
    told("人才")
    district_work.talent(sheets, members, totals)
    told("活动、台账与事项")
    district_work.work(sheets, branches, totals)
    told("写入")
    sheets.write(sink)
    if password is not None:
        unit_of = {name: at + 1 for at, name in enumerate(sheets.units.name)}
        rows = [(username, name, role, unit_of[unit]) for username, name, role, unit in ACCOUNTS]
        opened(sink, sheets.units, rows, password, since=date(2019, 1, 1))


def build(sheets: Sheets, totals: Totals) -> Ints:
    """The tree with organs, entities above scale and branches: one for each village, one for each entity (the last ones)."""
    units = sheets.units
    district = units.add("county", "示例区", None, code=ROOT)
    for at in range(totals.of(ORGANS)):
        units.add("organ", f"示例区第{names.numeral(at + 1)}局", district)
    townships = max(2, totals.of(TOWNSHIPS))
    sizes = split(max(totals.of(VILLAGES), 3 * townships), np.ones(townships))
    villages = []
    for at, size in enumerate(sizes.tolist()):
        code = f"{ROOT}{at + 1:03d}"
        town = units.add("township", f"示例{names.numeral(at + 1)}乡", district, code=code)
        for number in range(size):
            villages.append(
                units.add(
                    "village",
                    f"示例{names.numeral(at + 1)}乡第{names.numeral(number + 1)}村",
                    town,
                    code=f"{code}{200 + number}",
                )
            )
    branches = [units.add("branch", f"中共{units.name[it - 1]}支部委员会", it, field="rural") for it in villages]
    homes = sheets.draw("entities").choice(villages, totals.of(ENTITIES))
    for at, home in enumerate(homes.tolist()):
        form, ending = list(ENDINGS.items())[at % 3]
        name = f"{units.name[home - 1]}{WORDS[at % 10]}{WORDS[at // 10 % 10]}{ending}"
        entity = units.add("scale_entity", name, home, since=date(2015, 3, 1), form=form)
        branches.append(
            units.add(
                "branch", f"中共{units.name[entity - 1]}支部委员会", home, field="two_new", since=date(2017, 6, 1)
            )
        )
    return np.array(branches, dtype=np.int64)

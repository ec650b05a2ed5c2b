"""保山, in the middle of 2020: synthetic people on the division tree, adding up to what its report says."""

from collections.abc import Callable
from datetime import date

import numpy as np

from hangshi.scenarios import baoshan_cadres, baoshan_villages, land
from hangshi.scenarios.accounts import opened
from hangshi.scenarios.places import committees
from hangshi.scenarios.scene import Scene
from hangshi.scenarios.tables import Sink
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

ROOT = "5305"
SAYS = {"synthetic": True, "report_day": "2020-06-30"}
POOR_COUNTIES = {"530502": "2019-04-30", "530521": "2019-04-30", "530523": "2019-04-30", "530524": "2018-09-29"}
POOR_VILLAGES, POOR_TOWNSHIPS = 390, 24


def fill(sink: Sink, scale: float, password: str | None, told: Callable[[str], None]) -> None:
    totals = Totals(scale)
    told("区划与组织")
    units = Units(sink.base["unit"])
    ids = land.stand(units, land.chosen(land.read("baoshan_divisions.csv"), totals), [])
    scene = Scene("baoshan", units, sink.base)
    _poor(scene, ids, totals)
    told("党员与干部")
    town = baoshan_villages.people(scene, committees(units), totals)
    told("干部与力量")
    baoshan_cadres.fill(scene, town, totals)
    told("村、集体经济与农户")
    baoshan_villages.fill(scene, town, totals)
    told("写入")
    scene.write(sink)
    if password is not None:
        township = int(units.ids("township")[-1])
        accounts = [
            ("bs-shi", "保山市演示账号", "city_clerk", ids["5305"]), ("bs-xian", "施甸县演示账号", "county_clerk", ids["530521"]),
            ("bs-xiang", f"{units.name[township - 1]}演示账号", "township_clerk", township),
        ]  # fmt: skip
        opened(sink, units, accounts, password, since=date(2016, 1, 1))


def _poor(scene: Scene, ids: dict[str, int], totals: Totals) -> None:
    """Poor counties, townships and villages, each with the day it left the list; the last eight townships left it late."""
    units = scene.units
    for code, day in POOR_COUNTIES.items():
        units.extra[ids[code] - 1] = f'{{"poor": true, "delisted_on": "{day}"}}'
    inside = [at for at in units.ids("township").tolist() if units.code[at - 1][:6] in POOR_COUNTIES]
    poor = scene.pick("poor townships", np.array(inside), min(POOR_TOWNSHIPS, len(inside)))
    for at, township in enumerate(poor.tolist()):
        day = "2018-05-31" if at < len(poor) * 2 // 3 else "2020-05-08"
        units.extra[township - 1] = f'{{"poor": true, "delisted_on": "{day}"}}'
    villages = units.ids("village")
    for village in scene.pick("poor villages", villages, min(totals.of(POOR_VILLAGES), len(villages))).tolist():
        units.extra[village - 1] = '{"poor": true, "delisted_on": "2019-12-31"}'

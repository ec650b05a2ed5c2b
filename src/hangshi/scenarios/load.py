"""Fill an installation with a scenario, beside others that are there: its places and their records all at once, or nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connections, transaction

from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.registry.models import UnitLink
from hangshi.registry.search import fill_tokens
from hangshi.scenarios import ankang, baoshan, demanding, district, flags, jiuquan, nanpiao, pointing, sharing, studying
from hangshi.scenarios.tables import TABLES, Sink, bare

Fill = Callable[[Sink, float, str | None, Callable[[str], None]], None]


@dataclass(frozen=True)
class Scenario:
    """`root`: the division code of its highest place. `says`: what every place of it carries, the day the pages speak of among it.

    `then`: what goes through the services afterwards, each in a transaction of its own; called with `root`.
    """

    root: str
    says: dict[str, object]
    fill: Fill
    then: tuple[Callable[[str], None], ...] = ()


OF_A_TOWNSHIP = (studying.fill, demanding.fill, sharing.fill, pointing.fill)
SCENARIOS = {
    "ankang": Scenario(
        ankang.ROOT, ankang.SAYS, ankang.fill, tuple(partial(fill, township="关庙镇") for fill in OF_A_TOWNSHIP)
    ),
    "nanpiao": Scenario(nanpiao.ROOT, nanpiao.SAYS, nanpiao.fill),
    "baoshan": Scenario(baoshan.ROOT, baoshan.SAYS, baoshan.fill),
    "shifan": Scenario(district.ROOT, district.SAYS, district.fill, (flags.fill,)),
    "jiuquan": Scenario(jiuquan.ROOT, jiuquan.SAYS, jiuquan.fill),
}
STEPS = 9
KEPT = ["indicator_income"]  # filled from the tables
PLACES = ["city", "county", "township", "village", "community", "site"]


def load(
    name: str,
    scale: float = 1.0,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    password: str | None = None,
) -> None:
    """In one transaction as the owner; what the services add comes after it. With a `password`, the demo accounts are opened under it.

    Stopped in between, the place stands with its records, and without what was to come after. `progress` hears what begins, its number
    and the number of steps. Raises `Refused` where the place is there already or a place that is not synthetic, for an unknown scenario,
    and for a scale outside 0.01 to 1.
    """
    check_may_load(name, scale)
    scenario, done = SCENARIOS[name], 0

    def told(step: str) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(step, done, STEPS)

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("LOCK TABLE unit IN EXCLUSIVE MODE")
        check_has_room(scenario)
        sink = Sink.above(cursor)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # nothing to keep, and all cells are built anew
        with bare(cursor, TABLES):
            scenario.fill(sink, scale, password, told)
            told("检索词")
            fill_tokens("unit", using="owner")
            fill_tokens("person", using="owner")
            told("索引与约束")
        cursor.execute(
            "UPDATE unit SET extra = extra || %s::jsonb WHERE kind = ANY(%s) AND id > %s",
            [json.dumps(scenario.says), PLACES, sink.base["unit"]],
        )
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SELECT indicator_pair_incomes(NULL)")
        cursor.execute("DELETE FROM indicator_built")
    told("统计信息")
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join([*TABLES, *KEPT])}")
    for add in scenario.then:
        add(scenario.root)
    told("指标")
    queries.fold()


def check_may_load(name: str, scale: float) -> None:
    if name not in SCENARIOS:
        raise Refused("scenario.unknown", f"没有名为“{name}”的示范数据；现有：{'、'.join(SCENARIOS)}。")
    if not 0.01 <= scale <= 1:
        raise Refused("scenario.scale", f"规模应在0.01到1之间，现为{scale}。")


def check_has_room(scenario: Scenario) -> None:
    """Invented people never come to stand beside real ones."""
    roots = UnitLink.objects.using("owner").filter(line="place", parent=None).select_related("unit")
    for unit in (link.unit for link in roots):
        if unit.code == scenario.root:
            raise Refused("scenario.not_empty", f"{unit.name}的数据已经在库里，不再重复装入。")
        if not unit.extra.get("synthetic"):
            raise Refused(
                "scenario.real",
                f"库里有{unit.name}的实际数据，示范数据不与之混放；请换一个数据目录（HANGSHI_VAR）后再装。",
            )

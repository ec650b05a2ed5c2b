"""Fill an empty installation with a scenario: all of it, or nothing."""

import json
from collections.abc import Callable

from django.db import connections, transaction

from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.registry.search import fill_tokens
from hangshi.scenarios import ankang
from hangshi.scenarios.tables import bare

SCENARIOS = {"ankang": ankang.fill}
STEPS = 9
KEPT = ["indicator_income"]  # filled from the tables


def load(
    name: str,
    scale: float = 1.0,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    password: str | None = None,
) -> None:
    """In one transaction as the owner. With a `password`, the demo accounts are opened under it.

    `progress` hears what begins, its number and the number of steps. Raises `Refused` where there is a unit already, for an unknown
    scenario, and for a scale outside 0.01 to 1.
    """
    check_may_load(name, scale)
    done = 0

    def told(step: str) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(step, done, STEPS)

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("LOCK TABLE unit IN EXCLUSIVE MODE")
        cursor.execute("SELECT EXISTS (SELECT FROM unit)")
        if (cursor.fetchone() or (False,))[0]:
            raise Refused(
                "scenario.not_empty", "数据库里已有单位，示范数据只能装入空库；请换一个数据目录（HANGSHI_VAR）后再装。"
            )
        for table in ankang.TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # nothing to keep, and all cells are built anew
        with bare(cursor, ankang.TABLES):
            SCENARIOS[name](cursor, scale, password, told)
            told("检索词")
            fill_tokens("unit", using="owner")
            fill_tokens("person", using="owner")
            told("索引与约束")
        cursor.execute(
            "UPDATE unit SET extra = extra || %s::jsonb WHERE kind = ANY(%s)", [json.dumps(ankang.SAYS), ankang.PLACES]
        )
        for table in ankang.TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SELECT indicator_pair_incomes(NULL)")
        cursor.execute("DELETE FROM indicator_built")
    told("统计信息")
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join([*ankang.TABLES, *KEPT])}")
    told("指标")
    queries.fold()


def check_may_load(name: str, scale: float) -> None:
    if name not in SCENARIOS:
        raise Refused("scenario.unknown", f"没有名为“{name}”的示范数据；现有：{'、'.join(SCENARIOS)}。")
    if not 0.01 <= scale <= 1:
        raise Refused("scenario.scale", f"规模应在0.01到1之间，现为{scale}。")

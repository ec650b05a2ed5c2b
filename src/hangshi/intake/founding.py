"""New units, as targets: a row is a unit below one that stands in the register already, so a level is brought before the next."""

from collections.abc import Callable

from hangshi.intake.parts import EXTRA, extra_fields
from hangshi.intake.shape import Fault, Field, Part, Target
from hangshi.packs.models import Pack, UnitKind

PERMISSION = "unit.write"
ABOVE = ("上级单位", "所属单位", "所属乡镇", "乡镇", "所属县区", "主管单位")
CHILD = "t.name = s.name AND t.kind = s.kind AND t.until IS NULL AND EXISTS (SELECT FROM unit_link l WHERE l.unit_id = t.id AND l.line = 'place' AND l.until IS NULL AND l.parent_id = s.unit_id)"
PATH = "s.unit_path || s.place_id || '/'"
AFTER = (
    f"INSERT INTO unit_name (unit_id, name, code, since, path) SELECT s.place_id, s.name, coalesce(s.number, ''), s.since, {PATH} FROM stage s WHERE s.place_new",
    f"INSERT INTO unit_link (line, unit_id, parent_id, since, path) SELECT 'place', s.place_id, s.unit_id, s.since, {PATH} FROM stage s WHERE s.place_new",
    # Where the parent stood in each time since, the new unit stands below it.
    f"""INSERT INTO unit_path (line, unit_id, tree_path, depth, since, until, path)
        SELECT p.line, s.place_id, p.tree_path || s.place_id || '/', p.depth + 1, greatest(p.since, s.since), p.until, {PATH}
        FROM stage s JOIN unit_path p ON p.unit_id = s.unit_id AND p.line = 'place' AND (p.until IS NULL OR p.until >= s.since) WHERE s.place_new""",
    f"""INSERT INTO search_token (token, target, target_id, path)
        SELECT DISTINCT substr(s.name, i, 2), 'unit', s.place_id, {PATH} FROM stage s, generate_series(1, greatest(length(s.name) - 1, 1)) i WHERE s.place_new""",
)  # fmt: skip
CLEAR = (
    "DELETE FROM search_token WHERE target = 'unit' AND target_id = ANY(%(ids)s)",
    "DELETE FROM unit_path WHERE unit_id = ANY(%(ids)s)",
    "DELETE FROM unit_link WHERE unit_id = ANY(%(ids)s)",
    "DELETE FROM unit_name WHERE unit_id = ANY(%(ids)s)",
)


def titles(pack: Pack, holds: Callable[[str], bool]) -> dict[str, str]:
    return {f"units.{key}": f"单位：{it.name}" for key, it in pack.kinds.unit.items()} if holds(PERMISSION) else {}


def target(kind: UnitKind) -> Target:
    columns = {
        "kind": "s.kind",
        "name": "s.name",
        "code": "coalesce(s.number, '')",
        "path": PATH,
        "extra": EXTRA,
        "since": "s.since",
    }
    return Target(
        f"units.{kind.key}",
        f"单位：{kind.name}",
        PERMISSION,
        (
            Field("unit", "上级单位", "unit", ABOVE, True, kinds=kind.parents),
            Field("name", "名称", "text", ("单位名称", f"{kind.name}名称", kind.name, "全称"), True, 120),
            Field("number", "代码", "text", ("单位代码", "区划代码", "行政区划代码", "组织代码"), longest=20),
            Field("since", "设立日期", "day", ("成立日期", "成立时间", "设立时间", "起始日"), True),
            *extra_fields(kind.fields),
        ),
        (Part("place", "unit", CHILD, columns, ("extra",) if kind.fields else (), after=AFTER, clear=CLEAR),),
        twice=(("number",), ("unit_id", "name")),
        faults=(
            Fault("since", "s.since < (SELECT u.since FROM unit u WHERE u.id = s.unit_id)", "'设立日期早于上级单位的设立日期。'"),
            Fault("number", "s.place_id IS NULL AND s.number IN (SELECT n.code FROM unit_name n WHERE n.until IS NULL)", "'此代码已由别的单位使用。'"),
            Fault("number", "s.place_id IS NOT NULL AND s.number <> (SELECT u.code FROM unit u WHERE u.id = s.place_id)", "'与在册的代码不同，请办理更名或更正。'"),
            Fault("since", "s.place_id IS NOT NULL AND s.since <> (SELECT u.since FROM unit u WHERE u.id = s.place_id)", "'与在册的设立日期不同，请核对。'"),
        ),
        notes="上级单位须已登记：先导入乡镇，再导入村。更名、合并、撤销请逐件办理。",
        constants={"kind": kind.key},
        kind=kind.key,
    )  # fmt: skip

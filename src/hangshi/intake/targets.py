"""The registers of people and households that a sheet can fill, as data; `kinds` has the records that packs define."""

from collections.abc import Callable, Mapping

from hangshi.intake import attending, founding, kinds
from hangshi.intake.parts import EXTRA, HOME, IDENTITY, NAME, UNIT, words
from hangshi.intake.shape import Fault, Field, Link, Part, Target
from hangshi.packs.models import Pack
from hangshi.refusal import Refused

TOKENS = """INSERT INTO search_token (token, target, target_id, path)
    SELECT substr(s.name, i, 2), 'person', s.person_id, {path} FROM stage s, generate_series(1, greatest(length(s.name) - 1, 1)) i
    WHERE s.person_new AND strpos(s.name, substr(s.name, i, 2)) = i ORDER BY 1, 4"""  # each pair of signs where it first stands
CLEAR_TOKENS = "DELETE FROM search_token WHERE target = 'person' AND target_id = ANY(%(ids)s)"
ELSEWHERE = Fault(
    "number",
    "s.person_id IS NULL AND s.number_index IS NOT NULL AND s.number_index IN (SELECT * FROM intake_known_persons(ARRAY(SELECT x.number_index FROM stage x WHERE x.person_id IS NULL AND x.number_index IS NOT NULL)))",
    "'此公民身份号码已登记在您的范围之外，请联系上级办理转入。'",
)
NAME_DIFFERS = Fault(
    "name",
    "s.person_id IS NOT NULL AND s.number_index IS NOT NULL AND s.name IS DISTINCT FROM (SELECT p.name FROM person p WHERE p.id = s.person_id)",
    "'此号码登记的姓名是“' || (SELECT p.name FROM person p WHERE p.id = s.person_id) || '”，与表中不同；请核对号码，确需改名请办理更正。'",
)
SEX = Field("sex", "性别", "choice", options={"男": "男", "女": "女", "1": "男", "2": "女", "男性": "男", "女性": "女"})
BORN = Field("born", "出生日期", "day", ("出生年月", "出生年月日", "生日"))


def person_part(home: str, path: str, *, updates: tuple[str, ...]) -> Part:
    """A person: found by number, else by name in the unit; sex and birth date of a number are the number's."""
    return Part(
        "person",
        "person",
        "t.id = s.person_id",
        {
            "unit_id": home,
            "path": path,
            "extra": "'{}'::jsonb",
            "name": "s.name",
            "sex": "coalesce(s.sex, '')",
            "born": "s.born",
            "cadre": "coalesce(s.cadre, '')",
            "id_sealed": "z.sealed",
            "id_index": "s.number_index",
        },
        updates,
        beside=(TOKENS.format(path=path),),
        clear=(CLEAR_TOKENS,),
    )


def persons(pack: Pack) -> Target:
    cadre = Field("cadre", "干部身份", "choice", ("干部类别",), options=words(pack, "cadre"))
    return Target(
        "persons",
        "人员",
        "register.write",
        (NAME, IDENTITY, UNIT, SEX, BORN, cadre),
        (person_part("s.unit_id", "s.unit_path", updates=("sex", "born", "cadre")),),
        twice=(("number",), ("unit_id", "name", "number")),
        links=(Link("person", "person", "number", "unit"),),
        faults=(
            ELSEWHERE,
            NAME_DIFFERS,
            Fault(
                "unit",
                "s.person_id IS NOT NULL AND s.unit_id <> (SELECT p.unit_id FROM person p WHERE p.id = s.person_id)",
                "'此人登记在“' || (SELECT u.name FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id = s.person_id) || '”，导入不改所属单位，请先核实。'",
            ),
        ),
        notes="同一人按公民身份号码认；没有号码的按单位和姓名认，同村重名须填号码。",
    )


STATUS_WORDS = {"正式": "full", "预备": "probationary", "中共党员": "full", "中共预备党员": "probationary"}
CATEGORY_WORDS = {
    "农村": "rural",
    "机关": "organ",
    "社区": "community",
    "两新": "two_new",
    "其他": "other",
    "两新组织": "two_new",
}


LIVE = "m.person_id = s.person_id AND (m.until IS NULL OR m.until >= s.since)"
MEMBER_FAULTS = (
    ELSEWHERE,
    NAME_DIFFERS,
    Fault(
        "unit",
        f"s.membership_id IS NULL AND EXISTS (SELECT FROM membership m WHERE {LIVE})",
        f"'组织关系在此期间已在“' || (SELECT u.name FROM membership m JOIN unit u ON u.id = m.unit_id WHERE {LIVE} LIMIT 1) || '”，应办理转接。'",
    ),
    Fault(
        "status",
        "s.membership_id IS NOT NULL AND s.status <> (SELECT m.status FROM membership m WHERE m.id = s.membership_id)",
        "'与在册的党员状态不同，请办理转正或更正。'",
    ),
    Fault(
        "since",
        "s.membership_id IS NOT NULL AND s.since <> (SELECT m.since FROM membership m WHERE m.id = s.membership_id)",
        "'与在册的起始日（' || (SELECT m.since FROM membership m WHERE m.id = s.membership_id) || '）不同，请核对。'",
    ),
)


def members(pack: Pack) -> Target:
    branch = Field(
        "unit",
        "党支部",
        "unit",
        ("所在党支部", "所属党支部", "支部名称", "支部", "组织关系所在支部", "所在支部", "所在党组织"),
        True,
        kinds=("branch",),
    )
    status = Field(
        "status",
        "党员状态",
        "choice",
        ("人员类别", "党员类型", "是否正式"),
        options=words(pack, "membership_status", STATUS_WORDS),
    )
    category = Field(
        "category", "党员类别", "choice", ("类别", "领域"), options=words(pack, "membership_category", CATEGORY_WORDS)
    )
    since = Field(
        "since",
        "组织关系起始日",
        "day",
        ("转入日期", "转入时间", "入党日期", "入党时间", "加入党组织日期", "加入党组织时间", "加入本支部日期"),
        True,
    )
    cadre = Field("cadre", "干部身份", "choice", ("干部类别",), options=words(pack, "cadre"))
    return Target(
        "members",
        "党员",
        "register.write",
        (NAME, IDENTITY, branch, SEX, BORN, status, category, since, cadre),
        (
            person_part("s.home_id", "s.home_path", updates=("sex", "born", "cadre")),
            Part(
                "membership",
                "membership",
                "t.person_id = s.person_id AND t.unit_id = s.unit_id AND t.until IS NULL",
                {
                    "person_id": "s.person_id", "unit_id": "s.unit_id", "path": "s.unit_path", "status": "coalesce(s.status, 'full')",
                    "category": "coalesce(s.category, 'other')", "end_reason": "''", "since": "s.since",
                },
                ("category",),
            ),
        ),
        twice=(("number",), ("unit_id", "name", "number")),
        links=(Link("person", "person", "number", "home"),),
        faults=MEMBER_FAULTS,
        main="membership",
        notes="没有登记过的人一并登记，所属单位为支部所在的村或单位。",
    )  # fmt: skip


NUMBER = Field("number", "户编号", "text", ("户号", "户编码", "农户编号", "家庭编号"), True, 30)
HEAD = Field("head", "户主", "text", ("户主姓名",), True, 64)
KNOWN_NUMBERS = (
    "SELECT * FROM intake_known_households(ARRAY(SELECT x.number FROM stage x WHERE x.household_id IS NULL))"
)


OPEN_ONE = "h.household_id = s.household_id AND (h.until IS NULL OR h.until >= s.since)"
HOUSEHOLD_FAULTS = (
    Fault(
        "number",
        f"s.household_id IS NULL AND s.number IN ({KNOWN_NUMBERS})",
        "'此户编号已在您的范围之外使用，请核对。'",
    ),
    Fault(
        "unit",
        "s.household_id IS NOT NULL AND s.unit_id <> (SELECT h.unit_id FROM household h WHERE h.id = s.household_id)",
        "'此户登记在“' || (SELECT u.name FROM household h JOIN unit u ON u.id = h.unit_id WHERE h.id = s.household_id) || '”，导入不改所属单位，请核对户编号。'",
    ),
    Fault("status", "s.household_id IS NULL AND s.status IS NULL", "'新登记的户必须填写户类别。'"),
    Fault("since", "s.status_new AND s.since IS NULL", "'户类别有变化或为新户，必须填写户类别起始日。'"),
    Fault(
        "since",
        f"s.status_new AND EXISTS (SELECT FROM household_status h WHERE {OPEN_ONE} AND h.since >= s.since)",
        "'在册的户类别从这一天或之后才开始，起始日应更晚。'",
    ),
)


def households(pack: Pack) -> Target:
    status = Field(
        "status",
        "户类别",
        "choice",
        ("户类型", "贫困户属性", "农户类型", "脱贫状态"),
        options=words(pack, "household_status"),
    )
    since = Field(
        "since", "户类别起始日", "day", ("认定日期", "认定时间", "识别时间", "识别日期", "建档日期", "建档时间")
    )
    ground = Field("ground", "认定依据", "text", ("依据",), longest=200)
    return Target(
        "households",
        "农户",
        "register.write",
        (NUMBER, HEAD, UNIT, status, since, ground),
        (
            Part(
                "household",
                "household",
                "t.number = s.number",
                {"unit_id": "s.unit_id", "path": "s.unit_path", "extra": "'{}'::jsonb", "number": "s.number", "head": "s.head"},
                ("head",),
            ),
            Part(
                "status",
                "household_status",
                "t.household_id = s.household_id AND t.until IS NULL AND t.status = s.status",
                {"household_id": "s.household_id", "unit_id": "s.unit_id", "path": "s.unit_path", "status": "s.status", "ground": "coalesce(s.ground, '')", "since": "s.since"},
                ("ground",),
                turns=("status", "(SELECT h.status FROM household_status h WHERE h.household_id = s.household_id AND h.until IS NULL)", "s.status"),
                when="s.status IS NOT NULL",
                before=(
                    "UPDATE household_status t SET until = s.since - 1 FROM stage s WHERE t.household_id = s.household_id AND t.until IS NULL AND s.status_new",
                ),
            ),
        ),
        twice=(("number",),),
        faults=HOUSEHOLD_FAULTS,
        notes="同一户按户编号认；户类别与在册的不同，从所填起始日起改变，原类别止于前一日。",
    )  # fmt: skip


def residents(pack: Pack) -> Target:
    number = Field("household", "户编号", "household", ("户号", "户编码"), True, 30)
    relation = Field("relation", "与户主关系", "text", ("关系", "与户主之关系"), True, 20)
    since = Field("since", "入户日期", "day", ("迁入日期", "迁入时间", "登记日期"), True)
    cadre = Field("cadre", "干部身份", "choice", ("干部类别",), options=words(pack, "cadre"))
    lives = "m.person_id = s.person_id AND (m.until IS NULL OR m.until >= s.since)"
    return Target(
        "residents",
        "家庭成员",
        "register.write",
        (number, NAME, IDENTITY, SEX, BORN, relation, since, cadre),
        (
            person_part("s.household_unit", "s.household_path", updates=("sex", "born", "cadre")),
            Part(
                "member",
                "household_member",
                "t.person_id = s.person_id AND t.household_id = s.household_id AND t.until IS NULL",
                {"household_id": "s.household_id", "person_id": "s.person_id", "path": "s.household_path", "relation": "s.relation", "since": "s.since"},
                ("relation",),
            ),
        ),
        twice=(("number",), ("household", "name", "number")),
        links=(Link("household", "household"), Link("person", "person", "number", "household")),
        faults=(
            ELSEWHERE,
            NAME_DIFFERS,
            Fault("household", f"s.member_id IS NULL AND EXISTS (SELECT FROM household_member m WHERE {lives})", "'此人在此期间仍在其他户中，请先办理迁出。'"),
        ),
        main="member",
    )  # fmt: skip


BUILT: Mapping[str, Callable[[Pack], Target]] = {
    "members": members,
    "persons": persons,
    "households": households,
    "residents": residents,
    attending.KEY: attending.target,
}


def titles(pack: Pack, holds: Callable[[str], bool]) -> dict[str, str]:
    """Target → its name, of those that somebody who `holds` these permissions may fill."""
    every = ((key, build(pack)) for key, build in BUILT.items())
    found = {key: it.title for key, it in every if holds(it.permission)}
    return found | founding.titles(pack, holds) | kinds.titles(pack, holds)


def target(pack: Pack, key: str) -> Target:
    """Raises `Refused` for one that the packs do not have."""
    if key in BUILT:
        return BUILT[key](pack)
    register, _, kind = key.partition(".")
    if register == "units" and kind in pack.kinds.unit:
        return founding.target(pack.kinds.unit[kind])
    found = kinds.target(pack, register, kind)
    if found is None:
        raise Refused("intake.target", "本系统现在没有这种导入，请重新选择。")
    return found


__all__ = ["EXTRA", "HOME", "target", "titles"]

"""What the rules of a list's kind find: one statement a rule, over the list's rows and the facts on the list's day."""

from hangshi.indicators.compile import compiled
from hangshi.indicators.plan import Ask, Parameters, counted, of_kinds, run
from hangshi.packs.models import Pack
from hangshi.packs.rosters import Roster as Kind
from hangshi.packs.rosters import RosterRule
from hangshi.registry.tree import upper
from hangshi.rosters.models import Finding, Roster

LISTED = """SELECT DISTINCT ON (r.person_id) r.person_id AS person, r.id AS row, r.named_alike FROM roster_row r
    WHERE r.roster_id = {roster} AND r.state = 'matched' ORDER BY r.person_id, r.n"""
# Whoever may be on the list is not said to be missing from it.
ON_LIST = "r.roster_id = {roster} AND r.state IN ('matched', 'possible')"
HOME = """LEFT JOIN (SELECT m.person_id, min(m.household_id) AS household FROM household_member m WHERE {day} GROUP BY m.person_id) h
    ON h.person_id = l.person"""
INSERT = """
    WITH listed AS MATERIALIZED ({listed}), inside AS MATERIALIZED ({inside}), found AS ({found}),
    spoken AS (SELECT {once} FROM found f ORDER BY {order})
    INSERT INTO roster_finding (roster_id, unit_id, path, rule, title, person_id, household_id, row_id)
    SELECT {roster}, p.unit_id, p.path, {rule}, {title}, p.id, s.household, s.row FROM spoken s JOIN person p ON p.id = s.person
    WHERE p.path >= {lo} AND p.path < {hi} AND NOT EXISTS (
        SELECT FROM roster_finding k WHERE k.roster_id = {roster} AND k.rule = {rule} AND (k.person_id = p.id OR {same_home}))
    RETURNING 1"""
OPEN_CLUE = """WITH made AS (UPDATE roster_finding f SET case_id = c.id FROM case_file c
    WHERE f.roster_id = %(roster)s AND f.case_id IS NULL AND c.kind = %(case)s AND c.closed_on IS NULL
      AND c.extra->>'rule' = %(kind)s || '.' || f.rule AND (c.person_id = f.person_id OR (f.rule = ANY(%(homes)s) AND c.household_id = f.household_id)) RETURNING 1)
    SELECT count(*) FROM made"""
# The rows were written in this transaction, so the planner takes a list for one row and would read the set anew for each: 40 s instead of 1.
NESTED = "SELECT set_config('enable_nestloop', %(way)s, true)"
NOBODY = "SELECT NULL::bigint AS person, NULL::bigint AS household WHERE false"


def find(pack: Pack, kind: Kind, roster: Roster) -> dict[str, int]:
    """Look anew, and return how many each rule finds; those with a clue stay, whatever is found now."""
    Finding.objects.filter(roster=roster, case=None).delete()
    run(NESTED, {"way": "off"})
    for key, rule in kind.rules.items():
        run(*_statement(pack, roster, key, rule))
    run(NESTED, {"way": "on"})
    attach(kind, roster)
    return {key: Finding.objects.filter(roster=roster, rule=key).count() for key in kind.rules}


def attach(kind: Kind, roster: Roster) -> None:
    """A finding whose subject has an open clue of the same rule already, from whichever list, belongs to that one."""
    homes = [key for key, rule in kind.rules.items() if rule.by_home]
    said = {"roster": roster.pk, "case": kind.case, "kind": kind.key, "homes": homes}
    run(OPEN_CLUE, said)


def _statement(pack: Pack, roster: Roster, key: str, rule: RosterRule) -> tuple[str, dict[str, object]]:
    given = Parameters()
    number, day = f"{given.add(roster.pk)}::bigint", given.add(roster.as_of)
    lives = f"m.since <= {day}::date AND (m.until IS NULL OR m.until >= {day}::date)"
    home = rule.by_home
    subject = "coalesce(-f.household, f.person)" if home else "f.person"
    sql = INSERT.format(
        listed=LISTED.format(roster=number), inside=_inside(pack, key, rule, roster, lives, given), found=_found(rule, number, lives, home=home),
        once=f"DISTINCT ON ({subject}) f.person, f.household, f.row", order=f"{subject}, f.row, f.person", roster=number,
        rule=f"{given.add(key)}::varchar", title=f"{given.add(rule.name)}::varchar", lo=given.add(roster.path), hi=given.add(upper(roster.path)),
        same_home="k.household_id = s.household" if home else "false",
    )  # fmt: skip
    return sql, given.values


def _inside(pack: Pack, key: str, rule: RosterRule, roster: Roster, lives: str, given: Parameters) -> str:
    """Person and household of the set that the list is held against."""
    if not rule.of:
        return NOBODY
    it = compiled(rule.part(key), pack.facts, "")
    ask = Ask(it, roster.as_of)
    column = f'f."{rule.subject}"'
    where = f"{counted(ask, given)}{of_kinds([ask], given)} AND {column} IS NOT NULL"
    named = f"SELECT DISTINCT {column}::bigint AS it FROM {it.view} f WHERE {where}"  # noqa: S608  # texts of checked definitions; values are parameters
    if rule.subject != "household":
        return f"SELECT s.it AS person, NULL::bigint AS household FROM ({named}) s"  # noqa: S608  # as above
    return f"SELECT m.person_id AS person, m.household_id AS household FROM ({named}) s JOIN household_member m ON m.household_id = s.it AND {lives}"  # noqa: S608  # as above


def _found(rule: RosterRule, number: str, lives: str, *, home: bool) -> str:
    match rule.expects:
        case "out":
            return "SELECT l.person, i.household, l.row FROM listed l JOIN inside i ON i.person = l.person"
        case "in":
            outside = "l.person NOT IN (SELECT i.person FROM inside i)"  # hashed once; the planner knows no size of `inside`, and would scan it for each
            return f"SELECT l.person, h.household, l.row FROM listed l {HOME.format(day=lives)} WHERE {outside}"  # noqa: S608  # constants
        case "listed":
            same = (
                "inside o JOIN roster_row r ON r.person_id = o.person WHERE o.household = i.household"
                if home
                else "roster_row r WHERE r.person_id = i.person"
            )
            on_list = f"SELECT FROM {same} AND {ON_LIST.format(roster=number)}"
            return f"SELECT i.person, i.household, NULL::bigint AS row FROM inside i WHERE NOT EXISTS ({on_list})"  # noqa: S608  # constants
    return "SELECT l.person, NULL::bigint AS household, l.row FROM listed l WHERE NOT l.named_alike"

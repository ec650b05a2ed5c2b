"""What the five documents say of all, and the figures of theirs that bind each other: each holds over the records, and one record moved breaks it.

The statements have no numeral, so no figure watches them. All five places stand side by side at a small scale; each statement is asked in
the scope of its place. `seed:words` names it; `seed:start` are the characters of the figures in the source.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from hangshi import packs
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.indicators import queries
from hangshi.packs.models import CaseKind, ExtraField
from hangshi.registry.models import Unit
from hangshi.standards.models import Finding
from hangshi.standards.refresh import settle
from tests.scenarios.conftest import Load

PLACES = ("ankang", "nanpiao", "baoshan", "shifan", "jiuquan")
OCTOBER, JUNE_2019, JUNE_2020, YEAR_END = date(2017, 10, 31), date(2019, 6, 30), date(2020, 6, 30), date(2017, 12, 31)


@pytest.fixture(scope="module")
def five(standing: Load) -> Iterator[None]:
    with standing(*((name, 0.02) for name in PLACES)):
        yield


@contextmanager
def at(place: str) -> Iterator[Unit]:
    """In the scope of the place; whatever is changed inside is taken back."""
    code = queries.pack().headers[place].root
    with acting(EVERYTHING, read_only=True):
        root = Unit.objects.get(code=code, until=None)
    with acting(Scope.below(root.path)):
        yield root
        transaction.set_rollback(True)


def ask(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def later(table: str, condition: str, day: str = "since") -> str:
    """One row of the table, dated a hundred years later."""
    return f"UPDATE {table} SET {day} = {day} + 36500 WHERE id = (SELECT min(id) FROM {table} WHERE {condition})"


def reversed_entry(condition: str) -> str:
    """An entry taken back by its reversal, for none is ever edited."""
    return f"""INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note, reverses_id)
        SELECT kind, unit_id, path, extra, day, -amount, source, '更正', id FROM entry WHERE {condition} ORDER BY amount LIMIT 1"""


@dataclass(frozen=True)
class Said:
    """`exceptions`: a check of the packs with the day it is asked on, or a query that lists whom it does not hold for."""

    id: str
    place: str
    exceptions: "tuple[str, date] | str"
    breaks: str

    def found(self) -> int:
        if isinstance(self.exceptions, str):
            return len(ask(self.exceptions))
        key, on = self.exceptions
        pack = queries.pack()
        settle(pack.checks[key], pack, on)
        return Finding.objects.filter(check_key=key, closed_on=None).count()


UNIVERSAL = [
    Said("000:每月组织中心组集体学", "ankang", ("study_monthly", OCTOBER), later("activity", "kind = 'study_session' AND day >= '2017-10-01'", "day")),
    Said("000:每季度开展专题讨论", "ankang", ("discussion_quarterly", OCTOBER), later("activity", "kind = 'committee_session' AND day BETWEEN '2017-07-01' AND '2017-09-30'", "day")),
    Said(  # 000 names no amount; where one is named, in 酒泉, what was paid is that amount, neither less nor more
        "000:按标准上限兑现", "jiuquan",
        "SELECT unit_id FROM fact_entries WHERE kind = 'office_fund' GROUP BY unit_id, source, extract(year FROM day)"
        " HAVING sum(amount) <> CASE source WHEN 'community' THEN 100000 ELSE 50000 END",
        "INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note) SELECT kind, unit_id, path, extra, day + 1, 0.01, source, '' FROM entry WHERE kind = 'office_fund' LIMIT 1",
    ),
    Said(
        "001:都要打造出", "nanpiao",
        "SELECT id FROM unit u WHERE kind = 'township' AND name NOT LIKE '%街道' AND NOT EXISTS (SELECT FROM fact_cases c WHERE c.kind = 'model_project' AND c.unit_id = u.id)",
        "UPDATE case_file SET kind = 'task' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'model_project')",
    ),
    Said(
        "001:让每名党员有岗位、有平台、有目标、有贡献", "nanpiao",
        "SELECT person FROM fact_members m WHERE until IS NULL AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'vanguard_class' AND d.bearer_id = m.person"
        " AND d.role <> '' AND d.extra ? 'platform' AND d.extra ? 'goal' AND d.extra ? 'contribution')",
        "UPDATE duty SET extra = extra - 'contribution' WHERE id = (SELECT min(id) FROM duty WHERE kind = 'vanguard_class')",
    ),
    Said(
        "002:实现贫困村全覆盖", "baoshan", ("poor_village_team", JUNE_2020),
        "UPDATE duty SET since = since + 36500, until = NULL WHERE kind = 'team_member' AND unit_id = (SELECT min(id) FROM unit WHERE kind = 'village' AND extra->>'poor' = 'true')",
    ),
    Said(
        "002:确保人人在岗在位在状态", "baoshan",
        "SELECT id FROM case_file WHERE kind = 'spot_check' AND stage = 'called' AND coalesce(extra->>'on_post', '') NOT IN ('yes', 'leave')",
        "UPDATE case_file SET extra = extra || '{\"on_post\": \"no\"}' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'spot_check')",
    ),
    Said(
        "002:任职资格联审全覆盖", "baoshan",
        "SELECT person FROM fact_posts p WHERE NOT EXISTS (SELECT FROM fact_cases c WHERE c.kind = 'qualification_review' AND c.stage = 'passed' AND c.person = p.person AND c.closed_on <= p.since)",
        "UPDATE case_file SET stage = 'failed' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'qualification_review')",
    ),
    Said("002:全市75个乡镇全部建立青年人才党支部", "baoshan", ("township_youth_branch", JUNE_2020), later("duty", "kind = 'youth_branch'")),
    Said("002:村村走到", "baoshan", ("village_surveyed", date(2019, 12, 31)), later("activity", "kind = 'survey_visit'", "day")),
    Said(
        "002:应整尽整", "baoshan",
        "SELECT unit_id FROM fact_cases WHERE kind = 'weak_organisation' AND stage NOT IN ('plan', 'mending', 'accepted')",
        "UPDATE case_file SET stage = 'screened' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'weak_organisation' AND closed_on IS NULL)",
    ),
    Said("002:2016年全部消除村级集体经济空壳村", "baoshan", ("no_shell_village", date(2016, 12, 31)), reversed_entry("kind = 'collective_income' AND day = '2016-12-20'")),
    Said("002:全部实现集体经济收入5万元以上", "baoshan", ("income_floor_met", date(2019, 12, 31)), reversed_entry("kind = 'collective_income' AND day = '2019-12-20'")),
    Said(
        "002:全部编入党组织", "baoshan",
        "SELECT person FROM fact_members m WHERE category = 'relocated' AND NOT EXISTS (SELECT FROM fact_duties d WHERE d.kind = 'site_service' AND d.bearer_unit = m.unit_id AND d.since <= '2020-06-30')",
        "UPDATE membership SET unit_id = (SELECT max(bearer_unit_id) FROM duty WHERE kind = 'youth_branch') WHERE id = (SELECT min(id) FROM membership WHERE category = 'relocated')",
    ),
    Said("003:实现了应建尽建", "shifan", ("scale_entity_organised", JUNE_2019), later("duty", "kind = 'chain_organisation'")),
    Said("003:全面消除了集体经济空壳村", "shifan", ("no_empty_village", JUNE_2019), reversed_entry("kind = 'village_income' AND day = '2018-12-20'")),
    Said(
        "003:坚持每月10号党员活动日制度", "shifan",
        "SELECT u.id, m FROM unit u, generate_series('2018-07-10'::date, '2019-06-10', '1 month') m WHERE u.kind = 'branch' AND NOT EXISTS (SELECT FROM activity a"
        " WHERE a.kind = 'member_day' AND a.unit_id = u.id AND date_trunc('month', a.day) = date_trunc('month', m) AND (a.day = m::date OR a.minutes <> ''))",
        "UPDATE activity SET day = day + 1 WHERE id = (SELECT min(id) FROM activity WHERE kind = 'member_day')",
    ),
    Said(
        "004:确保党员学习全覆盖", "jiuquan", ("member_studied", YEAR_END),
        "UPDATE attendance SET state = 'absent' WHERE person_id = (SELECT min(person_id) FROM attendance)",
    ),
    Said(
        "004:分层次、全覆盖开展述职评议考核", "jiuquan", ("secretary_reviewed", YEAR_END),
        later("case_file", "kind = 'debriefing' AND person_id IN (SELECT person FROM fact_posts WHERE role = 'secretary' AND since < '2015-01-01')", "closed_on"),
    ),
    Said(
        "004:对书记、主任进行了全覆盖轮训", "jiuquan", ("head_trained", YEAR_END),
        "UPDATE attendance SET state = 'absent' WHERE activity_id IN (SELECT id FROM activity WHERE kind = 'rotation_class')"
        " AND person_id = (SELECT min(person) FROM fact_posts WHERE role = 'head' AND since < '2015-01-01')",
    ),
    Said("004:全覆盖专项巡察", "jiuquan", ("village_inspected", YEAR_END), later("activity", "kind = 'village_inspection'", "day")),
]  # fmt: skip


@pytest.mark.parametrize("said", UNIVERSAL, ids=[it.id for it in UNIVERSAL])
def test_what_is_said_of_all_holds_of_all_and_one_record_moved_is_found(five: None, said: Said) -> None:
    with at(said.place):
        assert said.found() == 0
        ask(said.breaks)
        assert said.found() == 1


def test_the_statements_speak_of_somebody(five: None) -> None:
    """That nobody is an exception says nothing where nobody is there."""
    counts = {
        "ankang": "SELECT count(*) > 5 FROM unit WHERE kind IN ('committee', 'leading_group')",
        "nanpiao": "SELECT count(*) > 100 FROM fact_members",
        "baoshan": "SELECT count(*) > 5 FROM fact_posts",
        "shifan": "SELECT count(*) > 0 FROM unit WHERE kind = 'scale_entity'",
        "jiuquan": "SELECT count(*) > 100 FROM fact_members",
    }
    for place, statement in counts.items():
        with at(place):
            assert ask(statement) == [(True,)], place


def quotas(kind: CaseKind) -> list[str]:
    """Fields in which a number or a share of those to be judged weak could be written."""
    return [key for key, it in kind.fields.items() if it.type in ("int", "decimal")]


@pytest.mark.parametrize("key", ["weak_organisation", "weak_branch"])
def test_002_no_share_and_no_number_of_weak_organisations_is_set_beforehand(key: str) -> None:
    """002:不设比例、不定指标. Neither a field of the case nor a standard of any pack."""
    pack = queries.pack()
    kind = pack.kinds.case[key]
    assert quotas(kind) == []
    assert [it for it in pack.standards if it.startswith(key) or "weak_share" in it] == []
    share = ExtraField(name="比例", type="decimal")
    assert quotas(kind.model_copy(update={"fields": {"share": share}})) == ["share"]


@dataclass(frozen=True)
class Bound:
    """`holds` is asked with the values of the figures of the place, by key without the place's name."""

    id: str
    place: str
    figures: str
    holds: Callable[..., bool]
    breaks: str


def values(place: str, root: Unit, keys: str) -> list[Decimal]:
    known = {it.key: it for it in packs.load(place).figures}
    found = []
    for key in keys.split():
        it = known[key if place == "ankang" else f"{place}_{key}"]
        when = it.as_of or queries.Period(it.first or date.min, it.last or date.max)
        found.append(Decimal(queries.value(it.indicator or "", root, when).value or 0))
    return found


BINDING = [
    Bound(
        "000:953,964 a household has one bearer, a bearer two or three households", "ankang", "paired_households paired_bearers",
        lambda households, bearers: 2 < households / bearers < 3 and not ask("SELECT household FROM fact_duties WHERE kind = 'pairing' AND until IS NULL GROUP BY 1 HAVING count(*) > 1"),
        "INSERT INTO duty (kind, unit_id, path, extra, since, role, end_reason, bearer_id, household_id) SELECT kind, unit_id, path, extra, '2017-10-01', role, '', (SELECT min(id) FROM person), household_id FROM duty WHERE kind = 'pairing' AND until IS NULL LIMIT 1",
    ),
    Bound("000:1060,1069 about three members a team", "ankang", "team_members work_teams", lambda members, teams: 2.5 < members / teams < 3.5, "UPDATE unit SET until = '2017-10-01' WHERE kind = 'work_team' AND id % 2 = 0"),
    Bound(
        "001:310,970 one model project a 乡 or 镇, one secretary a village", "nanpiao", "",
        lambda: ask("SELECT (SELECT count(*) FROM fact_cases WHERE kind = 'model_project') = (SELECT count(*) FROM unit WHERE kind = 'township' AND name NOT LIKE '%街道'),"
                    " (SELECT count(*) FROM fact_duties WHERE kind = 'village_party_secretary' AND until IS NULL) = (SELECT count(*) FROM unit WHERE kind = 'village')") == [(True, True)],
        "UPDATE duty SET until = '2017-06-01' WHERE id = (SELECT min(id) FROM duty WHERE kind = 'village_party_secretary')",
    ),
    Bound(
        "002:410,470,495,524 13 are part of the 18, they of the 23", "baoshan", "delisted_township_adjustments delisted_township_adjustments_2 township_head_adjustments_2 township_head_adjustments",
        lambda all_delisted, delisted, since_2019, since_2016: all_delisted == delisted <= since_2019 <= since_2016,
        "UPDATE case_file SET opened_on = '2018-11-01', closed_on = '2018-12-01' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'personnel_move' AND ground IN ('routine', 'promotion'))",
    ),
    Bound(
        "002:567,586,602 31 and 10 are among the 117", "baoshan", "township_head_promotions team_member_promotions poor_county_promotions",
        lambda heads, members, of_all: 0 < heads + members <= of_all,
        "UPDATE case_file SET extra = extra || '{\"poor_county\": false}' WHERE kind = 'promotion'",
    ),
    Bound("002:863,879 three to four members a team", "baoshan", "team_members work_teams", lambda members, teams: 3 <= members / teams <= 4, "UPDATE unit SET until = '2020-06-01' WHERE kind = 'work_team' AND id % 2 = 0"),
    Bound(
        "002:1072,1091,1103 ten a county allow as many counties as tens drawn", "baoshan", "spot_checked",
        lambda drawn: len(ask("SELECT DISTINCT split_part(path, '/', 2) FROM case_file WHERE kind = 'spot_check'")) <= max(1, drawn // 10),
        "INSERT INTO case_file (kind, title, unit_id, path, opened_on, stage, ground, extra, verdict, batch, listed_on, revision, due_assumed)"
        " SELECT c.kind, c.title, u.id, u.path, c.opened_on, c.stage, c.ground, c.extra, '', c.batch, c.listed_on, 0, false FROM case_file c,"
        " unit u WHERE c.id = (SELECT min(id) FROM case_file WHERE kind = 'spot_check') AND u.kind = 'village' AND split_part(u.path, '/', 2) <> split_part(c.path, '/', 2) LIMIT 1",
    ),
    Bound(
        "002:1158…1188 the five posts make up all that were called up", "baoshan", "census_chiefs census_deputies census_enumerators census_instructors census_checkers",
        lambda *posts: sum(posts) == ask("SELECT count(DISTINCT bearer) FROM fact_duties WHERE kind = 'census_post'")[0][0],
        "UPDATE duty SET role = '' WHERE id = (SELECT min(id) FROM duty WHERE kind = 'census_post')",
    ),
    Bound(
        "002:1798,1924,1933 a plan for each organisation, three measures a plan", "baoshan", "weak_organisations rectification_plans rectification_measures",
        lambda weak, plans, measures: weak == plans and 2.8 <= measures / plans <= Decimal("3.8"),
        "DELETE FROM case_evidence WHERE case_id = (SELECT min(id) FROM case_file WHERE kind = 'weak_organisation')",
    ),
    Bound(
        "002:2191,2225,2241 the income of all is no less than the floors of the tiers make up", "baoshan", "floor_villages second_tier_villages collective_income_yuan",
        lambda villages, second, income: villages > 0 and income >= second * 500_000 + (villages - second) * 50_000,
        "INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note) SELECT kind, unit_id, path, extra, day, -(SELECT sum(amount) * 9 / 10 FROM entry WHERE kind = 'collective_income' AND day >= '2019-01-01'), source, '' FROM entry WHERE kind = 'collective_income' AND day = '2019-12-20' LIMIT 1",
    ),
    Bound(
        "002:2708,2714,2748 about four persons a household; those linked are 96.6 in 100 of those able", "baoshan", "linked_households linked_persons industry_link_rate",
        lambda households, persons, rate: Decimal("3.9") < persons / households < Decimal("4.3") and Decimal("96.5") <= rate < Decimal("96.7"),
        "UPDATE duty SET until = '2020-06-01' WHERE kind = 'industry_link' AND id % 50 = 0",
    ),
    Bound(
        "002:2845,2855,2866 more members than households, about fifteen measures each", "baoshan", "household_measures unlifted_member_households unlifted_members",
        lambda measures, households, members: households <= members and 14 < measures / households < 16,
        "UPDATE case_file SET closed_on = '2020-06-01', stage = 'done' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'household_plan')",
    ),
    Bound(
        "002:2888,2930 a site has an organisation of its own or a local one", "baoshan", "sites new_site_organisations",
        lambda sites, own: own + int(str(ask("SELECT count(*) FROM fact_duties WHERE kind = 'site_service' AND role = 'local' AND until IS NULL")[0][0])) == sites,
        "UPDATE duty SET until = '2020-06-01' WHERE id = (SELECT min(id) FROM duty WHERE kind = 'site_service' AND role = 'local')",
    ),
    Bound(
        "003:2117…2159 two or three reserves a village, those in post among them", "shifan", "reserve_listed reserve_in_post",
        lambda listed, posted: posted <= listed and ask("SELECT min(n) >= 2 AND max(n) <= 3 FROM (SELECT count(*) AS n FROM fact_duties WHERE kind = 'reserve_candidate' GROUP BY target_unit) v") == [(True,)],
        "UPDATE duty SET target_unit_id = (SELECT max(target_unit_id) FROM duty WHERE kind = 'reserve_candidate') WHERE kind = 'reserve_candidate' AND target_unit_id = (SELECT min(target_unit_id) FROM duty WHERE kind = 'reserve_candidate')",
    ),
    Bound(
        "003:2725,2733 about 192,000 yuan a village that got a grant", "shifan", "collective_grant collective_villages",
        lambda yuan, villages: 150_000 < yuan / villages < 230_000,
        "INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note) SELECT kind, unit_id, path, extra, day, (SELECT sum(amount) FROM entry WHERE kind = 'collective_grant'), source, '' FROM entry WHERE kind = 'collective_grant' LIMIT 1",
    ),
    Bound(
        "004:945 a leader has up to four contact points", "jiuquan", "contact_points",
        lambda points: points == ask("SELECT sum(n) FROM (SELECT least(count(*), 4) AS n FROM fact_duties WHERE kind = 'contact_point' GROUP BY bearer) l")[0][0],
        "UPDATE duty SET bearer_id = (SELECT min(bearer_id) FROM duty WHERE kind = 'contact_point') WHERE kind = 'contact_point'",
    ),
    Bound(
        "004:2083 the four matters are at least the subsidy of the venues", "jiuquan", "practical_matters",
        lambda four: four >= Decimal(str(ask("SELECT sum(amount) FROM fact_entries WHERE kind = 'venue_fund_paid'")[0][0])) > 0,
        "INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note) SELECT kind, unit_id, path, extra, '2016-06-01', 200000000, source, '' FROM entry WHERE kind = 'venue_fund_paid' LIMIT 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize("said", BINDING, ids=[it.id for it in BINDING])
def test_figures_that_bind_each_other_do_and_one_record_moved_is_seen(five: None, said: Bound) -> None:
    with at(said.place) as root:
        assert said.holds(*values(said.place, root, said.figures))
        ask(said.breaks)
        assert not said.holds(*values(said.place, root, said.figures))


def test_002_the_tiers_of_income_and_their_targets_nest() -> None:
    """002:2225…2470. Fewer villages are to reach a higher tier, and more than reached the second in 2019."""
    standards = queries.pack().standards
    targets = [standards[f"{key}_target"].amount(JUNE_2020) for key in ("rich_villages", "second_tier", "third_tier")]
    floors = [standards[f"{key}_income"].amount(JUNE_2020) for key in ("rich_village", "second_tier", "third_tier")]
    assert targets == [100, 50, 15]
    assert floors == [300_000, 500_000, 1_000_000]


def test_004_every_reverse_element_stands_on_an_item_of_the_list_and_every_item_has_one() -> None:
    """004:729…786. 73 elements on 49 items, 44 on 33."""
    kinds = queries.pack().kinds.case
    for key, items, elements in (("county_duty", 49, 73), ("organ_duty", 33, 44)):
        listed, groups = kinds[key].catalogues[0].grounds, kinds[f"{key}_reverse"].catalogues[0].groups
        assert (set(groups), len(listed)) == (set(listed), items)
        assert sum(map(len, groups.values())) == elements

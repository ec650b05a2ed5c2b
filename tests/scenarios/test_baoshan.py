"""保山 by packs alone, at full size: the sixty-eight figures, what is said of all, figures that follow the records, and its draw."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.planning.queries import bearers
from hangshi.planning.sampling import Item, Quota
from hangshi.planning.services import freeze_sample, hold
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.scenarios.figures import check
from hangshi.standards.refresh import settle
from tests.scenarios.conftest import Load, ask, moves

JUNE_30 = date(2020, 6, 30)
QUOTA = Quota(least=10, most=2, total=56)


@pytest.fixture(scope="module")
def loaded(standing: Load) -> Iterator[None]:
    with standing(("baoshan", 1.0)):
        yield


def test_all_sixty_eight_figures_are_in(loaded: None) -> None:
    results = check("baoshan")
    assert [(it.words, it.computed) for it in results if not it.inside] == []
    assert len(results) == 68


@pytest.mark.parametrize(
    ("key", "statement", "back", "moved"),
    [
        ("baoshan_work_teams", "UPDATE unit SET until = '2020-06-29' WHERE id = (SELECT min(id) FROM unit WHERE kind = 'work_team')",
         "UPDATE unit SET until = NULL WHERE kind = 'work_team'", (413, 412, 413)),
        ("baoshan_delisted_township_adjustments", "UPDATE unit SET extra = extra || '{\"delisted_on\": \"2020-06-01\"}' WHERE id = (SELECT min(unit_id) FROM case_file WHERE kind = 'personnel_move' AND ground = 'routine')",
         "UPDATE unit SET extra = extra || '{\"delisted_on\": \"2018-05-31\"}' WHERE id = (SELECT min(unit_id) FROM case_file WHERE kind = 'personnel_move' AND ground = 'routine')", (13, 12, 13)),
        ("baoshan_township_head_term", "UPDATE case_file SET ground = 'routine' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'personnel_move' AND ground = 'health')",
         "UPDATE case_file SET ground = 'health' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'personnel_move' AND opened_on < '2018-06-01' AND ground IN ('health', 'routine'))", ("0.5", "0.5", "0.5")),
        ("baoshan_township_head_term_2", "UPDATE case_file SET ground = 'routine' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'personnel_move' AND ground = 'health')",
         "UPDATE case_file SET ground = 'health' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'personnel_move' AND opened_on < '2018-06-01' AND ground IN ('health', 'routine'))", ("0.5", None, "0.5")),
        ("baoshan_income_floor", "INSERT INTO entry (kind, unit_id, path, extra, day, amount, source, note, reverses_id) SELECT 'collective_income', unit_id, path, '{}', day, -amount, '', '更正', id FROM entry WHERE kind = 'collective_income' AND day >= '2019-01-01' ORDER BY amount LIMIT 1",
         "DELETE FROM entry WHERE note = '更正'", (50000, None, 50000)),
        ("baoshan_linked_persons", "UPDATE household SET extra = extra || '{\"persons\": 29}' WHERE id = 1 AND extra->>'persons' <> '29'",
         "UPDATE household SET extra = extra || (SELECT jsonb_build_object('persons', 373043 - sum((extra->>'persons')::int)) FROM household WHERE id BETWEEN 2 AND 90866) WHERE id = 1", None),
        ("baoshan_relocated_members", "UPDATE membership SET until = '2020-06-01' WHERE id = (SELECT min(id) FROM membership WHERE category = 'relocated')",
         "UPDATE membership SET until = NULL WHERE category = 'relocated'", (2706, 2705, 2706)),
        ("baoshan_household_measures", "UPDATE case_file SET closed_on = '2020-06-01', stage = 'done' WHERE id = (SELECT min(id) FROM case_file WHERE kind = 'household_plan')",
         "UPDATE case_file SET closed_on = NULL, stage = 'carrying_out' WHERE kind = 'household_plan'", (1520, 1505, 1520)),
        ("baoshan_unlifted_members", "UPDATE household_status SET until = '2020-06-29' WHERE status = 'registered' AND household_id = (SELECT min(household_id) FROM household_member)",
         "UPDATE household_status SET until = NULL WHERE status = 'registered'", (109, 107, 109)),
    ],
)  # fmt: skip
def test_a_figure_moves_with_its_records(
    loaded: None, key: str, statement: str, back: str, moved: tuple[object, ...] | None
) -> None:
    found = moves("baoshan", key, statement, back)
    if moved is None:
        assert found[0] == found[2] == Decimal(373043) != found[1]
    else:
        assert found == tuple(None if it is None else Decimal(str(it)) for it in moved)


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("a poor village without a team at work", "SELECT 1 FROM unit u WHERE kind = 'village' AND extra->>'poor' = 'true' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'team_member' AND d.unit_id = u.id AND d.until IS NULL)"),
        ("a township without a youth branch", "SELECT 1 FROM unit u WHERE kind = 'township' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'youth_branch' AND d.target_unit_id = u.id)"),
        ("a site without an organisation", "SELECT 1 FROM unit u WHERE kind = 'site' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'site_service' AND d.target_unit_id = u.id)"),
        ("a relocated member in an organisation that serves no site", "SELECT 1 FROM membership m WHERE category = 'relocated' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'site_service' AND d.bearer_unit_id = m.unit_id)"),
        ("a weak organisation of 2019 without a plan or a measure", "SELECT 1 FROM case_file c WHERE kind = 'weak_organisation' AND opened_on < '2020-01-01' AND NOT (EXISTS (SELECT FROM case_evidence e WHERE e.case_id = c.id) AND EXISTS (SELECT FROM case_measure m WHERE m.case_id = c.id))"),
        ("a leader with none or more than two townships", "SELECT bearer_id FROM duty WHERE kind = 'township_survey' GROUP BY 1 HAVING count(*) > 2"),
        ("a township that no leader went through", "SELECT 1 FROM unit u WHERE kind = 'township' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'township_survey' AND d.target_unit_id = u.id)"),
        ("a village below the floor of 2019", "SELECT unit_id FROM unit u LEFT JOIN entry e ON e.unit_id = u.id AND e.kind = 'collective_income' AND extract(year FROM e.day) = 2019 WHERE u.kind IN ('village', 'community') GROUP BY 1 HAVING coalesce(sum(e.amount), 0) < 50000"),
        ("somebody called who serves in no team", "SELECT 1 FROM case_file c WHERE kind = 'spot_check' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'team_member' AND d.bearer_id = c.person_id)"),
        ("more than two called in a township", "SELECT l.parent_id FROM case_file c JOIN unit_link l ON l.unit_id = c.unit_id AND l.line = 'place' WHERE c.kind = 'spot_check' GROUP BY 1 HAVING count(*) > 2"),
        ("an adjustment within half a year without a lawful exception", "SELECT 1 FROM fact_careers WHERE kind = 'personnel_move' AND post LIKE 'township_%' AND coalesce(months_after, 0) < 6 AND ground NOT IN ('discipline', 'health', 'incompetent')"),
        ("a ground that is in no catalogue of its year", "SELECT 1 FROM case_file WHERE kind = 'weak_organisation' AND ground = ''"),
    ],
)  # fmt: skip
def test_what_the_report_says_of_all_holds_of_all(loaded: None, what: str, statement: str) -> None:
    assert ask(statement) == []


@pytest.mark.parametrize(
    "key",
    ["site_has_organisation", "township_youth_branch", "survey_load", "income_floor_met", "member_household_plan"],
)
def test_the_checks_of_the_pack_find_nothing(loaded: None, key: str) -> None:
    with acting(EVERYTHING):
        assert settle(queries.pack().checks[key], queries.pack(), JUNE_30) == (0, 0)


def test_an_able_household_without_an_entity_is_found(loaded: None) -> None:
    with acting(EVERYTHING):
        assert settle(queries.pack().checks["able_household_linked"], queries.pack(), JUNE_30) == (94064 - 90866, 0)


def frame() -> tuple[Unit, list[Item], dict[str, str]]:
    city = Unit.objects.get(code="5305")
    return (city, *bearers(city, "team_member", on=JUNE_30, group="county", part="township"))


def test_the_draw_of_fifty_six_can_be_held(loaded: None) -> None:
    with acting(EVERYTHING):
        city, items, names = frame()
        assert len(items) == 1466
        draw = freeze_sample(city, title="电话抽查", items=items, names=names, quota=QUOTA, on=JUNE_30, actor=None)
        drawn = hold(draw, on=JUNE_30, actor=None).result["drawn"]
    counties = {it.key: it.group for it in items}
    found = [counties[key] for key in drawn]
    assert len(drawn) == 56
    assert {found.count(county) >= 10 for county in set(found)} == {True}
    assert len(set(found)) == 5


def test_a_county_with_members_in_four_townships_cannot_give_ten_with_two_each(loaded: None) -> None:
    with acting(EVERYTHING):
        city, items, names = frame()
        [longling] = [key for key, name in names.items() if name == "龙陵县"]
        four = sorted({it.part for it in items if it.group == longling})[:4]
        fewer = [it for it in items if it.group != longling or it.part in four]
        with pytest.raises(Refused) as refused:
            freeze_sample(city, title="电话抽查", items=fewer, names=names, quota=QUOTA, on=JUNE_30, actor=None)
    assert refused.value.code == "draw.unmet"
    assert refused.value.sentence == (
        "龙陵县只有4个乡镇有可抽对象，每个乡镇至多2名，合计至多8名，达不到不少于10名的要求。请修改规则后重新封存。"
    )

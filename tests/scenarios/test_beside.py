"""Several places in one database: each with its own rows, its own figures and its own rules; none beside real people."""

from collections.abc import Iterator
from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.scenarios.figures import check
from hangshi.scenarios.load import load
from hangshi.standards.refresh import settle
from tests.scenarios.conftest import Load, ask

SCALE = 0.02
OF_OTHERS = [  # table, what belongs to the same place
    ("duty", "SELECT 1 FROM duty x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("duty's bearer", "SELECT 1 FROM duty x JOIN person p ON p.id = x.bearer_id WHERE split_part(x.path, '/', 1) <> split_part(p.path, '/', 1)"),
    ("duty's household", "SELECT 1 FROM duty x JOIN household h ON h.id = x.household_id WHERE x.path <> h.path"),
    ("membership", "SELECT 1 FROM membership x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("person", "SELECT 1 FROM person x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("household", "SELECT 1 FROM household x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("status", "SELECT 1 FROM household_status x JOIN household h ON h.id = x.household_id WHERE x.path <> h.path"),
    ("dweller", "SELECT 1 FROM household_member x JOIN household h ON h.id = x.household_id WHERE x.path <> h.path"),
    ("case", "SELECT 1 FROM case_file x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("step", "SELECT 1 FROM case_step x JOIN case_file c ON c.id = x.case_id WHERE x.path <> c.path"),
    ("measure", "SELECT 1 FROM case_measure x JOIN case_file c ON c.id = x.case_id WHERE x.path <> c.path OR x.unit_id <> c.unit_id"),
    ("entry", "SELECT 1 FROM entry x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("attendance", "SELECT 1 FROM attendance x JOIN activity a ON a.id = x.activity_id WHERE x.path <> a.path"),
    ("grant", "SELECT 1 FROM access_grant x JOIN unit u ON u.id = x.unit_id WHERE x.path <> u.path"),
    ("path", "SELECT 1 FROM unit u WHERE path NOT LIKE '%%' || id || '/'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(standing: Load) -> Iterator[None]:
    with standing(("nanpiao", SCALE), ("ankang", SCALE), ("baoshan", SCALE)):
        yield


def test_three_roots_each_with_its_accounts(loaded: None) -> None:
    assert ask("SELECT u.code FROM unit_link l JOIN unit u ON u.id = l.unit_id WHERE l.line = 'place' AND l.parent_id IS NULL ORDER BY l.id") == [
        ("2114",), ("6109",), ("5305",),
    ]  # fmt: skip
    assert ask("SELECT count(*), count(DISTINCT username) FROM account") == [(10, 10)]
    assert ask("SELECT DISTINCT extra->>'report_day' FROM unit WHERE kind = 'city' ORDER BY 1") == [
        ("2017-06-30",), ("2017-10-31",), ("2020-06-30",),
    ]  # fmt: skip


@pytest.mark.parametrize(("what", "statement"), OF_OTHERS)
def test_no_row_hangs_on_another_place(loaded: None, what: str, statement: str) -> None:
    assert ask(statement.replace("%%", "%")) == []


def test_each_has_as_many_rows_as_alone(loaded: None, standing: Load) -> None:
    """安康 alone has 3,060 persons, 2,200 households and 1,252 pairings in force (tests/scenarios/test_ankang.py)."""
    root = ask("SELECT path FROM unit WHERE code = '6109'")[0][0]
    for table, rows in (("person", 3060), ("household", 2200), ("duty WHERE kind = 'pairing' AND until IS NULL", 1252)):
        joined = "AND" if "WHERE" in table else "WHERE"
        assert ask(f"SELECT count(*) FROM {table} {joined} path LIKE '{root}%'") == [(rows,)]


@pytest.mark.parametrize(("place", "figures"), [("ankang", 30), ("nanpiao", 8), ("baoshan", 68)])
def test_each_has_all_of_its_figures_and_no_one_elses(loaded: None, place: str, figures: int) -> None:
    results = check(place)
    assert len(results) == figures
    assert [it.key for it in results if it.computed is None] == []


def test_a_place_reads_its_own_records_only(loaded: None) -> None:
    [members] = [it.computed for it in check("nanpiao") if it.key == "nanpiao_vanguard_members"]
    root = ask("SELECT path FROM unit WHERE code = '211404'")[0][0]
    assert ask(f"SELECT count(DISTINCT bearer_id) FROM duty WHERE kind = 'vanguard_class' AND path LIKE '{root}%'") == [
        (members,)
    ]
    assert ask("SELECT count(*) FROM membership")[0][0] > 2 * members


def test_the_checks_of_a_pack_are_for_its_own_place(loaded: None) -> None:
    townships = "SELECT count(*) FROM unit WHERE kind = 'township' AND path LIKE (SELECT path FROM unit WHERE code = '{}') || '%'"
    ask("UPDATE duty SET until = '2020-01-31' WHERE kind = 'youth_branch'")
    with acting(EVERYTHING):
        opened, _ = settle(queries.pack().checks["township_youth_branch"], queries.pack(), date(2020, 6, 30))
    assert opened == ask(townships.format("5305"))[0][0]
    assert ask(
        "SELECT count(*) FROM finding WHERE path NOT LIKE (SELECT path FROM unit WHERE code = '5305') || '%'"
    ) == [(0,)]


def test_the_next_row_finds_a_free_id(loaded: None) -> None:
    for table in ("unit", "person", "duty", "case_file", "entry"):
        [(last,)] = ask(f"SELECT max(id) FROM {table}")
        assert ask(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) - {last}") == [(1,)]


def test_invented_people_do_not_come_beside_real_ones(loaded: None) -> None:
    ask("UPDATE unit SET extra = extra - 'synthetic' WHERE code = '2114'")
    ask("UPDATE unit SET code = 'x' WHERE code = '5305'")
    with pytest.raises(Refused) as refused:
        load("baoshan", SCALE)
    ask("UPDATE unit SET code = '5305' WHERE code = 'x'")
    assert refused.value.code == "scenario.real"
    assert refused.value.sentence.startswith("库里有葫芦岛市的实际数据")
    assert Unit.objects.using("owner").filter(code="5305").count() == 1

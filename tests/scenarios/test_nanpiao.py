"""南票 by packs alone, at full size: the eight figures of its report, what it says of all, and figures that follow the records."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from click.testing import CliRunner

from hangshi.cli.main import cli
from hangshi.refusal import Refused
from hangshi.scenarios.figures import check
from hangshi.scenarios.load import load
from tests.scenarios.conftest import Load, ask, moves

VILLAGE_SECRETARIES = (
    "SELECT count(*), count(DISTINCT target_unit_id) FROM duty WHERE kind = 'village_party_secretary' AND until IS NULL"
)


@pytest.fixture(scope="module")
def loaded(standing: Load) -> Iterator[None]:
    with standing(("nanpiao", 1.0)):
        yield


def test_all_eight_figures_are_in(loaded: None) -> None:
    results = check("nanpiao")
    assert [(it.words, it.computed) for it in results if not it.inside] == []
    assert [(it.words, int(it.computed or 0)) for it in results] == [
        ("四大", 4), ("10个", 10), ("六个", 6), ("1个", 1), ("135名", 135), ("45个", 45), ("1170多名", 1175), ("1万名", 10000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "statement", "back", "moved"),
    [
        ("nanpiao_linked_organs", "UPDATE duty SET until = '2017-06-29' WHERE kind = 'village_link' AND bearer_unit_id = (SELECT min(bearer_unit_id) FROM duty WHERE kind = 'village_link')",
         "UPDATE duty SET until = NULL WHERE kind = 'village_link'", (45, 44, 45)),
        ("nanpiao_paired_bearers", "UPDATE duty SET until = '2017-06-29' WHERE kind = 'pairing' AND bearer_id = (SELECT min(bearer_id) FROM duty WHERE kind = 'pairing')",
         "UPDATE duty SET until = NULL WHERE kind = 'pairing'", (1175, 1174, 1175)),
        ("nanpiao_vanguard_members", "UPDATE duty SET since = '2017-07-01' WHERE kind = 'vanguard_class' AND bearer_id <= 3",
         "UPDATE duty SET since = '2017-03-01' WHERE kind = 'vanguard_class'", (10000, 9997, 10000)),
    ],
)  # fmt: skip
def test_a_figure_moves_with_its_records(
    loaded: None, key: str, statement: str, back: str, moved: tuple[int, int, int]
) -> None:
    assert moves("nanpiao", key, statement, back) == tuple(map(Decimal, moved))


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("a village without a secretary", "SELECT 1 FROM unit u WHERE kind = 'village' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'village_party_secretary' AND d.target_unit_id = u.id)"),
        ("a 乡 or 镇 without a model project", "SELECT 1 FROM unit u WHERE kind = 'township' AND name NOT LIKE '%街道' AND NOT EXISTS (SELECT FROM case_file c WHERE c.kind = 'model_project' AND c.unit_id = u.id)"),
        ("a member in no class, or in two", "SELECT m.person_id FROM membership m LEFT JOIN duty d ON d.kind = 'vanguard_class' AND d.bearer_id = m.person_id GROUP BY 1 HAVING count(d.id) <> 1"),
        ("a pairing by somebody who is no organ member", "SELECT 1 FROM duty d WHERE kind = 'pairing' AND NOT EXISTS (SELECT FROM membership m WHERE m.person_id = d.bearer_id AND m.category = 'organ')"),
    ],
)  # fmt: skip
def test_what_the_report_says_of_all_holds_of_all(loaded: None, what: str, statement: str) -> None:
    assert ask(statement) == []


def test_somebody_has_several_posts_and_a_village_one_secretary(loaded: None) -> None:
    assert ask(VILLAGE_SECRETARIES) == [(135, 135)]
    assert ask(
        "SELECT max(n) > 1 FROM (SELECT count(*) AS n FROM duty WHERE kind = 'team_post' GROUP BY bearer_id) t"
    ) == [(True,)]


def test_a_place_that_is_there_is_not_loaded_again(loaded: None) -> None:
    before = ask("SELECT count(*) FROM unit")
    with pytest.raises(Refused) as refused:
        load("nanpiao", 1.0)
    assert refused.value.code == "scenario.not_empty"
    assert ask("SELECT count(*) FROM unit") == before


def test_an_unknown_place_has_no_figures_and_one_that_is_not_loaded_says_so(loaded: None) -> None:
    for name, code in (("nowhere", "figures.unknown"), ("base", "figures.unknown"), ("baoshan", "figures.no_units")):
        with pytest.raises(Refused) as refused:
            check(name)
        assert refused.value.code == code


def test_the_command_ends_with_one_where_a_figure_is_out(loaded: None) -> None:
    right = CliRunner().invoke(cli, ["figures", "nanpiao"])
    assert (right.exit_code, right.output.splitlines()[-1]) == (0, "8 / 8 相符")
    ask("UPDATE duty SET until = '2017-06-29' WHERE kind = 'village_link'")
    wrong = CliRunner().invoke(cli, ["figures", "nanpiao"])
    ask("UPDATE duty SET until = NULL WHERE kind = 'village_link'")
    assert (wrong.exit_code, wrong.output.splitlines()[-1]) == (1, "7 / 8 相符")
    assert "不符\t45个\t[45, 45]\t0\tlinked_organs" in wrong.output

"""The 109 mechanisms work by what is there; take a thing away and one does not."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from hangshi.cli.main import cli
from hangshi.cli.mechanisms import is_page
from hangshi.packs import load
from hangshi.packs.mechanisms import Mechanism, is_defined, lacking, mechanisms
from hangshi.packs.models import Pack

PACK = load("base", "ankang", "nanpiao", "baoshan", "shifan", "jiuquan")
CARRIED = {"000", "001", "002"}


def every(address: str) -> bool:
    return True


def test_there_are_109_and_72_are_of_the_first_three_documents() -> None:
    assert len(mechanisms()) == 109
    assert sum(bool(CARRIED & set(it.seeds)) for it in mechanisms().values()) == 72


@pytest.mark.parametrize("key", [key for key, it in mechanisms().items() if CARRIED & set(it.seeds)])
def test_each_of_the_first_three_documents_works(key: str) -> None:
    assert lacking(mechanisms()[key], PACK, is_page) == []


def test_one_that_names_nothing_does_not_work() -> None:
    assert lacking(mechanisms()["shortcomings-diagnosis"].model_copy(update={"uses": []}), PACK, every) == ["uses"]


def test_every_figure_of_the_five_documents_belongs_to_one_mechanism() -> None:
    said = [key for it in mechanisms().values() for key in it.figures]
    assert len(said) == len(set(said)) == 30 + 8 + 68 + 22 + 46
    assert set(said) == {it.key for it in PACK.figures}


def test_none_of_the_109_waits() -> None:
    assert [key for key, it in mechanisms().items() if it.waiting] == []
    assert [key for key, it in mechanisms().items() if lacking(it, PACK, is_page)] == []


def without(family: str, key: str) -> Pack:
    """The packs less one definition."""
    if family == "figures":
        return PACK.model_copy(update={"figures": [it for it in PACK.figures if it.key != key]})
    if family == "names":
        return PACK.model_copy(update={"names": tuple(name for name in PACK.names if name != key)})
    if hasattr(PACK.kinds, family):
        kinds = {name: it for name, it in getattr(PACK.kinds, family).items() if name != key}
        return PACK.model_copy(update={"kinds": PACK.kinds.model_copy(update={family: kinds})})
    return PACK.model_copy(update={family: {name: it for name, it in getattr(PACK, family).items() if name != key}})


@pytest.mark.parametrize(
    ("mechanism", "family", "key", "said"),
    [
        ("problem-register", "case", "problem", "kind.case.problem"),
        ("problem-register", "reactions", "inspection_finding", "reaction.inspection_finding"),
        ("theme-party-day", "requirements", "theme_day", "requirement.theme_day"),
        ("theme-party-day", "checks", "theme_day_monthly", "check.theme_day_monthly"),
        ("rich-village", "standards", "rich_village_income", "standard.rich_village_income"),
        ("rich-village", "indicators", "rich_villages", "indicator.rich_villages"),
        ("principal-stability", "holds", "township_heads", "hold.township_heads"),
        ("principal-stability", "approvals", "personnel_move", "approval.personnel_move"),
        ("village-work-team", "figures", "baoshan_work_teams", "figure.baoshan_work_teams"),
        ("shortcomings-diagnosis", "reactions", "shortcoming_listed", "reaction.shortcoming_listed"),
        ("strong-township-village-plan", "case", "strand_plan", "kind.case.strand_plan"),
        ("responsibility-chain", "checks", "chain_of_responsibility", "check.chain_of_responsibility"),
        ("census-force", "names", "baoshan", "pack.baoshan"),
    ],
)
def test_a_definition_taken_away_turns_it_to_not_yet(mechanism: str, family: str, key: str, said: str) -> None:
    it = mechanisms()[mechanism]
    assert lacking(it, PACK, every) == []
    assert lacking(it, without(family, key), every) == [said]


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/claims/", True),
        ("/records/cases/", True),
        ("/records/caves/", False),
        ("/indicators/visits/", True),
        ("/indicators/visitz/", False),
        ("/findings/team_size/", True),
        ("/findings/team_sizes/", False),
        ("/nowhere/", False),
    ],
)
def test_a_page_is_there_where_its_address_leads_to_one(address: str, there: bool) -> None:
    assert is_page(address) == there


def test_a_page_that_is_not_there_turns_it_to_not_yet() -> None:
    it = mechanisms()["work-reporting"]
    is_not: Callable[[str], bool] = lambda address: address != "/claims/"  # noqa: E731  # one line says it
    assert lacking(it, PACK, is_not) == ["/claims/"]


@pytest.mark.parametrize(
    "way", ["visits", "indicator", "kind.case", "kind.cases.problem", "names.base", "facts.units", "kind.family.case"]
)
def test_a_way_that_leads_nowhere_is_no_definition(way: str) -> None:
    assert not is_defined(PACK, way)


def test_a_mechanism_refuses_a_key_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="works"):
        Mechanism.model_validate({"name": "一项", "seeds": ["000"], "works": True})


def test_the_command_lists_a_document_and_counts() -> None:
    said = CliRunner().invoke(cli, ["mechanisms", "--seed", "001"]).output.splitlines()
    assert said[-1] == "共 17 项，可用 17 项。"
    [line] = [line for line in said if "\ttask-teams\t" in line]
    assert line.split("\t")[:5] == [
        "可用", "task-teams", "“一事一团、一人多岗、集结发力”组团攻坚", "包 base nanpiao", "类别 unit.task_team duty.team_post",
    ]  # fmt: skip
    everything = CliRunner().invoke(cli, ["mechanisms"]).output
    assert "共 109 项，可用 109 项。" in everything
    assert "未做" not in everything

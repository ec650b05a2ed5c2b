"""A document altered in one number at a time: the altered one is found, and no other is called wrong."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from hangshi.cli.main import cli
from hangshi.packs.models import Pack
from hangshi.reports import originals
from hangshi.reports.falsified import Trial, trials
from tests.reports.test_originals import TEXT, pack, results

__all__ = ["pack"]


def done(pack: Pack, **computed: int) -> dict[str, Trial]:
    return {it.told.definition: it for it in trials(TEXT, pack, results(**computed))}


def test_every_number_is_altered_alone_found_and_nothing_else_called_wrong(pack: Pack) -> None:
    found = done(pack)
    assert {key: (it.altered, it.caught, it.alarms) for key, it in found.items()} == {
        "members": ("2470名", True, ()),
        "land_mu": ("近1万亩", True, ()),
        "campaign_reached": ("1800多名", True, ()),
        "member_training_fund": ("不低于200元", True, ()),
    }


def test_what_is_already_wrong_is_not_tried(pack: Pack) -> None:
    assert set(done(pack, members=1471)) == {"land_mu", "campaign_reached", "member_training_fund"}


def test_a_check_that_lets_everything_pass_misses_them_all(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hangshi.reports.originals.allows", lambda claim, value: True)
    assert [it.caught for it in done(pack).values()] == [False, False, False, True]  # a rule is held by what it names


def test_a_check_that_calls_a_neighbour_wrong_has_raised_an_alarm(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def nervous(raw: str, *args: object) -> list[originals.Told]:
        """Calls all the rest wrong once the number of members is another."""
        told = held(raw, *args)
        return told if "1470" in raw else [replace(it, word="不符") for it in told]

    held = originals.held
    monkeypatch.setattr("hangshi.reports.originals.held", nervous)
    assert done(pack)["members"].alarms == ("近2万亩", "4800多名", "不低于100元")


@pytest.mark.parametrize(
    ("passes", "code", "line"), [(True, 0, "改动 4，查出 4，错报 0"), (False, 1, "改动 4，查出 1，错报 0")]
)
def test_the_command_counts_and_exits_by_what_was_missed(
    pack: Pack, tmp_path, monkeypatch: pytest.MonkeyPatch, passes: bool, code: int, line: str
) -> None:
    monkeypatch.setattr("hangshi.cli.reports.packs.load", lambda *names: pack)
    monkeypatch.setattr("hangshi.cli.reports.figures_of.check", lambda name: results())
    if not passes:
        monkeypatch.setattr("hangshi.reports.originals.allows", lambda claim, value: True)
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    answer = CliRunner().invoke(cli, ["report", "original", str(file), "--scenario", "ankang", "--falsified"])
    assert (answer.exit_code, line in answer.output) == (code, True)

"""Each way in which somebody with every right in the database may falsify the log, and where `verify` says that it was done.

The log holds, in this order: the village, the household, then four renamings, each with the entry of its earlier version: ten entries.
"""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone

from hangshi.access import keyring
from hangshi.audit import anchors, sealing
from hangshi.audit.verify import verify
from hangshi.cli.main import cli
from hangshi.registry.models import Unit
from tests.refusals import refusal_of

EDIT = "UPDATE audit_entry SET account = 99 WHERE id = 4"
DELETE = "DELETE FROM audit_entry WHERE id = 4"
DELETE_BOTH = "DELETE FROM audit_entry WHERE id = 4; DELETE FROM audit_link WHERE entry = 4"
INSERT = "INSERT INTO audit_entry (at, kind, table_name) VALUES (now(), 'export', 'person')"
SHIFT = (
    "UPDATE audit_link SET seq = seq + 1000 WHERE seq >= 5; UPDATE audit_link SET seq = seq - 999 WHERE seq >= 1000;"
)
INSERT_IN_THE_MIDDLE = f"""{INSERT}; {SHIFT}
    INSERT INTO audit_link SELECT 5, (SELECT max(id) FROM audit_entry), link FROM audit_link WHERE seq = 4"""
REORDER = """UPDATE audit_link SET seq = 0 WHERE seq = 3; UPDATE audit_link SET seq = 3 WHERE seq = 6;
    UPDATE audit_link SET seq = 6 WHERE seq = 0"""
SWAP = """UPDATE audit_link SET entry = -3 WHERE seq = 3; UPDATE audit_link SET entry = 3 WHERE seq = 6;
    UPDATE audit_link SET entry = 6 WHERE seq = 3"""
CUT = "DELETE FROM audit_link WHERE seq > 7; DELETE FROM audit_entry WHERE id > 7"


@pytest.fixture
def sealed(five: Unit, log: Any) -> Any:
    assert sealing.seal()[0] == 10
    return log


@pytest.fixture
def anchored(sealed: Any, tmp_path: Path) -> Path:
    file = tmp_path / "anchors.txt"
    assert anchors.add(file, sealing.head(sealed), at=timezone.now())
    return file


def test_an_honest_log_is_right(sealed: Any, anchored: Path) -> None:
    verdict = verify(anchors.read(anchored))
    assert (verdict.checked, verdict.pending, verdict.fault) == (10, 0, None)


@pytest.mark.parametrize(
    ("how", "seq", "entry"),
    [
        (EDIT, 4, 4),
        (DELETE, 4, 4),
        (DELETE_BOTH, 4, None),
        (INSERT, None, 11),
        (INSERT_IN_THE_MIDDLE, 5, 11),
        (REORDER, 3, 6),
        (SWAP, 3, 6),
    ],
    ids=["edit", "delete", "delete with its link", "insert", "insert into the chain", "reorder links", "swap entries"],
)
def test_the_first_bad_row_is_named(sealed: Any, how: str, seq: int | None, entry: int | None) -> None:
    sealed.execute(how)
    fault = verify().fault
    assert fault is not None
    assert (fault.seq, fault.entry) == (seq, entry)


@pytest.mark.parametrize("column", ["at = at + interval '1 day'", "kind = 'x'", "table_name = 'x'", "rows = 9", "low = 9", "high = 9",
    "ids = '{9}'", "shape = 999", "digests = '\\x00'", "path_first = '9/'", "path_last = '9/'", "account = 9", "grant_id = 9",
    "address = 'x'", "request = 'x'", "detail = '{}'"])  # fmt: skip
def test_no_column_of_an_entry_can_be_changed(sealed: Any, column: str) -> None:
    sealed.execute(f"UPDATE audit_entry SET {column} WHERE id = 7")
    assert verify().fault.seq == 7


def test_a_destroyed_salt_is_no_fault_because_persons_may_be_erased(sealed: Any) -> None:
    sealed.execute("UPDATE audit_entry SET salts = NULL")
    assert verify().fault is None


def rechain(cursor: Any) -> None:
    """What a forger does who has changed an entry: seal everything anew."""
    cursor.execute("TRUNCATE audit_link; INSERT INTO audit_pending SELECT id FROM audit_entry")
    assert sealing.seal()[0] == 10


def test_who_chains_anew_without_the_key_is_found_at_the_first_link(
    sealed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = keyring.ring("audit").secrets[1]
    sealed.execute(EDIT)
    monkeypatch.setattr(settings, "AUDIT_KEY", "guessed")
    rechain(sealed)
    monkeypatch.setattr(settings, "AUDIT_KEY", right)
    assert verify().fault.seq == 1


def test_who_chains_anew_with_the_key_is_found_by_the_anchor(sealed: Any, anchored: Path) -> None:
    sealed.execute(EDIT)
    rechain(sealed)
    assert verify().fault is None
    fault = verify(anchors.read(anchored)).fault
    assert (fault.seq, "第1至10环之间" in fault.sentence) == (10, True)


def test_a_cut_tail_is_found_by_the_anchor(sealed: Any, anchored: Path) -> None:
    sealed.execute(CUT)
    assert verify().fault is None
    fault = verify(anchors.read(anchored)).fault
    assert (fault.seq, "只到第7环" in fault.sentence) == (8, True)


def test_a_restored_old_copy_is_found_by_the_anchor(log: Any, five: Unit, tmp_path: Path) -> None:
    sealing.seal()
    log.execute("CREATE TEMP TABLE e AS TABLE audit_entry; CREATE TEMP TABLE l AS TABLE audit_link")
    log.execute(INSERT + " RETURNING id")
    log.execute("INSERT INTO audit_pending VALUES (%s)", [log.fetchone()[0]])
    sealing.seal()
    anchors.add(tmp_path / "a", sealing.head(log), at=timezone.now())
    log.execute("TRUNCATE audit_entry, audit_link; INSERT INTO audit_link TABLE l")
    log.execute("INSERT INTO audit_entry OVERRIDING SYSTEM VALUE TABLE e; DROP TABLE e, l")
    assert verify().fault is None
    assert verify(anchors.read(tmp_path / "a")).fault.seq == 11


def test_an_entry_that_vanished_before_it_was_sealed_is_missed(five: Unit, log: Any) -> None:
    log.execute("DELETE FROM audit_entry WHERE id = 2")
    sealing.seal()
    assert verify().fault.entry == 2


def test_a_damaged_file_of_anchors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\tzz\tx\n")
    assert refusal_of(anchors.read, tmp_path / "a") == "audit.anchors"


def test_the_command_exits_1_and_names_the_row(sealed: Any) -> None:
    assert CliRunner().invoke(cli, ["audit", "verify"]).exit_code == 0
    sealed.execute(EDIT)
    said = CliRunner().invoke(cli, ["audit", "verify"])
    assert said.exit_code == 1
    assert "第4环（审计记录编号4）" in said.output


def test_the_command_anchors_the_head_once(five: Unit, tmp_path: Path) -> None:
    said = [CliRunner().invoke(cli, ["audit", "anchor", "--file", str(tmp_path / "a")]) for _ in range(2)]
    assert [it.exit_code for it in said] == [0, 0]
    assert [it.seq for it in anchors.read(tmp_path / "a")] == [10]
    assert "第 10 条" in said[0].output

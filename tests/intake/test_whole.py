"""All or nothing: a killed commit, a job taken up again, two who write at once; and nothing beyond the asker's own scope."""

import os
import signal
import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, connection

from hangshi import packs
from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.intake import reading, services, vault
from hangshi.intake.models import Intake
from hangshi.jobs import running
from hangshi.jobs import services as jobs
from hangshi.jobs.models import Job
from hangshi.registry.models import Membership, Person
from hangshi.registry.people import register_person
from tests.committed import at_once, committed
from tests.intake.conftest import TODAY, book, citizen, counts, reasons
from tests.land import make
from tests.refusals import refusal_of

__all__ = ["committed"]

ROWS = [
    ["姓名", "身份证号", "党支部", "入党日期"],
    *([f"王{i}", citizen(i), "东湾村党支部", "2000-01-01"] for i in range(1, 60)),
]
KILLED = """
import os, signal, sys
import hangshi.cli
from django.conf import settings
from django.db import connections
for alias in ("default", "owner"):
    connections[alias].settings_dict["NAME"] = sys.argv[1]
settings.VAR = sys.argv[2]
from hangshi.intake import merging
from hangshi.jobs import running

def then_die(*said):
    write(*said)  # everything is written, nothing is committed
    os.kill(os.getpid(), signal.SIGKILL)

write, merging.write = merging.write, then_die
running.run(int(sys.argv[3]))
"""


@pytest.fixture
def place(committed) -> SimpleNamespace:
    """Two townships with a branch each, a clerk of the first, and a checked roster of 59 for its branch."""
    pack = packs.load("base", "ankang")
    with acting(EVERYTHING):
        county = make("county", "示例县", None)
        east, west = make("township", "东镇", county), make("township", "西镇", county)
        bay, ditch = make("village", "东湾村", east), make("village", "西沟村", west)
        make("branch", "东湾村党支部", bay)
        make("branch", "西沟村党支部", ditch)
        clerk = access.open_account("zhen", name="镇经办", password="一个够长的密码-2017")
        grant = access.grant(clerk, role="township_clerk", unit_id=east.pk, path=east.path, since=date(2017, 1, 1))
    scope = Scope.of(grant, on=TODAY)
    with acting(scope):
        intake = services.receive(
            pack, east, target="members", source="组织部", name="名册.xlsx", data=book(ROWS), account=clerk.pk
        )
        intake = services.check(pack, intake, on=TODAY, account=clerk.pk)
        assert counts(intake) == (59, 0, 0, 0), intake.preview
    return SimpleNamespace(pack=pack, clerk=clerk, grant=grant, scope=scope, intake=intake, east=east, ditch=ditch)


def ask(place) -> Job:
    with acting(Scope("", "", place.clerk.pk)):
        return jobs.ask(
            "intake.commit",
            title="写入",
            account=place.clerk,
            grant=place.grant,
            said={"intake": place.intake.pk, "way": "all"},
        )


def written() -> tuple[int, int, str]:
    with acting(EVERYTHING):
        return Person.objects.count(), Membership.objects.count(), Intake.objects.get().state


def test_killed_while_it_writes_it_has_written_nothing_and_taken_up_again_everything(place):
    job = ask(place)
    said = [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"]), str(configured.VAR), str(job.pk)]
    assert subprocess.run(said, env=os.environ, check=False).returncode == -signal.SIGKILL
    assert written() == (0, 0, "checked")
    running.run(job.pk)
    assert written() == (59, 59, "committed")


def test_after_a_large_import_the_database_knows_how_much_there_is(place, monkeypatch):
    monkeypatch.setattr(services, "LARGE", 58)
    running.run(ask(place).pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname IN ('membership', 'person', 'search_token') ORDER BY 1"
        )
        assert cursor.fetchall() == [("membership", 59), ("person", 59), ("search_token", 127)]  # 18 of them of units


@pytest.mark.parametrize("table", ["account", "audit_entry", "person; DROP TABLE person"])
def test_no_other_table_is_looked_at_in_the_name_of_the_owner(db, table):
    with pytest.raises(DatabaseError, match="is no register"), connection.cursor() as cursor:
        cursor.execute("SELECT intake_analyse(%s)", [["person", table]])


def test_cancelled_it_has_written_nothing(place):
    job = ask(place)
    with acting(Scope("", "", place.clerk.pk)):
        jobs.stop(job)
    running.run(job.pk)
    assert written() == (0, 0, "checked")


def test_two_jobs_of_one_import_write_it_once(place):
    first, second = ask(place), ask(place)
    running.run(first.pk)
    running.run(second.pk)
    assert written() == (59, 59, "committed")
    with acting(EVERYTHING):
        assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["done", "done"]


def test_two_who_write_at_once_write_once(place):
    def commit(index: int) -> str:
        with acting(place.scope):
            return services.commit(place.pack, place.intake, way="all", on=TODAY, account=place.clerk.pk).state

    assert at_once(commit) == ["committed", "committed"]
    assert written() == (59, 59, "committed")


def test_who_registers_one_of_them_meanwhile_stops_the_whole_import(place):
    with acting(EVERYTHING):
        register_person(place.ditch, name="别处的人", number=ROWS[30][1], on=TODAY, actor=None)
    with acting(place.scope):
        assert (
            refusal_of(services.commit, place.pack, place.intake, way="all", on=TODAY, account=place.clerk.pk)
            == "intake.stale"
        )
    assert written() == (1, 0, "checked")


def test_a_number_taken_elsewhere_is_told_without_saying_by_whom(place):
    with acting(EVERYTHING):
        register_person(place.ditch, name="别处的人", number=ROWS[30][1], on=TODAY, actor=None)
    with acting(place.scope):
        again = services.check(place.pack, place.intake, on=TODAY, account=place.clerk.pk)
    assert reasons(again) == [(31, "此公民身份号码已登记在您的范围之外，请联系上级办理转入。")]


def test_a_branch_out_of_scope_does_not_exist(place):
    rows = [ROWS[0], ["王一", citizen(99), "西沟村党支部", "2000-01-01"]]
    with acting(place.scope):
        other = services.receive(
            place.pack, place.east, target="members", source="", name="a.xlsx", data=book(rows), account=place.clerk.pk
        )
        other = services.check(place.pack, other, on=TODAY, account=place.clerk.pk)
        assert reasons(other) == [(2, "您的范围内没有叫“西沟村党支部”的单位，请写全称或代码。")]


def test_an_import_is_seen_by_its_account_only(place):
    with acting(Scope.below(place.east.path, actor=place.clerk.pk + 1)):
        assert Intake.objects.count() == 0
    with acting(place.scope):
        assert Intake.objects.count() == 1


def test_the_file_lies_sealed_and_is_erased_after_its_time(place):
    files = sorted(it.name for it in (configured.VAR / "intake").iterdir())
    assert files == [f"{place.intake.pk}.{part}.sealed" for part in ("faults", "file", "rows")]
    assert all(citizen(1).encode() not in it.read_bytes() for it in (configured.VAR / "intake").iterdir())
    with acting(EVERYTHING):
        assert services.forget_old() == 0
        Intake.objects.update(received_at="2026-01-01T00:00:00Z")
        assert services.forget_old() == 1
        assert services.forget_old() == 0
    assert refusal_of(vault.read, place.intake.pk) == "intake.erased"


def test_a_file_is_read_once_and_another_sheet_when_it_is_chosen(place, monkeypatch):
    read, names = reading.sheet, []

    def told(data, name=None):
        names.append(name)
        return read(data, name)

    monkeypatch.setattr(reading, "sheet", told)
    two = book(ROWS[:3], more={"二月": ROWS[:5]})
    with acting(place.scope):
        said = {"pack": place.pack, "account": place.clerk.pk}
        other = services.receive(**said, unit=place.east, target="members", source="", name="a.xlsx", data=two)
        assert services.check(intake=other, on=TODAY, **said).counts["rows"] == 2
        other = services.match(intake=other, mapping=other.mapping, sheet="二月", **said)
        assert services.check(intake=other, on=TODAY, **said).counts["rows"] == 4
        assert [it.label for it in services.columns(place.pack, other)] == ROWS[0]
        assert services.commit(intake=other, way="all", on=TODAY, **said).state == "committed"
    assert names == [None, "二月"]


def test_what_was_read_lies_sealed_too(place):
    assert vault.find(place.intake.pk, "rows") is not None
    assert vault.find(place.intake.pk + 1, "rows") is None


def test_the_stage_holds_no_number_and_is_gone_with_the_transaction(place):
    with acting(place.scope), connection.cursor() as cursor:
        services.compare(place.pack, place.intake, on=TODAY, account=place.clerk.pk)
        cursor.execute("SELECT string_agg(s::text, '') FROM stage s")
        assert citizen(1) not in str(cursor.fetchone())
    with acting(place.scope), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('stage')")
        assert cursor.fetchone() == (None,)

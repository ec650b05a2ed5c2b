"""What a person may ask about their own data, what is done, and what stands against it."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit import attach, records
from hangshi.audit.models import AuditEntry
from hangshi.cases.models import Case
from hangshi.cli.main import cli
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.privacy import person_file
from hangshi.privacy.models import PersonRequest
from hangshi.registry import identity, people
from hangshi.registry.models import Household, HouseholdMember, HouseholdStatus, Membership, Person, Unit
from tests.refusals import refusal_of

JULY_1 = date(2017, 7, 1)
NUMBER = "11010519491231002X"
GROUND = "本人持户口簿到场"


@pytest.fixture
def zhou(ring: Path, committed: None) -> Any:
    """周月, with a number, a household of her own that is an ordinary one, and one earlier name."""
    with connections["owner"].cursor() as cursor:
        attach.attach(cursor)  # other tests empty every table, the shapes of the digests with them
    with acting(EVERYTHING):
        village = Unit.objects.create(kind="village", name="东湾村", since="2016-01-01", path="1/2/")
        person = people.register_person(village, name="周悦", on=date(2016, 1, 1), actor=None, number=NUMBER)
        home = people.register_household(
            village, number="东湾-1", head="周月", status="general", on=date(2016, 1, 1), actor=None
        )
        people.enter_household(person, home, relation="户主", on=date(2016, 1, 1), actor=None)
        people.correct(person, name="周月", on=date(2016, 2, 1), actor=None)
    yield SimpleNamespace(pk=person.pk, village=village, home=home)
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry, audit_pending, audit_link RESTART IDENTITY")


def her(zhou: SimpleNamespace) -> Person:
    with acting(EVERYTHING):
        return Person.objects.get(pk=zhou.pk)


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, ["person-file", *words, "--ground", GROUND])


def test_an_export_holds_everything_in_words(zhou: SimpleNamespace, tmp_path: Path) -> None:
    assert run("export", str(zhou.pk), "--out", str(tmp_path / "a.json")).exit_code == 0
    said = json.loads((tmp_path / "a.json").read_text())
    own = {row["项目"]: row["内容"] for row in said["基本情况"]}
    assert (own["姓名"], own["出生日期"], own["公民身份号码"]) == ("周月", "1949-12-31", NUMBER)
    assert said["农户状态（所在户）"][0]["状态"] == "一般户"
    assert said["家庭成员"][0] == {
        "起始日": "2016-01-01",
        "截止日": "",
        "农户": "周月户",
        "人员": "周月",
        "与户主关系": "户主",
    }
    assert [row["姓名"] for row in said["修改历史"]] == ["周悦"]
    assert "第二十九条" in str(said["为什么收、凭什么收、留多久"])
    assert "人员编号" in said["说明"]


def test_an_export_as_a_workbook_holds_text_only(zhou: SimpleNamespace, tmp_path: Path) -> None:
    with acting(EVERYTHING):
        people.correct(her(zhou), name="=1+1", on=JULY_1, actor=None)
    assert run("export", str(zhou.pk), "--out", str(tmp_path / "a.xlsx")).exit_code == 0
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row if cell.value
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"=1+1", NUMBER} <= {cell.value for cell in cells}


def requests() -> list[tuple[str, bool, str]]:
    with acting(EVERYTHING):
        return list(PersonRequest.objects.order_by("id").values_list("kind", "done", "sentence"))


def noted() -> list[str]:
    with acting(EVERYTHING):
        kinds = {"person_export", "person_correct", "person_erase", "refused"}
        return list(AuditEntry.objects.filter(kind__in=kinds).order_by("id").values_list("kind", flat=True))


def test_a_correction_keeps_the_earlier_version_and_is_on_record(zhou: SimpleNamespace) -> None:
    assert run("correct", str(zhou.pk), "--name", "周越").exit_code == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT name FROM person_history ORDER BY version")
        assert cursor.fetchall() == [("周悦",), ("周月",)]
    assert her(zhou).name == "周越"
    assert (requests(), noted()) == ([("correct", True, "")], ["person_correct"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "person.same"),
        ({"name": " "}, "person.name"),
        ({"sex": "x"}, "person.sex"),
        ({"born": date(2018, 1, 1)}, "identity.born"),
        ({"sex": "男"}, "person.number_says"),
        ({"born": date(1950, 1, 1)}, "person.number_says"),
        ({"number": "123"}, "identity.length"),
        ({"number": "440524188001010014"}, None),
        ({"cadre": "village"}, None),
    ],
)
def test_what_may_be_corrected(zhou: SimpleNamespace, changed: dict[str, Any], code: str | None) -> None:
    with acting(EVERYTHING):
        made = refusal_of(person_file.correct, her(zhou), ground=GROUND, on=JULY_1, actor=None, **changed)
    assert made == code


def test_a_corrected_number_says_sex_and_birth_date(zhou: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        found = person_file.correct(her(zhou), ground=GROUND, on=JULY_1, actor=None, number="440524188001010014")
    assert (found.sex, found.born) == ("男", date(1880, 1, 1))
    assert identity.reveal(found.id_sealed, row=found.pk) == "440524188001010014"


@pytest.mark.parametrize("call", [person_file.correct, person_file.erase])
def test_nothing_is_done_without_a_ground(zhou: SimpleNamespace, call: Any) -> None:
    with acting(EVERYTHING):
        assert refusal_of(call, her(zhou), ground=" ", on=JULY_1, actor=None) == "person_file.ground"


def everything_but_the_log() -> str:
    """All text of all tables, the earlier versions included."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def test_an_erasure_leaves_the_person_nowhere_and_the_figures_as_they_were(zhou: SimpleNamespace) -> None:
    sealed = bytes(her(zhou).id_sealed).hex()
    assert sealed in everything_but_the_log()
    said = run("erase", str(zhou.pk), "--yes")
    assert said.exit_code == 0, said.output
    left = everything_but_the_log()
    assert [it for it in ("周月", "周悦", "1949-12-31", sealed) if it in left] == []
    with acting(EVERYTHING):
        counts = (Person.objects.count(), HouseholdMember.objects.count(), Household.objects.count())
    assert counts == (1, 1, 1)
    assert (requests(), noted()) == ([("erase", True, "")], ["person_erase"])
    assert "已删除" in said.output


def test_after_an_erasure_the_log_still_proves_the_rest_and_no_guess_can_be_tried(zhou: SimpleNamespace) -> None:
    person_file.erase(her(zhou), ground=GROUND, on=JULY_1, actor=None)
    assert [it.fault for it in records.prove() if it.fault] == []
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT kind, salts = decode(repeat('00', 16), 'hex') FROM audit_entry WHERE table_name = 'person' AND salts IS NOT NULL ORDER BY id"
        )
        assert cursor.fetchall() == [("insert", True), ("update", True), ("update", False)]


def member(zhou: SimpleNamespace) -> None:
    Membership.objects.create(
        person_id=zhou.pk,
        unit=zhou.village,
        path="1/2/",
        since=date(2016, 1, 1),
        until=date(2016, 2, 1),
        status="full",
        category="rural",
    )


def duty(zhou: SimpleNamespace) -> None:
    Duty.objects.create(kind="x", unit=zhou.village, path="1/2/", bearer_id=zhou.pk, since=date(2016, 1, 1))


def poor(zhou: SimpleNamespace) -> None:
    HouseholdStatus.objects.update(status="registered")


def open_case(zhou: SimpleNamespace) -> None:
    Case.objects.create(
        kind="x", title="x", unit=zhou.village, path="1/2/", person_id=zhou.pk, opened_on=JULY_1, stage="x"
    )


def closed_case(zhou: SimpleNamespace) -> None:
    open_case(zhou)
    Case.objects.update(closed_on=JULY_1)


def money(zhou: SimpleNamespace) -> None:
    Entry.objects.create(kind="x", unit=zhou.village, path="1/2/", person_id=zhou.pk, day=JULY_1, amount=1)


@pytest.mark.parametrize(
    ("stands", "on", "code"),
    [
        (lambda zhou: None, JULY_1, None),
        (member, JULY_1, "erase.member"),
        (duty, JULY_1, "erase.duty"),
        (poor, JULY_1, "erase.household"),
        (open_case, JULY_1, "erase.case"),
        (closed_case, date(2027, 6, 30), "erase.case"),
        (closed_case, date(2027, 7, 1), None),
        (money, date(2047, 12, 31), "erase.money"),
        (money, date(2048, 1, 1), None),
    ],
    ids=[
        "nothing",
        "member",
        "duty",
        "supported household",
        "open case",
        "closed case",
        "ten years",
        "money",
        "thirty years",
    ],
)
def test_what_stands_against_an_erasure(zhou: SimpleNamespace, stands: Any, on: date, code: str | None) -> None:
    with acting(EVERYTHING):
        stands(zhou)
    assert refusal_of(person_file.erase, her(zhou), ground=GROUND, on=on, actor=None) == code
    assert (her(zhou).name == "周月") == (code is not None)


def test_a_refused_request_is_on_record_with_its_reason(zhou: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        member(zhou)
    said = run("erase", str(zhou.pk), "--yes")
    assert said.exit_code == 1
    [(kind, done, sentence)] = requests()
    assert (kind, done) == ("erase", False)
    assert "党员档案" in sentence
    assert noted() == ["refused"]


def test_erased_twice_is_refused(zhou: SimpleNamespace) -> None:
    person_file.erase(her(zhou), ground=GROUND, on=JULY_1, actor=None)
    assert refusal_of(person_file.erase, her(zhou), ground=GROUND, on=JULY_1, actor=None) == "erase.done"

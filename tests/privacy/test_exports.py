"""A workbook says who made it, when, of what and how many rows; beyond the cap there is none; each is on record first."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit import services as audit
from hangshi.audit.models import AuditEntry

SignIn = Callable[[str], Client]
LISTED = "/records/households.xlsx"


def sheet(answer: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def test_the_row_below_the_title_says_who_when_what_and_how_many(sign_in: SignIn) -> None:
    found = sheet(sign_in("shi").get(LISTED))
    said = found.cell(2, 1).value
    assert said.startswith("制表人：city用户（安康市）　导出时间：20")
    assert "范围：农户-安康市　共 3 行" in said
    listed = sorted(found.cell(row, 1).value for row in (4, 5, 6))  # their order is that of the units' numbers
    assert (found.cell(3, 1).value, listed, found.max_row) == ("户主", ["李一", "李三", "李二"], 6)
    assert "制表人：city用户" in found.oddFooter.left.text


def latest() -> AuditEntry:
    with acting(EVERYTHING):
        return AuditEntry.objects.filter(kind="export").latest("id")


def test_it_is_on_record_with_its_scope_and_size(sign_in: SignIn, town: Any) -> None:
    sign_in("zhen").get(LISTED)
    made = latest()
    assert (made.table_name, made.detail) == ("household", {"what": "households", "unit": town["关庙镇"].pk, "rows": 2})
    assert made.address == "127.0.0.1"


@pytest.mark.parametrize(("cap", "status"), [(3, 200), (2, 400)])
def test_beyond_the_cap_nothing_is_exported_and_the_page_says_how_to_ask(
    sign_in: SignIn, settings: Any, cap: int, status: int
) -> None:
    settings.EXPORT_ROWS = cap
    answer = sign_in("shi").get(LISTED)
    assert answer.status_code == status
    if status == 400:
        assert "没有导出任何一行" in answer.content.decode()
        assert "申请调高上限" in answer.content.decode()


def test_no_log_no_workbook(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> int:
        raise DatabaseError("no space left")

    monkeypatch.setattr(audit, "note", full)
    assert sign_in("shi").get(LISTED).status_code == 400


@pytest.mark.parametrize("address", [LISTED, "/indicators/paired_households.xlsx"])
def test_who_may_read_may_not_therefore_export(sign_in: SignIn, address: str) -> None:
    assert [sign_in(who).get(address).status_code for who in ("zhen", "kan")] == [200, 403]

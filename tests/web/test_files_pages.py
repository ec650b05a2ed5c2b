"""Files of activities and cases: handed in, refused by size and type, out only to those who may see the row."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import services as activities
from hangshi.activities.models import Activity, Attachment
from hangshi.cases import services as cases
from hangshi.cases.models import Case, Evidence
from hangshi.files.store import MOST_BYTES
from hangshi.packs import load
from hangshi.registry.models import Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
JUNE_1 = date(2017, 6, 1)
PDF = b"%PDF-1.4 minutes %%EOF"


def picture() -> bytes:
    sink = BytesIO()
    Image.new("RGB", (8, 8), "red").save(sink, "PNG")
    return sink.getvalue()


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def held(town: dict[str, Unit], party: Any) -> Activity:
    present = {party["张爱民"].pk: "present"}
    with acting(EVERYTHING):
        return activities.record(
            KINDS.activity["theme_day"],
            unit=town["东湾村党支部"],
            on=JUNE_1,
            leader=party["张爱民"],
            attendance=present,
            topic="植树",
            actor=None,
        )


@pytest.fixture
def problem(town: dict[str, Unit]) -> Case:
    with acting(EVERYTHING):
        return cases.open_case(KINDS.case["problem"], unit=town["东湾村"], title="路灯不亮", on=JUNE_1, actor=None)


def upload(client: Client, held: Activity, data: bytes, name: str) -> Any:
    return client.post(f"/records/activities/{held.pk}/attach/", {"file": SimpleUploadedFile(name, data), "name": ""})


def test_a_photo_is_hung_on_an_activity_and_comes_back_as_a_download(sign_in: SignIn, held: Activity, row: Any) -> None:
    client = sign_in("zhen")
    form = client.get(f"/records/activities/{held.pk}/attach/").content.decode()
    assert 'enctype="multipart/form-data"' in form
    assert upload(client, held, picture(), "现场.png").status_code == 302
    kept = row(Attachment)
    page = client.get(f"/records/activities/{held.pk}/").content.decode()
    assert f'href="/attachments/{kept.pk}/"' in page
    answer = client.get(f"/attachments/{kept.pk}/")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.png"
    assert Image.open(BytesIO(answer.content)).size == (8, 8)


def test_a_form_sent_twice_hangs_one_file_and_hangs_it_whole(sign_in: SignIn, held: Activity, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/activities/{held.pk}/attach/"
    for _ in range(2):
        said = {"file": SimpleUploadedFile("纪要.pdf", PDF), "name": "", "once": "a-form"}
        assert client.post(here, said).status_code == 302
    assert row(Attachment).size == len(PDF)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"MZ a programme", "现场.png", "只收 JPG、PNG、WebP 图片和 PDF"),
        (b"<html></html>", "纪要.pdf", "只收 JPG、PNG、WebP 图片和 PDF"),
        (b"%PDF-1.4 cut", "纪要.pdf", "这个 PDF 不完整"),
        (b"", "空.pdf", "这个文件是空的"),
        (b"%PDF-" + b"0" * MOST_BYTES, "大.pdf", "文件超过20兆，请压缩后再上传。"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(
    sign_in: SignIn, held: Activity, count: Any, data: bytes, name: str, sentence: str
) -> None:
    answer = upload(sign_in("zhen"), held, data, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert count(Attachment) == 0


def test_one_file_is_asked_for(sign_in: SignIn, held: Activity) -> None:
    answer = sign_in("zhen").post(f"/records/activities/{held.pk}/attach/", {"name": "没有"})
    assert "“文件”：请选择文件。" in answer.content.decode()


def test_a_file_is_not_there_for_those_who_may_not_read_minutes(sign_in: SignIn, held: Activity, row: Any) -> None:
    upload(sign_in("zhen"), held, PDF, "纪要.pdf")
    address = f"/attachments/{row(Attachment).pk}/"
    assert [sign_in(who).get(address).status_code for who in ("zhen", "shi", "kan")] == [200, 200, 404]
    assert "纪要.pdf" not in sign_in("kan").get(f"/records/activities/{held.pk}/").content.decode()


def test_taken_off_it_is_not_there(sign_in: SignIn, held: Activity, row: Any) -> None:
    client = sign_in("zhen")
    upload(client, held, PDF, "纪要.pdf")
    kept = row(Attachment).pk
    client.post(f"/records/activities/{held.pk}/take_off/", {"file": kept})
    assert client.get(f"/attachments/{kept}/").status_code == 404


def test_nothing_is_hung_on_what_is_accepted(sign_in: SignIn, held: Activity, count: Any) -> None:
    client = sign_in("zhen")
    client.post(f"/records/activities/{held.pk}/check/", {"note": ""})
    client.post(f"/records/activities/{held.pk}/accept/", {"note": ""})
    page = client.get(f"/records/activities/{held.pk}/").content.decode()
    assert "已认定" in page
    assert f"/records/activities/{held.pk}/attach/" not in page
    assert "此次活动已认定，不能再改动附件。" in upload(client, held, PDF, "纪要.pdf").content.decode()
    assert count(Attachment) == 0


def test_who_recorded_an_activity_does_not_check_it(sign_in: SignIn, held: Activity, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/activities/{held.pk}/"
    assert f"{here}check/" in client.get(here).content.decode()
    recorder = row(Account, username="zhen").pk
    with acting(EVERYTHING):
        Activity.objects.filter(pk=held.pk).update(recorded_by=recorder)
    assert f"{here}check/" not in client.get(here).content.decode()
    assert "自己登记的活动由别人审核。" in client.post(f"{here}check/", {"note": ""}).content.decode()


def test_sent_back_it_is_corrected(sign_in: SignIn, held: Activity, row: Any) -> None:
    client, here = sign_in("shi"), f"/records/activities/{held.pk}/"
    assert client.post(f"{here}send_back/", {"note": ""}).status_code == 422
    client.post(f"{here}send_back/", {"note": "主题不清"})
    sign_in("zhen").post(f"{here}correct/", {"topic": "植树三十棵", "place": "", "minutes": ""})
    assert (row(Activity).state, row(Activity).topic) == ("recorded", "植树三十棵")
    page = client.get(here).content.decode()
    assert "已退回 · " in page
    assert "主题不清" in page


def test_evidence_of_a_case_is_filed_with_its_file(sign_in: SignIn, problem: Case, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/cases/{problem.pk}/"
    said = {"evidence": "proof", "name": "验收单", "day": "2017-06-05", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(f"{here}evidence/", said)["Location"] == here
    kept = row(Evidence)
    assert f'href="/evidence/{kept.pk}/"' in client.get(here).content.decode()
    answer = client.get(f"/evidence/{kept.pk}/")
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_evidence_of_a_restricted_case_is_not_there_for_others(
    sign_in: SignIn, party: Any, town: Any, row: Any
) -> None:
    with acting(EVERYTHING):
        case = cases.open_case(
            KINDS.case["qualification_review"], unit=town["东湾村"], title="资格", on=JUNE_1, person=party["张爱民"], actor=None
        )  # fmt: skip
    said = {"evidence": "told", "name": "告知书", "day": "2017-06-05", "file": SimpleUploadedFile("a.pdf", PDF)}
    sign_in("shi").post(f"/records/cases/{case.pk}/evidence/", said)
    address = f"/evidence/{row(Evidence).pk}/"
    assert [sign_in(who).get(address).status_code for who in ("shi", "zhen")] == [200, 404]

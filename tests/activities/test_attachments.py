"""Files are offered, never demanded; shown under the name they came with, kept under their digest."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.activities import attachments, reviews, services
from hangshi.activities.models import Activity, Attachment
from hangshi.packs.models import ActivityKind
from tests.refusals import refusal_of

PDF = b"%PDF-1.4\n%%EOF\n"
KIND = ActivityKind(key="meeting", name="支部党员大会", attendance="named")


@pytest.fixture
def activity(land: SimpleNamespace, settings: Any, tmp_path: Path) -> Activity:
    settings.VAR = tmp_path
    return services.record(KIND, unit=land.bay_branch, on=date(2020, 6, 10), actor=7)


def attach(activity: Activity, name: str = "纪要.pdf", data: bytes = PDF) -> Attachment:
    return attachments.attach(KIND, activity, data=data, name=name, actor=7)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("纪要.pdf", "纪要.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\纪要.pdf", "纪要.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("纪要\u202efdp.exe", "纪要fdp.exe"),  # the sign that turns what follows around
        ("长" * 200, "长" * 120),
    ],
)
def test_a_name_is_shown_and_never_a_path(activity: Activity, tmp_path: Path, name: str, shown: str) -> None:
    attachment = attach(activity, name)
    assert attachment.name == shown
    kept = [it.relative_to(tmp_path) for it in tmp_path.rglob("*") if it.is_file()]
    assert kept == [Path("files") / attachment.sha256[:2] / attachment.sha256[2:]]


@pytest.mark.parametrize("name", ["", " ", "dir/", "\x00"])
def test_a_file_has_a_name(activity: Activity, name: str) -> None:
    assert refusal_of(attach, activity, name) == "attachment.name"
    assert Attachment.objects.count() == 0


def test_one_file_hangs_on_an_activity_once_until_it_is_taken_off(activity: Activity) -> None:
    first = attach(activity)
    assert refusal_of(attach, activity) == "attachment.known"
    attachments.take_off(first, actor=7)
    attach(activity)
    assert Attachment.objects.filter(taken_off=False).count() == 1


def test_what_is_no_picture_and_no_paper_is_not_taken(activity: Activity) -> None:
    assert refusal_of(attach, activity, data=b"MZ program") == "file.kind"
    assert Attachment.objects.count() == 0


def test_there_is_an_end_to_attachments(activity: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST", 1)
    attach(activity)
    assert refusal_of(attach, activity, data=PDF + b"\n") == "attachment.most"


def test_of_an_accepted_activity_nothing_is_added_and_nothing_taken_off(activity: Activity) -> None:
    attachment = attach(activity)
    for state in ("checked", "accepted"):
        reviews.review(activity, to=state, on=date(2020, 6, 11), actor=8)
    activity.refresh_from_db()
    assert refusal_of(attach, activity, data=PDF + b"\n") == "attachment.fixed"
    assert refusal_of(attachments.take_off, attachment, actor=7) == "attachment.fixed"


def test_a_file_is_found_only_where_its_activity_is(activity: Activity, land: SimpleNamespace) -> None:
    attach(activity)
    with acting(Scope.below(land.hill.path)):
        assert Attachment.objects.count() == 0
    with acting(Scope.below(land.bay.path)):
        assert Attachment.objects.count() == 1

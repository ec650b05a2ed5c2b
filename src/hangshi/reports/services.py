"""Writes: a report is issued (签发), and from then on its numbers are what they were."""

from datetime import date

from django.db import transaction

from hangshi.files import store
from hangshi.refusal import Refused
from hangshi.registry.signing import sign
from hangshi.reports import changes
from hangshi.reports.models import Issue
from hangshi.reports.writing import Written

LONGEST_NUMBER = 60


@transaction.atomic
def issue(written: Written, file: bytes, *, number: str = "", seen: str = "", on: date, actor: int | None) -> Issue:
    """Freeze the numbers with their digest and keep the file by its hash.

    `seen`: the digest of what the person looked at; another one now means that a record was changed meanwhile. Empty: not asked.
    Raises `Refused`, and then nothing is kept.
    """
    sign(actor)
    check_may_issue(written, number=number, seen=seen)
    desk = written.desk
    return Issue.objects.create(
        unit=desk.unit,
        path=desk.unit.path,
        uid=written.uid,
        template=written.template.key,
        title=written.title[:200],
        number=number.strip(),
        first=desk.period.first,
        last=desk.period.last,
        numbers=[it.kept() for it in written.numbers],
        text=written.text,
        digest=written.digest,
        sha256=store.keep_document(file).sha256,
        marks=changes.marks(),
        issued_on=on,
        issued_by_id=actor,
    )


def check_may_issue(written: Written, *, number: str = "", seen: str = "") -> None:
    if written.missing:
        raise Refused("issue.missing", f"这些数没有记录：{'、'.join(written.missing)}。请先补录，或改模板。没有签发。")
    if written.doubts:
        raise Refused("issue.doubt", f"{'；'.join(written.doubts)}。没有签发。")
    if not written.numbers:
        raise Refused("issue.empty", "这份材料里没有一个取自记录的数字，不必在这里签发。")
    if len(number.strip()) > LONGEST_NUMBER:
        raise Refused("issue.number", f"发文字号不超过{LONGEST_NUMBER}个字。没有签发。")
    if seen and seen != written.digest:
        raise Refused("issue.moved", "您看过之后，有记录变动，材料中的数字已不同。请重新看过再签发。没有签发。")

"""A report issued, then records that change: which numbers still hold, which moved, and by which record."""

import io
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from docx import Document
from docx.oxml.ns import qn

from hangshi.access.scope import Scope, acting
from hangshi.activities.models import Activity
from hangshi.duties.models import Duty
from hangshi.files import store
from hangshi.registry.models import HouseholdStatus, Unit
from hangshi.reports import changes, layout, services, verify
from hangshi.reports.models import Issue
from tests.refusals import refusal_of
from tests.reports.conftest import DAY

pytestmark = pytest.mark.django_db
SITE = "https://hangshi.example.cn"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.VAR = tmp_path


@pytest.fixture
def issued(office):
    """The report of a county, issued: the written report, its file, the issue."""
    county = Unit.objects.filter(kind="county").order_by("code").first()
    written = office.write("work_review", county)
    file = layout.build(written, site=SITE)
    return written, file, services.issue(written, file, number="示组发〔2017〕12号", on=DAY, actor=None)


def of(found: verify.Verified, key: str, unit: Unit) -> verify.Finding:
    return next(it for it in found.findings if (it.number.key, it.number.unit) == (key, unit.pk))


def again(file: bytes, change) -> bytes:
    """The file as somebody edits it."""
    document = Document(io.BytesIO(file))
    change(document)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def control(document, tag_end: str):
    return next(
        it
        for it in document.element.body.iter(qn("w:sdt"))
        if it.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")).endswith(tag_end)
    )


def test_what_was_issued_is_kept_whole(issued):
    written, file, issue = issued
    assert (issue.digest, issue.title, issue.number) == (written.digest, written.title, "示组发〔2017〕12号")
    assert len(issue.numbers) == len(written.numbers)
    assert store.read(issue.sha256) == file


def test_a_file_just_issued_holds_in_every_number(issued, office):
    written, file, issue = issued
    found = verify.verify_file("a.docx", file, written.desk.pack)
    assert (found.issue, found.whole, found.sound) == (issue, True, True)
    assert found.count(verify.HOLDS) == len(written.numbers)


def test_a_record_corrected_is_named_with_the_old_and_the_new_value(issued):
    written, file, _ = issued
    pack, county = written.desk.pack, written.desk.unit
    status = HouseholdStatus.objects.filter(path__startswith=county.path, status="registered", until=None).first()
    status.until = DAY - timedelta(days=1)
    status.save()
    found = verify.verify_file("a.docx", file, pack)
    moved = of(found, "registered_households", county)
    was = next(it.value for it in written.numbers if (it.key, it.unit) == ("registered_households", county.pk))
    assert (moved.word, moved.number.value, moved.now) == ("已变动", was, was - 1)
    assert moved.reason == f"签发时 {was}，现在 {was - 1}"
    [change] = moved.changes
    assert (change.fact, change.record, change.how, change.counts) == ("households", status.pk, "修改", False)
    assert change.fields == (("截止日", "空", "2017-10-30"),)
    assert found.whole  # the file is the same; the records are not
    assert {it.number.key for it in found.findings if it.word != verify.HOLDS} == {"registered_households"}


def test_a_record_entered_later_is_named(issued):
    written, file, _ = issued
    county = written.desk.unit
    villages = Unit.objects.filter(kind="village")
    village = villages.filter(path__startswith=county.path)[0]
    late = Activity.objects.create(unit=village, path=village.path, kind="visit", day=date(2017, 10, 1))
    outside = villages.exclude(path__startswith=county.path)[0]
    Activity.objects.create(unit=outside, path=outside.path, kind="visit", day=date(2017, 10, 1))
    moved = of(verify.verify_file("a.docx", file, written.desk.pack), "visits", county)
    assert moved.now == moved.number.value + 1
    assert [(it.how, it.record, it.counts) for it in moved.changes] == [("新增", late.pk, True)]


def test_a_record_deleted_is_named(issued):
    written, file, _ = issued
    county = written.desk.unit
    visit = Activity.objects.filter(path__startswith=county.path, kind="visit", day__year=2017).first()
    gone = visit.pk
    visit.delete()
    moved = of(verify.verify_file("a.docx", file, written.desk.pack), "visits", county)
    assert [(it.how, it.record, it.counts) for it in moved.changes] == [("删除", gone, False)]


def test_a_change_of_what_is_not_counted_moves_nothing(issued):
    written, file, _ = issued
    duty = Duty.objects.filter(path__startswith=written.desk.unit.path, kind="pairing").first()
    duty.extra = duty.extra | {"note": "补记"}
    duty.save()
    assert verify.verify_file("a.docx", file, written.desk.pack).sound


def test_words_changed_by_hand_are_found_and_held_against_the_value(issued):
    written, file, _ = issued
    number = next(it for it in written.numbers if it.key == "members")
    for text, ending in (("9999人", "与记录不符"), (f"近{number.value + 1}人", "仍在所许区间内")):

        def change(document, text=text):
            next(control(document, f":{number.index}").iter(qn("w:t"))).text = text

        found = verify.verify_file("a.docx", again(file, change), written.desk.pack)
        [edited] = [it for it in found.findings if it.word != verify.HOLDS]
        assert (edited.word, edited.text, found.whole) == ("文字被改", text, False)
        assert edited.reason == f"签发时为“{number.text}”，被改成“{text}”，{ending}"


def test_a_control_taken_away_is_told(issued):
    written, file, _ = issued
    number = written.numbers[0]

    def change(document):
        whole = control(document, f":{number.index}")
        whole.getparent().remove(whole)

    found = verify.verify_file("a.docx", again(file, change), written.desk.pack)
    assert [(it.word, it.number.index) for it in found.findings if it.word != verify.HOLDS] == [("控件已去除", 0)]


@pytest.mark.parametrize(
    ("tag", "text", "foreign"),
    [
        ("hangshi:{other}:0", "86个", ("86个",)),  # pasted from another report
        ("hangshi:{uid}:99999", "86个", ("86个",)),  # no number of this one
        ("hangshi:{uid}:0", "86个", ("86个",)),  # a second time, and not as it was issued
        ("hangshi:{uid}:0", "{same}", ()),  # a sentence copied within the report
        ("chapter:one", "86个", ()),  # a control of somebody's form
    ],
)
def test_a_number_that_was_not_issued_here_is_told(issued, tag, text, foreign):
    written, file, issue = issued
    first = written.numbers[0]

    def change(document):
        pasted = deepcopy(control(document, ":0"))
        pasted.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").set(qn("w:val"), tag.format(uid=issue.uid, other="f" * 16))
        next(pasted.iter(qn("w:t"))).text = text.format(same=first.text)
        document.add_paragraph("另有").runs[0]._r.addnext(pasted)

    found = verify.verify_file("a.docx", again(file, change), written.desk.pack)
    assert (found.foreign, found.count("不是签发的数"), found.sound) == (foreign, len(foreign), not foreign)
    assert found.count("仍成立") == len(written.numbers)


def test_a_file_whose_bindings_were_lost_is_known_by_its_controls(issued):
    written, file, issue = issued

    def change(document):
        for key, related in list(document.part.rels.items()):
            if related.reltype.endswith("/customXml"):
                document.part.drop_rel(key)
                document.part.rels.pop(key, None)

    edited = again(file, change)
    assert verify.verify_file("a.docx", edited, written.desk.pack).issue == issue


def test_a_definition_that_changed_is_told_though_the_value_is_the_same(issued):
    written, file, _ = issued
    pack = written.desk.pack
    it = pack.indicators["members"]
    changed = pack.model_copy(
        update={"indicators": pack.indicators | {"members": it.model_copy(update={"empty": "none"})}}
    )
    words = {it.number.key: it.word for it in verify.verify_file("a.docx", file, changed).findings}
    assert {key for key, word in words.items() if word == "口径已改"} == {"members"}


def test_what_is_issued_is_never_changed(issued):
    issue = issued[2]
    for column, value in (("title", "另一份"), ("digest", "0"), ("text", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Issue.objects.filter(pk=issue.pk).update(**{column: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).delete()
    assert Issue.objects.filter(pk=issue.pk).update(path=issue.path) == 1  # a unit that moves takes its issues along


def test_an_issue_is_seen_in_its_scope_only(issued):
    written, file, _ = issued
    other = Unit.objects.filter(kind="county").exclude(pk=written.desk.unit.pk).first()
    with acting(Scope.below(written.desk.unit.path)):
        assert Issue.objects.count() == 1
    with acting(Scope.below(other.path)):
        assert Issue.objects.count() == 0
        assert refusal_of(verify.verify_file, "a.docx", file, written.desk.pack) == "verify.unknown"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"missing": ("到会率",)}, "issue.missing"),
        ({"doubts": ("不合",)}, "issue.doubt"),
        ({"numbers": ()}, "issue.empty"),
    ],
)
def test_what_may_be_issued(office, change, refusal):
    written = office.write("work_review")
    if "numbers" in change:
        written = replace(written, source="没有数字", lines=dict.fromkeys(written.lines, ""), tables={})
    written = replace(written, **change)
    assert refusal_of(services.issue, written, b"file", on=DAY, actor=None) == refusal
    assert Issue.objects.count() == (0 if refusal else 1)


def test_a_number_of_the_document_too_long_is_refused(office):
    assert refusal_of(services.check_may_issue, office.write("work_review"), number="字" * 61) == "issue.number"


def test_what_moved_after_somebody_looked_is_not_issued_unseen(office):
    seen = office.write("work_review").digest
    assert refusal_of(services.check_may_issue, office.write("work_review"), seen=seen) is None
    HouseholdStatus.objects.filter(status="registered", until=None).first().delete()
    assert refusal_of(services.check_may_issue, office.write("work_review"), seen=seen) == "issue.moved"


def test_a_file_that_was_never_issued_is_no_issue(office):
    written = office.write("work_review")
    draft = layout.build(written, site=SITE)
    assert refusal_of(verify.verify_file, "a.docx", draft, written.desk.pack) == "verify.unknown"
    assert (
        refusal_of(
            verify.verify_file, "a.docx", again(draft, lambda it: it.element.body.clear_content()), written.desk.pack
        )
        == "verify.unknown"
    )


def test_the_marks_are_the_last_ids_of_every_table(office):
    found = changes.marks()
    assert found.keys() == set(changes.TABLES.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM activity")
        assert found["activity"] == cursor.fetchone()[0]


def test_a_ratio_that_moved_names_the_records_of_both_its_parts(office):
    county = Unit.objects.filter(kind="county").order_by("code").first()
    written = office.write("bulletin", county)
    issue = services.issue(written, b"file", on=DAY, actor=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE attendance SET state = 'absent' WHERE id = (SELECT min(id) FROM attendance WHERE path LIKE %s"
            " AND state = 'present' AND day BETWEEN '2017-01-01' AND '2017-10-31') RETURNING id",
            [f"{county.path}%"],
        )
        [(pk,)] = cursor.fetchall()
    moved = of(verify.verify_issue(issue, written.desk.pack), "attendance_rate", county)
    assert moved.word == verify.MOVED
    assert moved.now < moved.number.value < Decimal(100)
    assert [(it.fact, it.record, it.fields) for it in moved.changes] == [
        ("attendances", pk, (("状态", "present", "absent"),))
    ]

"""The receipt: every row is accepted, rejected or unknown; what is rejected becomes a case, and goes out again once it is mended."""

import hashlib
from datetime import date, timedelta

import pytest

from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.files import sealed
from hangshi.handoff import answers, services
from hangshi.handoff.models import Held, Line, Receipt
from hangshi.refusal import Refused
from hangshi.registry import people
from hangshi.registry.models import Person
from tests.handoff.conftest import CLERK, HEAD, LATER, TODAY, acts, citizen, receipt_file
from tests.intake.conftest import book

TAKEN = [[citizen(it), "成功", ""] for it in (11, 12, 13)]
BACK = [citizen(12), "失败", "姓名与公安登记不符"]
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def rejected(send, answer, members):
    """李秀英 came back, the others were taken."""
    first = send()
    answer(first, TAKEN[0], BACK, TAKEN[2])
    return first


def test_accepted_rejected_and_unknown_make_up_the_rows(send, answer, members):
    first = send()
    rows = [TAKEN[0], BACK, [citizen(99), "成功", ""], [citizen(13), "处理中", ""]]
    assert answer(first, *rows) == {"rows": 4, "accepted": 1, "rejected": 1, "unknown": 2}
    receipt = Receipt.objects.get()
    assert receipt.unknown == [[5, "这次上报里没有这个公民身份号码"], [6, "“处理中”不是模板写明的处理结果"]]
    assert dict(Line.objects.values_list("subject", "answer")) == {
        members.wang.pk: "accepted",
        members.li.pk: "rejected",
        members.zhao.pk: "",
    }
    first.refresh_from_db()
    assert first.state == "sent"  # 赵大山 has no answer yet


def test_a_rejected_row_opens_a_case_for_the_unit_with_reason_and_term(rejected, members, land):
    [case] = Case.objects.all()
    assert (case.kind, case.title, case.person_id, case.unit_id) == (
        "returned_member", "上报退回：党员基本信息", members.li.pk, land.bay_branch.pk,
    )  # fmt: skip
    assert case.extra == {"reason": "姓名与公安登记不符", "system": "全国党员管理信息系统"}
    assert (case.opened_on, case.due_on, case.closed_on) == (TODAY, date(2026, 7, 15), None)
    assert Line.objects.get(subject=members.li.pk).case_id == case.pk


def test_what_is_not_mended_is_held_back_unless_it_is_asked_for(make, rejected, members, member):
    member("钱小玲", 14)
    made = make(LATER, LATER)
    assert made.counts == {"new": 1, "same": 2, "held": 1}
    services.withdraw(made, on=LATER, by=CLERK)
    assert make(LATER, LATER, again=True).counts == {"new": 2, "same": 2}


def test_mended_it_goes_out_with_the_next_difference_and_accepted_it_closes_its_case(send, rejected, answer, members):
    people.correct(members.li, on=LATER, actor=None, name="李秀瑛")
    second = send(LATER, LATER)
    assert acts(second) == {"new": ["李秀瑛"]}
    assert answer(second, [citizen(12), "成功", ""], on=LATER) == {
        "rows": 1,
        "accepted": 1,
        "rejected": 0,
        "unknown": 0,
    }
    case = Case.objects.get()
    assert (case.closed_on, case.verdict, case.stage) == (LATER, "上级系统已接收", "settled")
    second.refresh_from_db()
    assert (second.state, Held.objects.exclude(digest=b"").count()) == ("done", 3)


def test_rejected_again_it_is_a_new_case(send, rejected, answer, members):
    people.correct(members.li, on=LATER, actor=None, name="李秀瑛")
    answer(send(LATER, LATER), [citizen(12), "退回", "仍不符"], on=LATER)
    first, second = Case.objects.order_by("pk")
    assert (first.closed_on, first.verdict) == (LATER, "上级系统再次退回，另立一件")
    assert (second.closed_on, second.extra["reason"]) == (None, "仍不符")


def test_a_case_that_the_unit_closed_itself_stays_as_it_is(send, rejected, answer, members, pack):
    case = Case.objects.get()
    cases.close(pack.kinds.case[case.kind], case, verdict="已改正", on=TODAY, actor=7)
    people.correct(members.li, on=LATER, actor=None, name="李秀瑛")
    answer(send(LATER, LATER), [citizen(12), "成功", ""], on=LATER)
    assert Case.objects.get().verdict == "已改正"


def test_the_same_receipt_twice_changes_nothing(pack, rejected, members):
    before = list(Line.objects.order_by("pk").values_list("answer", "case_id"))
    data = receipt_file(pack, rejected, [TAKEN[0], BACK, TAKEN[2]])
    receipt = Receipt.objects.get()
    Receipt.objects.update(sha256=hashlib.sha256(data).hexdigest())
    again = answers.receive(pack, rejected, name="又一次.xlsx", data=data, on=TODAY, by=CLERK)
    answers.answer(pack, again, on=LATER, by=CLERK)
    assert (again.pk, Receipt.objects.count(), Case.objects.count()) == (receipt.pk, 1, 1)
    assert list(Line.objects.order_by("pk").values_list("answer", "case_id")) == before


def test_the_same_rows_in_another_file_change_nothing_either(answer, rejected):
    said = {"rows": 4, "accepted": 2, "rejected": 1, "unknown": 1}
    assert answer(rejected, TAKEN[0], BACK, TAKEN[2], [citizen(98), "成功", ""]) == said
    assert (Case.objects.count(), Receipt.objects.count()) == (1, 2)


def test_what_was_rejected_may_be_accepted_later_but_not_the_other_way(answer, rejected, members):
    assert answer(rejected, [citizen(12), "成功", ""], on=LATER)["accepted"] == 1
    assert Case.objects.get().verdict == "上级系统已接收"
    assert answer(rejected, BACK, on=LATER) == {"rows": 1, "accepted": 0, "rejected": 0, "unknown": 1}
    assert Receipt.objects.latest("pk").unknown == [[3, "此前的回执已写明接收"]]


def test_a_row_twice_counts_once_and_two_that_disagree_count_for_nothing(send, answer, members):
    first = send()
    found = answer(first, TAKEN[0], TAKEN[0], BACK, [citizen(12), "成功", ""])
    assert found == {"rows": 4, "accepted": 1, "rejected": 0, "unknown": 3}
    assert Receipt.objects.get().unknown == [
        [4, "与前面的行重复"],
        [5, "同一对象在回执里有不同的结果"],
        [6, "同一对象在回执里有不同的结果"],
    ]


def test_a_number_with_a_small_x_is_the_same_number(send, answer, member):
    serial = next(it for it in range(1, 200) if citizen(it).endswith("X"))
    member("孙三", serial)
    assert answer(send(), [citizen(serial).lower(), "成功", ""])["accepted"] == 1


def test_an_ending_that_is_accepted_is_over_one_that_is_rejected_is_held(make, send, answer, rejected, members):
    for person in (members.wang, members.zhao):
        people.leave(person, on=date(2026, 7, 15), actor=None, reason="other")
    second = send(LATER, LATER)
    assert answer(second, TAKEN[0], [citizen(13), "失败", "仍有未缴党费"], on=LATER)["rejected"] == 1
    assert {it.subject for it in Held.objects.exclude(digest=b"")} == {members.zhao.pk}
    with pytest.raises(Refused, match="没有变动"):
        make(SEPTEMBER, SEPTEMBER)
    assert make(SEPTEMBER, SEPTEMBER, again=True).counts == {"new": 1, "ended": 1}


def test_without_an_answer_a_row_goes_out_again(make, send, answer, members):
    first = send()
    answer(first, TAKEN[0])
    services.finish(first, on=LATER, by=HEAD)
    assert acts(make(LATER, LATER)) == {"new": ["李秀英", "赵大山"]}


def test_who_is_out_of_sight_is_taken_off_by_hand_once(make, send, answer, members, pack):
    answer(send(), *TAKEN)
    members.zhao.memberships.all().delete()
    people.correct(members.wang, on=LATER, actor=None, name="王建军")
    second = send(LATER, LATER)
    assert second.counts == {"changed": 1, "same": 1, "lost": 1}
    services.finish(second, on=LATER, by=HEAD)
    assert make(SEPTEMBER, SEPTEMBER).counts == {"changed": 1, "same": 1}


def test_a_rejected_person_who_is_out_of_sight_by_now_has_no_case_here(send, answer, members):
    first = send()
    Line.objects.filter(subject=members.li.pk).update(subject=10**12)
    assert answer(first, BACK)["rejected"] == 1
    assert (Case.objects.count(), Person.objects.filter(pk=10**12).count()) == (0, 0)


def test_the_receipt_of_an_earlier_one_is_not_read_any_more(send, make, answer, members):
    first = send()
    services.finish(first, on=TODAY, by=HEAD)
    make(LATER, LATER)
    with pytest.raises(Refused, match="之后又拟过一次上报"):
        answer(first, TAKEN[0])


def test_a_draft_has_no_receipt(make, answer, members):
    with pytest.raises(Refused, match="还没有上报"):
        answer(make(), TAKEN[0])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["公民身份号码", "结果"], ["1", "成功"]], "回执里没有这些列：处理结果、失败原因"),
        (None, "这是PDF 文档"),
    ],
)
def test_what_is_no_receipt_is_refused_at_once(send, members, pack, rows, said):
    first = send()
    with pytest.raises(Refused, match=said):
        answers.receive(pack, first, name="x", data=book(rows) if rows else b"%PDF-1.7", on=TODAY, by=CLERK)
    assert Receipt.objects.count() == 0


def test_a_receipt_is_erased_once_it_is_read(send, members, pack, tmp_path, django_capture_on_commit_callbacks):
    first = send()
    receipt = answers.receive(pack, first, name="x", data=receipt_file(pack, first, TAKEN), on=TODAY, by=CLERK)
    file = tmp_path / "handoff" / f"{first.pk}.{receipt.pk}.sealed"
    assert file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answers.answer(pack, receipt, on=TODAY, by=CLERK)
    assert not file.exists()


def test_a_receipt_that_was_never_read_is_forgotten_and_may_be_brought_again(send, members, pack, tmp_path):
    first = send()
    data = receipt_file(pack, first, TAKEN)
    receipt = answers.receive(pack, first, name="x", data=data, on=TODAY, by=CLERK)
    assert answers.forget_unread(receipt.received_at) == 0
    assert answers.forget_unread(receipt.received_at + timedelta(seconds=1)) == 1
    assert not (tmp_path / "handoff" / f"{first.pk}.{receipt.pk}.sealed").exists()
    again = answers.receive(pack, first, name="x", data=data, on=TODAY, by=CLERK)
    assert answers.answer(pack, again, on=TODAY, by=CLERK).counts["accepted"] == 3


def test_without_its_file_a_receipt_is_not_read(send, members, pack):
    first = send()
    receipt = answers.receive(pack, first, name="x", data=receipt_file(pack, first, TAKEN), on=TODAY, by=CLERK)
    sealed.erase("handoff", f"{first.pk}.{receipt.pk}")
    with pytest.raises(Refused, match="回执的文件已经清除"):
        answers.answer(pack, receipt, on=SEPTEMBER, by=CLERK)

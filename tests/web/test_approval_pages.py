"""审批: submitted, answered, returned, handed over, withdrawn; each by whom it may be."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.approvals.models import Approval, Task
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.packs import load
from hangshi.registry.models import Person, Unit

from .conftest import PASSWORD

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
JAN_1, JUNE_1 = date(2017, 1, 1), date(2017, 6, 1)


def body(answer: Any) -> str:
    return (
        str(answer.content.decode()).split("<main")[0].split("page-header")[-1]
        + str(answer.content.decode()).split("<main")[1]
    )


def number(username: str) -> int:
    with acting(EVERYTHING):
        return int(Account.objects.get(username=username).pk)


@pytest.fixture
def county(town: dict[str, Unit]) -> None:
    """Two clerks of the county, 县 and 另, beside the city's and the township's."""
    with acting(EVERYTHING):
        for username, name in (("xian", "县里经办"), ("ling", "县里另一人")):
            account = access.open_account(username, name=name, password=PASSWORD)
            at = town["county"]
            access.grant(account, role="county_clerk", unit_id=at.pk, path=at.path, since=JAN_1)


@pytest.fixture
def filing(town: dict[str, Unit], party: dict[str, Person], county: None) -> Case:
    """A village secretary to be filed with the county."""
    with acting(EVERYTHING):
        return cases.open_case(
            KINDS.case["secretary_filing"],
            unit=town["东湾村"],
            title="东湾村书记任职",
            on=JUNE_1,
            person=party["张爱民"],
            ground="appointed",
            actor=None,
        )


@pytest.fixture
def submitted(sign_in: SignIn, filing: Case, row: Any) -> Approval:
    client = sign_in("zhen")
    answer = client.post(f"/records/cases/{filing.pk}/submit/", {f"step0.{number('xian')}": "1"})
    found: Approval = row(Approval)
    assert answer["Location"] == f"/approvals/{found.pk}/"
    return found


def test_a_case_says_that_it_needs_an_approval_and_offers_those_over_its_unit(sign_in: SignIn, filing: Case) -> None:
    client = sign_in("zhen")
    page = client.get(f"/records/cases/{filing.pk}/").content.decode()
    assert f"/records/cases/{filing.pk}/submit/" in page
    assert "还不能：还没有提交审批。" in page
    form = client.get(f"/records/cases/{filing.pk}/submit/").content.decode()
    assert "转入“县级备案”须经书记县级备案" in form
    assert ("县里经办（汉滨区，县区经办）" in form, "city用户（安康市，市级经办）" in form) == (True, True)
    assert "关庙镇用户（" not in form  # nobody signs for themselves


def test_without_a_signer_it_is_asked_for(sign_in: SignIn, filing: Case, count: Any) -> None:
    answer = sign_in("zhen").post(f"/records/cases/{filing.pk}/submit/", {})
    assert answer.status_code == 422
    assert "“县级备案”至少选一个。" in answer.content.decode()
    assert count(Approval) == 0


def test_it_waits_for_the_one_asked_and_is_agreed_to(sign_in: SignIn, submitted: Approval, filing: Case) -> None:
    signer, other, here = sign_in("xian"), sign_in("ling"), f"/approvals/{submitted.pk}/"
    assert "东湾村书记任职" in body(signer.get("/approvals/"))
    assert "东湾村书记任职" in body(signer.get("/inbox/"))
    assert "东湾村书记任职" not in body(other.get("/approvals/"))
    assert f"{here}approve/" in body(signer.get(here))
    assert f"{here}approve/" not in body(other.get(here))
    assert signer.post(f"{here}approve/", {"note": "同意备案"})["Location"] == here
    assert "已通过" in body(signer.get(here))
    page = sign_in("zhen").get(f"/records/cases/{filing.pk}/").content.decode()
    assert "close/?to=filed" in page  # the gate is open now


def test_who_was_not_asked_is_refused_and_nothing_changes(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    answer = sign_in("ling").post(f"/approvals/{submitted.pk}/approve/", {"note": ""})
    assert answer.status_code == 422
    assert "这一环节不由您审批。" in answer.content.decode()
    assert row(Approval).state == "running"


def test_what_changed_since_is_shown_and_cannot_be_agreed_to(
    sign_in: SignIn, submitted: Approval, filing: Case, row: Any
) -> None:
    with acting(EVERYTHING):
        Case.objects.filter(pk=filing.pk).update(title="东湾村书记免职")
    client, here = sign_in("xian"), f"/approvals/{submitted.pk}/"
    page = body(client.get(here))
    assert "提交审批以后内容有改动" in page
    assert "approve/" not in page
    answer = client.post(f"{here}approve/", {"note": ""})
    assert "提交审批后内容有改动，请退回提交人" in answer.content.decode()
    assert row(Approval).state == "running"


def test_sent_back_it_waits_for_its_author_who_asks_again(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    client, author, here = sign_in("xian"), sign_in("zhen"), f"/approvals/{submitted.pk}/"
    assert client.post(f"{here}return/", {"note": ""}).status_code == 422
    client.post(f"{here}return/", {"note": "请补任职文件"})
    assert "退回给您" in body(author.get("/inbox/"))
    author.post(f"{here}resubmit/", {"note": "已补"})
    assert (row(Approval).state, row(Task).state) == ("running", "open")


def test_a_refusal_says_why(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    client, here = sign_in("xian"), f"/approvals/{submitted.pk}/"
    assert "“理由”必须填写。" in client.post(f"{here}refuse/", {"note": ""}).content.decode()
    client.post(f"{here}refuse/", {"note": "程序不全"})
    assert row(Approval).state == "refused"
    assert "程序不全" in body(sign_in("zhen").get(here))


def test_a_task_is_handed_to_another_who_answers(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    here = f"/approvals/{submitted.pk}/"
    sign_in("xian").post(f"{here}hand_over/", {"to": number("ling"), "note": "出差"})
    sign_in("ling").post(f"{here}approve/", {"note": ""})
    assert row(Approval).state == "approved"


def test_with_another_one_added_both_are_needed(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    here = f"/approvals/{submitted.pk}/"
    sign_in("xian").post(f"{here}ask_also/", {"to": number("ling"), "note": "请会签"})
    sign_in("xian").post(f"{here}approve/", {"note": ""})
    assert row(Approval).state == "running"
    sign_in("ling").post(f"{here}approve/", {"note": ""})
    assert row(Approval).state == "approved"


def test_only_the_author_takes_it_back(sign_in: SignIn, submitted: Approval, row: Any) -> None:
    here = f"/approvals/{submitted.pk}/"
    assert "只有提交人可以撤回。" in sign_in("xian").post(f"{here}withdraw/", {"note": "错了"}).content.decode()
    sign_in("zhen").post(f"{here}withdraw/", {"note": "内容有误"})
    assert row(Approval).state == "withdrawn"


def test_an_approval_of_a_restricted_case_is_not_there_for_whoever_may_not_read_it(
    sign_in: SignIn, town: dict[str, Unit], party: dict[str, Person], county: None
) -> None:
    with acting(EVERYTHING):
        case = cases.open_case(
            KINDS.case["qualification_review"], unit=town["东湾村"], title="张爱民资格", on=JUNE_1, person=party["张爱民"],
            extra={"post": "副主任"}, actor=None,
        )  # fmt: skip
        hidden = Approval.objects.create(
            kind="qualification", unit=case.unit, path=case.path, source="case_file", source_id=case.pk, title=case.title,
            digest="0" * 64, author=1, opened_on=JUNE_1,
        )  # fmt: skip
    assert [sign_in(who).get(f"/approvals/{hidden.pk}/").status_code for who in ("zhen", "xian")] == [404, 200]
    assert "张爱民资格" not in body(sign_in("zhen").get("/approvals/?tab=all"))
    assert "张爱民资格" in body(sign_in("xian").get("/approvals/?tab=all"))


@pytest.mark.parametrize("address", ["/approvals/0/", "/approvals/0/approve/", "/approvals/?tab=none"])
def test_what_is_not_there_is_not_found(sign_in: SignIn, address: str) -> None:
    assert sign_in("zhen").get(address).status_code == 404


def test_an_unknown_answer_is_not_found(sign_in: SignIn, submitted: Approval) -> None:
    assert sign_in("xian").get(f"/approvals/{submitted.pk}/burn/").status_code == 404

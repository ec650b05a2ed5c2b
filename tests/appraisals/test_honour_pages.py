"""红旗和荣誉 on the pages: a round's proposals asked for, agreed to by another, held, withdrawn; the list of a county and of a village."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals import services
from hangshi.appraisals.marks import By, put
from hangshi.appraisals.models import Honour, Round, Sheet
from hangshi.approvals.models import Approval
from hangshi.duties.models import Duty
from hangshi.registry.models import Unit
from tests.appraisals.schemes import criterion, scheme
from tests.web.conftest import PASSWORD, count, row, sign_in, town

__all__ = ["count", "row", "sign_in", "town"]
FLAG = "产业发展红旗"
FORM = scheme(
    criterion("seen", 100),
    unit_kinds=("village",),
    effects=[{"name": FLAG, "grades": ["good"], "months": 12, "quota": 1}],
)
DAY = date(2017, 9, 1)


@pytest.fixture
def used(town: dict[str, Unit]) -> Round:
    """Of 汉滨区: 东湾村 and 西沟村 both with 90, one flag to give. `yan` and `er` are two clerks of it, `he` one of 大河镇."""
    with acting(EVERYTHING):
        Unit.objects.filter(kind__in=("county", "township")).update(extra={"report_day": "2017-10-31"})
        for username, unit, role in (
            ("yan", "county", "county_clerk"),
            ("er", "county", "county_clerk"),
            ("he", "大河镇", "township_clerk"),
        ):
            account = access.open_account(username, name=f"{unit}{username}", password=PASSWORD)
            access.grant(account, role=role, unit_id=town[unit].pk, path=town[unit].path, since=date(2017, 1, 1))
        days: dict[str, Any] = {"first": date(2017, 1, 1), "last": date(2017, 8, 31), "on": DAY, "actor": 1}
        found = services.open_round(FORM, unit=town["county"], title="产业红旗评比", **days)
        services.step(found, "check", on=DAY, actor=1)
        for sheet in Sheet.objects.filter(round=found):
            put(sheet, criterion="seen", stance="review", values={"": 90}, by=By(9), on=DAY, note="")
        for name, on in (("compute", DAY), ("show", DAY), ("fix", date(2017, 9, 10)), ("use", date(2017, 9, 10))):
            services.step(found, name, on=on, actor=1)
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def step(client: Client, found: Round, name: str, **said: str) -> Any:
    return client.post(f"/honours/rounds/{found.pk}/{name}/", said)


@pytest.fixture
def agreed(used: Round, sign_in: Callable[[str], Client], row: Callable[..., Any]) -> Client:
    """`yan` asked, `er` agreed; `yan` is signed in."""
    yan, er = sign_in("yan"), sign_in("er")
    account = row(Account, username="er").pk
    assert step(yan, used, "ask", **{f"signers.{account}": "1"}).status_code == 302
    assert step(er, used, "agree", note="同意").status_code == 302
    return yan


def test_a_round_s_proposals_are_asked_for_and_agreed_to_by_another(
    used: Round, sign_in: Callable[[str], Client], row: Callable[..., Any]
) -> None:
    yan, er, address = sign_in("yan"), sign_in("er"), f"/honours/rounds/{used.pk}/"
    page = text(yan, address)
    for said in ("还没有提交", "名额 1 个，保持 12 个月", "东湾村", "西沟村", "建议，待审定", "提交审定"):
        assert said in page
    assert ("授予</a>" in page, "不同意" in page) == (False, False)
    assert "至少选一个" in step(yan, used, "ask").content.decode()
    assert step(yan, used, "ask", **{f"signers.{row(Account, username='er').pk}": "1"}).status_code == 302
    assert ("不同意" in text(yan, address), "不同意" in text(er, address)) == (False, True)
    asked = er.get(f"/approvals/{row(Approval).pk}/")
    assert (asked.status_code, asked["Location"]) == (302, address)
    assert step(yan, used, "agree", note="").status_code == 422
    assert step(er, used, "agree", note="").status_code == 302
    assert "已通过" in text(yan, address)


def test_no_more_is_granted_than_the_quota_and_the_choice_is_people_s(
    agreed: Client, used: Round, town: dict[str, Unit], row: Callable[..., Any]
) -> None:
    one, other = (row(Honour, sheet__unit=town[name]) for name in ("东湾村", "西沟村"))
    both = {f"honours.{it.pk}": "1" for it in (one, other)}
    answer = step(agreed, used, "hold", since="2017-10-01", **both)
    assert (answer.status_code, "名额1个，已定0个，又选了2个" in answer.content.decode()) == (422, True)
    assert step(agreed, used, "hold", since="2017-10-01", **{f"honours.{one.pk}": "1"}).status_code == 302
    page = text(agreed, f"/honours/?award=round:{FLAG}&on=2017-10-31")
    for said in (FLAG, "东湾村", "2017-10-01 至 2018-09-30", "产业红旗评比", "汉滨区"):
        assert said in page
    village = text(agreed, f"/honours/?unit={town['东湾村'].pk}")
    assert ("东湾村历来的红旗和荣誉" in village, "2017-10-01 至 2018-09-30" in village) == (True, True)


def test_a_flag_is_taken_away_with_a_reason_and_stays_in_the_history(
    agreed: Client, used: Round, town: dict[str, Unit], row: Callable[..., Any]
) -> None:
    held = row(Honour, sheet__unit=town["东湾村"])
    step(agreed, used, "hold", since="2017-10-01", **{f"honours.{held.pk}": "1"})
    address = f"/honours/{held.pk}/withdraw/"
    assert agreed.post(address, {"day": "2017-10-15", "reason": ""}).status_code == 422
    early = agreed.post(address, {"day": "2017-09-30", "reason": "复查不合格"})
    assert "撤销日期应在2017-10-01至2018-09-30之间" in early.content.decode()
    assert agreed.post(address, {"day": "2017-10-15", "reason": "复查不合格"}).status_code == 302
    page = text(agreed, f"/honours/?unit={town['东湾村'].pk}")
    assert ("2017-10-01 至 2017-10-15" in page, "复查不合格" in page) == (True, True)


def test_nothing_is_granted_before_it_was_agreed_to(
    used: Round, sign_in: Callable[[str], Client], row: Callable[..., Any], town: dict[str, Unit]
) -> None:
    pk = row(Honour, sheet__unit=town["东湾村"]).pk
    answer = step(sign_in("yan"), used, "hold", since="2017-10-01", **{f"honours.{pk}": "1"})
    assert (answer.status_code, "还没有提交审批" in answer.content.decode()) == (422, True)


def test_an_honour_is_registered_and_listed_a_person_s_only_with_consent(
    used: Round, town: dict[str, Unit], sign_in: Callable[[str], Client], count: Callable[..., int]
) -> None:
    yan = sign_in("yan")
    said = {"bearer": "汉滨区", "target": "王建国", "role": "county", "since": "2017-10-01", "x_ground": "扶贫实绩"}
    address = "/records/duties/new/?kind=person_honour"
    refused = yan.post(address, said | {"x_title": "优秀党员"})
    assert ("“本人同意日期”必须填写" in refused.content.decode(), count(Duty)) == (True, 0)
    assert yan.post(address, said | {"x_title": "优秀党员", "x_consent_on": "2017-09-20"}).status_code == 302
    page = text(yan, f"/honours/?unit={town['东湾村'].pk}")
    for wanted in ("优秀党员", "王建国", "汉滨区", "扶贫实绩", "2017-10-01 至 今"):
        assert wanted in page


def test_who_is_appraised_sees_but_does_not_move_the_round_and_others_do_not_see_it(
    agreed: Client, used: Round, sign_in: Callable[[str], Client], row: Callable[..., Any], town: dict[str, Unit]
) -> None:
    pk = row(Honour, sheet__unit=town["西沟村"]).pk
    step(agreed, used, "hold", since="2017-10-01", **{f"honours.{pk}": "1"})
    he, zhen, reader = sign_in("he"), sign_in("zhen"), sign_in("kan")
    assert (FLAG in text(he, "/honours/"), FLAG in text(reader, "/honours/?on=2017-10-31&past=1")) == (True, True)
    own = text(he, f"/honours/?unit={town['西沟村'].pk}")
    assert ("2017-10-01 至 2018-09-30" in own, "上级" in own) == (True, True)  # who granted it stands above their scope
    assert "2017-10-01 至 2018-09-30" in text(he, f"/honours/rounds/{used.pk}/")
    assert he.get(f"/honours/rounds/{used.pk}/ask/").status_code == 404
    assert he.post(f"/honours/{pk}/withdraw/", {"day": "2017-10-15", "reason": "x"}).status_code == 404
    assert zhen.post(f"/honours/{pk}/withdraw/", {"day": "2017-10-15", "reason": "x"}).status_code == 404
    assert reader.get(f"/honours/rounds/{used.pk}/ask/").status_code == 403
    assert agreed.get(f"/honours/rounds/{used.pk}/nothing/").status_code == 404

"""日历、活动计划、手机订阅."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import services as activities
from hangshi.activities.models import Activity, Plan
from hangshi.notices.models import Feed
from hangshi.packs import load
from hangshi.registry.models import Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


def planned(client: Client, unit: Unit, **said: str) -> Any:
    given = {"kind": "theme_day", "day": "2017-10-10", "topic": "义务植树", "place": "后山", "agenda": "动员\n植树"}
    return client.post(f"/plans/new/?unit={unit.pk}", given | said)


@pytest.fixture
def branch(town: dict[str, Unit], party: Any) -> Unit:
    return town["东湾村党支部"]


def test_the_calendar_says_who_owes_what_under_which_rule(sign_in: SignIn, branch: Unit, party: Any) -> None:
    with acting(EVERYTHING):
        activities.record(
            KINDS.activity["theme_day"], unit=branch, on=date(2017, 9, 10), leader=party["张爱民"],
            attendance={party["张爱民"].pk: "present"}, actor=None,
        )  # fmt: skip
    card = main(sign_in("shi").get("/calendar/?month=2017-09")).split("主题党日每月一次</h2>")[1].split("依据")[0]
    assert ("已完成 1" in card, "逾期未开展 1" in card) == (True, True)
    assert "西沟村党支部" in card
    assert "东湾村党支部" not in card
    assert "2017-09-30" in card
    assert "kind=theme_day" in card  # from the calendar to the form


def test_a_month_that_is_none_is_this_one(sign_in: SignIn, branch: Unit) -> None:
    assert "2017年10月</h1>" in sign_in("shi").get("/calendar/?month=x").content.decode()


def test_what_is_planned_is_noticed_and_held_and_its_record_takes_over_what_was_planned(
    sign_in: SignIn, branch: Unit, party: Any, row: Any
) -> None:
    client = sign_in("zhen")
    form = client.get(f"/plans/new/?unit={branch.pk}").content.decode()
    assert ("主题党日" in form, "走访" in form.split("<main")[1]) == (True, False)
    answer = planned(client, branch, starts_at="09:30")
    it = row(Plan)
    assert answer["Location"] == f"/plans/{it.pk}/"
    assert (it.agenda, f"{it.starts_at:%H:%M}") == (["动员", "植树"], "09:30")
    assert "义务植树" in main(client.get("/calendar/?month=2017-10"))
    client.post(f"/plans/{it.pk}/notify/", {"day": "2017-10-09"})
    page = client.get(f"/plans/{it.pk}/").content.decode()
    assert "· 已通知" in page
    assert f"plan={it.pk}" in page
    people = {f"a_{person.pk}": "present" for person in party.values()}
    leader = {"leader": "张爱民", "leader_id": party["张爱民"].pk}
    said = leader | people | {"day": "2017-10-10", "topic": "义务植树", "plan": it.pk}
    made = client.post(f"/records/activities/new/?kind=theme_day&unit={branch.pk}", said)
    assert made.status_code == 302
    assert (row(Activity).plan_id, row(Plan).state) == (it.pk, "held")
    assert "1. 动员" in client.get(made["Location"]).content.decode()


@pytest.mark.parametrize(
    ("act", "said", "sentence"),
    [
        ("notify", {"day": "2017-10-11"}, "之后不能再通知"),
        ("put_off", {"to": "2017-10-20", "reason": ""}, "“理由”必须填写。"),
        ("put_off", {"to": "2017-10-10", "reason": "下雨"}, "新的日期与原来的一样。"),
        ("call_off", {"reason": " "}, "“理由”必须填写。"),
    ],
)
def test_a_change_of_plan_that_is_refused_changes_nothing(
    sign_in: SignIn, branch: Unit, row: Any, act: str, said: dict[str, str], sentence: str
) -> None:
    client = sign_in("zhen")
    planned(client, branch)
    answer = client.post(f"/plans/{row(Plan).pk}/{act}/", said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert (row(Plan).state, row(Plan).day) == ("planned", date(2017, 10, 10))


def test_a_plan_put_off_and_called_off_says_why(sign_in: SignIn, branch: Unit, row: Any) -> None:
    client = sign_in("zhen")
    planned(client, branch)
    here = f"/plans/{row(Plan).pk}/"
    client.post(f"{here}put_off/", {"to": "2017-10-20", "reason": "下雨"})
    assert row(Plan).day == date(2017, 10, 20)
    client.post(f"{here}call_off/", {"reason": "防汛"})
    page = client.get(here).content.decode()
    assert ("已取消" in page, "防汛" in page, f"{here}notify/" in page) == (True, True, False)


def test_a_reader_plans_nothing_and_a_plan_elsewhere_is_not_there(
    sign_in: SignIn, town: Any, branch: Unit, row: Any
) -> None:
    assert planned(sign_in("kan"), branch).status_code == 403
    planned(sign_in("shi"), town["西沟村党支部"])
    assert sign_in("zhen").get(f"/plans/{row(Plan).pk}/").status_code == 404
    assert sign_in("zhen").get(f"/plans/{row(Plan).pk}/nothing/").status_code == 404


def subscribed(client: Client, unit: Unit) -> str:
    page = client.post(f"/feeds/new/?unit={unit.pk}").content.decode()
    return str(page.split("/feeds/")[1].split('"')[0])


def test_a_phone_reads_the_calendar_by_an_address_that_can_be_revoked(
    sign_in: SignIn, branch: Unit, row: Any, town: Any
) -> None:
    client = sign_in("zhen")
    planned(client, branch, day=timezone.localdate().isoformat())
    secret, phone = subscribed(client, town["关庙镇"]), Client()
    answer = phone.get(f"/feeds/{secret}")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert ("BEGIN:VCALENDAR" in text, "义务植树" in text, "张爱民" in text) == (True, True, False)
    assert "西沟" not in text
    assert secret.removesuffix(".ics") not in str(row(Feed).__dict__)  # only its digest is kept
    client.post(f"/feeds/{row(Feed).pk}/revoke/")
    assert phone.get(f"/feeds/{secret}").status_code == 404


def test_an_address_ends_with_its_grant_or_its_account(sign_in: SignIn, branch: Unit, town: Any) -> None:
    secret, phone = subscribed(sign_in("zhen"), town["关庙镇"]), Client()
    with acting(EVERYTHING):
        Account.objects.filter(username="zhen").update(active=False)
    assert phone.get(f"/feeds/{secret}").status_code == 404


@pytest.mark.parametrize("secret", ["x", "0" * 200, "%00"])
def test_a_made_up_address_shows_nothing(db: None, secret: str) -> None:
    assert Client().get(f"/feeds/{secret}.ics").status_code in (400, 404)


def test_of_another_account_s_addresses_none_is_revoked(sign_in: SignIn, town: Any, row: Any) -> None:
    subscribed(sign_in("zhen"), town["关庙镇"])
    assert sign_in("shi").post(f"/feeds/{row(Feed).pk}/revoke/").status_code == 404
    assert row(Feed).revoked_at is None

"""A record's page and its history in words: names, kinds and stages, never keys or numbers of accounts."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities import services as activities
from hangshi.activities.models import Activity
from hangshi.cases import services as cases
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.ledger import services as ledger
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Household, Membership, Person, Unit
from hangshi.registry.signing import sign
from hangshi.web import names

SignIn = Callable[[str], Client]
Town = dict[str, Unit]
KINDS = load("base", "ankang").kinds
MAY_1, JUNE_1, SEPT_1 = date(2017, 5, 1), date(2017, 6, 1), date(2017, 9, 1)


def page_of(client: Client, address: str) -> str:
    """What an official reads: the page without its tags."""
    text = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def clerk(town: Town) -> int:
    with acting(EVERYTHING):
        return int(Account.objects.get(username="zhen").pk)


@pytest.fixture
def secretary(town: Town, party: dict[str, Person]) -> Duty:
    with acting(EVERYTHING):
        return duties.assign(
            KINDS.duty["first_secretary"],
            bearer=party["张爱民"],
            target=town["东湾村"],
            on=MAY_1,
            actor=None,
            extra={"reserve": True},
        )


def test_a_duty_is_told_by_the_names_of_the_pack(sign_in: SignIn, secretary: Duty) -> None:
    page = page_of(sign_in("zhen"), f"/records/duties/{secretary.pk}/")
    assert "第一书记：张爱民 → 东湾村" in page
    assert "后备干部 是" in page
    assert "first_secretary" not in page


def test_a_change_says_who_what_from_what_to_what(sign_in: SignIn, secretary: Duty, clerk: int) -> None:
    with acting(EVERYTHING):
        duties.end(KINDS.duty["first_secretary"], secretary, on=SEPT_1, reason="recall", actor=clerk)
    page = page_of(sign_in("zhen"), f"/records/duties/{secretary.pk}/")
    assert "关庙镇用户 修改" in page
    assert "截止日： 空 → 2017-09-01" in page
    assert "终止原因： 空 → 召回" in page


def test_a_change_of_the_packs_own_field_has_its_name_and_value(sign_in: SignIn, secretary: Duty) -> None:
    with acting(EVERYTHING):
        Duty.objects.update(extra={"reserve": False})
    assert "后备干部： 是 → 否" in page_of(sign_in("zhen"), f"/records/duties/{secretary.pk}/")


def test_a_change_of_what_is_pointed_at_tells_both_names(
    sign_in: SignIn, secretary: Duty, party: dict[str, Person]
) -> None:
    with acting(EVERYTHING):
        Duty.objects.update(bearer=party["李建军"])
    assert "责任人： 张爱民 → 李建军" in page_of(sign_in("zhen"), f"/records/duties/{secretary.pk}/")


def test_history_costs_the_same_however_often_it_was_changed(
    sign_in: SignIn, secretary: Duty, party: dict[str, Person], clerk: int, django_assert_max_num_queries: Any
) -> None:
    client, address = sign_in("zhen"), f"/records/duties/{secretary.pk}/"
    with acting(EVERYTHING):
        sign(clerk)
        for person in (party["李建军"], party["陈小红"], party["张爱民"]) * 5:
            Duty.objects.update(bearer=person)
    with django_assert_max_num_queries(32):
        client.get(address)


def test_a_case_tells_its_stages_and_who_moved_it(sign_in: SignIn, town: Town, party: Any, clerk: int) -> None:
    kind = KINDS.case["weak_branch"]
    with acting(EVERYTHING):
        case = cases.open_case(
            kind, unit=town["东湾村党支部"], title="班子不齐", on=JUNE_1, ground="disunity", actor=clerk, due_on=SEPT_1
        )
        cases.move(kind, case, to="plan", on=JUNE_1, actor=clerk, note="定了方案")
    page = page_of(sign_in("shi"), f"/records/cases/{case.pk}/")
    assert "情形 班子不齐不力" in page
    assert "由关庙镇用户登记" in page
    assert "2017-06-01 方案 定了方案 关庙镇用户" in page
    assert "阶段： 排查 → 方案" in page
    assert "超期 60 天" in page  # the data speak of 2017-10-31
    assert [word for word in ("weak_branch", "screened", "disunity") if word in page] == []


def test_an_activity_lists_who_was_there(sign_in: SignIn, town: Town, party: dict[str, Person]) -> None:
    states = {party["张爱民"].pk: "present", party["李建军"].pk: "leave", party["陈小红"].pk: "absent"}
    with acting(EVERYTHING):
        made = activities.record(
            KINDS.activity["theme_day"],
            unit=town["东湾村党支部"],
            on=SEPT_1,
            leader=party["张爱民"],
            attendance=states,
            actor=None,
        )
    page = page_of(sign_in("zhen"), f"/records/activities/{made.pk}/")
    assert "主题党日 · 东湾村党支部" in page
    assert "到会 1 人，请假 1 人，缺席 1 人 张爱民 李建军 请假 陈小红 缺席" in page


def test_an_amount_is_told_with_its_measure(sign_in: SignIn, town: Town) -> None:
    with acting(EVERYTHING):
        made = ledger.book(KINDS.entry["collective_income"], unit=town["东湾村"], amount=12000, on=MAY_1, actor=None)
    assert "集体经济收入 12,000元" in page_of(sign_in("zhen"), f"/records/entries/{made.pk}/")


def test_a_record_opens_what_it_points_at(
    sign_in: SignIn, secretary: Duty, town: Town, party: dict[str, Person]
) -> None:
    page = sign_in("zhen").get(f"/records/duties/{secretary.pk}/").content.decode()
    assert f'<a href="/units/{town["东湾村"].pk}/">东湾村</a>' in page
    assert f'<a href="/records/persons/{party["张爱民"].pk}/">张爱民</a>' in page


def test_somebody_outside_the_scope_is_named_and_not_opened(sign_in: SignIn, town: Town, row: Any) -> None:
    with acting(EVERYTHING):
        cadre = Person.objects.create(name="县里干部", unit=town["county"], path=town["county"].path, cadre="organ")
        household = Household.objects.select_related("unit").get(number="H1")
        made = activities.record(
            KINDS.activity["visit"],
            unit=household.unit,
            on=SEPT_1,
            leader=cadre,
            household=household,
            present=1,
            actor=None,
        )
    page = sign_in("zhen").get(f"/records/activities/{made.pk}/").content.decode()
    assert f"/records/persons/{cadre.pk}/" not in page
    assert "县里干部" in page
    assert f"/records/households/{household.pk}/" in page
    assert row(Activity).leader_id == cadre.pk


def test_a_duty_borne_by_somebody_outside_the_scope_opens(sign_in: SignIn, town: Town, secretary: Duty) -> None:
    with acting(EVERYTHING):
        Duty.objects.update(
            bearer=Person.objects.create(name="县里干部", unit=town["county"], path=town["county"].path)
        )
    page = page_of(sign_in("zhen"), f"/records/duties/{secretary.pk}/")
    assert "第一书记：县里干部 → 东湾村" in page
    assert "结束责任" in page


def test_what_stands_above_is_named_but_not_opened(sign_in: SignIn, town: Town) -> None:
    page = sign_in("zhen").get(f"/units/{town['东湾村'].pk}/").content.decode()
    assert "安康市 / 汉滨区 / " in page
    assert f"/units/{town['county'].pk}/" not in page
    assert "安康市 / 汉滨区" not in sign_in("shi").get(f"/units/{town['东湾村'].pk}/").content.decode()


def test_a_unit_tells_what_became_of_it(sign_in: SignIn, town: Town) -> None:
    west, bay = town["西沟村"], town["东湾村"]
    with acting(EVERYTHING):
        registry.rename(west, name="大沟村", code="610902101", on=MAY_1, actor=None)
        registry.move(west, parent=town["关庙镇"], on=JUNE_1, actor=None)
        registry.merge([west], into=bay, on=SEPT_1, actor=None)
    old = page_of(sign_in("shi"), f"/units/{west.pk}/?tab=course")
    assert "并入“东湾村” 自 2017-09-01 起 块（属地）：隶属“关庙镇” 2017-06-01 至 2017-08-31" in old
    assert "称“大沟村”，代码 610902101 2017-05-01 至 2017-08-31" in old
    assert "称“西沟村” 2017-01-01 至 2017-04-30" in old
    assert "由“大沟村”并入而来 自 2017-09-01 起" in page_of(sign_in("shi"), f"/units/{bay.pk}/?tab=course")
    own = page_of(sign_in("zhen"), f"/units/{town['关庙镇'].pk}/?tab=course")
    assert ("称“关庙镇”" in own, "隶属" in own) == (True, False)


@pytest.mark.parametrize(
    ("scope", "above"),
    [("关庙镇", ["安康市", "汉滨区"]), ("county", ["安康市"]), ("city", []), (None, [])],
)
def test_only_the_units_above_ones_own_are_named(town: Town, scope: str | None, above: list[str]) -> None:
    with acting(Scope.below(town[scope].path) if scope else Scope("", "")):
        assert names.above() == above


@pytest.fixture
def away(town: Town, party: dict[str, Person]) -> dict[str, Person]:
    """李建军 has moved to the other township and is still a member of 东湾村党支部."""
    with acting(EVERYTHING):
        west = town["西沟村"]
        Person.objects.filter(pk=party["李建军"].pk).update(unit=west, path=west.path)
    return party


def test_a_member_who_lives_elsewhere_is_counted_and_not_lost(
    sign_in: SignIn, town: Town, away: dict[str, Person], row: Any
) -> None:
    branch = town["东湾村党支部"]
    form = page_of(sign_in("zhen"), f"/records/activities/new/?kind=theme_day&unit={branch.pk}")
    assert "应到 2 人" in form
    assert "另有1名党员登记在别处，不在您的范围内，由上级登记。" in form
    with acting(EVERYTHING):
        states = {person.pk: "present" for person in away.values()}
        made = activities.record(
            KINDS.activity["theme_day"], unit=branch, on=SEPT_1, leader=away["张爱民"], attendance=states, actor=None
        )
    assert "到会 3 人" in page_of(sign_in("zhen"), f"/records/activities/{made.pk}/")
    membership = row(Membership, person=away["李建军"])
    assert sign_in("zhen").get(f"/records/members/{membership.pk}/").status_code == 200

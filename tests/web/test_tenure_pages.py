"""任期与空缺, 交接: what runs out, what nobody bears, and what goes along to a successor."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import parts
from hangshi.cases import services as cases
from hangshi.cases.models import Case, Measure, Seat, Step
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Person, Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
MAY_1 = date(2017, 5, 1)


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


@pytest.fixture
def secretary(town: dict[str, Unit], party: dict[str, Person]) -> Duty:
    """Both villages are poor. 张爱民 is first secretary of 东湾村 to the end of the year; 西沟村 has none."""
    kind = KINDS.duty["first_secretary"]
    given = {"target": town["东湾村"], "on": MAY_1, "until": date(2017, 12, 31), "actor": None}
    with acting(EVERYTHING):
        Unit.objects.filter(kind="village").update(extra={"poor": True})
        return duties.assign(kind, bearer=party["张爱民"], **given)


@pytest.fixture
def weak(town: dict[str, Unit], party: dict[str, Person]) -> Case:
    """A case of 东湾村 in which 张爱民 has a seat and a measure, one of two done."""
    kind, person = KINDS.case["weak_branch"], party["张爱民"]
    with acting(EVERYTHING):
        case = cases.open_case(kind, unit=town["东湾村"], title="班子不齐", on=MAY_1, ground="disunity", actor=None)
        parts.take_seat(kind, case, seat="first_secretary", bearer=person, on=MAY_1, actor=None)
        done = parts.plan_measure(case, text="谈心", bearer=person, on=MAY_1, actor=None)
        parts.finish_measure(done, result="谈了", on=MAY_1, actor=None)
        parts.plan_measure(case, text="补选", bearer=person, on=MAY_1, actor=None)
    return case


def test_what_runs_out_and_what_nobody_bears_is_listed(sign_in: SignIn, secretary: Duty) -> None:
    page = main(sign_in("shi").get("/tenures/?within=90"))
    ending, vacant = page.split("第一书记空缺")
    assert ("张爱民" in ending, "2017-12-31" in ending) == (True, True)
    assert ("西沟村" in vacant, "东湾村" in vacant.split("</ul>")[0]) == (True, False)
    assert "没有到期的责任" in main(sign_in("shi").get("/tenures/?within=30"))


def test_nothing_is_vacant_that_need_not_be_borne(sign_in: SignIn, secretary: Duty, town: dict[str, Unit]) -> None:
    """A village that is not poor needs no first secretary; 第一责任人 is a rule of another place; not every entity has a branch."""
    with acting(EVERYTHING):
        Unit.objects.filter(pk=town["西沟村"].pk).update(extra={})
        enterprise = KINDS.unit["private_enterprise"]
        registry.create(enterprise, name="某茶业公司", parent=town["东湾村"], on=date(2017, 1, 1), actor=None)
    page = main(sign_in("shi").get("/tenures/"))
    assert page.count("空缺</h2>") == 1
    assert "都有人承担" in page.split("第一书记空缺")[1]
    assert [word for word in ("西沟村", "某茶业公司", "第一责任人") if word in page] == []


def test_a_span_that_is_not_offered_is_refused(sign_in: SignIn) -> None:
    assert "请从一个月内、三个月内、半年内中选择。" in sign_in("shi").get("/tenures/?within=7").content.decode()


def handed(client: Client, duty: Duty, to: Person, **said: str) -> Any:
    given = {"to": to.name, "to_id": to.pk, "until": "2017-10-31", "reason": "term"}
    return client.post(f"/records/duties/{duty.pk}/hand_over/", given | said)


def test_a_successor_gets_the_duty_the_day_after_and_what_is_open(
    sign_in: SignIn, party: dict[str, Person], secretary: Duty, weak: Case, row: Any
) -> None:
    client, to = sign_in("shi"), party["李建军"]
    form = client.get(f"/records/duties/{secretary.pk}/hand_over/").content.decode()
    assert "1个席位、1条没有完成的措施一并移交" in form
    assert handed(client, secretary, to).status_code == 302
    old, new = row(Duty, pk=secretary.pk), row(Duty, bearer=to)
    assert (old.until, old.end_reason, new.since, new.until) == (date(2017, 10, 31), "term", date(2017, 11, 1), None)
    assert row(Seat, person=party["张爱民"]).until == date(2017, 10, 31)
    assert row(Seat, person=to).since == date(2017, 11, 1)
    assert [row(Measure, text=text).person_id for text in ("谈心", "补选")] == [party["张爱民"].pk, to.pk]
    assert row(Step, act="pass_on").note == "经办由张爱民移交李建军"


def test_what_is_refused_hands_over_nothing(
    sign_in: SignIn, party: dict[str, Person], secretary: Duty, weak: Case, row: Any
) -> None:
    client = sign_in("shi")
    answer = handed(client, secretary, party["张爱民"])
    assert "接任的也是张爱民，不必交接。" in answer.content.decode()
    answer = handed(client, secretary, party["李建军"], until="2017-04-30")
    assert "不能在此之前结束" in answer.content.decode()
    assert row(Duty).until == date(2017, 12, 31)
    assert row(Measure, text="补选").person_id == party["张爱民"].pk


def test_an_ended_duty_is_not_handed_over(sign_in: SignIn, party: dict[str, Person], secretary: Duty) -> None:
    client = sign_in("shi")
    handed(client, secretary, party["李建军"])
    assert "hand_over" not in client.get(f"/records/duties/{secretary.pk}/").content.decode()

"""活动 from plan to acceptance on the pages: by the clerk who records it, and the office that checks it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity, AgendaItem, Also, Attendance, Plan
from hangshi.registry.models import Person, Unit

SignIn = Callable[[str], Client]
Town = dict[str, Unit]


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def said(party: dict[str, Person]) -> dict[str, str]:
    """张爱民 leads; 李建军 is there; 陈小红 is on leave, and says why. One item was resolved."""
    states = zip(party.values(), ("present", "present", "leave"), strict=True)
    given = {
        "leader": "张爱民",
        "day": "2017-10-10",
        "topic": "讲党课评低保",
        "place": "村委会",
        "guests": "",
        "present": "",
    }
    given |= {f"a_{person.pk}": state for person, state in states}
    given |= {f"r_{party['陈小红'].pk}": "外出务工", "also.party_lesson": "1", "minutes": ""}
    return given | {"agenda.1.topic": "低保评议", "agenda.1.resolution": "同意上报三户"}


@pytest.fixture
def address(town: Town, party: dict[str, Person]) -> str:
    return f"/records/activities/new/?kind=theme_day&unit={town['东湾村党支部'].pk}"


def agenda() -> list[tuple[int, str, str]]:
    with acting(EVERYTHING):
        return list(AgendaItem.objects.order_by("number").values_list("number", "topic", "resolution"))


def reasons() -> dict[str, tuple[str, str]]:
    with acting(EVERYTHING):
        rows = Attendance.objects.values_list("person__name", "state", "reason")
        return {name: (state, reason) for name, state, reason in rows}


def test_one_form_records_agenda_leave_and_what_else_the_day_counts_as(
    sign_in: SignIn, address: str, said: dict[str, str], row: Any
) -> None:
    client = sign_in("zhen")
    there = client.post(address, said)["Location"]
    assert agenda() == [(1, "低保评议", "同意上报三户")]
    assert reasons() == {"张爱民": ("present", ""), "李建军": ("present", ""), "陈小红": ("leave", "外出务工")}
    assert row(Also).kind == "party_lesson"
    page = body(client.get(there))
    assert [text in page for text in ("1. 低保评议", "同意上报三户", "请假：外出务工", "党课")] == [True] * 4


def test_nothing_of_it_has_to_be_filled_and_no_photo_is_asked(
    sign_in: SignIn, address: str, said: dict[str, str], count: Any
) -> None:
    bare = {name: text for name, text in said.items() if not name.startswith(("agenda", "also", "r_"))}
    client = sign_in("zhen")
    assert 'type="file"' not in body(client.get(address))
    assert client.post(address, bare).status_code == 302
    assert (count(Activity), agenda(), reasons()["陈小红"]) == (1, [], ("leave", ""))


def test_a_refused_form_keeps_agenda_and_reasons(
    sign_in: SignIn, address: str, said: dict[str, str], count: Any
) -> None:
    answer = sign_in("zhen").post(address, said | {"agenda.1.topic": ""})
    page = body(answer)
    assert (answer.status_code, count(Activity)) == (422, 0)
    assert "第1个议题只写了决议，没有写议题。" in page
    assert ('value="外出务工"' in page, "同意上报三户" in page) == (True, True)


def test_who_may_not_read_minutes_reads_no_reason_of_leave(sign_in: SignIn, address: str, said: dict[str, str]) -> None:
    there = sign_in("zhen").post(address, said)["Location"]
    page = body(sign_in("kan").get(there))
    assert ("请假" in page, "外出务工" in page) == (True, False)


def test_from_plan_to_acceptance_with_one_correction_on_the_way(
    sign_in: SignIn, town: Town, address: str, said: dict[str, str], party: dict[str, Person], row: Any
) -> None:
    clerk, office = sign_in("zhen"), sign_in("shi")
    planned = {"kind": "theme_day", "day": "2017-10-10", "starts_at": "", "topic": "评低保", "place": "村委会"}
    planned |= {"agenda": "低保评议\n修路"}
    assert clerk.post(f"/plans/new/?unit={town['东湾村党支部'].pk}", planned).status_code == 302
    plan = row(Plan)
    clerk.post(f"/plans/{plan.pk}/notify/", {"day": "2017-10-09"})
    assert "agenda.1.topic" in body(clerk.get(f"/plans/{plan.pk}/"))  # the form opens with what was planned
    there = clerk.post(address, said | {"plan": str(plan.pk)})["Location"]
    assert (row(Plan).state, agenda()) == ("held", [(1, "低保评议", "同意上报三户")])

    assert clerk.post(f"{there}check/", {"note": ""}).status_code == 422  # not one's own
    assert office.post(f"{there}send_back/", {"note": "陈小红到会了"}).status_code == 302
    right = {f"a_{person.pk}": "present" for person in party.values()}
    right |= {"agenda.1.topic": "低保评议", "agenda.1.resolution": "同意上报两户", "agenda.2.topic": "修路"}
    assert "同意上报三户" in body(clerk.get(f"{there}set_right/"))
    assert clerk.post(f"{there}set_right/", right).status_code == 302
    assert reasons()["陈小红"] == ("present", "")
    assert agenda() == [(1, "低保评议", "同意上报两户"), (2, "修路", "")]
    assert (row(Activity).state, row(Activity).present) == ("recorded", 3)

    office.post(f"{there}check/", {"note": ""})
    office.post(f"{there}accept/", {"note": ""})
    assert row(Activity).state == "accepted"
    assert clerk.post(f"{there}set_right/", right).status_code == 422  # it stands now


def test_residents_who_were_counted_stay_when_the_members_are_put_right(
    sign_in: SignIn, address: str, said: dict[str, str], party: dict[str, Person], row: Any
) -> None:
    clerk = sign_in("zhen")
    there = clerk.post(address, said | {"present": "20"})["Location"]  # two members, eighteen residents
    right = {f"a_{person.pk}": "present" for person in party.values()}
    clerk.post(f"{there}set_right/", right)
    assert row(Activity).present == 21

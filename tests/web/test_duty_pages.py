"""责任总览, 花名册, 四联系: a unit's duties by kind, who bears them, and who lacks a part of a set."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import services as cases
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.packs.work import RequiredSet, SetPart
from hangshi.reactions import services as reactions
from hangshi.reactions.models import Done
from hangshi.registry.models import Person, Unit
from hangshi.web import words

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
MAY_1 = date(2017, 5, 1)
CONTACTS = RequiredSet(
    key="contacts",
    name="两联系",
    doc="村、乡镇各联系一个",
    duty="contact_point",
    parts={
        "village": SetPart(name="联系村", unit_kinds=("village",)),
        "township": SetPart(name="联系乡镇", unit_kinds=("township",)),
    },
)


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


def give(kind: str, bearer: Person, target: Unit, until: date | None = None, role: str = "") -> None:
    with acting(EVERYTHING):
        given = {"bearer": bearer, "target": target, "on": MAY_1, "until": until, "role": role}
        duties.assign(KINDS.duty[kind], actor=None, **given)


@pytest.fixture
def borne(town: dict[str, Unit], party: dict[str, Person]) -> None:
    """Both villages are poor. 张爱民 is first secretary of 东湾村 and made two pledges there; 李建军 made one, in 西沟村."""
    with acting(EVERYTHING):
        Unit.objects.filter(kind="village").update(extra={"poor": True})
    give("first_secretary", party["张爱民"], town["东湾村"], date(2017, 12, 31))
    give("pledge", party["张爱民"], town["东湾村"], role="policy")
    give("pledge", party["张爱民"], town["东湾村"], role="care")
    give("pledge", party["李建军"], town["西沟村"], role="skill")


def row_of(page: str, name: str) -> str:
    return page.split(f">{name}</a>")[1].split("</tr>")[0]


def test_duties_stand_by_kind_with_bearers_vacancies_and_ends(sign_in: SignIn, borne: None) -> None:
    page = main(sign_in("shi").get("/duties/"))
    secretary, pledge = row_of(page, "第一书记"), row_of(page, "党员承诺")
    assert ("1 项" in secretary, "1 人" in secretary, 'bg-red-lt">1<' in secretary) == (True, True, True)
    assert 'data-label="三个月内到期"><a' in secretary
    assert ("3 项" in pledge, "2 人" in pledge, "不要求" in pledge) == (True, True, True)
    assert "结对帮扶" not in page  # nobody bears it, and nobody must
    assert "没有发现" in page


def test_a_township_sees_its_own_duties(sign_in: SignIn, borne: None, town: dict[str, Unit]) -> None:
    page = main(sign_in("zhen").get("/duties/"))
    assert ("2 项" in row_of(page, "党员承诺"), "1 人" in row_of(page, "党员承诺")) == (True, True)
    assert sign_in("zhen").get(f"/duties/?unit={town['西沟村'].pk}").status_code == 404
    assert "李建军" not in main(sign_in("zhen").get("/duties/pledge/"))


def test_the_roster_says_who_bears_what_for_whom(sign_in: SignIn, borne: None) -> None:
    page = main(sign_in("shi").get("/duties/pledge/"))
    rows = page.split("<tbody>")[1].split("</tr>")
    assert [("张爱民" in it, "政策宣传" in it, "关爱帮扶" in it) for it in rows[:2]] == [
        (True, False, True),
        (True, True, False),
    ]
    assert ("李建军" in rows[2], "西沟村" in rows[2], "技术帮扶" in rows[2]) == (True, True, True)


def test_by_person_all_posts_of_one_stand_together(sign_in: SignIn, borne: None) -> None:
    page = main(sign_in("shi").get("/duties/pledge/?by=bearer"))
    zhang, li = page.split("<li>")[1:3]
    assert ("张爱民" in zhang, "2 项" in zhang, "政策宣传" in zhang, "关爱帮扶" in zhang) == (True, True, True, True)
    assert ("李建军" in li, "项</span>" in li) == (True, False)


@pytest.mark.parametrize("address", ["/duties/nothing/", "/duties/nothing.xlsx", "/duties/sets/nothing/"])
def test_what_no_pack_knows_is_not_there(sign_in: SignIn, address: str) -> None:
    assert sign_in("shi").get(address).status_code == 404


def test_a_roster_of_many_asks_no_more_of_the_database(
    sign_in: SignIn, borne: None, town: dict[str, Unit], party: dict[str, Person], django_assert_max_num_queries: Any
) -> None:
    for role in ("policy", "industry", "skill", "care", "custom"):
        give("pledge", party["陈小红"], town["东湾村"], role=role)
    client = sign_in("shi")
    client.get("/duties/pledge/")
    with django_assert_max_num_queries(16):
        client.get("/duties/pledge/?by=bearer")


def test_the_roster_is_exported_and_the_export_is_on_record(sign_in: SignIn, borne: None) -> None:
    answer = sign_in("zhen").get("/duties/pledge.xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file response streams
    rows = list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert str(rows[0][0]).startswith("党员承诺花名册-关庙镇-")
    assert "共 2 行" in str(rows[1][0])
    assert rows[2] == ("对象", "所在单位", "岗位", "责任人", "起始日", "截止日")
    assert [(*it[:4], it[4].date()) for it in rows[3:]] == [  # a day as a day, not as text
        ("东湾村", "东湾村", "关爱帮扶", "张爱民", date(2017, 5, 1)),
        ("东湾村", "东湾村", "政策宣传", "张爱民", date(2017, 5, 1)),
    ]


def test_who_only_reads_exports_no_roster(sign_in: SignIn, borne: None) -> None:
    assert sign_in("kan").get("/duties/pledge.xlsx").status_code == 403


def test_a_set_shows_who_lacks_which_part(
    sign_in: SignIn, town: dict[str, Unit], party: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(words.pack().required_sets, "contacts", CONTACTS)
    give("contact_point", party["张爱民"], town["东湾村"])
    give("contact_point", party["李建军"], town["东湾村"])
    give("contact_point", party["李建军"], town["关庙镇"])
    client = sign_in("shi")
    assert "1 人没有配齐" in main(client.get("/duties/"))
    page = main(client.get("/duties/sets/contacts/"))
    zhang, li = page.split("<tbody>")[1].split("</tr>")[:2]
    assert ("李建军" in li, "关庙镇" in li, ">缺<" in li) == (True, True, False)
    assert ("张爱民" in zhang, "东湾村" in zhang, ">缺<" in zhang) == (True, True, True)
    give("contact_point", party["张爱民"], town["大河镇"])
    assert "已配齐" in main(client.get("/duties/"))


def test_a_post_is_offered_claimed_confirmed_and_handed_back(
    sign_in: SignIn, town: dict[str, Unit], party: dict[str, Person], row: Any
) -> None:
    """认岗定责 on pages: nothing is entered twice, the duty follows from the branch's word."""
    client, branch = sign_in("shi"), town["东湾村党支部"]
    said = {"title": "调解岗", "day": "2017-06-01", "due_on": "", "x_post": "mediation", "x_task": "每月入户一次"}
    here = client.post(f"/records/cases/new/?kind=post_offer&unit={branch.pk}", said)["Location"]
    claim = {"to": "claimed", "day": "2017-06-05", "note": "", "revision": ""}
    assert client.post(f"{here}move/", claim).status_code == 422  # nobody has claimed it
    person = party["李建军"]
    sits = {"seat": "holder", "person": person.name, "person_id": person.pk, "unit": "", "day": "2017-06-05"}
    assert client.post(f"{here}seat/", sits).status_code == 302
    assert client.post(f"{here}move/", claim).status_code == 302
    confirmed = {"to": "confirmed", "verdict": "同意", "day": "2017-06-10", "note": "", "revision": ""}
    assert client.post(f"{here}close/", confirmed).status_code == 302
    with acting(EVERYTHING):
        while reactions.answer_next(words.pack()):
            pass
    duty = row(Duty)
    assert (duty.kind, duty.bearer_id, duty.target_unit_id) == ("claimed_post", person.pk, branch.pk)
    assert (duty.role, duty.since, duty.until) == ("mediation", date(2017, 6, 10), None)
    roster = main(client.get("/duties/claimed_post/"))
    assert ("李建军" in roster, "矛盾调解" in roster) == (True, True)
    assert client.post(f"/records/duties/{duty.pk}/end/", {"until": "2017-09-30", "reason": "done"}).status_code == 302
    assert "没有人在任" in main(client.get("/duties/claimed_post/"))


def test_a_post_that_is_withdrawn_gives_nobody_a_duty(sign_in: SignIn, town: dict[str, Unit], count: Any) -> None:
    kind = KINDS.case["post_offer"]
    with acting(EVERYTHING):
        offered = cases.open_case(
            kind, unit=town["东湾村"], title="保洁岗", on=MAY_1, extra={"post": "hygiene"}, actor=None
        )
        cases.close(kind, offered, to="withdrawn", verdict="并岗", note="与别的岗合并", on=MAY_1, actor=None)
        while reactions.answer_next(words.pack()):
            pass
    assert count(Duty) == 0
    assert count(Done) == 0  # it was not tried

"""责任链, what a post carries, 四个一 and the strands of a plan, as the district of the pack 示例区 sees them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import parts
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.registry import people
from hangshi.registry import services as registry
from hangshi.registry.models import Household, HouseholdStatus, Person, Unit

PASSWORD = "一个够长的密码-2019"
JAN_1, MAY_1 = date(2018, 1, 1), date(2019, 5, 1)
KINDS = load("base", "shifan").kinds
Units = dict[str, Unit]
Persons = dict[str, Person]


@pytest.fixture
def district(db: None) -> Units:
    """示例区 with 东镇 (东湾村, 东坡村) and 西镇 (西沟村); an account over the district and one over 东镇; the day is 2019-06-30."""
    made: Units = {}
    with acting(EVERYTHING):
        for kind, name, above, code in (
            ("county", "示例区", None, "990001"),
            ("township", "东镇", "示例区", ""),
            ("township", "西镇", "示例区", ""),
            ("village", "东湾村", "东镇", ""),
            ("village", "东坡村", "东镇", ""),
            ("village", "西沟村", "西镇", ""),
        ):
            parent = made[above] if above else None
            made[name] = registry.create(KINDS.unit[kind], name=name, parent=parent, on=JAN_1, actor=None, code=code)
        says = {"synthetic": True, "report_day": "2019-06-30"}
        Unit.objects.filter(kind__in=("county", "township")).update(extra=says)
        for username, unit, role in (
            ("qu", "示例区", "county_clerk"),
            ("zhen", "东镇", "township_clerk"),
            ("kan", "示例区", "reader"),
        ):
            account = access.open_account(username, name=username, password=PASSWORD)
            access.grant(account, role=role, unit_id=made[unit].pk, path=made[unit].path, since=JAN_1)
    return made


@pytest.fixture
def persons(district: Units) -> Persons:
    with acting(EVERYTHING):
        return {
            name: people.register_person(district["示例区"], name=name, on=JAN_1, actor=None)
            for name in ("区委书记", "东镇书记", "东湾书记", "班子成员", "联村领导")
        }


def give(kind: str, bearer: Person | Unit, target: Unit | Household) -> None:
    with acting(EVERYTHING):
        duties.assign(KINDS.duty[kind], bearer=bearer, target=target, on=MAY_1, actor=None)


@pytest.fixture
def answering(district: Units, persons: Persons) -> None:
    """西镇 and its village have nobody, 东坡村 neither; a leader of 东镇 is in charge of 东湾村."""
    give("first_responsible", persons["区委书记"], district["示例区"])
    give("first_responsible", persons["东镇书记"], district["东镇"])
    give("first_responsible", persons["东湾书记"], district["东湾村"])
    give("direct_responsible", persons["班子成员"], district["东湾村"])


@pytest.fixture
def sign_in(district: Units) -> Callable[[str], Client]:
    def signed_in(username: str) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return client

    return signed_in


SignIn = Callable[[str], Client]


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def item(page: str, name: str) -> str:
    """What stands in the chain for the unit, up to the next one."""
    chain = page.split('aria-label="责任链"')[1].split('<div class="col-lg-5">')[0]
    found = [it for it in re.split(r"<li\b[^>]*>", chain) if name in it.split("</div>")[0]]
    return text(found[-1].split("<details")[0])


def test_the_chain_says_who_answers_and_where_it_is_broken(sign_in: SignIn, answering: None) -> None:
    page = main(sign_in("qu").get("/chain/"))
    assert "第一责任人： 区委书记" in item(page, "示例区")
    assert item(page, "东镇").endswith("以下断开 1 处 第一责任人： 东镇书记")  # 东坡村
    west = item(page, "西镇")
    assert "没有人，责任链在这里断开 派任" in west
    assert "以下断开 1 处" in west  # 西沟村; 西镇 itself is told by its own line
    assert item(page, "东湾村").endswith("第一责任人： 东湾书记 直接责任： 班子成员")
    assert "没有人，责任链在这里断开" in item(page, "西沟村")


def test_each_level_is_counted(sign_in: SignIn, answering: None) -> None:
    page = main(sign_in("qu").get("/chain/")).split("各级有没有第一责任人")[1].split("</table>")[0]
    rows = [text(row) for row in page.split("<tbody>")[1].split("</tr>") if "<td" in row]
    assert rows == ["县区 1 1 无", "乡镇（街道） 2 1 1", "村 3 1 2"]


def test_a_township_opens_its_villages(sign_in: SignIn, answering: None, district: Units) -> None:
    page = main(sign_in("qu").get(f"/chain/?unit={district['东镇'].pk}"))
    assert item(page, "东湾村").endswith("第一责任人： 东湾书记 直接责任： 班子成员")
    assert "没有人，责任链在这里断开 派任 直接责任： 没有登记" in item(page, "东坡村")
    own = main(sign_in("zhen").get("/chain/"))
    assert "东湾书记" in item(own, "东湾村")
    assert "区委书记" not in own
    assert sign_in("zhen").get(f"/chain/?unit={district['西镇'].pk}").status_code == 404


def test_who_only_reads_is_offered_no_posting(sign_in: SignIn, answering: None) -> None:
    assert "派任" not in main(sign_in("kan").get("/chain/"))


def test_who_ended_leaves_the_chain_broken(sign_in: SignIn, answering: None, district: Units) -> None:
    with acting(EVERYTHING):
        duty = Duty.objects.get(kind="first_responsible", target_unit=district["东镇"])
        duties.end(KINDS.duty["first_responsible"], duty, on=date(2019, 6, 29), reason="moved", actor=None)
    page = main(sign_in("qu").get("/chain/"))
    assert "没有人，责任链在这里断开" in item(page, "东镇")
    assert "乡镇（街道） 2 0 2" in text(page)


def test_a_post_carries_so_much_and_nobody_is_ranked(
    sign_in: SignIn, answering: None, persons: Persons, district: Units
) -> None:
    """班子成员 is in charge of a second village, is paired with a household and has a seat in an open case."""
    give("direct_responsible", persons["班子成员"], district["东坡村"])
    give("direct_responsible", persons["联村领导"], district["西沟村"])
    village = district["东湾村"]
    with acting(EVERYTHING):
        household = Household.objects.create(number="H1", head="李一", unit=village, path=village.path)
        HouseholdStatus.objects.create(
            household=household, unit=village, path=village.path, status="registered", since=JAN_1
        )
        kind = KINDS.case["weak_branch"]
        case = cases.open_case(kind, unit=village, title="整顿", on=MAY_1, ground="disunity", actor=None)
        parts.take_seat(kind, case, seat="township_leader", bearer=persons["班子成员"], on=MAY_1, actor=None)
    give("pairing", persons["班子成员"], household)
    page = main(sign_in("qu").get("/chain/")).split("一个岗位承担多少")[1]
    direct = text(page.split(">直接责任</a>")[1].split("</tr>")[0])
    assert direct == "对村 2 人均 1.5 最多 2 人均 0.5 最多 1 人均 0.5 最多 1"
    assert [name for name in persons if name in page] == []


@pytest.fixture
def mending(district: Units) -> None:
    """东湾村 and 西沟村 are being mended; the case of 东坡村 is closed."""
    kind = KINDS.case["weak_branch"]
    with acting(EVERYTHING):
        for village in ("东湾村", "西沟村", "东坡村"):
            case = cases.open_case(kind, unit=district[village], title="整顿", on=MAY_1, ground="disunity", actor=None)
            if village == "东坡村":
                Case.objects.filter(pk=case.pk).update(closed_on=date(2019, 6, 1), stage="accepted")


def test_the_four_helpers_of_each_village_stand_side_by_side(
    sign_in: SignIn, mending: None, persons: Persons, district: Units
) -> None:
    organ = KINDS.unit["organ"]
    with acting(EVERYTHING):
        office = registry.create(organ, name="区农业农村局", parent=district["示例区"], on=JAN_1, actor=None)
    give("district_leader_link", persons["联村领导"], district["东湾村"])
    give("township_leader_charge", persons["班子成员"], district["东湾村"])
    give("weak_first_secretary", persons["东湾书记"], district["东湾村"])
    give("organ_pairing", office, district["东湾村"])
    give("district_leader_link", persons["联村领导"], district["西沟村"])
    page = main(sign_in("qu").get("/chain/joint/four_ones/"))
    assert ("应当配齐 2 个" in text(page), "已经配齐 1 个" in text(page), "东坡村" in page) == (True, True, False)
    head = text(page.split("<table")[0])
    assert "处级领导联村 齐 乡镇领导包村 缺 1 第一书记驻后进村 缺 1 区直单位结对 缺 1" in head
    [whole, lacking] = [text(row) for row in page.split("<tbody>")[1].split("</tr>") if "<td" in row]
    assert whole == "东湾村 2019-05-01 立项 联村领导 班子成员 东湾书记 区农业农村局"
    assert lacking == "西沟村 2019-05-01 立项 联村领导 缺 派任 缺 派任 缺 派任"


def test_a_plan_is_shown_by_its_strands(sign_in: SignIn, district: Units) -> None:
    kind = KINDS.case["strand_plan"]
    with acting(EVERYTHING):
        for ground, on in (
            ("industry", date(2019, 2, 1)),
            ("industry", date(2019, 3, 1)),
            ("talent", date(2018, 12, 31)),
        ):
            case = cases.open_case(kind, unit=district["东镇"], title="计划", on=on, ground=ground, actor=None)
        parts.plan_measure(case, text="引进项目", bearer=district["东镇"], on=MAY_1, actor=None)
        first = Case.objects.filter(ground="industry").order_by("pk").first()
        one = parts.plan_measure(first, text="修路", bearer=district["东镇"], on=MAY_1, actor=None)
        parts.plan_measure(first, text="建厂", bearer=district["东镇"], on=MAY_1, actor=None)
        parts.finish_measure(one, result="修好了", on=date(2019, 6, 1), actor=None)
    page = main(sign_in("qu").get("/chain/strands/strict_townships/"))
    sections = {re.findall(r'aria-label="([^"]+)"', it)[0]: text(it) for it in page.split("<section")[1:]}
    assert list(sections) == ["建强组织", "锤炼队伍", "培育人才", "发展产业"]
    assert "逾期 2" in sections["发展产业"]  # 定目标 has thirty days
    assert "本年度立项 2 项：定目标 2。措施 2 条，做完 1 条。" in sections["发展产业"]
    assert "本年度还没有立项" in sections["培育人才"]  # that of 2018 is another year's
    assert "得到区财政扶持的村数 0" in sections["发展产业"]


@pytest.mark.parametrize(
    "address", ["/chain/joint/nothing/", "/chain/strands/nothing/", "/chain/joint/strict_townships/"]
)
def test_what_no_pack_knows_is_not_there(sign_in: SignIn, address: str) -> None:
    assert sign_in("qu").get(address).status_code == 404


def test_a_long_chain_asks_no_more_of_the_database(
    sign_in: SignIn, answering: None, district: Units, django_assert_max_num_queries: Any
) -> None:
    with acting(EVERYTHING):
        for number in range(8):
            registry.create(KINDS.unit["village"], name=f"村{number}", parent=district["东镇"], on=JAN_1, actor=None)
    client, address = sign_in("qu"), f"/chain/?unit={district['东镇'].pk}"
    client.get(address)
    with django_assert_max_num_queries(18):
        client.get(address)

"""数据体检: from the number of breaches to the breach, and to the rows behind it; in one's own scope."""

from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.registry.models import Household
from hangshi.standards.models import Finding
from hangshi.standards.refresh import look
from hangshi.web import words


@pytest.fixture
def looked(town) -> None:
    """H1 and H2 in 东湾村, H3 in 西沟村: 建档立卡 and without a bearer."""
    with acting(EVERYTHING):
        look(words.pack(), date(2017, 10, 31), "1")


def test_each_check_shows_how_many_do_not_keep_it(looked, sign_in):
    page = sign_in("shi").get("/findings/").content.decode()
    row = page.split("建档立卡户有帮扶责任人")[1].split("</tr>")[0]
    assert ">3</a>" in row
    assert sign_in("zhen").get("/findings/").content.decode().split("建档立卡户有帮扶责任人")[1].count(">2</a>") == 1


def test_a_check_lists_its_findings_and_a_finding_says_what_to_do(looked, sign_in):
    client = sign_in("zhen")
    page = client.get("/findings/registered_household_bearer/").content.decode()
    assert "李一" in page
    assert "没有在任的帮扶责任人" in page
    assert "李三" not in page
    with acting(EVERYTHING):
        household = Household.objects.get(head="李一")
        finding = Finding.objects.get(check_key="registered_household_bearer", subject=household.pk)
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    assert "落实结对帮扶干部" in page
    assert "《中共中央 国务院关于打赢脱贫攻坚战的决定》（2015年）" in page
    assert f'href="/records/households/{household.pk}/"' in page
    assert "没有这样的记录" in page


def test_what_is_not_there_or_not_one_s_own_is_not_found(looked, sign_in):
    with acting(EVERYTHING):
        foreign = Finding.objects.get(
            subject=Household.objects.get(head="李三").pk, check_key="registered_household_bearer"
        )
    client = sign_in("zhen")
    assert [
        client.get(address).status_code
        for address in (f"/findings/{foreign.pk}/", "/findings/0/", "/findings/no_check/")
    ] == [404, 404, 404]


def test_a_check_that_everybody_keeps_says_so(looked, sign_in):
    assert "都达到了" in sign_in("zhen").get("/findings/team_size/").content.decode()


def test_every_shipped_check_has_a_page(looked, sign_in):
    client = sign_in("shi")
    assert {key: client.get(f"/findings/{key}/").status_code for key in load("base", "ankang").checks} == dict.fromkeys(
        load("base", "ankang").checks, 200
    )

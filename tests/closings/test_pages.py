"""结账页: close, see what was kept, correct, see both; in one's own scope."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse

from hangshi.access.scope import EVERYTHING, acting
from hangshi.closings import services
from hangshi.closings.models import Closing
from hangshi.indicators.queries import Period
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry.models import Unit
from tests.web.conftest import row, sign_in, town

__all__ = ["row", "sign_in", "town"]

BENEFIT = load("base", "ankang").kinds.entry["benefit"]
AUGUST = Period(date(2017, 8, 1), date(2017, 8, 31))


@pytest.fixture
def booked(town) -> Entry:
    with acting(EVERYTHING):
        Unit.objects.update(extra={"report_day": "2017-10-31"})  # what is today for all of them
        return ledger.book(
            BENEFIT, unit=town["东湾村"], amount=Decimal("1000.50"), on=date(2017, 8, 5), source="rent", actor=None
        )


@pytest.fixture
def closed(town, booked) -> Closing:
    with acting(EVERYTHING):
        return services.close(town["关庙镇"], "month", AUGUST, on=date(2017, 9, 2), actor=None)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_township_closes_a_month_and_sees_what_was_kept(town, booked, sign_in, row):
    client = sign_in("zhen")
    assert "2017年9月" in text(client.get("/closings/"))
    address = "/closings/new/?length=month&day=2017-08-01"
    assert "还有 1 个下级单位没有自己结账，一并由本级结账：东湾村" in text(client.get(address))
    answer = client.post(address)
    found = row(Closing)
    assert (answer.status_code, answer.url, found.unit_id) == (302, f"/closings/{found.pk}/", town["关庙镇"].pk)
    page = text(client.get(answer.url))
    assert "1,000.50" in page
    assert found.digest in page
    assert "镇用户" in page  # who closed it


def test_a_month_that_has_not_ended_is_refused_in_words(booked, sign_in, row):
    answer = sign_in("zhen").post("/closings/new/?length=month&day=2017-10-01")
    assert (answer.status_code, "2017年10月还没有结束" in text(answer)) == (422, True)
    with pytest.raises(Closing.DoesNotExist):
        row(Closing)


def test_what_is_typed_into_a_closed_month_comes_back_with_the_reason(town, closed, sign_in):
    form = {"amount": "77.00", "day": "2017-08-09", "source": "rent", "note": "补"}
    answer = sign_in("zhen").post(f"/records/entries/new/?kind=benefit&unit={town['东湾村'].pk}", form)
    assert answer.status_code == 422
    assert "“关庙镇”已结2017-08-01至2017-08-31的账" in text(answer)
    assert 'value="77.00"' in text(answer)


def test_a_correction_on_the_page_shows_beside_the_kept_figure_with_its_records(closed, booked, sign_in, row):
    client = sign_in("zhen")
    answer = client.post(
        f"/records/entries/{booked.pk}/correct/", {"amount": "900", "day": "2017-10-31", "reason": "合同看错"}
    )
    assert answer.status_code == 302
    page = text(client.get(f"/closings/{closed.pk}/"))
    line = page.split(f"/closings/{closed.pk}/resident_benefit_yuan/")[1].split("</tr>")[0]
    assert ("1,000.50" in line, ">900<" in line, "更正" in line, "-100.50" in line) == (True, True, True, True)
    page = text(client.get(f"/closings/{closed.pk}/resident_benefit_yuan/"))
    back, right = row(Entry, reverses=booked), row(Entry, amount=900)
    for entry in (back, right):
        assert f'href="/records/entries/{entry.pk}/"' in page
    assert page.count("合同看错") == 2
    assert text(client.get("/ledger/corrections/")).count("合同看错") == 2


def test_only_who_may_reopen_is_offered_it_and_must_say_why(closed, sign_in, row):
    assert "重新打开的理由" not in text(sign_in("zhen").get(f"/closings/{closed.pk}/"))
    assert sign_in("zhen").post(f"/closings/{closed.pk}/reopen/", {"reason": "改"}).status_code == 403
    client = sign_in("shi")
    assert "重新打开须说明理由" in text(client.post(f"/closings/{closed.pk}/reopen/", {"reason": " "}))
    assert client.post(f"/closings/{closed.pk}/reopen/", {"reason": "村里漏报"}).status_code == 302
    assert row(Closing).reason == "村里漏报"
    assert "city用户重新打开：村里漏报" in text(client.get(f"/closings/{closed.pk}/"))


def test_what_is_not_one_s_own_is_not_found(town, sign_in):
    with acting(EVERYTHING):
        other = services.close(town["大河镇"], "month", AUGUST, on=date(2017, 9, 2), actor=None)
    client = sign_in("zhen")
    addresses = (f"/closings/{other.pk}/", f"/closings/{other.pk}/visits/", "/closings/0/", "/closings/0/visits/")
    assert [client.get(it).status_code for it in addresses] == [404] * 4
    assert "大河镇" not in text(client.get("/closings/"))


def test_a_reader_is_offered_no_closing(closed, sign_in):
    client = sign_in("kan")
    page = text(client.get("/closings/"))
    assert ("2017年8月" in page, "可以结账的期间" in page) == (True, False)
    assert client.get("/closings/new/?length=month&day=2017-09-01").status_code == 403

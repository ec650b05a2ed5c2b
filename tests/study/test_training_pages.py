"""Pages of a training class: the city plans and allots, the township names, the city marks who was there."""

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import people
from hangshi.study.models import Quota, Trainee, Training
from tests.study.test_material_pages import city, member, text
from tests.web.conftest import JAN_1, count, party, row, sign_in, town

__all__ = ["city", "count", "member", "party", "row", "sign_in", "town"]
PLAN = {
    "title": "党员轮训班", "kind": "rotation", "topic": "乡村治理", "learners.rural_member": "1", "since": "2017-10-30",
    "until": "2017-10-31", "seats": "2", "place": "市委党校",
}  # fmt: skip


@pytest.fixture
def training(city, town, row):
    """Open for names; 关庙镇 has both seats."""
    assert city.post("/study/trainings/new/", PLAN).status_code == 302
    made = row(Training)
    unit = town["关庙镇"]
    said = {"unit": unit.name, "unit_id": str(unit.pk), "seats": "2"}
    assert city.post(f"/study/trainings/{made.pk}/quotas/", said).status_code == 302
    assert city.post(f"/study/trainings/{made.pk}/open/").status_code == 302
    return made


@pytest.fixture
def named(training, sign_in, party, row):
    """陈小红, by the township."""
    said = {"person": "陈小红", "person_id": str(party["陈小红"].pk)}
    assert sign_in("zhen").post(f"/study/quotas/{row(Quota).pk}/names/", said).status_code == 302
    return row(Trainee)


def test_a_plan_that_is_wrong_says_why(city, count):
    answer = city.post("/study/trainings/new/", PLAN | {"until": "2017-10-29"})
    assert answer.status_code == 422
    assert "截止日不能早于起始日" in text(answer)
    assert 'value="党员轮训班"' in answer.content.decode()
    assert count(Training) == 0


def test_a_quota_beyond_the_seats_is_refused(city, training, town):
    unit = town["大河镇"]
    answer = city.post(
        f"/study/trainings/{training.pk}/quotas/", {"unit": unit.name, "unit_id": str(unit.pk), "seats": "1"}
    )
    assert answer.status_code == 422
    assert "没有保存：共2个名额，已分给别的单位2个，只剩0个。" in text(answer)


def test_the_township_names_and_moves_nothing(named, training, sign_in):
    township = sign_in("zhen")
    page = f"/study/trainings/{training.pk}/"
    assert "关庙镇：2 个，已报 1 人" in text(township.get(page))
    assert "陈小红 东湾村党支部 · 待登记" in text(township.get(page))
    assert township.post(f"{page}called_off/", {"reason": "不办了"}).status_code == 404
    assert township.post(f"{page}quotas/", {}).status_code == 404
    assert township.post(f"/study/trainees/{named.pk}/", {"state": "present"}).status_code == 404
    assert sign_in("kan").post(f"/study/trainees/{named.pk}/", {"state": "taken_back"}).status_code == 403


def test_who_is_not_meant_is_not_named(training, sign_in, row, town, count):
    with acting(EVERYTHING):
        other = people.register_person(town["东湾村"], name="周一", on=JAN_1, actor=None)
    said = {"person": "周一", "person_id": str(other.pk)}
    answer = sign_in("zhen").post(f"/study/quotas/{row(Quota).pk}/names/", said)
    assert "周一在2017-10-30不是“关庙镇”的这类学习对象。" in text(answer)
    assert count(Trainee) == 0


def test_a_name_is_taken_back_by_the_township(named, sign_in, count):
    assert sign_in("zhen").post(f"/study/trainees/{named.pk}/", {"state": "taken_back"}).status_code == 302
    assert count(Trainee) == 0


def test_attendance_coverage_and_the_certificate_on_the_members_own_page(named, training, city, member):
    page, mark = f"/study/trainings/{training.pk}/", f"/study/trainees/{named.pk}/"
    assert "这类人员 3 人，2017 年到这个班为止已参加“集中轮训” 0 人，覆盖率 0.0 %" in text(city.get(page))
    assert "没有登记：请假须填写事由。" in text(city.post(mark, {"state": "leave"}))
    assert "没有办理：还有1人没有登记参训、请假或缺席。" in text(city.post(f"{page}held/"))
    city.post(mark, {"state": "present", "certificate": "安训2017-001"})
    assert "3 人，2017 年到这个班为止已参加“集中轮训” 1 人，覆盖率 33.3 %" in text(city.get(page))
    assert city.post(f"{page}held/").status_code == 302
    assert "没有登记：“党员轮训班”已办结" in text(city.post(mark, {"state": "absent"}))
    assert "党员轮训班 2017-10-31 结业，证书 安训2017-001" in text(member.get("/study/trainings/"))


def test_a_class_is_called_off_with_a_reason_that_is_shown(training, city, sign_in):
    page = f"/study/trainings/{training.pk}/"
    assert "取消培训班须说明理由" in text(city.post(f"{page}called_off/"))
    city.post(f"{page}called_off/", {"reason": "防汛"})
    assert "已取消：防汛" in text(sign_in("zhen").get(page))


def test_the_list_names_who_holds_the_class(training, sign_in):
    assert "党员轮训班 集中轮训 " in text(sign_in("zhen").get("/study/trainings/"))

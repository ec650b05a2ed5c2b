"""The page of a job: what it is at, and what came of it; only for whoever asked."""

import pytest
from django.utils import timezone

from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, acting
from hangshi.jobs import kinds, services
from hangshi.jobs.models import Job, JobProgress


@pytest.fixture
def job(sign_in, monkeypatch) -> Job:
    monkeypatch.setitem(kinds.KINDS, "count", lambda teller, *, account: {})
    with acting(EVERYTHING):
        clerk = Account.objects.get(username="zhen")
        return services.ask(
            "count", title="导入党员名册", account=clerk, grant=Grant.objects.get(account=clerk), said={}
        )


def test_a_waiting_job_says_so_and_asks_again(job, sign_in):
    page = sign_in("zhen").get(f"/jobs/{job.pk}/").content.decode()
    assert "正在排队" in page
    assert 'hx-trigger="load delay:1s"' in page


def test_progress_is_shown(job, sign_in):
    with acting(EVERYTHING):
        JobProgress.objects.filter(job=job).update(
            started_at=timezone.now(), done=1500, total=3000, what="核对身份证号"
        )
    part = sign_in("zhen").get(f"/jobs/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "job"}).content.decode()
    assert "正在办理：核对身份证号（1,500 / 3,000）" in part
    assert "<html" not in part


def test_an_ended_job_shows_its_sentence_and_its_result_and_asks_no_more(job, sign_in):
    with acting(EVERYTHING):
        Job.objects.filter(pk=job.pk).update(
            state="done", sentence="新增12条。", answer={"href": "/records/members/"}, ended_at=timezone.now()
        )
    page = sign_in("zhen").get(f"/jobs/{job.pk}/").content.decode()
    assert "新增12条。" in page
    assert 'href="/records/members/"' in page
    assert "hx-trigger" not in page.split("<main")[1]  # the menu asks for its count


def test_it_can_be_stopped_from_the_page(job, sign_in):
    assert sign_in("zhen").post(f"/jobs/{job.pk}/stop/").headers["Location"] == f"/jobs/{job.pk}/"
    with acting(EVERYTHING):
        assert JobProgress.objects.get(job=job).stop_asked is True


def test_the_list_names_what_one_asked_for(job, sign_in):
    assert "导入党员名册" in sign_in("zhen").get("/jobs/").content.decode()


@pytest.mark.parametrize("address", ["/jobs/{}/", "/jobs/{}/stop/"])
def test_nobody_else_finds_it(job, sign_in, address):
    client = sign_in("shi")  # of the city, above the asker
    ask = client.post if "stop" in address else client.get
    assert ask(address.format(job.pk)).status_code == 404
    assert "导入党员名册" not in client.get("/jobs/").content.decode()

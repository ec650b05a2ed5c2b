"""Before something delicate one shows again who one is; nothing typed is lost by that."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from hangshi.web import urls
from hangshi.web.permissions import signed_in
from hangshi.web.recent import recent
from hangshi.web.views import errors
from tests.accounts.conftest import PASSWORD, Browser, Clock, code, events

Enter = Callable[..., Browser]


@signed_in("a page of the test")
@recent
def delicate(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        repr([(name, request.POST.getlist(name)) for name in sorted(request.POST) if name != "confirm_answer"])
    )


urlpatterns = [*urls.urlpatterns, path("delicate/", delicate)]
handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.fault


@pytest.fixture
def reader(enter: Enter, settings, clock: Clock) -> Browser:
    """Signed in six minutes ago."""
    settings.ROOT_URLCONF = __name__
    browser = enter("reader")
    clock.goes_on(minutes=6)
    return browser


def test_within_five_minutes_of_signing_in_nothing_is_asked(enter: Enter, settings, clock: Clock):
    settings.ROOT_URLCONF = __name__
    browser = enter("reader")
    clock.goes_on(minutes=4, seconds=59)
    assert browser.get("/delicate/").content == b"[]"
    clock.goes_on(seconds=1)
    assert browser.get("/delicate/").status_code == 302


def test_a_page_is_shown_after_the_answer(reader: Browser):
    asked = reader.get("/delicate/", unit="3", q="王")
    assert asked["Location"] == "/account/confirm/?next=%2Fdelicate%2F%3Funit%3D3%26q%3D%25E7%258E%258B"
    assert "请再次确认身份" in reader.get(asked["Location"]).content.decode()
    answer = reader.post(asked["Location"], confirm_answer=PASSWORD)
    assert answer["Location"] == "/delicate/?unit=3&q=%E7%8E%8B"
    assert reader.get(answer["Location"]).status_code == 200


def test_the_answer_leads_nowhere_off_the_host(reader: Browser):
    assert (
        reader.post("/account/confirm/?next=https://evil.example/", confirm_answer=PASSWORD)["Location"] == "/account/"
    )


def kept(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">', page)


def test_a_form_is_asked_with_all_it_holds_and_then_carried_out(reader: Browser):
    said = {"reason": "群众来访 <核实>", "rows": ["3", "7"], "empty": ""}
    page = reader.client.post("/delicate/", said).content.decode()
    assert "您刚才填写的内容都在，确认后接着办理。" in page
    assert kept(page) == [("reason", "群众来访 &lt;核实&gt;"), ("rows", "3"), ("rows", "7"), ("empty", "")]
    done = reader.client.post("/delicate/", said | {"confirm_answer": PASSWORD})
    assert done.content.decode() == "[('empty', ['']), ('reason', ['群众来访 <核实>']), ('rows', ['3', '7'])]"
    assert reader.get("/delicate/").content == b"[]"


def test_a_wrong_answer_keeps_the_form_and_does_nothing(reader: Browser):
    answer = reader.post("/delicate/", reason="核实", confirm_answer="不是这个密码的密码")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "密码或验证码不对，没有办理。您填写的内容都还在，请再试一次。" in page
    assert kept(page) == [("reason", "核实")]
    assert reader.get("/delicate/").status_code == 302
    assert events()[-1] == "confirm_failed"


def test_guessing_at_the_question_is_slowed(reader: Browser):
    answers = [reader.post("/delicate/", confirm_answer=f"guess-{n}").content.decode() for n in range(6)]
    assert ["尝试次数过多" in it for it in answers] == [False] * 5 + [True]
    assert reader.post("/delicate/", confirm_answer=PASSWORD).status_code == 400


def test_a_code_answers_too(enter: Enter, settings, clock: Clock):
    settings.ROOT_URLCONF = __name__
    browser = enter("clerk")
    clock.goes_on(minutes=6)
    assert browser.post("/delicate/", confirm_answer=code(browser.secret)).content == b"[]"


def test_a_chosen_file_must_be_chosen_again_and_the_page_says_so(reader: Browser, rf: RequestFactory, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("x")
    with file.open("rb") as sent:
        page = reader.client.post("/delicate/", {"reason": "核实", "file": sent}).content.decode()
    assert "浏览器不允许代存附件：确认后请重新选择附件。" in page


def test_a_stranger_is_sent_to_the_door(reader: Browser):
    assert Browser().get("/delicate/")["Location"] == "/sign-in/?next=%2Fdelicate%2F"
    assert Browser().post("/delicate/", confirm_answer=PASSWORD)["Location"] == "/sign-in/?next=%2Fdelicate%2F"


def test_leaving_and_coming_back_counts_as_showing(reader: Browser):
    reader.name("reader")
    assert reader.get("/delicate/").status_code == 200

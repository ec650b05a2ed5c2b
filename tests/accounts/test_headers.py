"""What every answer tells the browser, and what the server believes of where a request comes from."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.http import HttpRequest
from django.test import Client, RequestFactory

from hangshi.registry.models import Unit
from hangshi.web.address import caller


@pytest.mark.parametrize("address", ["/sign-in/", "/no-such-page/", "/records/persons/", "/?%00"])
def test_every_answer_carries_the_headers(office: Unit, address: str):
    answer = Client().get(address)
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer


def test_over_https_only_https_is_promised_for_a_year(office: Unit, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600  # as HANGSHI_HTTPS=1 sets it
    assert Client().get("/sign-in/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_about_an_account_are_not_kept_by_the_browser(enter):
    browser = enter("reader")
    assert browser.get("/account/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "1.2.3.4", "10.1.1.1"),  # nobody's word is taken but the proxy's
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the caller wrote the left one
        ("127.0.0.1", "6.6.6.6, 1.2.3.4, 127.0.0.1", "1.2.3.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", ""),
        ("", "", ""),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:10.1.1.1", "", "10.1.1.1"),
    ],
)
def test_where_a_request_comes_from(rf: RequestFactory, settings, peer: str, forwarded: str, address: str):
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    request: HttpRequest = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert caller(request).address == address


def test_by_default_no_proxy_is_trusted():
    assert not configured.TRUSTED_PROXIES


def said_by(environment: dict[str, str], *names: str) -> list[object]:
    """The settings of an installation that is started with this environment."""
    script = "import json, sys; from hangshi import settings; print(json.dumps([getattr(settings, it) for it in sys.argv[1:]]))"
    told = subprocess.run(
        [sys.executable, "-c", script, *names], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return list(json.loads(told.stdout))


def test_one_setting_turns_everything_to_https():
    names = ("CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER")
    proxied = {"HANGSHI_HTTPS": "1", "HANGSHI_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.1"}
    forwarded = ["HTTP_X_FORWARDED_PROTO", "https"]
    assert said_by(proxied, *names) == [True, "__Host-csrftoken", 31536000, forwarded]
    assert said_by({"HANGSHI_HTTPS": "1"}, *names)[3] is None  # no proxy is trusted, so none says what it was
    assert said_by({}, *names) == [False, "csrftoken", 0, None]

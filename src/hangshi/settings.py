"""Settings: read from the environment, with a full installation in `var/` when nothing is said."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from hangshi.database import urls

ROOT = Path(os.environ.get("HANGSHI_ROOT", Path.cwd()))
VAR = Path(os.environ.get("HANGSHI_VAR", ROOT / "var")).resolve()


def _kept_secret(name: str) -> str:
    """A random secret that is drawn once and then read from a file that only this user may read."""
    file = VAR / "secrets" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(part, file)  # of two processes starting at once, the first one's secret stays
        part.unlink()
    return file.read_text()


def _database(connection: dict[str, Any]) -> dict[str, Any]:
    # What asks to be prepared is (access/prepared.py); not behind a pooler that keeps no statements: HANGSHI_PREPARE=0.
    prepares = {"prepare_threshold": 5 if os.environ.get("HANGSHI_PREPARE", "1") == "1" else None}
    usual = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, "DISABLE_SERVER_SIDE_CURSORS": True}
    return usual | connection | {"OPTIONS": prepares | connection.get("OPTIONS", {})}


SECRET_KEY = os.environ.get("HANGSHI_SECRET_KEY") or _kept_secret("session.key")
# Key rings: what the environment says, else a file that `hangshi keys rotate` may add to while the server runs (see access.keyring).
FIELD_KEY, INDEX_KEY, AUDIT_KEY = (os.environ.get(f"HANGSHI_{it}_KEY") or None for it in ("FIELD", "INDEX", "AUDIT"))
SECRETS = VAR / "secrets"
for _name, _said in {"field.key": FIELD_KEY, "index.key": INDEX_KEY, "audit.key": AUDIT_KEY}.items():
    if not _said:
        _kept_secret(_name)
FIELD_CIPHER = os.environ.get("HANGSHI_FIELD_CIPHER", "aes")  # or sm4: SM4-GCM, where 密评 asks for it
EXPORT_ROWS = int(os.environ.get("HANGSHI_EXPORT_ROWS", "50000"))
ANCHORS = Path(os.environ.get("HANGSHI_ANCHORS", VAR / "audit" / "anchors.txt"))
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HANGSHI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "hangshi.access",
    "hangshi.outbox",
    "hangshi.jobs",
    "hangshi.audit",
    "hangshi.registry",
    "hangshi.duties",
    "hangshi.activities",
    "hangshi.cases",
    "hangshi.approvals",
    "hangshi.ledger",
    "hangshi.study",
    "hangshi.privacy",
    "hangshi.reactions",
    "hangshi.notices",
    "hangshi.indicators",
    "hangshi.standards",
    "hangshi.closings",
    "hangshi.projects",
    "hangshi.shares",
    "hangshi.appraisals",
    "hangshi.schemes",
    "hangshi.flagpay",
    "hangshi.planning",
    "hangshi.forms",
    "hangshi.demands",
    "hangshi.handoff",
    "hangshi.intake",
    "hangshi.duplicates",
    "hangshi.rosters",
    "hangshi.claims",
    "hangshi.reports",
    "hangshi.scenarios",
    "hangshi.web",
    "hangshi.api",
]
_connections = urls.connections(VAR, os.environ)
DATABASES = {"default": _database(_connections.app), "owner": _database(_connections.owner)}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hangshi.api.door.Door",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hangshi.web.middleware.PlainErrors",
    "hangshi.web.middleware.SignedIn",
]
ROOT_URLCONF = "hangshi.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "OPTIONS": {"environment": "hangshi.web.jinja.environment"},
    }
]
AUTH_USER_MODEL = "access.Account"
PASSWORD_HASHERS = ["hangshi.access.passwords.SizedArgon2"]
PROFILE = os.environ.get("HANGSHI_PROFILE", "standard")  # how strict the door is: access/profiles.py
# Proxies whose word about the caller's address is taken; without any, nobody's is.
TRUSTED_PROXIES = frozenset(os.environ.get("HANGSHI_TRUSTED_PROXIES", "").replace(",", " ").split())
HTTPS = os.environ.get("HANGSHI_HTTPS", "") == "1"  # the pages are reached by HTTPS only
OIDC = {
    "name": os.environ.get("HANGSHI_OIDC_NAME", "统一身份认证"),
    "issuer": os.environ.get("HANGSHI_OIDC_ISSUER", "").rstrip("/"),  # empty: no single sign-on
    "client": os.environ.get("HANGSHI_OIDC_CLIENT", ""),
    "secret": os.environ.get("HANGSHI_OIDC_SECRET", ""),
    "claim": os.environ.get("HANGSHI_OIDC_CLAIM", "preferred_username"),
}
# The packs in use (packs/README.md). A county's own folders come last; with them only `base` is taken from the shipped ones unless named.
PACK_DIRS = tuple(Path(it).resolve() for it in os.environ.get("HANGSHI_PACK_DIRS", "").split(os.pathsep) if it)
_shipped = ("base",) if PACK_DIRS else ("base", "ankang", "nanpiao", "baoshan", "shifan", "jiuquan")
PACKS = (
    *(os.environ.get("HANGSHI_PACKS", "").replace(",", " ").split() or _shipped),
    *(it.name for it in PACK_DIRS),
)
# Ways by which people may be told outside that something waits: dingtalk, wecombot, mail, webhook. None unless said.
CHANNELS = frozenset(os.environ.get("HANGSHI_CHANNELS", "").replace(",", " ").split())
WEBHOOK_HOSTS = frozenset(os.environ.get("HANGSHI_WEBHOOK_HOSTS", "").replace(",", " ").split())
MAIL_RELAY = os.environ.get("HANGSHI_MAIL_RELAY", "")  # an address of apprise: mailtos://user:password@host?from=…
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "hangshi.web.views.errors.csrf"
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "/static/"
STATIC_ROOT = Path(__file__).parent / "web" / "static"
WHITENOISE_AUTOREFRESH = False
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

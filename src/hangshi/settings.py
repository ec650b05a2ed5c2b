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
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    } | connection


SECRET_KEY = os.environ.get("HANGSHI_SECRET_KEY") or _kept_secret("session.key")
FIELD_KEY = os.environ.get("HANGSHI_FIELD_KEY") or _kept_secret("field.key")
INDEX_KEY = os.environ.get("HANGSHI_INDEX_KEY") or _kept_secret("index.key")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HANGSHI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
INSTALLED_APPS = [
    "hangshi.access",
    "hangshi.registry",
    "hangshi.duties",
    "hangshi.activities",
    "hangshi.cases",
    "hangshi.ledger",
    "hangshi.indicators",
    "hangshi.claims",
    "hangshi.scenarios",
    "hangshi.web",
]
_connections = urls.connections(VAR, os.environ)
DATABASES = {"default": _database(_connections.app), "owner": _database(_connections.owner)}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
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
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hangshi.web.views.errors.csrf"
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "/static/"
STATIC_ROOT = Path(__file__).parent / "web" / "static"
WHITENOISE_AUTOREFRESH = False
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

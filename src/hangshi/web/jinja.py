"""What the templates may use: addresses, hashed assets, icons, numbers in Chinese measure, words of the pack."""

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, pass_environment
from markupsafe import Markup

from hangshi.packs.models import Indicator
from hangshi.web import menu, words
from hangshi.web.period import Days
from hangshi.web.report_charts import drawn
from hangshi.web.tables import body
from hangshi.web.words import number

DIST = Path(__file__).parent / "static" / "dist"


@cache
def _manifest() -> dict[str, str]:
    file = DIST / "meta.json"
    return json.loads(file.read_text()) if file.exists() else {}


@cache
def asset(name: str) -> str:
    """The address of an asset by its plain name: the build puts its hash into the file name."""
    return f"{settings.STATIC_URL}dist/{_manifest().get(name, name)}"


@cache
def icon(name: str) -> Markup:
    return Markup('<svg class="icon" width="24" height="24" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        asset("icons.svg"), name
    )


def url(name: str, *args: Any, **query: Any) -> str:
    kept = {key.rstrip("_"): value for key, value in query.items() if value not in (None, "")}
    return _reversed(name, args) + (f"?{urlencode(kept)}" if kept else "")


@lru_cache(maxsize=4096)
def _reversed(name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)


def short(value: Decimal | int | None) -> str:
    """A number that a glance can hold: 147000 → 14.7万, 394000000 → 3.94亿; below 万 as it is."""
    if value is None or -100_000 < value < 100_000:
        return number(value)
    exact = Decimal(value)
    if exact.copy_abs() >= 100_000_000:
        return f"{_trimmed(exact / 100_000_000)}亿"
    return f"{_trimmed(exact / 10_000)}万"


def _trimmed(value: Decimal) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if value else "—"


def chart(option: dict[str, Any]) -> Markup:
    """An ECharts option as the text of a data script; `<` is escaped, so that no name can end the script."""
    return Markup(json.dumps(option, ensure_ascii=False, default=float).replace("<", "\\u003c"))  # noqa: S704


@cache
def map_names(code: str) -> tuple[str, ...]:
    """The names of the areas of a map; empty where there is none for this code."""
    file = DIST / "maps" / f"{code}.json"
    if not code.isdecimal() or not file.exists():
        return ()
    return tuple(it["properties"].get("name", "") for it in json.loads(file.read_text())["features"])


def but(query: QueryDict, **changed: Any) -> str:
    """The query of an address with some of its names changed, None takes one away."""
    kept = query.dict() | changed
    return urlencode({name: value for name, value in kept.items() if value is not None})


def _when(it: Indicator, days: Days) -> str:
    """The day or the days that the figure speaks of, short enough for a card."""
    return str(days.last) if words.time_of(it) == "as_of" else days.words


@lru_cache(maxsize=1024)
def choices(family: str, chosen: str) -> Markup:
    """The options of a `<select>` over the keys of a family, as the pack calls them; `chosen` "" none of them."""
    option = Markup('<option value="{}"{}>{}</option>')
    selected = {chosen: Markup(" selected")}
    return Markup("").join(
        option.format(key, selected.get(key, ""), name) for key, name in words.options(family).items()
    )


@pass_environment
def side(environment: Environment, permissions: frozenset[str], path: str) -> Markup:
    """The menu for who holds these permissions, on the page with this address."""
    return _side(environment, permissions, menu.place(path))


@pass_environment
def thumb(environment: Environment, permissions: frozenset[str], path: str) -> Markup:
    return _thumb(environment, permissions, path if path in menu.UNDER_THUMB else "")


@lru_cache(maxsize=512)
def _side(environment: Environment, permissions: frozenset[str], here: str) -> Markup:
    found = environment.get_template("_menu.html").render(groups=menu.menu(permissions), here=here)
    return Markup(found)  # noqa: S704  # a template's own


@lru_cache(maxsize=512)
def _thumb(environment: Environment, permissions: frozenset[str], here: str) -> Markup:
    found = environment.get_template("_thumb.html").render(items=menu.thumb(permissions), here=here)
    return Markup(found)  # noqa: S704  # a template's own


def environment(**options: Any) -> Environment:
    usual: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]}
    made = Environment(**usual | options)  # noqa: S701  # Django switches autoescape on
    made.globals.update(
        choices=choices,
        menu=side,
        thumb=thumb,
        url=url,
        asset=asset,
        icon=icon,
        body=body,
        label=words.label,
        stage_name=words.stage_name,
    )
    made.filters.update(number=number, short=short, day=day, chart=chart, drawn=drawn, measure=words.measure)
    made.filters.update(but=but, when=_when)
    return made

"""A client of the API in the standard library alone: `Client(address, token)`.

Lists are iterated page after page. A write carries a key of its own and is sent again with the same key when the line breaks, so
that it is carried out once. What the server refuses is raised as `Problem`, with the sentence that a user of the pages would read.
"""

import http.client
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["Client", "Problem"]

Row = dict[str, Any]
TRIES = 4
FIRST_PAUSE = 0.2  # seconds before the second try; doubled each time
LONGEST_PAUSE = 60
AGAIN = frozenset({429, 502, 503, 504})


class Problem(Exception):
    """The server said no. `sentence` is for a person, `code` for a program; `errors`: where, if it says so."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(said.get("code", ""))
        self.sentence = str(said.get("detail", ""))
        self.errors = list(said.get("errors", []))
        super().__init__(f"{status} {self.code} {self.sentence}")


class Client:
    """`address`: of the installation, as `https://hangshi.example`. `timeout`: seconds of one try. Not for several threads at once."""

    def __init__(self, address: str, token: str, *, timeout: float = 30, pause: float = FIRST_PAUSE) -> None:
        self._at, self._token, self._timeout, self._pause = urlsplit(address), token, timeout, pause
        self._line: http.client.HTTPConnection | None = None

    def me(self) -> Row:
        return self._read("/me")

    def units(self, **asked: Any) -> Iterator[Row]:
        """`unit`, `kind`, `q`, `open`: as the list of units on the pages."""
        return self.all("/units", **asked)

    def unit(self, pk: int) -> Row:
        return self._read(f"/units/{pk}")

    def children(self, pk: int, on: date | None = None) -> list[Row]:
        """The units right below on that day."""
        found: list[Row] = self._ask("GET", f"/units/{pk}/children", {"on": on})
        return found

    def persons(self, **asked: Any) -> Iterator[Row]:
        return self.all("/persons", **asked)

    def households(self, **asked: Any) -> Iterator[Row]:
        return self.all("/households", **asked)

    def records(self, room: str, **asked: Any) -> Iterator[Row]:
        """`room`: duties, activities, cases, entries or memberships. `first`, `last`: days, both included."""
        return self.all(f"/{room}", **asked)

    def indicators(self) -> list[Row]:
        found: list[Row] = self._ask("GET", "/indicators", {})
        return found

    def value(self, key: str, **asked: Any) -> Row:
        """The figure of `unit` over the days `first` to `last`; its `value` is text, or None where there is nothing to say."""
        return self._read(f"/indicators/{quote(key, safe='')}/value", **asked)

    def rows(self, key: str, **asked: Any) -> Iterator[Row]:
        """The rows behind the figure, each as column title → text."""
        for page in self.pages(f"/indicators/{quote(key, safe='')}/rows", **asked):
            for row in page["rows"]:
                yield dict(zip(page["columns"], row, strict=True))

    def record_visit(
        self, *, household: int, leader: int, on: date, topic: str = "", minutes: str = "", key: str | None = None
    ) -> Row:
        """One visit to one household, and the record made of it."""
        said = {"household": household, "leader": leader, "on": on, "topic": topic, "minutes": minutes}
        return self.write("/visits", said, key=key)

    def record_activity(self, *, key: str | None = None, **said: Any) -> Row:
        return self.write("/activities", said, key=key)

    def assign_duty(self, *, key: str | None = None, **said: Any) -> Row:
        return self.write("/duties", said, key=key)

    def open_case(self, *, key: str | None = None, **said: Any) -> Row:
        return self.write("/cases", said, key=key)

    def book_entry(self, *, key: str | None = None, **said: Any) -> Row:
        return self.write("/entries", said, key=key)

    def write(self, path: str, said: Mapping[str, Any], *, key: str | None = None) -> Row:
        """Any write of the API. `key`: of this one effect; give your own to be able to repeat it after a crash of your program."""
        found: Row = self._ask("POST", path, {}, said, key or str(uuid.uuid4()))
        return found

    def all(self, path: str, **asked: Any) -> Iterator[Row]:
        """The items of all pages of a list."""
        for page in self.pages(path, **asked):
            yield from page["items"]

    def pages(self, path: str, **asked: Any) -> Iterator[Row]:
        """One page after the other, up to the last."""
        cursor = None
        while True:
            page = self._read(path, **{"limit": 200, **asked, "cursor": cursor})
            yield page
            if (cursor := page["next"]) is None:
                return

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _read(self, path: str, **asked: Any) -> Row:
        found: Row = self._ask("GET", path, asked)
        return found

    def _ask(self, method: str, path: str, asked: Mapping[str, Any], said: Any = None, key: str | None = None) -> Any:
        """Sent again while the line breaks or the server asks to wait: a write carries its key, so it stays one."""
        pause = self._pause
        for left in reversed(range(TRIES)):
            try:
                status, waits, text = self._send(method, self._address(path, asked), said, key)
            except (OSError, http.client.HTTPException):
                self.close()
                if not left:
                    raise
            else:
                if status < 400:
                    return json.loads(text)
                if status not in AGAIN or not left:
                    raise Problem(status, _problem(text))
                pause = max(pause, min(waits, LONGEST_PAUSE))
            time.sleep(pause)
            pause *= 2
        raise AssertionError("the last try answers or raises")

    def _address(self, path: str, asked: Mapping[str, Any]) -> str:
        names = {"first": "from", "last": "to"}
        query = {
            names.get(name, name): str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in asked.items()
            if value is not None
        }
        return f"{self._at.path.rstrip('/')}/api/v1{path}" + (f"?{urlencode(query)}" if query else "")

    def _send(self, method: str, address: str, said: Any, key: str | None) -> tuple[int, int, bytes]:
        """Status, seconds to wait, and body of one answer."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if key is not None:
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        if self._line is None:
            secure = self._at.scheme == "https"
            sort = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._line = sort(self._at.hostname or "", self._at.port, timeout=self._timeout)
        self._line.request(method, address, json.dumps(said, default=str) if key is not None else None, headers)
        answer = self._line.getresponse()
        waits = answer.headers.get("Retry-After", "")
        return answer.status, int(waits) if waits.isdecimal() else 0, answer.read()


def _problem(text: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

"""Where each key of a TOML text stands: tomllib reads the values, this only finds their lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Key = tuple[str | int, ...]

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.#\"']+|[\"']",
    re.DOTALL,
)


@dataclass
class Positions:
    """`lines`: key → its line. `spans`: first and last line of each statement (a header, or a key with its value)."""

    lines: dict[Key, int] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def line(self, key: Key) -> int:
        """The line of the key, or of the nearest table around it; 1 where nothing of it is written."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def span(self, line: int) -> tuple[int, int]:
        return next((span for span in self.spans if span[0] <= line <= span[1]), (line, line))


class Reader:
    """Walks the tokens once. On text that is not TOML it may stop early, but it does not raise."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            (m.group(), text.count("\n", 0, m.start()) + 1, text.count("\n", 0, m.end()) + 1)
            for m in TOKEN.finditer(text)
            if not m.group().startswith("#")
        ]
        self.at = 0
        self.found = Positions()

    def read(self) -> Positions:
        table: Key = ()
        arrays: dict[Key, int] = {}
        while self.at < len(self.tokens):
            word, line, _ = self.tokens[self.at]
            if word == "\n":
                self.at += 1
            elif word == "[":
                table = self.header(line, arrays)
            else:
                self.pair(table)
                self.to_line_end(line)
        return self.found

    def header(self, line: int, arrays: dict[Key, int]) -> Key:
        """The table that a header opens; below an array of tables it is inside the latest of them."""
        words = list(self.until_newline())
        key: Key = ()
        for word in words:
            if word not in "[].":
                key = (*key, arrays[key]) if key in arrays else key
                key = (*key, unquoted(word))
        if words[:2] == ["[", "["]:
            arrays[key] = arrays.get(key, -1) + 1
            key = (*key, arrays[key])
        for size in range(1, len(key) + 1):
            self.found.lines.setdefault(key[:size], line)
        self.found.spans.append((line, line))
        return key

    def pair(self, table: Key) -> None:
        """`a.b = value`, at the top of a line or inside an inline table."""
        line, key = self.tokens[self.at][1], table
        while self.at < len(self.tokens) and self.peek() not in ("=", "\n", "}", ","):
            if self.peek() != ".":
                key = (*key, unquoted(self.peek()))
                self.found.lines.setdefault(key, line)
            self.at += 1
        if self.peek() == "=":
            self.at += 1
            self.value(key)

    def value(self, key: Key) -> None:
        opening = self.peek()
        if opening not in ("[", "{"):
            while self.peek() not in (",", "]", "}", "\n", ""):
                self.at += 1
            return
        self.at += 1
        number = 0
        while self.peek() not in ("]", "}", ""):
            if self.peek() in (",", "\n"):
                self.at += 1
            elif opening == "{":
                self.pair(key)
            else:
                self.found.lines.setdefault((*key, number), self.tokens[self.at][1])
                self.value((*key, number))
                number += 1
        self.at += 1

    def to_line_end(self, first: int) -> None:
        for _ in self.until_newline():
            pass
        last = self.tokens[min(self.at, len(self.tokens)) - 1][2]
        self.found.spans.append((first, max(first, last)))

    def until_newline(self) -> Iterator[str]:
        while self.peek() not in ("\n", ""):
            yield self.peek()
            self.at += 1

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""


def unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in "\"'" else word


def positions(text: str) -> Positions:
    return Reader(text).read()

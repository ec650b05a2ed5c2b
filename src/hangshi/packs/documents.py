"""The first pass: is it TOML? Every broken or repeated statement is reported, not only the first."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from hangshi.packs.models import Problem
from hangshi.packs.positions import Key, Positions, positions

MOST_ERRORS = 50
PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
REPEATED = re.compile(r"Cannot overwrite|Cannot declare|Cannot mutate|Cannot redefine|duplicate", re.IGNORECASE)
ASIDE = "repeated_table_"


@dataclass(frozen=True)
class Document:
    """One file of a pack. `name` is how problems call it: pack/file; `text` is what was read."""

    name: str
    tables: dict[str, Any]
    positions: Positions
    text: str = ""

    def problem(self, key: Key, code: str, sentence: str) -> Problem:
        return Problem(self.name, self.positions.line(key), ".".join(map(str, key)), code, sentence)


def read(path: Path) -> tuple[Document, list[Problem]]:
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = f"文件不是 UTF-8 编码（第 {error.start} 字节处）"
        return Document(name, {}, Positions()), [Problem(name, 1, "", "P103", sentence)]
    return read_text(text, name)


def read_text(text: str, name: str) -> tuple[Document, list[Problem]]:
    text = text.replace("\r\n", "\n")
    tables, problems = parse(text, name)
    return Document(name, tables, positions(text), text), problems


def parse(text: str, name: str) -> tuple[dict[str, Any], list[Problem]]:
    """Read what can be read: a statement with an error is reported and left out, and the rest is read again."""
    problems: list[Problem] = []
    lines, where = text.split("\n"), positions(text)
    at_line = {line: key for key, line in reversed(where.lines.items())}
    for attempt in range(MOST_ERRORS):
        try:
            tables = tomllib.loads("\n".join(lines), parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            first, last = where.span(line_of(str(error), lines))
            repeated = REPEATED.search(str(error)) is not None
            code = "P102" if repeated else "P101"
            key = declared(lines[first - 1], where, first) if repeated else at_line.get(first, ())
            problems.append(Problem(name, first, ".".join(map(str, key)), code, sentence(str(error), repeated)))
            is_header = lines[first - 1].lstrip().startswith("[")
            lines[first - 1 : last] = [f"[{ASIDE}{attempt}]" if is_header else ""] + [""] * (last - first)
        else:
            return {key: it for key, it in tables.items() if not key.startswith(ASIDE)}, problems
    return {}, problems


def line_of(error: str, lines: list[str]) -> int:
    place = PLACE.search(error)
    if place and place.group(1):
        return int(place.group(1))
    return max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)


def declared(line: str, where: Positions, number: int) -> Key:
    """The key that a repeated statement writes again, read off its line: `where` knows only the first writing."""
    words = tuple(word.strip() for word in line.split("=")[0].strip(" []").split("."))
    if line.lstrip().startswith("["):
        return words
    tables = [(first, key) for key, first in where.lines.items() if first < number and is_table(key, where)]
    return (*max(tables, default=(0, ()))[1], *words)


def is_table(key: Key, where: Positions) -> bool:
    return any(other[: len(key)] == key and len(other) > len(key) for other in where.lines)


def sentence(error: str, repeated: bool) -> str:
    said = PLACE.sub("", error).strip()
    return "这个键或表在本文件里写了两次，只能写一次" if repeated else f"不是 TOML 的写法：{said}"

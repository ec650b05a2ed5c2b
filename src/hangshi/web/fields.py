"""One input of a form: what the page asks, and how what was typed becomes a value. The fields of a kind come from its pack."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from hangshi.files.store import MOST_BYTES
from hangshi.packs.models import ExtraField
from hangshi.web import choices
from hangshi.web.period import EARLIEST, LATEST

CHOSEN = frozenset(choices.WORDS)
STATES = {"present": "到会", "leave": "请假", "absent": "缺席"}
INTEGER = re.compile(r"-?[0-9]{1,15}")
LONGEST = {"text": 200, "area": 2000}
LONGEST_REASON, LONGEST_RESOLUTION, MOST_ITEMS = 100, 1000, 20
COMPOSED = ("attendance", "items")  # of several inputs each; `initial` says what stands in them, by their names


class Wrong(Exception):
    """What was typed cannot be taken; `offers` are the rows it may mean."""

    def __init__(self, sentence: str, offers: tuple[choices.Choice, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.offers = sentence, offers


@dataclass(frozen=True)
class Attended:
    """Person id → present, leave or absent; and why those on leave were, where it was said."""

    states: dict[int, str]
    reasons: dict[int, str]


@dataclass(frozen=True)
class Field:
    """`kind`: text, area, int, decimal, date, time, bool, choice, several (of `choices`), hidden (a whole number), file, person, anyone,
    household, unit, people (a name a line), attendance or items (pairs of a topic and a resolution).

    `rows` are the people of an attendance (id, name); `kinds` the kinds of unit that may be chosen; `latest` the last day allowed.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    initial: Any = None
    choices: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    rows: tuple[tuple[int, str], ...] = ()
    longest: int = 0
    latest: date | None = None


def of_kind(extra: Mapping[str, ExtraField]) -> list[Field]:
    """The fields that a kind of the pack adds; their names begin with `x_`."""
    return [
        Field(f"x_{key}", it.name, it.type, required=it.required, hint=it.doc, choices=it.choices)
        for key, it in extra.items()
    ]


def read(it: Field, data: Mapping[str, Any]) -> Any:
    """The value of the field; what is left empty is None, for text ''. Raises `Wrong`."""
    if it.kind in WHOLE:
        return WHOLE[it.kind](it, data)
    text = str(data.get(it.name, "")).strip()
    if "\x00" in text:
        raise Wrong(f"“{it.label}”里有不能识别的字符，请删去。")
    if not text:
        if it.required:
            raise Wrong(f"“{it.label}”必须填写。")
        return "" if it.kind in LONGEST or it.kind == "choice" else None
    if it.kind in CHOSEN:
        return _chosen(it, text, str(data.get(f"{it.name}_id", "")))
    return READERS[it.kind](it, text)


def _chosen(it: Field, text: str, picked: str) -> Any:
    try:
        return choices.resolve(it.kind, text, picked, it.kinds)
    except choices.Unclear as unclear:
        raise Wrong(unclear.sentence, unclear.offers) from None


def _text(it: Field, text: str) -> str:
    limit = it.longest or LONGEST[it.kind]
    if len(text) > limit:
        raise Wrong(f"“{it.label}”最多{limit}字，现有{len(text)}字。")
    return text


def _plain(text: str) -> str:
    """Full-width digits and signs as plain ones, without the commas and blanks of thousands."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")


def _int(it: Field, text: str) -> int:
    plain = _plain(text)
    if not INTEGER.fullmatch(plain):
        raise Wrong(f"“{it.label}”应填整数。")
    return int(plain)


def _decimal(it: Field, text: str) -> Decimal:
    try:
        number = Decimal(_plain(text))
    except InvalidOperation:
        raise Wrong(f"“{it.label}”应填数字。") from None
    if not number.is_finite() or number.copy_abs() >= Decimal(10) ** 15:
        raise Wrong(f"“{it.label}”的数字太大或不是数字。")
    return number


def _date(it: Field, text: str) -> date:
    plain = _plain(text).rstrip("日")
    for sign in "/.年月":
        plain = plain.replace(sign, "-")
    try:
        day = date(*(int(part) for part in plain.split("-")))
    except (ValueError, TypeError, OverflowError):
        raise Wrong(f"“{it.label}”不是日期，应写成 2017-10-31 这样。") from None
    if not EARLIEST <= day <= LATEST:
        raise Wrong(f"“{it.label}”应在 {EARLIEST} 至 {LATEST} 之间。")
    if it.latest and day > it.latest:
        raise Wrong(f"“{it.label}”不能晚于今天（{it.latest}）。")
    return day


def _bool(it: Field, text: str) -> bool:
    if text not in ("0", "1"):
        raise Wrong(f"“{it.label}”请选是或否。")
    return text == "1"


def _choice(it: Field, text: str) -> str:
    if text not in it.choices:
        raise Wrong(f"“{it.label}”请从所列选项中选择。")
    return text


def _people(it: Field, text: str) -> list[Any]:
    """A person a line, by name or number."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            found.append(choices.resolve("person", line))
        except choices.Unclear as unclear:
            numbers = "、".join(f"{offer.text}（{offer.note}）" for offer in unclear.offers)
            raise Wrong(
                f"“{line}”：{unclear.sentence if not numbers else f'有多人，请改填编号：{numbers}。'}"
            ) from None
    return found


def _time(it: Field, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Wrong(f"“{it.label}”不是时间，应写成 09:30 这样。") from None


def _several(it: Field, data: Mapping[str, Any]) -> list[str]:
    """The keys that were ticked, in the order of the choices."""
    found = [key for key in it.choices if data.get(f"{it.name}.{key}")]
    if it.required and not found:
        raise Wrong(f"“{it.label}”至少选一个。")
    return found


def _file(it: Field, data: Mapping[str, Any]) -> Any:
    """The file handed in, not yet looked into; None where there is none. One that is too large is refused before it is read."""
    given = data.get(it.name)
    if not isinstance(given, UploadedFile):
        if it.required:
            raise Wrong(f"“{it.label}”：请选择文件。")
        return None
    if (given.size or 0) > MOST_BYTES:
        raise Wrong(f"文件超过{MOST_BYTES // 1024 // 1024}兆，请压缩后再上传。")
    return given


READERS = {
    "text": _text,
    "area": _text,
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "bool": _bool,
    "choice": _choice,
    "hidden": _int,
    "people": _people,
}


def _attendance(it: Field, data: Mapping[str, Any]) -> Attended:
    """Everybody listed has a state: who was left out could not be told from who was absent."""
    said = {pk: str(data.get(f"a_{pk}", "")) for pk, _ in it.rows}
    if left := [name for pk, name in it.rows if said[pk] not in STATES]:
        raise Wrong(f"还有{len(left)}人没有选到会、请假或缺席：{_some(left)}。")
    typed = {pk: str(data.get(f"r_{pk}", "")).strip() for pk, state in said.items() if state == "leave"}
    if long := [name for pk, name in it.rows if len(typed.get(pk, "")) > LONGEST_REASON]:
        raise Wrong(f"请假事由最多{LONGEST_REASON}字：{_some(long)}的太长。")
    return Attended(said, {pk: reason for pk, reason in typed.items() if reason})


def _items(it: Field, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Topics with their resolutions in the order of the page; lines left empty are passed over."""
    found = []
    for number in range(1, MOST_ITEMS + 1):
        topic, resolution = (
            str(data.get(f"{it.name}.{number}.{part}", "")).strip() for part in ("topic", "resolution")
        )
        if resolution and not topic:
            raise Wrong(f"第{number}个议题只写了决议，没有写议题。")
        if len(topic) > LONGEST["text"] or len(resolution) > LONGEST_RESOLUTION:
            raise Wrong(f"第{number}个议题太长：议题最多{LONGEST['text']}字，决议最多{LONGEST_RESOLUTION}字。")
        if topic:
            found.append((topic, resolution))
    return found


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + ("等" if len(names) > 5 else "")


# Fields of several inputs, and files: read from all that was sent.
WHOLE: dict[str, Callable[[Field, Mapping[str, Any]], Any]] = {
    "attendance": _attendance,
    "items": _items,
    "several": _several,
    "file": _file,
}


def extra_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said in the pack's own fields, under their keys."""
    return {name[2:]: value for name, value in said.items() if name.startswith("x_") and value not in (None, "")}


def without(fields: Iterable[Field], *names: str) -> list[Field]:
    return [it for it in fields if it.name not in names]

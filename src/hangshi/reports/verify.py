"""Does a report still hold? Each number issued against the records of now, and the file against what was issued."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hangshi.claims.extract import extract
from hangshi.claims.verdicts import allows
from hangshi.indicators import queries as figures
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.reports import controls
from hangshi.reports.binding import version_of
from hangshi.reports.changes import Change, changes
from hangshi.reports.models import Issue
from hangshi.reports.numbers import Desk, Number, read

HOLDS, MOVED, REDEFINED, EDITED, REMOVED, FOREIGN = (
    "仍成立",
    "已变动",
    "口径已改",
    "文字被改",
    "控件已去除",
    "不是签发的数",
)
WORDS = (MOVED, EDITED, REMOVED, REDEFINED, FOREIGN, HOLDS)


@dataclass(frozen=True)
class Finding:
    """One number. `word` is the gravest that is true of it; `now` None: there is no value any more. `text`: what the file says now."""

    number: Number
    word: str
    now: Decimal | None
    text: str
    reason: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Verified:
    """`whole`: the file is the one that was kept, to the byte; None: no file was looked at.

    `foreign`: what the file shows as a bound number though this issue has none such there.
    """

    issue: Issue
    whole: bool | None
    findings: list[Finding]
    foreign: tuple[str, ...] = ()

    def count(self, word: str) -> int:
        return len(self.foreign) if word == FOREIGN else sum(it.word == word for it in self.findings)

    @property
    def sound(self) -> bool:
        return not self.foreign and all(it.word == HOLDS for it in self.findings)


def verify_file(name: str, data: bytes, pack: Pack) -> Verified:
    """Raises `Refused` for a file that is no issued report of a unit that the reader sees."""
    document = controls.opened(name, data)
    seen = controls.found(document)
    uid = controls.carried(document)[0] or next((it.uid for it in seen), "")
    issue = Issue.objects.select_related("unit").filter(uid=uid).first() if uid else None
    if issue is None:
        raise Refused(
            "verify.unknown", f"“{name}”不是在本系统签发的材料，或不在您的范围内。未签发的材料请用“核对材料”。"
        )
    mine: dict[int, str] = {}
    for it in seen:
        if it.uid == uid:
            mine.setdefault(it.index, it.text)
    whole = hashlib.sha256(data).hexdigest() == issue.sha256
    return Verified(issue, whole, findings(issue, pack, mine), tuple(_foreign(seen, issue, mine)))


def _foreign(seen: list[controls.Found], issue: Issue, mine: dict[int, str]) -> Iterator[str]:
    """Controls of another report, of no number of this one, or a second time with another text."""
    known = {read(it).index for it in issue.numbers}
    for it in seen:
        if it.uid != issue.uid or it.index not in known or mine[it.index] != it.text:
            yield it.text


def verify_issue(issue: Issue, pack: Pack) -> Verified:
    """The kept numbers alone, without a file."""
    return Verified(issue, None, findings(issue, pack, None))


def findings(issue: Issue, pack: Pack, texts: dict[int, str] | None) -> list[Finding]:
    """The numbers of an issue as they stand now, in their order; `texts`: by index what a file says."""
    numbers = [read(it) for it in issue.numbers]
    now = values(numbers, pack)
    return [_finding(it, now[it.index], issue, pack, texts) for it in numbers]


def values(numbers: Sequence[Number], pack: Pack) -> dict[int, Decimal | None]:
    """What each number is now: one question for all that share unit, days and tree. A unit out of sight has no value."""
    units = Unit.objects.in_bulk({it.unit for it in numbers})
    got: dict[int, Decimal | None] = {}
    asked: dict[tuple[int, object, object], list[Number]] = {}
    for it in numbers:
        if it.standard:
            known = pack.standards.get(it.key)
            got[it.index] = known.amount(it.last) if known else None
        elif it.key not in pack.indicators or it.unit not in units:
            got[it.index] = None
        else:
            asked.setdefault((it.unit, it.period, it.tree), []).append(it)
    for same in asked.values():
        one = same[0]
        found = figures.values([it.key for it in same], units[one.unit], one.period, one.tree)
        for it in same:
            value = found[it.key].value
            got[it.index] = None if value is None else Decimal(value)
    return got


def _finding(it: Number, now: Decimal | None, issue: Issue, pack: Pack, texts: dict[int, str] | None) -> Finding:
    text = it.text if texts is None else texts.get(it.index, "")
    if now != it.value:
        reason = f"签发时 {it.value.normalize():f}，现在{' ' + format(now.normalize(), 'f') if now is not None else '没有值'}"
        return Finding(it, MOVED, now, text, _with_text(reason, it, text, texts), _why(it, issue))
    if texts is not None and it.index not in texts:
        return Finding(it, REMOVED, now, "", "这个数的内容控件已被删除，文中是否还写着它，无从核对")
    if text != it.text:
        return Finding(it, EDITED, now, text, _edited(it, text))
    version = version_of(Desk(pack, issue.unit, it.period), it.key)
    if not it.standard and version != it.version:
        return Finding(it, REDEFINED, now, text, f"数值未变，但指标定义已由 {it.version} 改为 {version}")
    return Finding(it, HOLDS, now, text, "与记录相符")


def _with_text(reason: str, it: Number, text: str, texts: dict[int, str] | None) -> str:
    if texts is not None and text != it.text:
        return f"{reason}；文字也由“{it.text}”改成“{text}”" if text else f"{reason}；内容控件已被删除"
    return reason


def _edited(it: Number, text: str) -> str:
    """Whether what somebody wrote by hand is still true of the records."""
    held = any(allows(claim, it.value) for claim in extract(f"共有{it.name}{text}。"))
    ending = "仍在所许区间内" if held else "与记录不符"
    return f"签发时为“{it.text}”，被改成“{text}”，{ending}"


def _why(it: Number, issue: Issue) -> tuple[Change, ...]:
    unit = Unit.objects.filter(pk=it.unit).first()
    if it.standard or unit is None:
        return ()
    return tuple(changes(it, unit, since=issue.issued_at, after=issue.marks))

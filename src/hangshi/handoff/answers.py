"""What the upper system answered: a receipt read, matched by key, and what follows from each of its rows."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection, transaction

from hangshi.access import keyring
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.files import sealed
from hangshi.handoff import difference, services
from hangshi.handoff.difference import Change
from hangshi.handoff.models import Handoff, Held, Line, Receipt
from hangshi.handoff.services import ROOM, Tell, locked, template
from hangshi.handoff.shaping import Shaper
from hangshi.intake import heads, reading
from hangshi.packs.models import Pack
from hangshi.packs.uppers import Upper
from hangshi.refusal import Refused
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import Signer, sign

LONGEST_REASON = 300
SHOWN_UNKNOWN = 500
TAKEN, AGAIN = "上级系统已接收", "上级系统再次退回，另立一件"


@dataclass(frozen=True)
class Row:
    """A row of the receipt; `number` is that of the sheet, from 1 on."""

    number: int
    key: str
    result: str
    reason: str


@dataclass
class Answered:
    """`accepted`, `rejected`: the lines that now have that answer, the latter with the reason; `same`: how many had it before."""

    accepted: list[int] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    same: int = 0
    unknown: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"rows": 0, "accepted": 0, "rejected": 0, "unknown": 0})


@transaction.atomic
def receive(pack: Pack, handoff: Handoff, *, name: str, data: bytes, on: date, by: Signer) -> Receipt:
    """Keep a receipt file, sealed until it is read; the same file brought again is the one that is here.

    Raises `Refused`, and then nothing is kept.
    """
    sign(by.account)
    handoff = locked(handoff)
    check_may_receive(handoff)
    sha256 = hashlib.sha256(data).hexdigest()
    known = handoff.receipts.filter(sha256=sha256).first()
    if known is not None:
        return known
    rows(template(pack, handoff), data)  # a file that is no receipt is refused at once
    made = Receipt.objects.create(
        handoff=handoff, path=handoff.path, file_name=name[:120], sha256=sha256, received_on=on, recorded_by=by.account
    )
    sealed.keep(ROOM, _name(made), data)
    return made


def _name(receipt: Receipt) -> str:
    return f"{receipt.handoff_id}.{receipt.pk}"


def check_may_receive(handoff: Handoff) -> None:
    if handoff.state not in ("sent", "done"):
        raise Refused("handoff.unsent", "还没有上报，没有回执可读。")
    later = Handoff.objects.filter(unit=handoff.unit_id, upper=handoff.upper, pk__gt=handoff.pk)
    if later.exclude(state="withdrawn").exists():
        raise Refused("handoff.later", "之后又拟过一次上报，这一次的回执不再读入。请在新的一次里上传它的回执。")


def rows(upper: Upper, data: bytes) -> list[Row]:
    """Raises `Refused` for what is no table, or lacks a column of the template's receipt."""
    frame = reading.sheet(data).frame
    said = upper.receipt
    head = heads.find(frame, frozenset(map(heads.plain, (said.key, said.result, said.reason))))
    labels = {heads.plain(it): f"c{i}" for i, it in enumerate(head.labels) if it}
    missing = [it for it in (said.key, said.result, said.reason) if heads.plain(it) not in labels]
    if missing:
        raise Refused(
            "receipt.columns", f"回执里没有这些列：{'、'.join(missing)}，没有读入。请上传上级系统给出的原文件。"
        )
    cells = [
        pl.col(labels[heads.plain(it)]).fill_null("").str.strip_chars() for it in (said.key, said.result, said.reason)
    ]
    if upper.by_citizen:
        cells[0] = cells[0].str.to_uppercase()
    body = frame.slice(head.first, max(head.last - head.first + 1, 0)).select(
        key=cells[0], result=cells[1], reason=cells[2]
    )
    numbered = enumerate(body.iter_rows(), start=head.first + 1)
    return [Row(number, *row) for number, row in numbered if row[0] or row[1]]


@transaction.atomic
def answer(pack: Pack, receipt: Receipt, *, on: date, by: Signer, tell: Tell = services.silent) -> Receipt:
    """Read the receipt: rows = accepted + rejected + unknown. Read before, nothing changes. Raises `Refused`, and then nothing is written."""
    sign(by.account)
    handoff = locked(receipt.handoff)
    receipt = Receipt.objects.get(pk=receipt.pk)
    if receipt.read_on is not None:
        return receipt
    upper, data = template(pack, handoff), sealed.read(ROOM, _name(receipt))
    if data is None:
        raise Refused("receipt.erased", "回执的文件已经清除，没有读入。请重新上传。")
    found = matched(upper, handoff, rows(upper, data))
    tell(1, 2, "核对回执")
    _settle(pack, handoff, [*found.accepted], TAKEN, on, by)
    _settle(pack, handoff, [*found.rejected], AGAIN, on, by)
    _accept(handoff, found.accepted)
    _reject(pack, upper, handoff, found.rejected, on, by)
    receipt.counts, receipt.unknown, receipt.read_on = found.counts, found.unknown[:SHOWN_UNKNOWN], on
    receipt.save(update_fields=["counts", "unknown", "read_on"])
    if handoff.state == "sent" and not handoff.lines.filter(act__in=difference.GOES_OUT, answer="").exists():
        services.end(handoff, on)
    transaction.on_commit(
        lambda: sealed.erase(ROOM, _name(receipt))
    )  # what is read is not kept; what failed is read again
    return receipt


def forget_unread(before: datetime) -> int:
    """Erase the receipts that were brought before that moment and never read; under `EVERYTHING`. Returns how many."""
    old = list(Receipt.objects.filter(read_on=None, received_at__lt=before)[:100])
    for it in old:
        sealed.erase(ROOM, _name(it))
        it.delete()
    return len(old)


def matched(upper: Upper, handoff: Handoff, found: Iterable[Row]) -> Answered:
    """Each row by its key to a line that went out. Two rows of one key that disagree are both unknown; the second of two alike is."""
    told = list(found)
    lines = {
        bytes(index or b""): (pk, before)
        for pk, index, before in handoff.lines.filter(act__in=difference.GOES_OUT).values_list(
            "pk", "key_index", "answer"
        )
    }
    results: dict[str, set[str]] = {}
    for row in told:
        results.setdefault(row.key, set()).add(_result(upper, row))
    answered, seen = Answered(), set[str]()
    under = zip(
        *keyring.indexes_all([row.key for row in told]), strict=True
    )  # a row's index under each key of the ring
    for row, indexes in zip(told, under, strict=True):
        line = next((lines[it] for it in indexes if it in lines), None)
        why = _unknown(upper, row, results[row.key], line, row.key in seen)
        seen.add(row.key)
        _tally(answered, row, _result(upper, row), line, why)
    return answered


def _tally(answered: Answered, row: Row, result: str, line: tuple[int, str] | None, why: str) -> None:
    answered.counts["rows"] += 1
    answered.counts["unknown" if why or line is None else result] += 1
    if why or line is None:
        answered.unknown.append((row.number, why))
    elif line[1] == result:
        answered.same += 1
    elif result == "accepted":
        answered.accepted.append(line[0])
    else:
        answered.rejected[line[0]] = row.reason or row.result


def _result(upper: Upper, row: Row) -> str:
    said = upper.receipt
    return "accepted" if row.result in said.accepted else "rejected" if row.result in said.rejected else ""


def _unknown(upper: Upper, row: Row, results: set[str], line: tuple[int, str] | None, again: bool) -> str:
    """Why the row says nothing; empty where it does."""
    if line is None:
        return f"这次上报里没有这个{upper.receipt.key}"
    if not _result(upper, row):
        return f"“{row.result}”不是模板写明的处理结果"
    if len(results) > 1:
        return "同一对象在回执里有不同的结果"
    if again:
        return "与前面的行重复"
    if line[1] == "accepted" and results != {"accepted"}:
        return "此前的回执已写明接收"
    return ""


def _accept(handoff: Handoff, lines: list[int]) -> None:
    """What the upper system now holds is what went out."""
    Line.objects.filter(pk__in=lines).update(answer="accepted")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO handoff_held (unit_id, path, upper, subject, key_index, digest, shape, key_number, rejected)
                SELECT %(unit)s, %(path)s, %(upper)s, subject, key_index, digest, %(shape)s, %(number)s, ''
                FROM handoff_line WHERE id = ANY(%(lines)s) AND act <> 'ended'
                ON CONFLICT (unit_id, upper, subject) DO UPDATE SET key_index = excluded.key_index, digest = excluded.digest,
                    shape = excluded.shape, key_number = excluded.key_number, rejected = ''""",
            _held(handoff) | {"lines": lines},
        )
    ended = list(Line.objects.filter(pk__in=lines, act="ended").values_list("subject", flat=True))
    Held.objects.filter(unit=handoff.unit_id, upper=handoff.upper, subject__in=ended).delete()


def _held(handoff: Handoff) -> dict[str, Any]:
    return {
        "unit": handoff.unit_id, "path": handoff.path, "upper": handoff.upper, "shape": handoff.shape, "number": handoff.key_number,
    }  # fmt: skip


def _reject(pack: Pack, upper: Upper, handoff: Handoff, reasons: dict[int, str], on: date, by: Signer) -> None:
    found = list(Line.objects.filter(pk__in=reasons).order_by("pk"))
    _remember(Shaper(pack, upper), handoff, found)
    units = Unit.objects.filter(until=None).in_bulk({it.at_unit for it in found})
    model: type[Person | Household] = Person if upper.handed.subject == "person" else Household
    subjects = model._default_manager.in_bulk({it.subject for it in found})
    for line in found:
        line.answer = "rejected"
        if subject := subjects.get(line.subject):  # one out of sight by now cannot be mended here
            unit = units.get(line.at_unit, handoff.unit)
            line.case_id = _case(pack, upper, subject, unit, reasons[line.pk], on, by).pk
    Line.objects.bulk_update(found, ["answer", "case_id"], batch_size=1000)


def _remember(shaper: Shaper, handoff: Handoff, lines: list[Line]) -> None:
    """The mark by which the same row is held back until it is mended."""
    marks = [
        difference.mark(shaper, Change(it.act, it.subject, 0, bytes(it.key_index or b""), bytes(it.digest)))
        for it in lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO handoff_held (unit_id, path, upper, subject, digest, shape, key_number, rejected)
                SELECT %(unit)s, %(path)s, %(upper)s, subject, '', %(shape)s, %(number)s, mark
                FROM unnest(%(subjects)s::bigint[], %(marks)s::bytea[]) AS it(subject, mark)
                ON CONFLICT (unit_id, upper, subject) DO UPDATE SET rejected = excluded.rejected""",
            _held(handoff) | {"subjects": [it.subject for it in lines], "marks": marks},
        )


def _case(pack: Pack, upper: Upper, subject: Person | Household, unit: Unit, reason: str, on: date, by: Signer) -> Case:
    """For the unit whose row it is, about the person or household; due when the kind of the pack says."""
    return cases.open_case(
        pack.kinds.case[upper.returned],
        unit=unit,
        title=f"上报退回：{upper.name}",
        on=on,
        actor=by.account,
        person=subject if isinstance(subject, Person) else None,
        household=subject if isinstance(subject, Household) else None,
        extra={"reason": reason[:LONGEST_REASON], "system": upper.system},
    )


def _settle(pack: Pack, handoff: Handoff, lines: list[int], verdict: str, on: date, by: Signer) -> None:
    """Close the cases that earlier rejections of the same rows opened, whose time is over one way or the other."""
    for case in _open_cases(handoff, lines):
        kind = pack.kinds.case[case.kind]
        cases.close(kind, case, verdict=verdict, on=on, actor=by.account)


def _open_cases(handoff: Handoff, lines: list[int]) -> Iterator[Case]:
    subjects = Line.objects.filter(pk__in=lines).values("subject")
    before = Line.objects.filter(
        handoff__unit=handoff.unit_id, handoff__upper=handoff.upper, subject__in=subjects, answer="rejected"
    )
    opened = before.exclude(case_id=None).values("case_id")
    yield from Case.objects.filter(pk__in=opened, closed_on=None, suspended_on=None).order_by("pk")

"""A hand-off made, sent by another person, answered by receipts, ended."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from hangshi.access import keyring
from hangshi.files import sealed
from hangshi.handoff import written
from hangshi.handoff.difference import GOES_OUT, Change, difference
from hangshi.handoff.models import Handoff, Held
from hangshi.handoff.shaping import Shaper
from hangshi.packs.models import Pack
from hangshi.packs.uppers import Upper
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer, collided, sign

ROOM = "handoff"
WRITTEN = 2000  # lines a statement
KEPT_LINES = (*GOES_OUT, "lacking", "lost")
Tell = Callable[[int, int, str], None]
UNDER_WAY = Refused("handoff.under_way", "这个模板还有一次上报没有办结，不能再拟一次。请先办结或撤回那一次。")


def silent(done: int, total: int, what: str) -> None:
    """For those who wait without asking how far it is."""


@transaction.atomic
def make(
    pack: Pack, upper: Upper, unit: Unit, *, day: date, on: date, by: Signer, again: bool = False, tell: Tell = silent
) -> Handoff:
    """The difference of the unit on `day` since what was last accepted, as a draft. `again`: with what was rejected and not mended.

    Raises `Refused`, and then nothing is kept.
    """
    sign(by.account)
    check_may_make(upper, unit, day=day, on=on)
    shaper, number = Shaper(pack, upper), keyring.ring("index").active
    made = Handoff(
        unit=unit, path=unit.path, upper=upper.key, day=day, shape=shaper.shape, key_number=number, made_on=on,
        made_by=by.account, made_accounts=sorted(by.accounts), made_persons=sorted(by.persons),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, UNDER_WAY) from error
    made.counts = _keep_lines(made, difference(shaper, unit, day, key_number=number, again=again), tell)
    _check_counts(made.counts)
    made.save(update_fields=["counts"])
    return made


def check_may_make(upper: Upper, unit: Unit, *, day: date, on: date) -> None:
    if unit.kind not in upper.unit_kinds:
        raise Refused("handoff.unit", f"“{unit}”这类单位不报{upper.name}。请换一个单位。")
    if day > on:
        raise Refused("handoff.day", f"截止日不能晚于今天（{on}）。")
    if day < unit.since or (unit.until is not None and day > unit.until):
        raise Refused("handoff.unit_ended", f"“{unit}”在{day}不在存续期内。")
    if Handoff.objects.filter(unit=unit, upper=upper.key, state__in=("draft", "sent")).exists():
        raise UNDER_WAY
    last = Handoff.objects.filter(unit=unit, upper=upper.key, state="done").order_by("-day").first()
    if last is not None and day < last.day:
        raise Refused("handoff.back", f"上一次上报截止到{last.day}，这一次不能早于那一天。")


def _keep_lines(made: Handoff, changes: Iterator[Change], tell: Tell) -> dict[str, int]:
    counts: Counter[str] = Counter()
    kept = (it for it in _counted(changes, counts) if it.act in KEPT_LINES)
    while portion := list(islice(kept, WRITTEN)):
        _write(made, portion)
        tell(counts.total(), 0, "比对")
        if going(counts) > settings.EXPORT_ROWS:
            break
    return dict(counts)


def _counted(changes: Iterator[Change], counts: Counter[str]) -> Iterator[Change]:
    for it in changes:
        counts[it.act] += 1
        yield it


def _write(made: Handoff, changes: list[Change]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO handoff_line (handoff_id, path, act, subject, at_unit, key_index, digest, columns, answer)
                SELECT %s, %s, act, subject, at_unit, key_index, digest, columns, ''
                FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bigint[])
                    AS it(act, subject, at_unit, key_index, digest, columns)""",
            [
                made.pk,
                made.path,
                [it.act for it in changes],
                [it.subject for it in changes],
                [it.unit for it in changes],
                [it.key_index for it in changes],
                [it.digest for it in changes],
                [it.columns for it in changes],
            ],
        )


def _check_counts(counts: dict[str, int]) -> None:
    if going(counts) > settings.EXPORT_ROWS:
        raise Refused(
            "handoff.cap",
            f"要报的超过 {settings.EXPORT_ROWS:,} 行，是一次导出的上限，没有拟制。请由下级单位分别上报。",
        )
    if not any(counts.get(it) for it in KEPT_LINES):
        raise Refused("handoff.nothing", "与上级已接收的相比没有变动，不需要上报。")


def going(counts: Mapping[str, int]) -> int:
    """How many rows go out."""
    return sum(counts.get(it, 0) for it in GOES_OUT)


@transaction.atomic
def withdraw(handoff: Handoff, *, on: date, by: Signer) -> Handoff:
    """Take back a draft; its rows are forgotten. Raises `Refused` for one that was sent."""
    sign(by.account)
    handoff = locked(handoff)
    if handoff.state != "draft":
        raise Refused("handoff.state", "只有没有上报的才能撤回。")
    handoff.lines.all().delete()
    handoff.state, handoff.ended_on = "withdrawn", on
    handoff.save(update_fields=["state", "ended_on"])
    return handoff


@transaction.atomic
def send(pack: Pack, handoff: Handoff, *, on: date, by: Signer, stored_on: date, tell: Tell = silent) -> Handoff:
    """Write the file as it was previewed, and keep it sealed until it expires, counted from `stored_on`. Asked again it does nothing.

    Raises `Refused`, and then nothing is kept: by the maker, for a template that has changed, for a record that has.
    """
    sign(by.account)
    handoff = locked(handoff)
    if handoff.state == "sent":
        return handoff
    upper = template(pack, handoff)
    check_may_send(pack, handoff, by=by)
    data = written.file(Shaper(pack, upper), handoff, going(handoff.counts), tell)
    handoff.state, handoff.sent_on, handoff.sent_by = "sent", on, by.account
    handoff.kept_until, handoff.sha256 = stored_on + timedelta(days=upper.keep_days), hashlib.sha256(data).hexdigest()
    handoff.save(update_fields=["state", "sent_on", "sent_by", "kept_until", "sha256"])
    sealed.keep(ROOM, str(handoff.pk), data)
    return handoff


def check_may_send(pack: Pack, handoff: Handoff, *, by: Signer) -> None:
    if handoff.state != "draft":
        raise Refused("handoff.state", "这次上报已经办理过，不能再审核。")
    if by.accounts & {*handoff.made_accounts} or by.persons & {*handoff.made_persons}:
        raise Refused("handoff.own", "拟制的人不能自己审核上报，请另一位有导出权限的人办理。")
    if not going(handoff.counts):
        raise Refused("handoff.empty", "没有可以上报的行：列出的都要先补齐或手工处理。")
    if Shaper(pack, template(pack, handoff)).shape != handoff.shape:
        raise Refused("handoff.template", "拟制之后，模板有了变动，没有上报。请撤回后重新拟制。")


def template(pack: Pack, handoff: Handoff) -> Upper:
    """Raises `Refused` where the packs no longer have it."""
    if handoff.upper not in pack.uppers:
        raise Refused("handoff.unknown", f"规矩包里已经没有“{handoff.upper}”这个模板，不能办理。请联系管理员。")
    return pack.uppers[handoff.upper]


def file_of(handoff: Handoff) -> bytes:
    """Raises `Refused` where the file is gone."""
    data = sealed.read(ROOM, str(handoff.pk)) if handoff.sent_on else None
    if data is None:
        raise Refused("handoff.erased", "文件还没有生成，或已过保存期清除。需要的，请在办结后重新上报。")
    return data


@transaction.atomic
def finish(handoff: Handoff, *, on: date, by: Signer) -> Handoff:
    """End it: rows without an answer count as not taken and go out again; those out of sight count as taken off by hand."""
    sign(by.account)
    handoff = locked(handoff)
    if handoff.state != "sent":
        raise Refused("handoff.state", "只有已上报、还没有办结的才能办结。")
    return end(handoff, on)


def end(handoff: Handoff, on: date) -> Handoff:
    """Of a locked one that was sent."""
    lost = handoff.lines.filter(act="lost").values("subject")
    Held.objects.filter(unit=handoff.unit_id, upper=handoff.upper, subject__in=lost).delete()
    handoff.state, handoff.ended_on = "done", on
    handoff.save(update_fields=["state", "ended_on"])
    return handoff


def locked(handoff: Handoff) -> Handoff:
    return Handoff.objects.select_for_update(of=("self",)).select_related("unit").get(pk=handoff.pk)


def forget_old(on: date) -> int:
    """Erase the files whose day has passed; under `EVERYTHING`. Returns how many."""
    old = list(Handoff.objects.filter(erased=False, kept_until__lt=on)[:100])
    for it in old:
        sealed.erase(ROOM, str(it.pk))
    Handoff.objects.filter(pk__in=[it.pk for it in old]).update(erased=True)
    return len(old)

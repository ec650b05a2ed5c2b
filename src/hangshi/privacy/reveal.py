"""A sensitive value shown to somebody who says why: on record first, in a transaction of its own, and for a few minutes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hangshi.audit import services as audit
from hangshi.privacy.models import Reveal
from hangshi.refusal import Refused
from hangshi.registry import identity, sealed_fields
from hangshi.registry.models import Person

MINUTES = 5
REASONS = {
    "check": "核对身份",
    "upload": "向上级系统填报",
    "pay": "发放补助、报酬",
    "case": "办理该人员的事项",
    "request": "本人要求",
    "other": "其他（请在说明中写明）",
}
NUMBER = "id_number"
SHORTEST = 4


@dataclass(frozen=True)
class Hidden:
    """A sensitive field of a person: its key, its name, and what may be shown of it without asking."""

    key: str
    name: str
    masked: str


def hidden(person: Person, names: dict[str, str] | None = None) -> list[Hidden]:
    """What of the person is sensitive and there. `names`: what the pack calls its extra fields."""
    found = []
    if person.id_sealed is not None:
        found.append(Hidden(NUMBER, "公民身份号码", "*" * 18))
    for key, stored in person.extra.items():
        if sealed_fields.is_sealed(stored):
            found.append(Hidden(key, (names or {}).get(key, key), "*" * 8))
    return found


def ask(person: Person, field: str, *, reason: str, words: str, actor: int, now: datetime) -> int:
    """Put on record that the account will see the field, and return the number under which `value` shows it. Raises `Refused`."""
    words = words.strip()
    check_may_ask(person, field, reason=reason, words=words)
    with audit.apart() as cursor:
        cursor.execute(
            "INSERT INTO personal_reveal (account_id, person_id, path, field, reason, words, at, until)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
            [actor, person.pk, person.path, field, reason, words, now, now + timedelta(minutes=MINUTES)],
        )
        (made,) = cursor.fetchone()
        audit.note(
            "reveal",
            table="person",
            row=person.pk,
            path=person.path,
            cursor=cursor,
            field=field,
            reason=reason,
            reveal=made,
        )
    return int(made)


def check_may_ask(person: Person, field: str, *, reason: str, words: str) -> None:
    if field not in {it.key for it in hidden(person)}:
        raise Refused("reveal.field", "该人员没有登记这一项，无可调阅。")
    if reason not in REASONS:
        raise Refused("reveal.reason", "请选择调阅事由。")
    if len(words) < SHORTEST:
        raise Refused("reveal.words", f"请写明具体用途，至少{SHORTEST}个字；没有显示任何内容。")
    if any(len(run) >= 15 for run in "".join(c if c.isalnum() and c.isascii() else " " for c in words).split()):
        raise Refused("reveal.words", "说明里不要写证件号码、银行账号；没有显示任何内容。")


def value(reveal: Reveal, person: Person, *, actor: int, now: datetime) -> str:
    """The value itself; that it is shown is on record before this returns. Raises `Refused` for another account, and when it is over."""
    if reveal.account_id != actor or reveal.person_id != person.pk:
        raise Refused("reveal.other", "这次调阅不是您申请的。")
    if now > reveal.until:
        raise Refused("reveal.over", f"这次调阅已过{MINUTES}分钟，请重新说明事由后再调阅。")
    audit.note_first(
        "reveal", table="person", row=person.pk, path=person.path, field=reveal.field, reveal=reveal.pk, shown=1
    )
    if reveal.field == NUMBER and person.id_sealed is not None:
        return identity.reveal(person.id_sealed, row=person.pk)
    stored = person.extra.get(reveal.field)
    if not sealed_fields.is_sealed(stored):
        raise Refused("reveal.field", "该人员没有登记这一项，无可调阅。")
    return sealed_fields.opened(reveal.field, stored)

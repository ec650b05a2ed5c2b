"""The rights of the person: a copy of their data, its correction, its erasure. Each is on record, and so is each refusal with its reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from hangshi.audit import records
from hangshi.audit import services as audit
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.packs.models import Pack
from hangshi.privacy import dossier
from hangshi.privacy.models import PersonRequest
from hangshi.refusal import Refused
from hangshi.registry import people
from hangshi.registry.models import HouseholdMember, HouseholdStatus, Membership, Person
from hangshi.registry.signing import sign

ERASED = "（已删除）"
MONEY_YEARS, CASE_YEARS = 30, 10  # 会计档案管理办法; the register's own term for cases
NOT_SUPPORTED = "general"
SCRUB = "name = %(erased)s, sex = '', born = NULL, id_sealed = NULL, id_index = NULL, extra = '{}'"


@transaction.atomic
def export(person: Person, pack: Pack, *, ground: str, on: date, actor: int | None) -> list[dossier.Section]:
    """Everything about the person, in words. Raises `Refused` without a ground (who asked, and how it was made sure that it is them)."""
    sign(actor)
    _check_ground(ground)
    _record(person, "export", ground, on=on, actor=actor, done=True)
    audit.note("person_export", table="person", row=person.pk, path=person.path)
    return dossier.gather(person, pack)


@transaction.atomic
def correct(person: Person, *, ground: str, on: date, actor: int | None, **changed: Any) -> Person:
    """Put right what is wrong, on a ground (which paper shows it); the earlier version is kept. Raises `Refused`."""
    sign(actor)
    _check_ground(ground)
    corrected = people.correct(person, on=on, actor=actor, **changed)
    fields = "、".join(sorted(key for key, value in changed.items() if value not in (None, "")))
    _record(person, "correct", ground, on=on, actor=actor, done=True)
    audit.note("person_correct", table="person", row=person.pk, path=person.path, fields=fields)
    return corrected


def refuse(person: Person, kind: str, refusal: Refused, *, ground: str, on: date, actor: int | None) -> None:
    """Keep that the request was refused, and why: the person may ask what became of it."""
    with transaction.atomic():
        sign(actor)
        _record(person, kind, ground, on=on, actor=actor, done=False, sentence=refusal.sentence)
        audit.note("refused", table="person", row=person.pk, path=person.path, request=kind, code=refusal.code)


def _record(
    person: Person, kind: str, ground: str, *, on: date, actor: int | None, done: bool, sentence: str = ""
) -> None:
    PersonRequest.objects.create(
        person_id=person.pk, path=person.path, kind=kind, ground=ground.strip()[:200], done=done,
        sentence=sentence[:500], on=on, account_id=actor,
    )  # fmt: skip


def _check_ground(ground: str) -> None:
    if len(ground.strip()) < 4:
        raise Refused("person_file.ground", "请写明依据：谁提出、怎样核实身份、凭什么材料，至少4个字。")


@dataclass(frozen=True)
class Erased:
    """`versions`: earlier versions scrubbed too. `shared`: some proof of other rows was given up with it; `audit baseline` renews it."""

    versions: int
    shared: bool


def erase(person: Person, *, ground: str, on: date, actor: int | None) -> Erased:
    """Remove who the person is, in the row, its earlier versions and its digests; what is counted stays, without a name.

    As the owner of the tables, since history may be changed by nobody else. Raises `Refused` where law or term forbids it.
    """
    _check_ground(ground)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.actor', %s, true)", ["" if actor is None else str(actor)])
        cursor.execute("SELECT 1 FROM person WHERE id = %s FOR UPDATE", [person.pk])
        check_may_erase(person, on=on)
        done = _scrub(cursor, person)
        PersonRequest.objects.using("owner").create(
            person_id=person.pk, path=person.path, kind="erase", ground="", done=True, on=on, account_id=actor
        )
        cursor.execute(
            """WITH made AS (INSERT INTO audit_entry (at, kind, table_name, rows, low, high, ids, path_first, path_last, account)
                   VALUES (clock_timestamp(), 'person_erase', 'person', 1, %(id)s, %(id)s, ARRAY[%(id)s]::bigint[], %(path)s, %(path)s,
                       %(actor)s) RETURNING id)
               INSERT INTO audit_pending SELECT id FROM made""",
            {"id": person.pk, "path": person.path, "actor": actor},
        )
    return done


def _scrub(cursor: CursorWrapper, person: Person) -> Erased:
    said: dict[str, int | str] = {"id": person.pk, "erased": ERASED, "name": person.name}
    cursor.execute("SELECT coalesce(max(id), 0) FROM audit_entry")
    (before,) = cursor.fetchone() or (0,)
    cursor.execute(f"UPDATE person SET {SCRUB} WHERE id = %(id)s", said)  # noqa: S608  # a constant
    cursor.execute("SELECT max(id) FROM audit_entry WHERE table_name = 'person_history' AND kind = 'insert'")
    (copied,) = cursor.fetchone() or (0,)
    cursor.execute(f"UPDATE person_history SET {SCRUB} WHERE id = %(id)s RETURNING version", said)  # noqa: S608  # a constant
    versions = [row[0] for row in cursor.fetchall()]
    cursor.execute("DELETE FROM search_token WHERE target = 'person' AND target_id = %(id)s", said)
    homes = "SELECT household_id FROM household_member WHERE person_id = %(id)s"
    cursor.execute(f"UPDATE household SET head = %(erased)s WHERE head = %(name)s AND id IN ({homes})", said)  # noqa: S608
    cursor.execute(f"UPDATE household_history SET head = %(erased)s WHERE head = %(name)s AND id IN ({homes})", said)  # noqa: S608
    cursor.execute("UPDATE personal_reveal SET words = '' WHERE person_id = %(id)s", said)
    cursor.execute("UPDATE personal_request SET ground = '', sentence = '' WHERE person_id = %(id)s", said)
    shared = records.forget(cursor, "person", [person.pk], up_to=before)
    shared |= records.forget(cursor, "person_history", versions, up_to=copied)
    return Erased(len(versions), shared)


def check_may_erase(person: Person, *, on: date) -> None:
    """Raises `Refused` with the first reason that stands against it; asked as the owner, so that no scope hides a reason."""
    if person.name == ERASED:
        raise Refused("erase.done", "该人员的个人信息已经删除。")
    if Membership.objects.using("owner").filter(person_id=person.pk).exists():
        raise Refused("erase.member", "有党员组织关系记录，党员档案依规长期保存，不能删除；可申请更正，或限制查阅。")
    if (
        person.cadre
        or Duty.objects.using("owner").filter(_lasting(on), _of(person, "bearer", "target_person")).exists()
    ):
        raise Refused("erase.duty", "仍是在册干部或仍承担责任，履行职责所必需，不能删除；请先结束责任。")
    if _supported(person, on):
        raise Refused("erase.household", "所在户仍是帮扶、监测对象，落实政策所必需，不能删除；政策期满后可再申请。")
    cases = Case.objects.using("owner").filter(person_id=person.pk)
    if cases.filter(Q(closed_on=None) | Q(closed_on__gt=_years_before(on, CASE_YEARS))).exists():
        raise Refused("erase.case", f"有未办结或办结未满{CASE_YEARS}年的事项，须留存备查，不能删除。")
    money = Entry.objects.using("owner").filter(person_id=person.pk).order_by("-day").first()
    if money and date(money.day.year + MONEY_YEARS, 12, 31) >= on:
        until = date(money.day.year + MONEY_YEARS, 12, 31)
        raise Refused("erase.money", f"涉及资金发放，会计档案须保存{MONEY_YEARS}年，到{until}为止不能删除。")


def _supported(person: Person, on: date) -> bool:
    homes = HouseholdMember.objects.using("owner").filter(_lasting(on), person_id=person.pk).values("household")
    statuses = HouseholdStatus.objects.using("owner").filter(_lasting(on), household__in=homes)
    return statuses.exclude(status=NOT_SUPPORTED).exists()


def _lasting(on: date) -> Q:
    return Q(until=None) | Q(until__gte=on)


def _of(person: Person, *columns: str) -> Q:
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}_id": person.pk})
    return found


def _years_before(on: date, years: int) -> date:
    return date(on.year - years, on.month, min(on.day, 28))

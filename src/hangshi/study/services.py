"""Materials published and withdrawn, reading lists, a member's own plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from django.db import transaction

from hangshi.files import store
from hangshi.packs.models import LearnerKind, Term
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import sign
from hangshi.study.learners import WIDE, check_learners
from hangshi.study.models import Intent, ListItem, Material, ReadingList

STATES = {"draft": "草稿", "published": "已发布", "withdrawn": "已撤下"}
MOST_ITEMS = 50
MOST_INTENTS = 30


@transaction.atomic
def add_material(
    kind: Term,
    *,
    unit: Unit,
    title: str,
    learners: Sequence[str],
    kinds: Mapping[str, LearnerKind],
    since: date,
    until: date | None,
    actor: int | None,
    link: str = "",
    data: bytes | None = None,
    name: str = "",
) -> Material:
    """A draft of the unit: nobody below reads it before it is published. Exactly one of `link` and `data`. Raises `Refused`."""
    sign(actor)
    check_may_add(unit=unit, title=title, since=since, until=until, link=link, data=data)
    check_learners(learners, kinds)
    kept = store.keep(data) if data is not None else None
    return Material.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        wide=unit.kind == WIDE,
        title=title.strip(),
        learners=list(learners),
        since=since,
        until=until,
        link=link.strip(),
        sha256=kept.sha256 if kept else "",
        file_name=(name.strip() or title.strip())[:120] if kept else "",
        size=kept.size if kept else 0,
        recorded_by=actor,
    )


def check_may_add(*, unit: Unit, title: str, since: date, until: date | None, link: str, data: bytes | None) -> None:
    check_dates(title, since, until)
    if unit.until is not None and since > unit.until:
        raise Refused("study.unit_ended", f"“{unit}”在{since}已不存续，不能再发布。")
    if bool(link.strip()) == (data is not None):
        raise Refused("material.content", "请上传一个文件，或者填写一个链接，两样选一样。")
    if link.strip() and not _web_address(link.strip()):
        raise Refused("material.link", "链接应当是以 http:// 或 https:// 开头的网址。")


def check_dates(title: str, since: date, until: date | None) -> None:
    if not title.strip():
        raise Refused("study.title", "请填写标题。")
    if until is not None and until < since:
        raise Refused("study.dates", "截止日不能早于起始日。")


def _web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@transaction.atomic
def publish(material: Material, *, actor: int | None) -> Material:
    """From now on the units below read it in its days. Raises `Refused`."""
    return _turn(material, "published", actor)


@transaction.atomic
def withdraw(material: Material, *, actor: int | None) -> Material:
    """The units below read it no more; lists keep its line. Raises `Refused`."""
    return _turn(material, "withdrawn", actor)


def _turn(material: Material, state: str, actor: int | None) -> Material:
    sign(actor)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    check_may_turn(material, state)
    material.state = state
    material.save(update_fields=["state"])
    return material


def check_may_turn(material: Material, state: str) -> None:
    before = {"published": "draft", "withdrawn": "published"}[state]
    if material.state != before:
        raise Refused("material.state", f"“{material}”{STATES[material.state]}，不能办理这一步。")


@transaction.atomic
def make_list(
    *,
    unit: Unit,
    title: str,
    learners: Sequence[str],
    kinds: Mapping[str, LearnerKind],
    since: date,
    until: date | None,
    required: Sequence[Material],
    optional: Sequence[Material] = (),
    actor: int | None,
) -> ReadingList:
    """A list for the days, read by the unit and all below it, its materials in the order given. Raises `Refused`."""
    sign(actor)
    check_may_list(title=title, since=since, until=until, materials=[*required, *optional])
    check_learners(learners, kinds, some=True)
    made = ReadingList.objects.create(
        unit=unit,
        path=unit.path,
        wide=unit.kind == WIDE,
        title=title.strip(),
        learners=list(learners),
        since=since,
        until=until,
        recorded_by=actor,
    )
    lines = [(it, True) for it in required] + [(it, False) for it in optional]
    ListItem.objects.bulk_create(
        ListItem(list=made, path=made.path, number=number, material=it, required=must)
        for number, (it, must) in enumerate(lines, start=1)
    )
    return made


def check_may_list(*, title: str, since: date, until: date | None, materials: Sequence[Material]) -> None:
    check_dates(title, since, until)
    if not materials:
        raise Refused("list.empty", "清单里至少要有一份资料。")
    if len(materials) > MOST_ITEMS:
        raise Refused("list.most", f"一份清单最多{MOST_ITEMS}份资料，现有{len(materials)}份。")
    if len({it.pk for it in materials}) < len(materials):
        raise Refused("list.twice", "同一份资料不能列两次，也不能既必读又选读。")
    if unread := [it for it in materials if it.state != "published"]:
        raise Refused("list.unpublished", f"“{unread[0]}”还没有发布或已撤下，不能列入清单。")


@transaction.atomic
def intend(
    person: Person | int,
    *,
    branch: Unit,
    title: str,
    due: date,
    on: date,
    actor: int | None,
    material: Material | None = None,
) -> Intent:
    """The member means to study it by `due`; the member and the branch read this, nobody above. Raises `Refused`."""
    sign(actor)
    person_id = person if isinstance(person, int) else person.pk
    check_may_intend(person_id, title=title, due=due, on=on)
    return Intent.objects.create(
        person_id=person_id,
        unit=branch,
        path=branch.path,
        title=title.strip(),
        material=material,
        planned_on=on,
        due=due,
        recorded_by=actor,
    )


def check_may_intend(person: int, *, title: str, due: date, on: date) -> None:
    if not title.strip():
        raise Refused("intent.title", "请填写打算学什么。")
    if due < on:
        raise Refused("intent.due", "打算学完的日期不能早于今天。")
    if Intent.objects.filter(person_id=person, done_on=None).count() >= MOST_INTENTS:
        raise Refused("intent.most", f"没学完的已有{MOST_INTENTS}项，请先学完或删去几项。")


@transaction.atomic
def studied(intent: Intent, *, person: int | None, on: date, actor: int | None, note: str = "") -> Intent:
    """The member's own word, which nobody else says for them. Raises `Refused`."""
    sign(actor)
    intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent.pk)
    check_may_finish(intent, person=person)
    intent.done_on, intent.note = on, note.strip()
    intent.save(update_fields=["done_on", "note"])
    return intent


@transaction.atomic
def give_up(intent: Intent, *, person: int | None, actor: int | None) -> None:
    """The member takes the entry back; no reason is asked. Raises `Refused`."""
    sign(actor)
    intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent.pk)
    check_may_finish(intent, person=person)
    intent.delete()


def check_may_finish(intent: Intent, *, person: int | None) -> None:
    if person is None or intent.person_id != person:
        raise Refused("intent.own", "个人自学计划只由本人改动。")
    if intent.done_on is not None:
        raise Refused("intent.done", f"“{intent.title}”已于{intent.done_on}学完。")

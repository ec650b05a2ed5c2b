"""Changes of the tree, each on a day: create, hang, rename, move, merge, split, close. `people` holds those of persons.

The day is the first on which the new state holds; a closing's day is the unit's last. Changes are made in the order of their dates:
one that would rewrite what happened later is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hangshi.packs.models import UnitKind
from hangshi.refusal import Refused
from hangshi.registry import carry, tree
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Succession, Unit, UnitName
from hangshi.registry.search import write_tokens
from hangshi.registry.signing import next_id, sign

LINES = {tree.PLACE: "块（属地）", tree.PARTY: "条（党组织）"}


@transaction.atomic
def create(
    kind: UnitKind,
    *,
    name: str,
    parent: Unit | None,
    on: date,
    actor: int | None,
    code: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Unit:
    """A new unit below `parent` on the place line; without a parent it is a root. Raises `Refused`."""
    sign(actor)
    check_may_create(kind, name=name, parent=parent, on=on, code=code)
    stored = checked_extra(kind.fields, extra or {})
    return _new(kind.key, name, code, parent, on, stored)


def check_may_create(kind: UnitKind, *, name: str, parent: Unit | None, on: date, code: str = "") -> None:
    if not name.strip():
        raise Refused("unit.name", "单位名称不能为空。")
    if parent is not None:
        _check_in_line(parent, tree.PLACE, on)
        if kind.parents and parent.kind not in kind.parents:
            raise Refused("unit.parent_kind", f"{kind.name}不能设在“{parent}”之下。")
    _check_code(code, on)


def _new(kind: str, name: str, code: str, parent: Unit | None, on: date, extra: Mapping[str, Any]) -> Unit:
    pk = next_id("unit")
    path = f"{parent.path if parent else ''}{pk}/"
    unit = Unit.objects.create(pk=pk, kind=kind, name=name.strip(), code=code, path=path, since=on, extra=dict(extra))
    UnitName.objects.create(unit=unit, name=unit.name, code=code, since=on, path=path)
    tree.stand(unit, tree.PLACE, parent, on)
    write_tokens("unit", unit)
    return unit


@transaction.atomic
def hang(unit: Unit, *, line: str, parent: Unit | None, on: date, actor: int | None) -> None:
    """Let the unit stand in one more line from that day on, as the Party line of a committee. Raises `Refused`."""
    sign(actor)
    check_may_hang(unit, line=line, parent=parent, on=on)
    tree.stand(unit, line, parent, on)


def check_may_hang(unit: Unit, *, line: str, parent: Unit | None, on: date) -> None:
    _check_alive(unit, on)
    if unit.paths.filter(line=line, until=None).exists():
        raise Refused("unit.stands", f"“{unit}”已在{LINES.get(line, line)}中，应办理移动。")
    if parent is not None:
        _check_in_line(parent, line, on)


@transaction.atomic
def rename(unit: Unit, *, name: str, on: date, actor: int | None, code: str | None = None) -> Unit:
    """A new name, and with `code` a new division code, from that day on. Raises `Refused`."""
    sign(actor)
    unit = _locked(unit)
    code = unit.code if code is None else code
    check_may_rename(unit, name=name, on=on, code=code)
    last = unit.names.filter(until=None)
    if not last.filter(since=on).update(name=name, code=code):
        last.update(until=on - tree.ONE_DAY)
        UnitName.objects.create(unit=unit, name=name, code=code, since=on, path=unit.path)
    unit.name, unit.code = name, code
    unit.save(update_fields=["name", "code"])
    write_tokens("unit", unit)
    return unit


def check_may_rename(unit: Unit, *, name: str, on: date, code: str = "") -> None:
    _check_alive(unit, on)
    if not name.strip():
        raise Refused("unit.name", "单位名称不能为空。")
    if unit.names.filter(since__gt=on).exists():
        raise Refused("unit.later", f"“{unit}”在{on}之后已更过名，请按时间先后办理。")
    if code != unit.code:
        _check_code(code, on)


@transaction.atomic
def move(unit: Unit, *, parent: Unit, on: date, actor: int | None, line: str = tree.PLACE) -> Unit:
    """Stand below `parent` from that day on, with everything below. The days before keep their tree. Raises `Refused`."""
    sign(actor)
    tree.lock()
    unit, parent = _locked(unit), Unit.objects.get(pk=parent.pk)
    check_may_move(unit, parent=parent, on=on, line=line)
    _move(unit, parent, on, line)
    return Unit.objects.get(pk=unit.pk)


def check_may_move(unit: Unit, *, parent: Unit, on: date, line: str = tree.PLACE) -> None:
    old = _check_stands(unit, line, on)
    new = _check_stands(parent, line, on)
    if new.startswith(old):
        raise Refused("unit.ring", f"“{parent}”就在“{unit}”之下，不能移到自己的下级。")
    if unit.links.filter(line=line, until=None, parent=parent).exists():
        raise Refused("unit.same_parent", f"“{unit}”已经在“{parent}”之下。")


def _move(unit: Unit, parent: Unit, on: date, line: str) -> None:
    old, new = tree.path_on(unit, line, on), tree.path_on(parent, line, on)
    tree.relink(unit, line, parent, on)
    tree.retree(line, str(old), f"{new}{unit.pk}/", on)
    if line == tree.PLACE:
        tree.rewrite(unit.path, f"{parent.path}{unit.pk}/")


@transaction.atomic
def merge(units: Sequence[Unit], *, into: Unit, on: date, actor: int | None) -> Unit:
    """From that day on the units are part of `into`: their children, members, open duties and households go on there.

    Their past stays theirs, and hangs below the successor for scope and for series on today's tree. Raises `Refused`.
    """
    sign(actor)
    tree.lock()
    into = _locked(into)
    for unit in units:
        unit = _locked(unit)
        check_may_merge(unit, into=into, on=on)
        _hand_over(unit, into, on)
        _succeed(unit, into, on, "merge")
        tree.rewrite(Unit.objects.get(pk=unit.pk).path, f"{into.path}{unit.pk}/")
    return Unit.objects.get(pk=into.pk)


def check_may_merge(unit: Unit, *, into: Unit, on: date) -> None:
    _check_stands(unit, tree.PLACE, on)
    inner = _check_stands(into, tree.PLACE, on)
    if unit.pk == into.pk:
        raise Refused("unit.itself", f"“{unit}”不能与自己合并。")
    if f"/{unit.pk}/" in f"/{inner}":
        raise Refused("unit.ring", f"“{into}”在“{unit}”之下，上级不能并入自己的下级。")
    if unit.kind != into.kind:
        raise Refused("unit.kind", f"“{unit}”与“{into}”不是同类单位，不能合并。")
    _check_from_before(unit, on)
    carry.check_may_carry(unit, into, on)


def _hand_over(unit: Unit, heir: Unit, on: date) -> None:
    """Children and open work go on at the heir. The heir's lines must hold what the unit's lines held."""
    for line in unit.links.filter(until=None).values_list("line", flat=True):
        for child in tree.children_on(unit, line, on).exclude(pk=heir.pk):
            _check_stands(heir, line, on)
            _move(child, Unit.objects.get(pk=heir.pk), on, line)
    carry.carry(unit, heir, on)


def _succeed(unit: Unit, heir: Unit, on: date, how: str) -> None:
    tree.end(unit, on - tree.ONE_DAY)
    Succession.objects.create(unit=unit, successor=heir, day=on, how=how, path=unit.path)


@transaction.atomic
def split(unit: Unit, *, names: Sequence[str], on: date, actor: int | None, heir: int | None = None) -> list[Unit]:
    """The unit ends the day before; units of its kind with these names stand in its place from that day on.

    `heir` is the position of the name at which what is still open goes on (transfer the rest from there); without it,
    anything open is refused. Codes are given by `rename` when they are known. Raises `Refused`.
    """
    sign(actor)
    tree.lock()
    unit = _locked(unit)
    check_may_split(unit, names=names, on=on, heir=heir)
    made = []
    for name in names:
        parent = Unit.objects.filter(child_links__in=unit.links.filter(line=tree.PLACE, until=None)).first()
        new = _new(unit.kind, name, "", parent, on, unit.extra)
        for link in unit.links.filter(until=None).exclude(line=tree.PLACE).select_related("parent"):
            tree.stand(new, link.line, link.parent, on)
        made.append(new)
    if heir is not None:
        _hand_over(unit, made[heir], on)
    for new in made:
        Succession.objects.create(unit=unit, successor=new, day=on, how="split", path=unit.path)
    tree.end(unit, on - tree.ONE_DAY)
    return made


def check_may_split(unit: Unit, *, names: Sequence[str], on: date, heir: int | None = None) -> None:
    _check_stands(unit, tree.PLACE, on)
    if len(names) < 2 or len(set(names)) < len(names) or not all(name.strip() for name in names):
        raise Refused("unit.names", "拆分至少要有两个各不相同的新单位名称。")
    if heir is not None and not 0 <= heir < len(names):
        raise Refused("unit.heir", "承接单位必须是拆分后的单位之一。")
    _check_from_before(unit, on)
    if heir is None:
        _check_empty(unit, on)


@transaction.atomic
def close(unit: Unit, *, on: date, actor: int | None) -> Unit:
    """`on` is the unit's last day. Raises `Refused` while anybody or anything is still there."""
    sign(actor)
    tree.lock()
    unit = _locked(unit)
    check_may_close(unit, on=on)
    tree.end(unit, on)
    return unit


def check_may_close(unit: Unit, *, on: date) -> None:
    _check_alive(unit, on)
    _check_no_later(unit, on)
    _check_empty(unit, on + tree.ONE_DAY)


def _check_empty(unit: Unit, on: date) -> None:
    links = unit.child_links.filter(until=None)
    left = [(links.count(), "个下级单位"), *carry.left_open(unit, on)]
    if said := "、".join(f"{count}{what}" for count, what in left if count):
        raise Refused("unit.left", f"“{unit}”还有{said}，请先转出或办结。")


def _check_alive(unit: Unit, on: date) -> None:
    if on < unit.since:
        raise Refused("unit.not_yet", f"“{unit}”自{unit.since}起才设立。")
    if unit.until is not None:
        raise Refused("unit.ended", f"“{unit}”已于{unit.until}撤销。")


def _check_from_before(unit: Unit, on: date) -> None:
    if unit.since >= on:
        raise Refused("unit.not_yet", f"“{unit}”自{unit.since}起设立，只能在此后的日期办理。")
    _check_no_later(unit, on)


def _check_no_later(unit: Unit, on: date) -> None:
    later: list[QuerySet[Any]] = [unit.links.all(), unit.names.all(), unit.paths.all(), unit.child_links.all()]
    if any(rows.filter(since__gt=on).exists() for rows in later):
        raise Refused("unit.later", f"“{unit}”或其下级在{on}之后已有变动，请按时间先后办理。")


def _check_in_line(unit: Unit, line: str, on: date) -> str:
    """The path of the unit in the line on that day."""
    _check_alive(unit, on)
    path = tree.path_on(unit, line, on)
    if path is None:
        raise Refused("unit.no_line", f"“{unit}”在{on}不在{LINES.get(line, line)}中。")
    return path


def _check_stands(unit: Unit, line: str, on: date) -> str:
    """The path of the unit in the line from that day on, without later changes."""
    path = _check_in_line(unit, line, on)
    if unit.paths.filter(line=line, since__gt=on).exists():
        raise Refused("unit.later", f"“{unit}”在{on}之后已移动过，请按时间先后办理。")
    return path


def _check_code(code: str, on: date) -> None:
    if code and UnitName.objects.filter(tree.in_force(on), code=code).exists():
        raise Refused("unit.code", f"代码{code}在{on}已由别的单位使用。")


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit.pk)

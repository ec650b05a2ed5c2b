"""Roles: permissions from the closed list, and the three administrators apart from the work."""

from collections.abc import Iterator

from hangshi.packs.models import DutyKind, Role
from hangshi.packs.permissions import PERMISSIONS
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean

GROUPS = {"business": "业务", "system": "系统管理", "security": "安全管理", "audit": "审计"}


@rule(Role)
def permissions_exist(it: Role, book: Book) -> Iterator[Fault]:
    """P341. A permission is one that the program knows: an unknown one would be held by nobody, or guard nothing."""
    for number, name in enumerate(it.permissions):
        if name not in PERMISSIONS:
            yield Fault(f"permissions.{number}", "P341", f"没有权限“{name}”{did_you_mean(name, PERMISSIONS)}")


@rule(Role)
def permissions_are_of_one_group(it: Role, book: Book) -> Iterator[Fault]:
    """P342. System, security and audit administrators are three persons, and none of them does the work (GB/T 22239)."""
    for number, name in enumerate(it.permissions):
        found = PERMISSIONS.get(name)
        if found and found.group != it.group:
            sentence = f"“{name}”是{GROUPS[found.group]}权限，不能放进{GROUPS[it.group]}角色"
            yield Fault(f"permissions.{number}", "P342", sentence)


@rule(Role)
def administrators_see_no_rows(it: Role, book: Book) -> Iterator[Fault]:
    """P343. A role of the work has a scope; an administrator has none and hands nothing on."""
    if (it.group == "business") == (it.scope == "none"):
        yield Fault("scope", "P343", "业务角色要有数据范围，管理角色的 scope 只能是 none")
    if it.group != "business" and it.delegable:
        yield Fault("delegable", "P343", "管理角色不能委托")


@rule(Role)
def readers_do_not_write(it: Role, book: Book) -> Iterator[Fault]:
    """P344. A role that only reads holds no permission that writes."""
    for number, name in enumerate(it.permissions if it.read_only else ()):
        if name in PERMISSIONS and PERMISSIONS[name].writes:
            yield Fault(f"permissions.{number}", "P344", f"只读角色不能有“{PERMISSIONS[name].name}”权限")


@rule(DutyKind)
def only_pairing_opens(it: DutyKind, book: Book) -> Iterator[Fault]:
    """P345. A duty opens a household to its bearer only where a person bears it for a household."""
    if it.opens and (it.bearer, it.target) != ("person", "household"):
        yield Fault("opens", "P345", "只有由个人承担、对象是户的责任才能写 opens")

"""The roles of the installation's packs: what each may do. An unknown role may do nothing."""

from django.conf import settings

from hangshi import packs
from hangshi.packs.models import Pack, Role
from hangshi.packs.shapes import did_you_mean
from hangshi.refusal import Refused


def pack() -> Pack:
    """The packs of this installation."""
    return packs.load(*settings.PACKS, dirs=settings.PACK_DIRS)


def find(key: str) -> Role:
    """Raises `Refused` for a role that no pack defines, with the nearest that one does."""
    roles = pack().roles
    if key not in roles:
        hint = did_you_mean(key, roles) or f"；现有：{'、'.join(roles)}。"
        raise Refused("role.unknown", f"没有角色“{key}”{hint}")
    return roles[key]


def holds(key: str, permission: str) -> bool:
    """Whether a grant of the role `key` allows `permission`."""
    role = pack().roles.get(key)
    return role is not None and permission in role.permissions


def opening_kinds() -> tuple[str, ...]:
    """The kinds of duty that open a household to their bearer."""
    return tuple(key for key, it in pack().kinds.duty.items() if it.opens)

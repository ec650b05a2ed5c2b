"""What somebody who gives grants may look up without seeing a row of the work: an account by its sign-in name, units by name or code."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hangshi.access.models import Account
from hangshi.refusal import Refused


@dataclass(frozen=True)
class Place:
    """A unit as far as a grant needs it."""

    pk: int
    name: str
    kind: str
    path: str


def account_called(username: str) -> Account:
    """The account in use with exactly this sign-in name. Raises `Refused`; names are not listed and not guessed at."""
    rows = _rows("SELECT id, name, person_id FROM account_called(%s)", username.strip())
    if not rows:
        raise Refused("account.unknown", f"没有账号“{username.strip()}”，或已停用。请核对账号（不是姓名）。")
    [(pk, name, person)] = rows
    return Account(pk=pk, username=username.strip(), name=name, person_id=person)


def place_called(text: str) -> Place:
    """The one unit of that name, code or number within the security administrator's unit. Raises `Refused`."""
    return only(
        [Place(*row) for row in _rows("SELECT id, name, kind, path FROM units_to_grant(%s)", text.strip())], text
    )


def person_called(text: str, at: Place) -> int:
    """The one person registered at that unit under exactly this name, or with this number. Raises `Refused`."""
    found = _rows("SELECT id, name FROM persons_to_link(%s, %s)", text.strip(), at.pk)
    if not found:
        raise Refused("person.unknown", f"“{at.name}”没有登记名叫“{text.strip()}”的人员。请核对姓名和所在单位。")
    if len(found) > 1:
        numbers = "、".join(str(pk) for pk, _ in found)
        raise Refused(
            "person.several",
            f"“{at.name}”有{len(found)}人叫“{text.strip()}”，编号是{numbers}。请经办人核对后改填人员编号。",
        )
    return int(found[0][0])


def only(found: list[Place], text: str) -> Place:
    """Raises `Refused` unless the text found one unit."""
    if not found:
        raise Refused("unit.unknown", f"您的范围内没有“{text.strip()}”这个单位。")
    if len(found) > 1:
        numbers = "、".join(f"{it.name}（编号 {it.pk}）" for it in found[:5])
        raise Refused("unit.several", f"有多个单位叫“{text.strip()}”，请改填单位编号：{numbers}。")
    return found[0]


def unit_names(ids: Collection[int]) -> dict[int, str]:
    """Id → name of the units of those grants that one sees, and of the grant one acts under."""
    return dict(_rows("SELECT id, name FROM names_to_grant(%s)", sorted(ids)))


def _rows(statement: str, *values: str | int | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())

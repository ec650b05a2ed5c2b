"""A cadre of the county is named where they bear a duty or led a visit, and nowhere else."""

import pytest
from django.db import connection

from hangshi.access.scope import EVERYTHING, NOWHERE, acting, under
from hangshi.activities.models import Activity
from hangshi.registry.models import Person
from hangshi.registry.queries import Named, named_people, names_of
from tests.proof_access.world import TODAY, World, canary

CADRE = f"干{canary('cadre')}"


def named_by(world: World, who: str, text: str) -> list[str]:
    with acting(NOWHERE):
        under(world.grants[who], on=TODAY)
        return [it.name for it in named_people(text)]


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("mayor", [CADRE]),
        ("clerk", [CADRE]),  # the organ is a county's, out of the township's sight
        ("first", [CADRE]),
        ("paired", [CADRE]),  # oneself
        ("secretary", [CADRE]),  # the contact of a branch
        ("security", []),
        ("auditor", []),
    ],
)
def test_who_can_name_the_cadre(world: World, who: str, found: list[str]) -> None:
    assert named_by(world, who, CADRE) == found


def test_what_is_said_of_a_cadre_is_name_home_and_title(world: World) -> None:
    with acting(NOWHERE):
        under(world.grants["first"], on=TODAY)
        assert not Person.objects.filter(name=CADRE).exists()
        [found] = named_people("干鹮cadre")
    assert found == Named(world.persons["cadre"].pk, CADRE, canary("organ"), "第一书记")


@pytest.mark.parametrize(
    ("text", "found"),
    [("", []), ("  ", []), ("干", [CADRE]), ("cadre鹮", [CADRE, f"旁{canary('other_cadre')}"]), ("%", []), ("鹮%", [])],
)
def test_a_part_of_the_name_is_text_and_nothing_else(world: World, text: str, found: list[str]) -> None:
    assert named_by(world, "first", text) == found


def test_a_paired_cadre_does_not_learn_who_else_is_paired(world: World) -> None:
    assert named_by(world, "paired", f"旁{canary('other_cadre')}") == []
    assert named_by(world, "clerk", f"旁{canary('other_cadre')}") == [f"旁{canary('other_cadre')}"]


def test_who_led_a_visit_is_named_where_the_visit_was(world: World) -> None:
    with acting(EVERYTHING):
        Activity.objects.filter(household=world.households["far1"]).update(leader=world.persons["ditch2"])
        Activity.objects.filter(household=world.households["bay1"]).update(leader=world.persons["far2"])
    ids = [world.persons["ditch2"].pk, world.persons["far2"].pk, 999_999]
    shown = {}
    for who in ("clerk", "paired", "north_clerk", "security"):
        with acting(NOWHERE):
            under(world.grants[who], on=TODAY)
            shown[who] = set(names_of(ids))
    ditch, far, _ = ids
    assert shown == {"clerk": {far}, "paired": {far}, "north_clerk": {ditch, far}, "security": set()}


def test_nobody_is_named_without_a_scope(world: World) -> None:
    with acting(NOWHERE), connection.cursor() as cursor:
        assert named_people(CADRE) == []
        cursor.execute("SELECT count(*) FROM names_in_scope(ARRAY(SELECT generate_series(1, 500)))")
        assert cursor.fetchone() == (0,)

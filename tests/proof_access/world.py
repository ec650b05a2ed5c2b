"""A small country of which every row is known, and a word in every name that is found nowhere else: the canary of its unit.

city ─ north ─ n_east  ─ bay, hill       south ─ s_east ─ far
             └ n_west  ─ ditch           organ: a county organ of north, home of the cadres
Party line:  north_party ─ east_party ─ bay_branch, hill_branch;   south_party ─ far_branch
"""

from dataclasses import dataclass, field
from datetime import date

from hangshi.access import grants, services
from hangshi.access.models import Account, Grant
from hangshi.activities.models import Activity, Attendance
from hangshi.cases.models import Case, Step
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry import people, tree
from hangshi.registry import services as registry
from hangshi.registry.models import Household, HouseholdMember, Membership, Person, Unit

FIRST, GONE, TODAY = date(2016, 1, 1), date(2017, 3, 31), date(2017, 10, 31)
PASSWORD = "一个够长的密码-2017"
PLACES = {  # name → kind, parent
    "city": ("city", None),
    "north": ("county", "city"),
    "south": ("county", "city"),
    "n_east": ("township", "north"),
    "n_west": ("township", "north"),
    "s_east": ("township", "south"),
    "bay": ("village", "n_east"),
    "hill": ("village", "n_east"),
    "ditch": ("village", "n_west"),
    "far": ("village", "s_east"),
    "organ": ("organ", "north"),
    "north_party": ("committee", "north"),
    "east_party": ("committee", "n_east"),
    "south_party": ("committee", "south"),
    "bay_branch": ("branch", "bay"),
    "hill_branch": ("branch", "hill"),
    "far_branch": ("branch", "far"),
}
PARTY = {  # name → parent on the Party line
    "north_party": None,
    "east_party": "north_party",
    "bay_branch": "east_party",
    "hill_branch": "east_party",
    "south_party": None,
    "far_branch": "south_party",
}
BRANCH = {"bay": "bay_branch", "hill": "hill_branch", "far": "far_branch"}
VILLAGES = ("bay", "hill", "ditch", "far")
ROLES = {  # sign-in name → role, unit; each of them has one grant
    "mayor": ("org_admin", "city"),
    "north_clerk": ("county_clerk", "north"),
    "clerk": ("township_clerk", "n_east"),
    "first": ("first_secretary", "bay"),
    "reader": ("reader", "n_east"),
    "secretary": ("branch_secretary", "east_party"),
    "paired": ("paired_cadre", "north"),
    "systems": ("system_admin", "city"),
    "security": ("security_admin", "city"),
    "auditor": ("auditor", "city"),
}


def canary(name: str) -> str:
    """A word that stands in every name of the unit's rows and in no other."""
    return f"鹮{name}鹮"


@dataclass
class World:
    units: dict[str, Unit] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)


def build() -> World:
    """Run under `EVERYTHING`."""
    world = World()
    kinds = load("base", "ankang").kinds.unit
    for name, (kind, parent) in PLACES.items():
        above = world.units[parent] if parent else None
        plain = kinds[kind].model_copy(update={"fields": {}})  # what else a pack asks of a unit is not our subject
        world.units[name] = registry.create(plain, name=canary(name), parent=above, on=FIRST, actor=None)
    for name, over in PARTY.items():
        above = world.units[over] if over else None
        registry.hang(world.units[name], line=tree.PARTY, parent=above, on=FIRST, actor=None)
    world.persons["cadre"] = people.register_person(
        world.units["organ"], name=f"干{canary('organ')}", on=FIRST, actor=None, cadre="organ"
    )
    for village in VILLAGES:
        _fill(world, village)
    _bind(world)
    for username, (role, unit) in ROLES.items():
        account = services.open_account(username, name=f"账号{username}", password=PASSWORD)
        if username == "paired":
            services.link_person(account, person_id=world.persons["cadre"].pk)
        world.accounts[username] = account
        at = world.units[unit]
        world.grants[username] = grants.give(account, role=role, unit_id=at.pk, path=at.path, since=FIRST)
    return world


def _fill(world: World, village: str) -> None:
    """Two households and a member each, one who moved away, and one of every kind of record for each household."""
    unit, word = world.units[village], canary(village)
    for number in (1, 2):
        name = f"{village}{number}"
        home = people.register_household(
            unit, number=f"{word}{number}", head=f"户{word}{number}", status="registered", on=FIRST, actor=None
        )
        person = people.register_person(unit, name=f"人{word}{number}", on=FIRST, actor=None)
        world.households[name], world.persons[name] = home, person
        HouseholdMember.objects.create(
            household=home, person=person, path=home.path, relation="head", since=FIRST, until=None
        )
        visit = Activity.objects.create(
            kind="visit", unit=unit, path=unit.path, day=TODAY, household=home, topic=f"访{word}", present=1
        )
        Attendance.objects.create(activity=visit, person=person, unit=unit, path=unit.path, day=TODAY)
        Entry.objects.create(
            kind="household_income", unit=unit, path=unit.path, day=TODAY, amount=100, household=home, note=f"账{word}"
        )
        case = Case.objects.create(
            kind="status_exit", unit=unit, path=unit.path, title=f"事{word}", household=home, opened_on=TODAY, stage="a"
        )
        Step.objects.create(case=case, path=case.path, after="a", day=TODAY, note=f"步{word}")
    left = people.register_person(unit, name=f"离{word}", on=FIRST, actor=None)
    HouseholdMember.objects.create(
        household=world.households[f"{village}1"],
        person=left,
        path=unit.path,
        relation="child",
        since=FIRST,
        until=GONE,
    )
    world.persons[f"{village}_left"] = left
    if village in BRANCH:
        _branch(world, village)


def _branch(world: World, village: str) -> None:
    """A member in force, and one whose membership has ended; a meeting of the branch."""
    branch = world.units[BRANCH[village]]
    for person, until in ((f"{village}1", None), (f"{village}_left", GONE)):
        Membership.objects.create(
            person=world.persons[person],
            unit=branch,
            path=branch.path,
            status="full",
            category="rural",
            since=FIRST,
            until=until,
        )
    meeting = Activity.objects.create(
        kind="theme_day", unit=branch, path=branch.path, day=TODAY, topic=f"会{canary(branch.name)}", present=1
    )
    Attendance.objects.create(
        activity=meeting, person=world.persons[f"{village}1"], unit=branch, path=branch.path, day=TODAY
    )


def _bind(world: World) -> None:
    """The cadre is paired with one household of each village; those of hill ended. Another cadre is paired beside them at bay1."""
    other = people.register_person(
        world.units["organ"], name=f"旁{canary('organ')}", on=FIRST, actor=None, cadre="organ"
    )
    world.persons["other_cadre"] = other
    for village in VILLAGES:
        home = world.households[f"{village}1"]
        Duty.objects.create(
            kind="pairing",
            unit=home.unit,
            path=home.path,
            household=home,
            bearer=world.persons["cadre"],
            since=FIRST,
            until=GONE if village == "hill" else None,
        )
    home = world.households["bay1"]
    Duty.objects.create(kind="pairing", unit=home.unit, path=home.path, household=home, bearer=other, since=FIRST)
    Duty.objects.create(
        kind="first_secretary",
        unit=home.unit,
        path=home.path,
        target_unit=home.unit,
        bearer=world.persons["cadre"],
        since=FIRST,
    )

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
from hangshi.appraisals import services as appraisals
from hangshi.cases.models import Case, Step
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry import people, tree
from hangshi.registry import services as registry
from hangshi.registry.models import Household, HouseholdMember, Membership, Person, Succession, Unit

FIRST, GONE, TODAY, COMING = date(2016, 1, 1), date(2017, 3, 31), date(2017, 10, 31), date(2018, 1, 1)
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
    "ditch_branch": ("branch", "ditch"),
    "far_branch": ("branch", "far"),
}
PARTY = {  # name → parent on the Party line
    "north_party": None,
    "east_party": "north_party",
    "bay_branch": "east_party",
    "hill_branch": "east_party",
    "ditch_branch": "east_party",
    "south_party": None,
    "far_branch": "south_party",
}
BRANCH = {"bay": "bay_branch", "hill": "hill_branch", "ditch": "ditch_branch", "far": "far_branch"}
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

NOBODIES = ("anne", "bo", "cai")  # accounts that hold nothing, for those who give


def canary(name: str) -> str:
    """A word that stands in every name of a unit, or of what belongs to a household or a person, and in no other."""
    return f"鹮{name}鹮"


@dataclass
class World:
    units: dict[str, Unit] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    erased: dict[str, dict[str, int]] = field(default_factory=dict)  # name → register → id it had


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
    registry.move(
        world.units["ditch_branch"],
        parent=world.units["south_party"],
        on=GONE + tree.ONE_DAY,
        line=tree.PARTY,
        actor=None,
    )
    world.persons["cadre"] = people.register_person(
        world.units["organ"], name=f"干{canary('cadre')}", on=FIRST, actor=None, cadre="organ"
    )
    for village in VILLAGES:
        _fill(world, village)
    _bind(world)
    for unit in world.units.values():
        Succession.objects.create(unit=unit, successor=world.units["far"], day=TODAY, how="merge", path=unit.path)
    _grant(world)
    _appraise(world)
    return world


def _appraise(world: World) -> None:
    """The villages of north by the north, the branches of n_east by the township, and the members of two branches by the branch."""
    schemes = load("base", "ankang").schemes
    days = {"first": FIRST, "last": TODAY, "on": TODAY, "actor": None}
    appraisals.open_round(schemes["five_outcomes"], unit=world.units["north"], title="五看", **days)
    appraisals.open_round(schemes["fortress_index"], unit=world.units["n_east"], title="堡垒指数", **days)
    for branch in ("bay_branch", "hill_branch"):
        appraisals.open_round(schemes["vanguard_index"], unit=world.units[branch], title="先锋指数", **days)


def _grant(world: World) -> None:
    for username, (role, unit) in ROLES.items():
        account = services.open_account(username, name=f"账号{username}", password=PASSWORD)
        if username == "paired":
            services.link_person(account, person_id=world.persons["cadre"].pk)
        world.accounts[username] = account
        at = world.units[unit]
        world.grants[username] = grants.give(account, role=role, unit_id=at.pk, path=at.path, since=FIRST)
    for username in NOBODIES:
        world.accounts[username] = Account.objects.create(username=username, name=f"账号{username}", password="!")
    for username in ("leaver", "deputy", "off"):
        world.accounts[username] = services.open_account(username, name=f"账号{username}", password=PASSWORD)
    east, bay = world.units["n_east"], world.units["bay"]
    for username in ("leaver", "off"):
        world.grants[username] = grants.give(
            world.accounts[username], role="township_clerk", unit_id=east.pk, path=east.path, since=FIRST
        )
    world.grants["deputy"] = grants.delegate(
        world.grants["leaver"],
        world.accounts["deputy"],
        role="reader",
        unit_id=bay.pk,
        path=bay.path,
        since=GONE,
        until=GONE + 60 * tree.ONE_DAY,
        actor=world.accounts["leaver"].pk,
    )
    grants.end(world.grants["leaver"], on=GONE + 9 * tree.ONE_DAY)
    Account.objects.filter(username="off").update(active=False)


def _fill(world: World, village: str) -> None:
    """Two households, a third without money on record, a fourth that was erased, one person who moved away and one who will come."""
    unit = world.units[village]
    for name in (f"{village}1", f"{village}2", f"{village}3", f"{village}_erased"):
        _household(world, unit, name)
    for name, since, until in ((f"{village}_left", FIRST, GONE), (f"{village}_coming", COMING, None)):
        person = people.register_person(unit, name=f"人{canary(name)}", on=FIRST, actor=None)
        home = world.households[f"{village}1"]
        HouseholdMember.objects.create(
            household=home, person=person, path=unit.path, relation="child", since=since, until=until
        )
        world.persons[name] = person
    if village in BRANCH:
        _branch(world, village)
    _erase(world, f"{village}_erased")


def _household(world: World, unit: Unit, name: str) -> None:
    word, at = canary(name), {"unit": unit, "path": unit.path}
    home = people.register_household(unit, number=word, head=f"户{word}", status="registered", on=FIRST, actor=None)
    person = people.register_person(unit, name=f"人{word}", on=FIRST, actor=None)
    world.households[name], world.persons[name] = home, person
    HouseholdMember.objects.create(household=home, person=person, path=home.path, relation="head", since=FIRST)
    visit = Activity.objects.create(kind="visit", day=TODAY, household=home, topic=f"访{word}", present=1, **at)
    Attendance.objects.create(activity=visit, person=person, day=TODAY, **at)
    if not name.endswith(("3", "_erased")):  # a household with money on record is not erased
        Entry.objects.create(kind="household_income", day=TODAY, amount=100, household=home, note=f"账{word}", **at)
    case = Case.objects.create(kind="status_exit", title=f"事{word}", household=home, opened_on=TODAY, stage="a", **at)
    Step.objects.create(case=case, path=case.path, after="a", day=TODAY, note=f"步{word}")


def _erase(world: World, name: str) -> None:
    """The household is gone with all that was recorded of it (nothing of money); its number and its earlier versions remain."""
    home, person = world.households.pop(name), world.persons.pop(name)
    Step.objects.filter(case__household=home).delete()
    for model in (Case, Activity):
        model.objects.filter(household=home).delete()
    world.erased[name] = {"households": home.pk, "persons": person.pk}
    home.delete()
    person.delete()


def _branch(world: World, village: str) -> None:
    """A member in force, one whose membership has ended, one to come; a record of every kind at the branch itself."""
    branch = world.units[BRANCH[village]]
    for person, since, until in (("1", FIRST, None), ("_left", FIRST, GONE), ("_coming", COMING, None)):
        Membership.objects.create(
            person=world.persons[f"{village}{person}"],
            unit=branch,
            path=branch.path,
            status="full",
            category="rural",
            since=since,
            until=until,
        )
    word, at = canary(BRANCH[village]), {"unit": branch, "path": branch.path}
    meeting = Activity.objects.create(kind="theme_day", day=TODAY, topic=f"会{word}", present=1, **at)
    Attendance.objects.create(activity=meeting, person=world.persons[f"{village}1"], day=TODAY, **at)
    Duty.objects.create(kind="contact", target_unit=branch, bearer=world.persons["cadre"], since=FIRST, **at)
    Entry.objects.create(kind="party_fund", day=TODAY, amount=5, note=f"账{word}", **at)
    case = Case.objects.create(kind="weak_branch", title=f"事{word}", opened_on=TODAY, stage="a", **at)
    Step.objects.create(case=case, path=case.path, after="a", day=TODAY, note=f"步{word}")


def _bind(world: World) -> None:
    """The cadre is paired with one household of each village; those of hill ended. Another cadre is paired
    beside them at bay1, and alone at hill2.
    """
    other = people.register_person(
        world.units["organ"], name=f"旁{canary('other_cadre')}", on=FIRST, actor=None, cadre="organ"
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
    for name in ("hill2", "bay1"):
        home = world.households[name]
        Duty.objects.create(kind="pairing", unit=home.unit, path=home.path, household=home, bearer=other, since=FIRST)
    Duty.objects.create(
        kind="first_secretary",
        unit=home.unit,
        path=home.path,
        target_unit=home.unit,
        bearer=world.persons["cadre"],
        since=FIRST,
    )

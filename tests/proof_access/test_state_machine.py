"""Units move, grants are given, handed on, ended; members transfer, pairings end, days pass, households are erased: after every step the
database shows each grant what a plain model of sets says. `HANGSHI_LONG=1` runs 500 examples of 50 steps."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from hangshi.access import append, grants
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, NOWHERE, acting, under
from hangshi.activities.models import Activity
from hangshi.cases.models import Case, Step
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.refusal import Refused
from hangshi.registry import people, tree
from hangshi.registry import services as registry
from hangshi.registry.models import Household, Person, Unit
from tests.proof_access.world import BRANCH, GONE, NOBODIES, PARTY, PLACES, ROLES, World

LONG = bool(os.environ.get("HANGSHI_LONG"))
SIZES = settings(
    max_examples=500 if LONG else 8,
    stateful_step_count=50 if LONG else 15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TOWNSHIPS, COMMITTEES = ("n_east", "n_west", "s_east"), ("north_party", "east_party", "south_party")
VILLAGES, BRANCHES = ("bay", "hill", "ditch", "far"), ("bay_branch", "hill_branch", "ditch_branch", "far_branch")
HOMES = tuple(f"{village}{number}" for village in VILLAGES for number in (1, 2, 3))
WITHOUT_MONEY = tuple(f"{village}3" for village in VILLAGES)
GIVEN = ("township_clerk", "reader", "branch_secretary", "first_secretary")


class Model:
    """The same country as sets: who stands below whom, who lives, belongs and answers where."""

    def __init__(self) -> None:
        self.place = {name: parent for name, (_, parent) in PLACES.items()}
        self.party = dict(PARTY) | {"ditch_branch": "south_party"}
        self.homes = {name: name[:-1] for name in HOMES}  # household → village
        self.member = {f"{village}1": branch for village, branch in BRANCH.items()}  # person → branch
        self.paired = {"bay1", "ditch1", "far1"}

    def below(self, unit: str, line: dict[str, str | None]) -> set[str]:
        return {it for it in line if unit in self.above(it, line)}

    def above(self, unit: str, line: dict[str, str | None]) -> list[str]:
        found: list[str] = []
        step: str | None = unit
        while step is not None:
            found.append(step)
            step = line.get(step)
        return found

    def visible(self, role: str, unit: str) -> tuple[set[str], set[str], set[str]]:
        """Units, households, and the members among the persons."""
        if role == "branch_secretary":
            units = self.below(unit, self.party) if unit in self.party else set()
            return units, set(), {who for who, branch in self.member.items() if branch in units}
        here = self.below(unit, self.place)
        if role == "paired_cadre":
            homes = {it for it in self.paired if it in self.homes and self.homes[it] in here}
            return {up for it in homes for up in self.above(self.homes[it], self.place)}, homes, homes
        return (
            here,
            {it for it, village in self.homes.items() if village in here},
            {it for it in self.member if it[:-1] in here},
        )


class Country(RuleBasedStateMachine):
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.model, self.day = Model(), GONE + timedelta(days=200)
        self.given = {name: self.world.grants[name] for name in ROLES}
        self.off: set[int] = set()
        self.scope = acting(EVERYTHING)
        self.scope.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)

    def unit(self, name: str) -> Unit:
        return Unit.objects.get(pk=self.world.units[name].pk)

    def tried(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        """What the service returns, or None where it refuses; then nothing has changed."""
        try:
            with transaction.atomic():
                return call(*args, **kwargs)
        except Refused:
            return None

    @rule(unit=st.sampled_from(VILLAGES), parent=st.sampled_from(TOWNSHIPS))
    def a_village_moves(self, unit: str, parent: str) -> None:
        if self.tried(registry.move, self.unit(unit), parent=self.unit(parent), on=self.day, actor=None):
            self.model.place[unit] = parent

    @rule(unit=st.sampled_from(TOWNSHIPS), parent=st.sampled_from(("north", "south")))
    def a_township_moves(self, unit: str, parent: str) -> None:
        if self.tried(registry.move, self.unit(unit), parent=self.unit(parent), on=self.day, actor=None):
            self.model.place[unit] = parent

    @rule(unit=st.sampled_from(BRANCHES), parent=st.sampled_from(COMMITTEES))
    def a_branch_moves_on_the_party_line(self, unit: str, parent: str) -> None:
        over = self.unit(parent)
        if self.tried(registry.move, self.unit(unit), parent=over, on=self.day, actor=None, line=tree.PARTY):
            self.model.party[unit] = parent

    @rule(village=st.sampled_from(tuple(BRANCH)), branch=st.sampled_from(BRANCHES))
    def a_member_transfers(self, village: str, branch: str) -> None:
        person = self.world.persons[f"{village}1"]
        if self.tried(people.transfer, person, self.unit(branch), on=self.day, actor=None):
            self.model.member[f"{village}1"] = branch

    @rule(
        who=st.sampled_from(NOBODIES),
        role=st.sampled_from(GIVEN),
        unit=st.sampled_from(tuple(PLACES)),
        days=st.integers(0, 40),
    )
    def a_grant_is_given(self, who: str, role: str, unit: str, days: int) -> None:
        at = self.unit(unit)
        until = self.day + timedelta(days=days)
        made = self.tried(
            grants.give, self.world.accounts[who], role=role, unit_id=at.pk, path=at.path, since=self.day, until=until
        )
        if made:
            self.given[f"{who}-{len(self.given)}"] = made

    @rule(
        data=st.data(),
        who=st.sampled_from(NOBODIES),
        role=st.sampled_from(GIVEN),
        unit=st.sampled_from(tuple(PLACES)),
        days=st.integers(0, 40),
    )
    def a_grant_is_handed_on(self, data: st.DataObject, who: str, role: str, unit: str, days: int) -> None:
        own = self.given[data.draw(st.sampled_from(sorted(self.given)))]
        at = self.unit(unit)
        made = self.tried(
            grants.delegate, own, self.world.accounts[who], role=role, unit_id=at.pk, path=at.path,
            since=self.day, until=self.day + timedelta(days=days), actor=own.account_id,
        )  # fmt: skip
        if made:
            self.given[f"{who}-{len(self.given)}"] = made

    @rule(data=st.data(), later=st.integers(-3, 3))
    def a_grant_ends(self, data: st.DataObject, later: int) -> None:
        it = self.given[data.draw(st.sampled_from(sorted(self.given)))]
        if Grant.objects.filter(pk=it.pk).exists():
            self.tried(grants.end, it, on=self.day + timedelta(days=later))

    @rule(who=st.sampled_from(("mayor", "clerk", *NOBODIES)))
    def an_account_goes_out_of_use(self, who: str) -> None:
        account = self.world.accounts[who]
        Account.objects.filter(pk=account.pk).update(active=False)
        self.off.add(account.pk)

    @rule(home=st.sampled_from(HOMES))
    def a_household_is_paired_or_parted(self, home: str) -> None:
        if home not in self.model.homes:
            return
        if home in self.model.paired:
            mine = Duty.objects.filter(household=self.world.households[home], bearer=self.world.persons["cadre"])
            mine.filter(since=self.day).delete()  # on the day that it began: it was a mistake
            mine.filter(until=None).update(until=self.day - timedelta(days=1))
            self.model.paired.discard(home)
            return
        it = Household.objects.get(pk=self.world.households[home].pk)
        Duty.objects.create(
            kind="pairing",
            unit_id=it.unit_id,
            path=it.path,
            household=it,
            bearer=self.world.persons["cadre"],
            since=self.day,
        )
        self.model.paired.add(home)

    @precondition(lambda self: len(self.model.homes) > 5)
    @rule(home=st.sampled_from(HOMES))
    def a_household_is_erased(self, home: str) -> None:
        if home not in self.model.homes:
            return
        it = self.world.households[home]
        try:
            with transaction.atomic():
                Step.objects.filter(case__household=it).delete()
                for model in (Case, Entry, Activity, Duty):
                    model.objects.filter(household=it).delete()
                Household.objects.filter(pk=it.pk).delete()
        except DatabaseError as error:
            said = append.refusal(error)
            assert said is not None
            assert (said.code, home in WITHOUT_MONEY) == ("record.append_only", False)
            return
        assert home in WITHOUT_MONEY
        del self.model.homes[home]
        self.model.paired.discard(home)

    @rule(days=st.integers(1, 30))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)

    def stands(self, it: Grant) -> bool:
        """By the rows as they are: in force, in use, and so on up the chain, each below the next on the model's tree."""
        row = Grant.objects.filter(pk=it.pk).first()
        if row is None or row.account_id in self.off or not _holds(row, self.day):
            return False
        if row.delegated_from_id is None:
            return True
        above = Grant.objects.get(pk=row.delegated_from_id)
        line = self.model.party if row.line == "party" else self.model.place
        return self.name_of(above.unit_id) in self.model.above(self.name_of(row.unit_id), line) and self.stands(above)

    def name_of(self, pk: int) -> str:
        return next(name for name, unit in self.world.units.items() if unit.pk == pk)

    @invariant()
    def each_grant_shows_what_the_model_says(self) -> None:
        standing = set(grants.standing(self.day).values_list("pk", flat=True))
        for it in self.given.values():
            assert (it.pk in standing) == self.stands(it)
        for it in (it for it in self.given.values() if it.pk in standing):
            if it.office:
                continue
            shown, row = self.shown(it), Grant.objects.get(pk=it.pk)
            assert shown == self.model.visible(row.role, self.name_of(row.unit_id))
            if row.delegated_from_id:  # no way of handing on ever widens
                wider = self.shown(Grant.objects.get(pk=row.delegated_from_id))
                assert all(part <= whole for part, whole in zip(shown, wider, strict=True))

    def shown(self, it: Grant) -> tuple[set[str], set[str], set[str]]:
        now = Grant.objects.get(pk=it.pk)  # its path has moved with its unit
        with acting(NOWHERE):
            under(now, on=self.day)
            units, homes, persons = (
                set(model.objects.values_list("pk", flat=True)) for model in (Unit, Household, Person)
            )
        tracked = self.model.homes if it.role == "paired_cadre" else self.model.member
        return (
            {name for name, unit in self.world.units.items() if unit.pk in units},
            {name for name, home in self.world.households.items() if home.pk in homes},
            {name for name in tracked if self.world.persons[name].pk in persons},
        )


def _holds(row: Grant, day: date) -> bool:
    return row.since <= day and (row.until is None or day <= row.until)


@pytest.fixture
def country(committed_world: World, django_db_blocker: Any) -> Iterator[type[Country]]:
    with django_db_blocker.unblock():
        Country.world = committed_world
        yield Country


def test_whatever_happens_a_grant_shows_what_the_model_says(country: type[Country]) -> None:
    run_state_machine_as_test(country, settings=SIZES)

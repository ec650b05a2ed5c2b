"""Something to see on the pages of points, by the services themselves: the same every time, counted by no figure of a report."""

from collections.abc import Iterable
from datetime import date

from hangshi.access.models import Grant
from hangshi.access.scope import EVERYTHING, acting
from hangshi.ledger import appeals, points, rewards, terms
from hangshi.ledger.models import PointProposal
from hangshi.packs import load
from hangshi.packs.models import EntryKind
from hangshi.registry.models import Household, Membership, Person, Unit
from hangshi.registry.signing import Signer
from hangshi.registry.tree import in_force, upper

PACK = load("base", "ankang")
TODAY, SHOWN = date(2017, 10, 31), date(2017, 10, 30)
EARLIER, POSTED, DUE = date(2017, 9, 5), date(2017, 9, 11), date(2017, 10, 20)
PEOPLE, HOUSEHOLDS = 8, 6
NOBODY = 1  # whose account, where the scenario is loaded without any


def fill(top: str, township: str) -> None:
    """In a village of the township below the place with the division code `top`: that of the first secretary, where there is one."""
    with acting(EVERYTHING):
        place = Unit.objects.get(code=top, until=None)
        below = Unit.objects.filter(path__gte=place.path, path__lt=upper(place.path), until=None)
        town = below.get(name=township)
        held = Grant.objects.filter(role="first_secretary", path__startswith=town.path).order_by("pk").first()
        village = below.filter(kind="village", path__startswith=town.path).order_by("pk")[:1].get()
        if held is not None:
            village = below.get(pk=held.unit_id)
        actor = held.account_id if held else NOBODY
        _members(village, actor)
        _households(village, actor)


def _give(kind: EntryKind, subjects: Iterable[points.Subject], item: str, why: str, on: date) -> list[PointProposal]:
    said = points.given(kind, item=item, why=why)
    return [points.propose(kind, subject=it, points=said, on=on, actor=None) for it in subjects]


def _members(village: Unit, actor: int) -> None:
    """Posted, put up today, waiting for a word; one with points taken off and one who appealed."""
    kind = terms.at(PACK, "member_points", village.path)
    here = Membership.objects.filter(in_force(TODAY), path__startswith=village.path).values("person")
    people = list(Person.objects.filter(pk__in=here, unit=village).order_by("pk")[:PEOPLE])
    _give(kind, people, "volunteer", "9月2日清理河道", EARLIER)
    _post(village, actor)
    _give(kind, people[::2], "theme_day", "10月27日主题党日", SHOWN)
    due = _give(kind, people[:2], "lesson", "10月18日讲党课", DUE)
    _give(kind, people[2:3], "absent", "10月主题党日没有请假", DUE)
    for it in due[1:]:
        heard = "10月24日本人到村委会口述，由值班人员代记"
        appeals.appeal(
            kind, it, text="讲了两次，只记了一次", on=date(2017, 10, 24), actor=None, person=None, heard=heard
        )


def _households(village: Unit, actor: int) -> None:
    """Posted, some of it redeemed, and some put up today."""
    kind = terms.at(PACK, "household_points", village.path)
    homes = list(Household.objects.filter(unit=village).order_by("pk")[:HOUSEHOLDS])
    _give(kind, homes, "labour", "9月3日修整村道", EARLIER)
    _give(kind, homes[:4], "help", "帮邻居秋收", EARLIER)
    _post(village, actor)
    for it in homes[:2]:
        rewards.redeem(kind, subject=it, wants=rewards.wanted(kind, reward="detergent"), on=POSTED, actor=None)
    _give(kind, homes[1:5], "clean", "10月院坝评议", SHOWN)


def _post(village: Unit, actor: int) -> None:
    points.approve_all(PointProposal.objects.filter(unit=village), on=POSTED, by=Signer(actor))

"""A county drafts its own 五看: five criteria of twenty points each, from the pack `base`."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.approvals import services as approving
from hangshi.indicators.queries import pack
from hangshi.registry.signing import Signer
from hangshi.schemes import queries, services
from tests.land import land, people

__all__ = ["land", "people"]
MAY_1, JUN_1, JUL_1 = date(2018, 5, 1), date(2018, 6, 1), date(2018, 7, 1)
KEY = "five_outcomes"
AUTHOR, HEAD = Signer(account=1), Signer(account=2, permissions=frozenset({"schemes.write"}))


@pytest.fixture
def draft(land: SimpleNamespace):
    return services.begin(pack(), KEY, unit=land.county, on=MAY_1, actor=1)


@pytest.fixture
def change():
    """Apply the method of `Writing` called so to the draft as it is now."""

    def changed(draft, name, *said, revision=None, on=MAY_1):
        draft.refresh_from_db()
        at = draft.revision if revision is None else revision
        return services.change(draft, lambda writing: getattr(writing, name)(*said), revision=at, on=on, actor=1)

    return changed


@pytest.fixture
def approved():
    """Submitted by the author and agreed to by the head, as it stands."""

    def agreed(draft):
        asked = services.ask(draft, pack(), author=AUTHOR, signers=[[HEAD]], on=MAY_1)
        digest = queries.content_digest(draft)
        approving.decide(pack().approvals[services.FLOW], asked, by=HEAD, verdict="approve", digest=digest, on=MAY_1)
        return asked

    return agreed


@pytest.fixture
def adopted(draft, change, approved):
    """In force from June: “惠及群众” weighs 30, “干部作风” 10."""
    draft = change(draft, "put_edition", {"since": JUN_1})
    draft = change(draft, "weigh", {"cadres": 10, "benefit": 30})
    approved(draft)
    return services.adopt(draft, on=MAY_1, actor=1)

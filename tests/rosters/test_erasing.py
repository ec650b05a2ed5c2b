"""A list ends on its day: its rows go, counts stay, clues live on."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hangshi.access import keyring
from hangshi.cases.models import Case
from hangshi.intake import vault
from hangshi.privacy import dossier
from hangshi.rosters import clues, erasing, held, queries, services
from hangshi.rosters.models import Finding, Roster, Row
from tests.refusals import refusal_of
from tests.rosters.conftest import ACTOR, DAY, LAST, STRANGER, SUN, ZHAO

LISTED = f"姓名 | 身份证号\n赵大山 | {ZHAO}\n何人 | {STRANGER}\n某人 |"


@pytest.fixture
def roster(bring, pack) -> Roster:
    made: Roster = bring("vehicles", LISTED)
    clues.open_clues(pack, made, rule="supported", chosen=None, on=DAY, account=ACTOR)
    return made


def test_on_its_last_day_a_list_still_stands_and_the_day_after_it_is_gone(roster):
    assert erasing.forget(LAST) == 0
    assert Row.objects.count() == 3
    assert erasing.forget(LAST + timedelta(days=1)) == 1
    assert (Row.objects.count(), Finding.objects.count()) == (0, 0)
    assert erasing.forget(LAST + timedelta(days=1)) == 0


def test_what_stays_of_a_list_is_counts(roster, pack):
    erasing.forget(date(2027, 1, 1))
    roster.refresh_from_db()
    assert (roster.state, roster.mapping, roster.sha256) == ("erased", {}, "")
    assert {it: roster.counts[it] for it in (*services.STATES, "rows")} == {
        "matched": 1, "possible": 0, "unmatched": 1, "unreadable": 1, "rows": 3,
    }  # fmt: skip
    assert roster.counts["found"] == {"supported": 1}
    assert (roster.counts["clues"], roster.counts["closed"], roster.counts["ends"]) == (
        {"supported": 1},
        {},
        {"checking": 1},
    )
    (tally,) = queries.tallies(roster, pack.rosters["vehicles"])
    assert (tally.found, tally.clues, tally.closed) == (1, 1, 0)


def test_the_clue_stays_and_a_later_list_knows_of_it(roster, bring, pack):
    erasing.forget(date(2027, 1, 1))
    clue = Case.objects.get()
    later = bring("vehicles", LISTED)
    assert Finding.objects.get(roster=later).case_id == clue.pk
    assert queries.before(later).state == "erased"


def test_the_sealed_file_goes_with_the_list(roster, django_capture_on_commit_callbacks):
    assert held.read(roster.pk)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(roster, account=ACTOR)
    assert refusal_of(held.read, roster.pk) == "roster.file"
    assert refusal_of(erasing.erase, roster, account=ACTOR) == "roster.erased"


def test_the_file_is_kept_no_longer_than_any_upload_though_the_list_is(roster):
    Roster.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert erasing.forget(DAY) == 0
    roster.refresh_from_db()
    assert (roster.file_gone, roster.state) == (True, "compared")
    assert refusal_of(held.read, roster.pk) == "roster.file"
    assert Row.objects.count() == 3


def test_a_file_of_another_room_is_not_the_lists(roster):
    assert refusal_of(vault.read, roster.pk) == "intake.erased"


def test_an_erased_list_opens_nothing_and_is_not_compared_again(roster, pack):
    erasing.erase(roster, account=ACTOR)
    roster.refresh_from_db()
    assert refusal_of(services.compare, pack, roster, on=DAY, account=ACTOR) == "roster.erased"
    asked = {"rule": "supported", "chosen": None, "on": DAY, "account": ACTOR}
    assert refusal_of(clues.open_clues, pack, roster, **asked) == "clue.state"


def test_the_persons_file_says_by_which_list_they_were_compared_and_for_what(roster, pack, county):
    told = {it.title: it for it in dossier.gather(county.zhao, pack)}
    assert told["比对名单行（对应人员）"].rows[0][0] == str(roster)
    assert told["比对发现（人员）"].rows[0][2:4] == ["supported", "名下有机动车，所在户为帮扶监测对象"]
    assert "比对名单行（对应人员）" not in {it.title for it in dossier.gather(county.sun, pack)}


def test_what_is_kept_sealed_opens_only_at_its_own_row(roster):
    row = roster.rows.get(n=3)
    assert queries.said([row]) == {row.pk: {"name": "何人", "born": "1990-09-09"}}
    assert refusal_of(keyring.unseal, row.sealed, bound=queries.bound(row.pk + 1)) == "identity.seal"


def test_a_person_on_no_list_is_in_none(bring, county, pack):
    bring("vehicles", f"姓名 | 身份证号\n孙富贵 | {SUN}")
    assert not Row.objects.filter(person=county.zhao).exists()

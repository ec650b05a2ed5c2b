"""The end of a list: its rows and findings are erased with its file, and counts are what stays. The clues live on as cases of their own."""

from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from hangshi.intake.vault import KEPT
from hangshi.refusal import Refused
from hangshi.registry.signing import sign
from hangshi.rosters import held
from hangshi.rosters.models import Finding, Roster, Row
from hangshi.rosters.services import locked

AT_ONCE = 20


@transaction.atomic
def erase(roster: Roster, *, account: int | None) -> Roster:
    """Raises `Refused` for a list that is erased already."""
    sign(account)
    roster = locked(roster)
    check_may_erase(roster)
    roster.counts = roster.counts | _clues(roster)
    Finding.objects.filter(roster=roster).delete()
    Row.objects.filter(roster=roster).delete()
    roster.state, roster.erased_at, roster.file_gone, roster.mapping, roster.sha256 = (
        "erased",
        timezone.now(),
        True,
        {},
        "",
    )
    roster.save(update_fields=["counts", "state", "erased_at", "file_gone", "mapping", "sha256"])
    # After the commit: a file without its rows does no harm, and the chore takes it; rows without their file cannot be read anew.
    transaction.on_commit(lambda: held.erase(roster.pk))
    return roster


def check_may_erase(roster: Roster) -> None:
    if roster.state == "erased":
        raise Refused("roster.erased", "这份名单已经清除。")


def _clues(roster: Roster) -> dict[str, dict[str, int]]:
    """`clues`, `closed`: rule → how many there were on the day of erasing; `ends`: stage → how many clues stood at it."""
    rows = Finding.objects.filter(roster=roster, case__isnull=False)
    closed = rows.filter(case__closed_on__isnull=False)
    return {
        "clues": dict(rows.values_list("rule").annotate(Count("case"))),
        "closed": dict(closed.values_list("rule").annotate(Count("case"))),
        "ends": dict(rows.values_list("case__stage").annotate(Count("case"))),
    }


def forget(today: date) -> int:
    """Erase the lists whose last day is over, and the files kept longer than any upload is; under `EVERYTHING`. Returns how many lists."""
    over = Roster.objects.filter(expires_on__lt=today).exclude(state="erased").order_by("expires_on")[:AT_ONCE]
    erased = [erase(it, account=None) for it in over]
    old = Roster.objects.filter(file_gone=False, received_at__lt=timezone.now() - KEPT)
    for number in list(old.values_list("pk", flat=True)[:AT_ONCE]):
        held.erase(number)
        Roster.objects.filter(pk=number).update(file_gone=True)
    held.forget()
    return len(erased)

"""The comparison as long work of the asker; the erasing as a chore of the installation."""

from django.utils import timezone

from hangshi.access.roles import pack
from hangshi.access.scope import EVERYTHING, acting
from hangshi.jobs.kinds import Answer, Teller, each_minute, work
from hangshi.refusal import Refused
from hangshi.rosters import erasing, services
from hangshi.rosters.models import Roster


@work("rosters.compare")
def compare(teller: Teller, *, account: int, roster: int) -> Answer:
    found = Roster.objects.filter(pk=roster, account_id=account).first()
    if found is None:
        raise Refused("roster.unknown", "找不到这份名单。")
    done = services.compare(pack(), found, on=timezone.localdate(), account=account, tell=teller.tell)
    said = done.counts
    words = "，".join(f"{word} {said[state]:,}" for state, word in services.STATES.items())
    sentence = (
        f"共 {said['rows']:,} 行：{words}。比对发现 {sum(said['found'].values()):,} 条，都待核实；没有改动任何记录。"
    )
    return {"href": f"/comparisons/{roster}/", "sentence": sentence}


@each_minute
def forget() -> None:
    """A list does not outlive its last day."""
    with acting(EVERYTHING):
        erasing.forget(timezone.localdate())

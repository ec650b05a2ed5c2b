"""A demand is submitted as it stands, with its cost in sight, and takes the answer of another person: yes, no, back, or merged with one that there is."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from hangshi.approvals import queries as asked
from hangshi.approvals import services as approvals
from hangshi.approvals.content import digest_of, fields_of
from hangshi.approvals.models import Approval
from hangshi.demands import costs
from hangshi.demands.models import Demand
from hangshi.demands.services import check_may_change, locked
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer

FLOW = "form_demand"
TABLE = Demand._meta.db_table
CONTENT = ("id", "unit", "title", "department", "ground", "every", "level", "since", "until", "form", "renews")
STATES = {"running": "asked", "returned": "draft", "withdrawn": "draft", "approved": "approved", "refused": "refused"}


def content_digest(demand: Demand) -> str:
    """Of what is approved: who asks what of whom, how often and how long, and which items the system fills."""
    items = [list(it) for it in demand.items.order_by("number").values_list("label", "target")]
    return digest_of(fields_of(demand, CONTENT) | {"items": items})


@transaction.atomic
def submit(pack: Pack, demand: Demand, *, author: Signer, signers: Sequence[Signer], on: date) -> Approval:
    """Ask one of the signers to agree. Raises `Refused`, first of all where the cost cannot be said."""
    demand = locked(demand)
    check_may_submit(pack, demand, on=on)
    made = approvals.submit(
        pack.approvals[FLOW],
        unit=demand.unit,
        source=TABLE,
        source_id=demand.pk,
        title=f"{demand.department}要“{demand.title}”",
        digest=content_digest(demand),
        author=author,
        signers=[signers],
        on=on,
    )
    settle(demand, made, on=on)
    return made


def check_may_submit(pack: Pack, demand: Demand, *, on: date) -> None:
    check_may_change(demand)
    if asked.of_record(TABLE, demand.pk).filter(state="returned").exists():
        raise Refused("demand.returned", "审定的人退回过这张表。改好以后，请在原来的审批里按“重新提交”。")
    if costs.rate(pack, on) is None:
        raise Refused("demand.rate", "规矩包里没有这一天的填报用时标准，算不出每村要多少小时，不能送审。")
    if not costs.units_asked(demand, on=on):
        raise Refused("demand.units", f"{demand.unit.name}下面没有要填这张表的单位，不能送审。")
    if demand.until < on:
        raise Refused("demand.over", f"“{demand.title}”的截止日{demand.until}已过，不能送审。请另提一张。")


@transaction.atomic
def settle(demand: Demand, approval: Approval, *, on: date) -> Demand:
    """Bring the demand to where its approval stands, with the words of the last act."""
    demand = locked(demand)
    approval.refresh_from_db()
    last = asked.acts(approval).last()
    demand.state, demand.said = STATES[approval.state], last.note if last else ""
    demand.decided_on = on if approval.state in ("approved", "refused") else None
    demand.save(update_fields=["state", "said", "decided_on"])
    return demand


@transaction.atomic
def merge(pack: Pack, demand: Demand, *, into: Demand, by: Signer, words: str, on: date) -> Demand:
    """并入: refused, for another form asks the same; `words` say what that one still has to take over. Raises `Refused`."""
    demand = locked(demand)
    approval = check_may_merge(demand, into, on=on)
    approvals.decide(
        pack.approvals[FLOW],
        approval,
        by=by,
        verdict="refuse",
        digest=content_digest(demand),
        note=words,
        on=on,
    )
    demand = settle(demand, approval, on=on)
    demand.state, demand.into = "merged", into
    demand.save(update_fields=["state", "into"])
    return demand


def check_may_merge(demand: Demand, into: Demand, *, on: date) -> Approval:
    """The approval that would be answered."""
    approval = asked.of_record(TABLE, demand.pk).filter(state="running").first()
    if approval is None:
        raise Refused("demand.not_submitted", f"“{demand.title}”不在审定中，不能并入。")
    if into.pk == demand.pk or into.state != "approved" or into.until < on:
        raise Refused("demand.into", "请选一张已经审定、在用的表来并入。")
    if not demand.path.startswith(into.path) or into.level != demand.level:
        raise Refused("demand.apart", f"“{into.title}”不是同样这些单位填的，不能并入。")
    return approval

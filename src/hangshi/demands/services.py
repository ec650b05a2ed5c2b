"""A demand is proposed with its items, renewed or withdrawn. Who agrees to it is another person: `approving`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from hangshi.calendar.days import months_after
from hangshi.demands import costs
from hangshi.demands.models import EVERY, Demand, Item, Judgement
from hangshi.forms import layout, proposals
from hangshi.forms.models import Form
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

MOST_ITEMS = 200
LONGEST_LABEL = 200


@dataclass(frozen=True)
class Wanted:
    """What a department asks for: `ground` is the document it rests on, `level` the kind of unit that fills it, both days are included."""

    title: str
    department: str
    ground: str
    every: str
    level: str
    since: date
    until: date


@transaction.atomic
def propose(
    pack: Pack, unit: Unit, wanted: Wanted, *, labels: Sequence[str] = (), form: Form | None = None, actor: int | None
) -> Demand:
    """Draft a demand on the units below `unit`. Its items are the open columns of the blank form, else `labels`. Raises `Refused`.

    A column means what was confirmed for the form; a label what it is called, if that is certain. `choose` corrects both.
    """
    sign(actor)
    asked = _columns(pack, form) if form else [(it, costs.known_already(pack, it)) for it in _labels(labels)]
    check_may_propose(pack, wanted, [label for label, _ in asked])
    demand = Demand.objects.create(
        unit=unit, path=unit.path, form=form.pk if form else None, recorded_by=actor, **_told(wanted)
    )
    Item.objects.bulk_create(
        Item(demand=demand, path=unit.path, number=number, label=label, target=target)
        for number, (label, target) in enumerate(asked, start=1)
    )
    return demand


def check_may_propose(pack: Pack, wanted: Wanted, labels: Sequence[str]) -> None:
    for text, name in ((wanted.title, "表名"), (wanted.department, "要表部门"), (wanted.ground, "依据")):
        if not text.strip():
            raise Refused("demand.said", f"请写明{name}，没有保存。没有依据的表不能要求基层填报。")
    if wanted.every not in EVERY:
        raise Refused("demand.every", f"频次应是{'、'.join(EVERY.values())}中的一种，没有保存。")
    if wanted.level not in pack.kinds.unit:
        raise Refused("demand.level", "请选由哪一类单位填报，没有保存。")
    if not labels:
        raise Refused("demand.items", "还没有写要填哪些项，没有保存。请每行写一项，或选一张核对过的空白表。")
    if len(labels) > MOST_ITEMS:
        raise Refused("demand.many", f"有{len(labels)}项，一张表最多{MOST_ITEMS}项，没有保存。请先精简。")
    if too_long := next((it for it in labels if len(it) > LONGEST_LABEL), ""):
        raise Refused("demand.long", f"“{too_long[:20]}…”超过{LONGEST_LABEL}字，没有保存。请写短一些，每行一项。")
    _check_term(pack, wanted.since, wanted.until)


def _check_term(pack: Pack, since: date, until: date) -> None:
    if until < since:
        raise Refused("demand.days", "截止日不能早于起始日，没有保存。")
    standard = pack.standards.get(costs.TERM)
    years = standard.amount(since) if standard else None
    if years is not None and until > (last := months_after(since, int(years * 12)) - timedelta(days=1)):
        raise Refused("demand.term", f"一张表最长要到{last}（{years}年），没有保存。到期还要的，请续期。")


def _told(wanted: Wanted) -> dict[str, object]:
    texts = {name: getattr(wanted, name).strip() for name in ("title", "department", "ground")}
    return texts | {name: getattr(wanted, name) for name in ("every", "level", "since", "until")}


def _labels(labels: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(it.strip() for it in labels if it.strip()))


def _columns(pack: Pack, form: Form) -> list[tuple[str, str]]:
    """The columns and cells that are to be filled, with what they were confirmed to be; number, name, code and days are no items."""
    found = layout.read(bytes(form.blank))
    asked = [(it.label, form.mapping.get(it.letter, "")) for it in found.columns if not it.formula]
    asked += [(it.label, form.mapping.get(it.letter) or costs.known_already(pack, it.label)) for it in found.cells]
    return [(label, target) for label, target in asked if target not in proposals.FIXED]


@transaction.atomic
def choose(pack: Pack, demand: Demand, *, targets: Mapping[int, str], actor: int | None) -> Demand:
    """Say what the system fills: number of an item → target, "" for one typed by hand. Raises `Refused`."""
    sign(actor)
    demand = locked(demand)
    check_may_change(demand)
    known, items = proposals.targets(pack), list(demand.items.filter(number__in=targets))
    for it in items:
        if targets[it.number] and targets[it.number] not in known:
            raise Refused("demand.target", f"“{it.label}”选的取数口径系统里没有，没有保存。请从列表中选。")
        it.target = targets[it.number]
    Item.objects.bulk_update(items, ["target"])
    return demand


def check_may_change(demand: Demand) -> None:
    if demand.state != "draft":
        raise Refused("demand.fixed", f"“{demand.title}”已经送审，内容不能再改。要改的，请先撤回审批，或另提一张。")


@transaction.atomic
def withdraw(demand: Demand, *, on: date, reason: str, actor: int | None) -> Demand:
    """停用: `on` is the last day it is asked. Raises `Refused`."""
    sign(actor)
    demand = locked(demand)
    check_may_withdraw(demand, on=on)
    if not reason.strip():
        raise Refused("demand.reason", "请写明为什么停用。")
    demand.state, demand.until, demand.said, demand.decided_on = "withdrawn", on, reason.strip(), on
    demand.save(update_fields=["state", "until", "said", "decided_on"])
    return demand


def check_may_withdraw(demand: Demand, *, on: date) -> None:
    if demand.state != "approved":
        raise Refused("demand.not_asked", f"“{demand.title}”不在用，不用停用。")
    if not demand.since <= on <= demand.until:
        raise Refused("demand.days", f"停用的日期应在{demand.since}至{demand.until}之间。")


@transaction.atomic
def renew(pack: Pack, demand: Demand, *, until: date, on: date, actor: int | None) -> Demand:
    """续期: a draft that goes on from the day after, with the same items and what was judged of them; it is approved like any other. Raises `Refused`."""
    sign(actor)
    demand = locked(demand)
    since = max(demand.until + timedelta(days=1), on)
    check_may_renew(demand)
    _check_term(pack, since, until)
    items = list(demand.items.order_by("number"))
    said = {
        it: getattr(demand, it) for it in ("unit", "path", "title", "department", "ground", "every", "level", "form")
    }
    made = Demand.objects.create(**said, since=since, until=until, renews=demand, recorded_by=actor)
    copies = Item.objects.bulk_create(
        Item(demand=made, path=it.path, number=it.number, label=it.label, target=it.target) for it in items
    )
    _carry({old.pk: new for old, new in zip(items, copies, strict=True)})
    return made


def check_may_renew(demand: Demand) -> None:
    if demand.state != "approved":
        raise Refused("demand.not_asked", f"“{demand.title}”没有审定在用，不能续期；还要的，请另提一张。")
    if demand.renewals.exclude(state__in=("refused", "merged")).exists():
        raise Refused("demand.renewed", f"“{demand.title}”已经提过续期。")


def _carry(copies: Mapping[int, Item]) -> None:
    """What was judged of an item is true of its copy: the copy is the younger of the two, so it stands second."""
    found = Judgement.objects.filter(first__in=copies) | Judgement.objects.filter(second__in=copies)
    Judgement.objects.bulk_create(
        Judgement(
            first_id=it.second_id if it.first_id in copies else it.first_id,
            second=copies[it.first_id if it.first_id in copies else it.second_id],
            path=it.path,
            same=it.same,
            reason=it.reason,
            judged_on=it.judged_on,
            recorded_by=it.recorded_by,
        )
        for it in found
    )


def locked(demand: Demand) -> Demand:
    return Demand.objects.select_for_update(of=("self",)).select_related("unit").get(pk=demand.pk)

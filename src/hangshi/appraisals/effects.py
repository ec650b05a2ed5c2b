"""What follows from a result: proposed by the program, held by people's approval, paid while it is held."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from hangshi.appraisals.models import Honour, Raise, Round, Sheet
from hangshi.appraisals.queries import scheme_of
from hangshi.approvals import queries as approvals
from hangshi.approvals import services as approving
from hangshi.approvals.content import digest_of
from hangshi.approvals.models import Approval
from hangshi.duties.queries import on_day
from hangshi.ledger import services as ledger
from hangshi.packs.models import Pack
from hangshi.packs.schemes import Effect, Rise
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.registry.signing import Signer, sign

FLOW = "appraisal_result"
SOURCE = Round._meta.db_table


def propose(round_: Round, *, actor: int | None) -> list[Honour]:
    """Propose every honour that the grades allow. Where equal totals stand on the edge of a quota, all of them: people choose."""
    scheme, _ = scheme_of(round_)
    return Honour.objects.bulk_create(
        Honour(sheet=sheet, path=sheet.path, name=effect.name, recorded_by=actor)
        for effect in scheme.effects
        for sheet in _eligible(round_, effect)
    )


def _eligible(round_: Round, effect: Effect) -> list[Sheet]:
    fit = Sheet.objects.filter(round=round_, grade__in=effect.grades, vetoed=False, total__isnull=False)
    found = sorted(fit, key=lambda it: -(it.total or Decimal(0)))
    if effect.quota is not None and len(found) > effect.quota:
        least = found[effect.quota - 1].total or Decimal(0)
        found = [it for it in found if (it.total or Decimal(0)) >= least]
    return sorted(found, key=lambda it: (it.path, it.person_id or 0))  # not by points: a list of honours is no ranking


def content_digest(round_: Round) -> str:
    """Of what is approved: the computed result and who is proposed for what."""
    named = Honour.objects.filter(sheet__round=round_).order_by("name", "sheet_id").values_list("name", "sheet_id")
    return digest_of({"round": round_.digest, "honours": [list(it) for it in named]})


@transaction.atomic
def ask_approval(
    round_: Round, pack: Pack, *, author: Signer, signers: Sequence[Sequence[Signer]], on: date
) -> Approval:
    """Submit the proposals for approval. Raises `Refused`."""
    if round_.state != "used" or not Honour.objects.filter(sheet__round=round_).exists():
        raise Refused("appraisal.nothing", "还没有结果运用的建议可以送审。")
    return approving.submit(
        pack.approvals[FLOW],
        unit=round_.unit,
        source=SOURCE,
        source_id=round_.pk,
        title=f"{round_.title}结果运用",
        digest=content_digest(round_),
        author=author,
        signers=signers,
        on=on,
    )


@transaction.atomic
def hold(round_: Round, name: str, *, sheets: Collection[int] | None, since: date, actor: int | None) -> list[Honour]:
    """Let those proposed hold the honour from `since` for the months the scheme says; `sheets`: only these of them. Raises `Refused`."""
    sign(actor)
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    effect = _effect(round_, name)
    proposed = Honour.objects.filter(sheet__round=round_, name=name, state="proposed")
    chosen = list(proposed if sheets is None else proposed.filter(sheet__in=sheets))
    check_may_hold(round_, effect, chosen, since=since)
    until = _after(since, effect.months) - timedelta(days=1)
    for it in chosen:
        it.state, it.since, it.until = "held", since, until
    Honour.objects.bulk_update(chosen, ["state", "since", "until"])
    return chosen


def check_may_hold(round_: Round, effect: Effect, chosen: Collection[Honour], *, since: date) -> None:
    approvals.check_holds(FLOW, SOURCE, round_.pk, digest=content_digest(round_))
    if not chosen:
        raise Refused("appraisal.nobody", f"没有待确定的“{effect.name}”。")
    held = Honour.objects.filter(sheet__round=round_, name=effect.name, state="held").count()
    if effect.quota is not None and held + len(chosen) > effect.quota:
        raise Refused(
            "appraisal.quota",
            f"“{effect.name}”名额{effect.quota}个，已定{held}个，又选了{len(chosen)}个；并列的由会议决定取舍。",
        )
    if round_.fixed_on is not None and since < round_.fixed_on:
        raise Refused("appraisal.day", f"起始日不能早于定档日期{round_.fixed_on}。")


@transaction.atomic
def withdraw(honour: Honour, *, on: date, reason: str, actor: int | None) -> Honour:
    """Take it away: `on` is the last day it is held. Raises `Refused`."""
    sign(actor)
    honour = Honour.objects.select_for_update(of=("self",)).get(pk=honour.pk)
    check_may_withdraw(honour, on=on, reason=reason)
    honour.state, honour.until, honour.reason = "withdrawn", on, reason.strip()
    honour.save(update_fields=["state", "until", "reason"])
    return honour


def check_may_withdraw(honour: Honour, *, on: date, reason: str) -> None:
    if honour.state != "held" or honour.since is None or honour.until is None:
        raise Refused("appraisal.not_held", "只有正在保持的才能撤销。")
    if not honour.since <= on <= honour.until:
        raise Refused("appraisal.day", f"撤销日期应在{honour.since}至{honour.until}之间。")
    if not reason.strip():
        raise Refused("appraisal.reason", "撤销须说明理由。")


@transaction.atomic
def pay(round_: Round, pack: Pack, *, month: date, on: date, actor: int | None) -> list[Raise]:
    """Book the rises of a month (its first day) for every flag of the round held on that day, to those who bear the posts then.

    Flags add up, a flag pays once a person and month, and a second call books only what is new. Raises `Refused` where no standard covers
    the day: a missing rate is never read as zero.
    """
    sign(actor)
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if month.day != 1 or on < month:
        raise Refused("appraisal.month", "月份写当月1日，并且当月已经开始。")
    held = Honour.objects.filter(sheet__round=round_, since__lte=month, until__gte=month).select_related("sheet__unit")
    made = []
    for honour in held.order_by("path", "name"):
        for rise in _effect(round_, honour.name).rises:
            for person in _posts(honour.sheet, rise, month):
                made += _raised(honour, rise, person, pack, month, on, actor)
    return made


def _posts(sheet: Sheet, rise: Rise, month: date) -> list[Person]:
    """Who bears the post on the first of the month, each once."""
    posts = on_day(month).filter(kind=rise.duty, target_unit=sheet.unit_id, bearer__isnull=False)
    posts = posts.filter(role=rise.role) if rise.role else posts
    bearers = posts.values("bearer")
    return list(Person.objects.filter(pk__in=bearers).select_related("unit").order_by("pk"))


def _raised(
    honour: Honour, rise: Rise, person: Person, pack: Pack, month: date, on: date, actor: int | None
) -> list[Raise]:
    if Raise.objects.filter(honour=honour, person=person, month=month).exists():
        return []
    standard = pack.standards[rise.standard]
    amount = standard.amount(month)
    if amount is None:
        raise Refused("appraisal.no_rate", f"“{standard.name}”在{month}没有生效的数额，没有入账。")
    book = pack.kinds.entry[_effect(honour.sheet.round, honour.name).book or ""]
    note = f"{month:%Y年%m月}报酬上浮：{honour.sheet.unit.name}{honour.name}，依据{standard.source}"
    home = person.unit  # a person's entries stand where the person does
    entry = ledger.book(book, unit=home, amount=amount, on=on, actor=actor, person=person, note=note[:200])
    return [Raise.objects.create(honour=honour, path=honour.path, person=person, month=month, entry=entry)]


def _effect(round_: Round, name: str) -> Effect:
    for it in scheme_of(round_)[0].effects:
        if it.name == name:
            return it
    raise Refused("appraisal.effect", f"办法里没有“{name}”。")


def _after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)

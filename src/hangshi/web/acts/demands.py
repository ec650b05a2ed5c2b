"""报表目录: a form proposed to be demanded; then sent to be agreed to, merged with another, withdrawn, renewed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangshi.approvals.asking import asked
from hangshi.demands import approving, queries, services
from hangshi.demands.models import EVERY, Demand
from hangshi.demands.services import Wanted
from hangshi.forms.models import Form as Blank
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.web import words
from hangshi.web.acts.approvals import named, over
from hangshi.web.acts.shape import Said, allowed
from hangshi.web.fields import Field

APPROVE = "forms.approve"
MOST_CHOICES = 100


@dataclass(frozen=True)
class Doer:
    """Who acts, and the day of the data."""

    signer: Signer
    today: date


@dataclass(frozen=True)
class Act:
    """What is done to a demand: under which permission, what is asked, what is carried out, and whether it can be now."""

    title: str
    permission: str
    fields: Callable[[Demand, Doer], list[Field]]
    run: Callable[[Demand, Doer, Said], Demand]
    may: Callable[[Demand, Doer], bool]
    tells: str = ""


def new_fields(unit: Unit, today: date) -> list[Field]:
    kinds = {key: it.name for key, it in words.pack().kinds.unit.items() if it.group == "place"}
    blanks = Blank.objects.filter(unit=unit).exclude(confirmed_on=None).order_by("-pk")[:MOST_CHOICES]
    return [
        Field("title", "表名", required=True, longest=120),
        Field("department", "要表部门", required=True, longest=60, hint="写单位，不写个人，如：县民政局"),
        Field("ground", "依据", required=True, longest=200, hint="法律法规、文件名称和文号；没有依据的不能要"),
        Field("every", "频次", "choice", True, choices=EVERY),
        Field("level", "由谁填", "choice", True, f"{unit.name}及以下的这一类单位都要填", choices=kinds),
        Field("since", "起始日", "date", True, initial=today),
        Field("until", "截止日", "date", True, "最长一年，到期不续的自动作废"),
        Field("form", "空白表", "choice", hint="在一表通里核对过的，要填的各列就是要填的项", choices={str(it.pk): it.title for it in blanks}),
        Field("items", "要填的项", "area", longest=8000, hint="没有空白表的，每行写一项；系统已有的会自动认出来"),
    ]  # fmt: skip


def proposed(unit: Unit, actor: int, said: Said) -> Demand:
    form = Blank.objects.filter(unit=unit, pk=said["form"]).first() if said["form"] else None
    wanted = Wanted(**{it: said[it] for it in ("title", "department", "ground", "every", "level", "since", "until")})
    labels = said["items"].splitlines()
    return services.propose(words.pack(), unit, wanted, labels=labels, form=form, actor=actor)


def numbered(said: Mapping[str, Any], of: str = "item") -> dict[int, str]:
    """Number of an item → what was sent for it, of the inputs `item_<number>`, or `<of>_<number>`."""
    sent = {name.removeprefix(f"{of}_"): str(it) for name, it in said.items() if name.startswith(f"{of}_")}
    return {int(number): text for number, text in sent.items() if number.isdecimal() and len(number) < 5}


def _signers(demand: Demand, by: Doer) -> list[Field]:
    others = [it for it in over(demand.unit, APPROVE) if it.account != by.signer.account]
    hint = "所选的人中一人同意即通过；自己不能审定"
    return [Field("signers", "交谁审定", "several", True, hint, choices=named(others))]


def _submit(demand: Demand, by: Doer, said: Said) -> Demand:
    chosen = [asked(it) for it in over(demand.unit, APPROVE) if str(it.account) in said["signers"]]
    approving.submit(words.pack(), demand, author=by.signer, signers=chosen, on=by.today)
    return demand


def _others(demand: Demand, by: Doer) -> list[Demand]:
    found = queries.asked_on(queries.around(demand.unit), by.today).filter(level=demand.level, state="approved")
    return [it for it in found.order_by("title")[:MOST_CHOICES] if demand.path.startswith(it.path)]


def _merging(demand: Demand, by: Doer) -> list[Field]:
    choices = {str(it.pk): f"{it.title}（{it.department}）" for it in _others(demand, by)}
    return [
        Field("into", "并入哪一张", "choice", True, choices=choices),
        Field("words", "理由", "area", True, "哪些项由那一张表提供，还缺的怎么办", longest=300),
    ]


def _merge(demand: Demand, by: Doer, said: Said) -> Demand:
    into = next((it for it in _others(demand, by) if str(it.pk) == said["into"]), None)
    if into is None:
        raise Refused("demand.into", "请选一张已经审定、在用的表来并入。")
    return approving.merge(words.pack(), demand, into=into, by=by.signer, words=said["words"], on=by.today)


def _withdrawing(demand: Demand, by: Doer) -> list[Field]:
    return [
        Field("day", "最后一天", "date", True, initial=by.today),
        Field("reason", "理由", "area", True, longest=300),
    ]


def _withdraw(demand: Demand, by: Doer, said: Said) -> Demand:
    return services.withdraw(demand, on=said["day"], reason=said["reason"], actor=by.signer.account)


def _renewing(demand: Demand, by: Doer) -> list[Field]:
    return [Field("until", "续到哪天", "date", True, "最长一年")]


def _renew(demand: Demand, by: Doer, said: Said) -> Demand:
    return services.renew(words.pack(), demand, until=said["until"], on=by.today, actor=by.signer.account)


ACTS = {
    "submit": Act(
        "送审", "forms.write", _signers, _submit,
        lambda demand, by: allowed(approving.check_may_submit, words.pack(), demand, on=by.today),
        "送审以后内容不能再改；审定的人看得到要填几项、系统已有几项、每个单位每年多少小时。",
    ),
    "merge": Act(
        "并入其他表", APPROVE, _merging, _merge,
        lambda demand, by: demand.state == "asked",
        "这张表不再单独要，由选定的表提供。要表的人看得到这里写的理由。",
    ),
    "renew": Act(
        "续期", "forms.write", _renewing, _renew,
        lambda demand, by: allowed(services.check_may_renew, demand),
        "续期是一张新的草稿，项目照旧，同样要送审；不续的到期作废。",
    ),
    "withdraw": Act(
        "停用", "forms.write", _withdrawing, _withdraw,
        lambda demand, by: allowed(services.check_may_withdraw, demand, on=by.today),
        "停用以后不再要基层填，填过的都留着。",
    ),
}  # fmt: skip

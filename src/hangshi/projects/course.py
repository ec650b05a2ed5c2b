"""The rules that the lines of a project keep together, on every day and not only on the last."""

from collections.abc import Sequence
from decimal import Decimal

from hangshi.projects.models import STEPS, Line, Project
from hangshi.refusal import Refused

NOTHING = Decimal("0.00")
BOUNDS = (("allocated", "budget"), ("paid", "allocated"), ("spent", "paid"))


def sums(lines: Sequence[Line]) -> dict[str, Decimal]:
    """Step → what its lines add up to, reversals taken off."""
    return {step: sum((it.amount for it in lines if it.step == step), NOTHING) for step in STEPS}


def standing(lines: Sequence[Line], step: str) -> list[Line]:
    """The lines of the step that are neither undone nor undo one."""
    undone = {it.reverses_id for it in lines}
    return [it for it in lines if it.step == step and it.reverses_id is None and (it.pk is None or it.pk not in undone)]


def check_bounds(lines: Sequence[Line]) -> None:
    """On no day has a step more than the one before it. Raises `Refused` for the first day that would."""
    for day in sorted({it.day for it in lines}):
        so_far = sums([it for it in lines if it.day <= day])
        for step, before in BOUNDS:
            if so_far[step] > so_far[before]:
                raise Refused(
                    f"project.{step}",
                    f"到{day}，{STEPS[step]}合计{so_far[step]}元，多于{STEPS[before]}合计{so_far[before]}元；"
                    f"没有登记，请核对金额和日期。",
                )


def check_accepted_before_last(project: Project, lines: Sequence[Line]) -> None:
    """The last stage is not paid before the acceptance, and who accepted is none of those who paid."""
    payments, accepted = standing(lines, "paid"), standing(lines, "accepted")
    last = next((it for it in payments if it.stage == project.stages), None)
    if last is not None and not any(it.day <= last.day for it in accepted):
        raise Refused("project.not_accepted", f"第{last.stage}期是最后一期，验收通过以后才能拨付。")
    for one in accepted:
        if any(set(one.accounts) & set(it.accounts) or set(one.persons) & set(it.persons) for it in payments):
            raise Refused("project.own", "拨付的人不能验收，验收的人也不能拨付，代办、委托也不行；请由另一人办理。")


def check_ready_to_close(project: Project, lines: Sequence[Line]) -> None:
    total = sums(lines)
    if not standing(lines, "accepted"):
        raise Refused("project.not_accepted", "项目还没有验收，不能办结。")
    if (paid := len(standing(lines, "paid"))) < project.stages:
        raise Refused("project.unpaid", f"分{project.stages}期拨付，只拨了{paid}期，不能办结。")
    if rest := total["paid"] - total["spent"]:
        raise Refused("project.unspent", f"已拨付的还有{rest}元没有支出凭证，不能办结。")

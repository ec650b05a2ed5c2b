"""项目资金: opened, booked step by step, accepted, undone, closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hangshi.files import store
from hangshi.projects import services
from hangshi.projects.models import STEPS, Line, Project
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.web import words
from hangshi.web.acts.shape import Said
from hangshi.web.fields import Field

VOUCHER = "照片（JPG、PNG、WebP）或PDF，不超过20兆"
NOTES = {
    "budget": "预算批复的文号",
    "allocated": "下达文件的文号",
    "paid": "收款方和依据",
    "spent": "用途和收款方",
}
TELLS = {
    "budget": "后来追加的预算，再登记一笔。",
    "allocated": "下达合计不能多于预算合计。",
    "paid": "拨付合计不能多于下达合计；最后一期要在验收通过以后拨付，验收的人不能是拨付的人。",
    "spent": "支出合计不能多于拨付合计，每一笔都要附凭证。",
}


@dataclass(frozen=True)
class Act:
    """What is done to a project: under which permission, what is asked and what is carried out."""

    title: str
    permission: str
    fields: Callable[[date], list[Field]]
    run: Callable[[Project, Signer, Said], Project]
    tells: str = ""
    grave: bool = False


def new_fields(today: date) -> list[Field]:
    standards = {key: it.name for key, it in words.pack().standards.items() if it.unit == "yuan"}
    return [
        Field("title", "项目名称", required=True, longest=120),
        Field("stages", "分几期拨付", "int", True, initial=2, hint="最后一期要在验收以后拨付"),
        Field("standard", "对照标准", "choice", choices=standards, hint="可以不选；选了的，预算旁边列出立项当天的标准"),
        Field("day", "立项日期", "date", True, initial=today, latest=today),
    ]


def opened(unit: Unit, actor: int, said: Said) -> Project:
    return services.open_project(
        unit, title=said["title"], stages=said["stages"], standard=said["standard"] or "", on=said["day"], actor=actor
    )


def _day(today: date) -> Field:
    return Field("day", "日期", "date", True, initial=today, latest=today)


def _money(step: str) -> Act:
    def fields(today: date) -> list[Field]:
        return [
            Field("amount", "金额（元）", "decimal", True),
            _day(today),
            Field("note", "说明", required=True, hint=NOTES[step], longest=200),
            Field("file", "凭证", "file", step == "spent", VOUCHER),
        ]

    def run(project: Project, by: Signer, said: Said) -> Project:
        services.book(
            project,
            step=step,
            amount=said["amount"],
            on=said["day"],
            by=by,
            note=said["note"],
            sha256=_kept(said),
        )
        return project

    return Act(f"登记{STEPS[step]}", "entry.write", fields, run, TELLS[step])


def _accept_fields(today: date) -> list[Field]:
    return [
        _day(today),
        Field("note", "验收意见", required=True, longest=200),
        Field("file", "验收报告", "file", hint=VOUCHER),
    ]


def _accept(project: Project, by: Signer, said: Said) -> Project:
    services.accept(project, on=said["day"], by=by, note=said["note"], sha256=_kept(said))
    return project


def _close(project: Project, by: Signer, said: Said) -> Project:
    return services.close(project, on=said["day"], by=by)


def _kept(said: Said) -> str:
    return store.keep(said["file"].read()).sha256 if said["file"] else ""


ACTS = {step: _money(step) for step in services.MONEY} | {
    "accept": Act("验收", "cases.accept", _accept_fields, _accept, "拨付过这个项目资金的人不能验收。"),
    "close": Act("办结", "entry.write", lambda today: [_day(today)], _close, "办结以后不能再变动。", grave=True),
}


def undo_fields(today: date) -> list[Field]:
    return [_day(today), Field("reason", "理由", required=True, longest=200)]


def undone(line: Line, by: Signer, said: Said) -> Project:
    return services.undo(line, on=said["day"], by=by, reason=said["reason"]).project

"""电话抽查: the form of the questions of a survey, answered by whom was drawn, filled in by whoever calls."""

from hangshi.packs.work import Survey
from hangshi.planning import calls
from hangshi.planning.models import Call, Draw
from hangshi.web.acts.shape import Said, Scene
from hangshi.web.fields import Field

DECLINED = "declined"


def fields(scene: Scene, survey: Survey) -> list[Field]:
    asked = [
        Field(f"q_{key}", it.name, "choice", choices={**it.choices, DECLINED: "不愿回答"})
        for key, it in survey.questions.items()
    ]
    return [
        Field("outcome", "通话结果", "choice", True, choices=calls.OUTCOMES, initial="answered"),
        *asked,
        Field("day", "通话日期", "date", True, initial=scene.today, latest=scene.latest),
    ]


def record(scene: Scene, draw: Draw, survey: Survey, key: str, said: Said) -> Call:
    typed = {name[2:]: value for name, value in said.items() if name.startswith("q_") and value}
    answers = {name: value for name, value in typed.items() if value != DECLINED}
    return calls.record_call(
        draw, survey, key=key, outcome=said["outcome"], answers=answers, on=said["day"], actor=scene.actor
    )

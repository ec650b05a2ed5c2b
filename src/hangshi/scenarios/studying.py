"""Something to see on the pages of study, by the services themselves: the same every time, counted by no figure of a report."""

from datetime import date

from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.registry.models import Person, Unit
from hangshi.registry.tree import upper
from hangshi.study import learners, questions, quizzes, services, trainings
from hangshi.study.models import Material, PaperItem, Sheet

SINCE, UNTIL, DAY = date(2017, 10, 9), date(2017, 11, 30), date(2017, 10, 16)
LINK = "https://www.12371.cn/special/zggcdzc/"
KINDS = load("base").kinds
SOURCE = "《中国共产党章程》"
MATERIALS: tuple[tuple[str, str, list[str]], ...] = (
    ("中国共产党章程", "original", []),
    ("农村党员应知应会", "handbook", ["rural_member"]),
    ("产业扶贫到户政策问答", "document", ["rural_member", "village_cadre", "first_secretary"]),
)
CLOSED: tuple[tuple[str, str, str, list[str], list[int], int], ...] = (  # topic, kind, text, options, answer, points
    ("党章", "single", "党员应当怎样交纳党费？", ["自愿时交", "按期交纳", "由支部代交"], [1], 20),
    ("党章", "truth", "预备党员没有表决权、选举权和被选举权。", [], [0], 20),
    ("党章", "multiple", "下列哪些是党员的义务？", ["执行党的决定", "维护党的团结和统一", "只办自己的事"], [0, 1], 20),
    (
        "组织生活",
        "single",
        "党员没有正当理由，连续多久不参加组织生活，认为是自行脱党？",
        ["三个月", "六个月", "一年"],
        [1],
        20,
    ),
    ("组织生活", "truth", "党员领导干部可以不参加党支部的组织生活。", [], [1], 20),
)
ANSWERED = 60  # of the sheets, at most
# What one after the other gets wrong, by the place on the paper.
MISSED: tuple[tuple[int, ...], ...] = ((), (4,), (), (2,), (2, 4), (), (3,), ())
CAME = (("present", ""), ("present", ""), ("leave", "住院"), ("present", ""), ("absent", ""))


def fill(top: str, township: str) -> None:
    """At the place with the division code `top`: materials and a list; in a township of it, by name, a quiz and a class."""
    with acting(EVERYTHING):
        city = Unit.objects.get(code=top, until=None)
        town = Unit.objects.filter(path__gte=city.path, path__lt=upper(city.path)).get(name=township, until=None)
        made = [_published(city, *said) for said in MATERIALS]
        services.make_list(
            unit=city, title="四季度农村党员学习清单", learners=["rural_member"], kinds=KINDS.learner, since=SINCE,
            until=UNTIL, required=made[:2], optional=made[2:], actor=None,
        )  # fmt: skip
        _quiz(town)
        _training(town)


def _published(unit: Unit, title: str, kind: str, meant_for: list[str]) -> Material:
    made = services.add_material(
        KINDS.material[kind], unit=unit, title=title, learners=meant_for, kinds=KINDS.learner, since=SINCE, until=None,
        link=LINK, actor=None,
    )  # fmt: skip
    return services.publish(made, actor=None)


def _quiz(unit: Unit) -> None:
    """For the rural members of the township; two in three have handed in."""
    for topic, kind, text, options, answer, points in CLOSED:
        questions.add_question(
            kind,
            unit=unit,
            topic=topic,
            text=text,
            options=options,
            answer=answer,
            points=points,
            source=SOURCE,
            actor=None,
        )
    paper = questions.make_paper(
        unit=unit, title="党章应知应会试卷", draws={"党章": 3, "组织生活": 2}, seed="2017-10-09", on=SINCE, actor=None
    )
    quiz = quizzes.open_quiz(
        paper, unit=unit, title="党章应知应会测试", learners=["rural_member"], kinds=KINDS.learner, since=SINCE, until=UNTIL,
        actor=None,
    )  # fmt: skip
    items = list(PaperItem.objects.filter(paper=paper).select_related("key").order_by("number"))
    for turn, sheet in enumerate(quiz.sheets.order_by("person_id")[:ANSWERED]):
        if turn % 3:
            _answer(sheet, items, MISSED[turn % len(MISSED)])


def _answer(sheet: Sheet, items: list[PaperItem], missed: tuple[int, ...]) -> None:
    """All right but the items in `missed`, by their place on the paper."""
    for at, item in enumerate(items):
        if at not in missed:
            quizzes.keep(sheet, item, chosen=item.key.answer, person=sheet.person_id, on=DAY, actor=None)
    quizzes.hand_in(sheet, person=sheet.person_id, on=DAY, actor=None)


def _training(unit: Unit) -> None:
    """Of the rural members of the first village branch, five were named: three came, one had leave, one did not come."""
    training = trainings.plan(
        KINDS.training["rotation"], unit=unit, title="农村党员集中轮训班（第一期）", topic="党章党规和产业扶贫政策",
        learners=["rural_member"], kinds=KINDS.learner, since=DAY, until=DAY, seats=20, place="镇党校", actor=None,
    )  # fmt: skip
    quota = trainings.allot(training, unit=unit, seats=20, actor=None)
    trainings.step(training, "open", on=SINCE, actor=None)
    named = sorted(learners.meant(training.rule, unit.path, on=DAY))[: len(CAME)]
    for number, (person, (state, reason)) in enumerate(zip(Person.objects.in_bulk(named).values(), CAME, strict=False)):
        trainee = trainings.name(quota, person=person, actor=None)
        certificate = f"轮训2017-{number + 1:03}" if state == "present" else ""
        trainings.attend(trainee, state, on=DAY, reason=reason, certificate=certificate, actor=None)
    trainings.step(training, "held", on=DAY, actor=None)

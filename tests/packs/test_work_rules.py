"""Cases, approvals, holds, requirements and reactions as a pack may say them; each fault alone, by its number."""

import pytest

from tests.packs.conftest import SaidOf

CASE = """
[kind.case.trial]
name = "试办"
subject = "unit"
source = "某文件"
grounds = {{ late = "迟" }}
stages = [{{ key = "a", name = "甲" }}, {{ key = "b", name = "乙"{stage} }}, {{ key = "c", name = "丙" }}]
transitions = [{{ leave = ["a"], enter = "b" }}, {{ leave = ["b"], enter = "c"{move} }}{more}]
{extra}
[kind.case.trial.evidence]
proof = "佐证"
[kind.case.trial.seats]
owner = {{ name = "责任人", bearer = "person" }}
[kind.case.trial.fields]
post = {{ name = "职务", type = "choice", choices = {{ head = "正职" }} }}
"""


def case(stage: str = "", move: str = "", more: str = "", extra: str = "") -> str:
    return CASE.format(stage=stage, move=move, more=more, extra=extra)


CATALOGUES = """catalogues = [
    {{ since = 2020-01-01, source = "某文件", unit_kinds = [{}], grounds = {{ x = "某" }} }},
    {{ since = 2020-01-01, source = "某文件", unit_kinds = [{}], grounds = {{ y = "某" }} }},
]"""


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (case(), []),
        (case(stage=', evidence = ["proof"], team = ["owner"], fields = ["post"], measures = "done"'), []),
        (case(stage=', evidence = ["prof"]'), ["P360"]),
        (case(move=', fields = ["posts"]'), ["P360"]),
        (case(move=', team = ["boss"], seats = ["boss"]'), ["P360", "P360"]),
        (case(stage=', measures = "some"'), ["P113"]),
        (case(more=', { leave = ["a"], enter = "d" }'), ["P361"]),
        (case(more=', { leave = ["d"], enter = "b" }'), ["P361"]),
        (case(more=', { leave = ["c"], enter = "a" }'), ["P361"]),  # it was closed
        (case(extra='ends = ["d"]'), ["P362", "P362", "P362", "P361"]),
        (case(extra='reopens = "c"'), ["P361"]),
        (case(extra='reopens = "b"'), []),
        (case(extra='ends = ["b", "c"]'), ["P361"]),  # nothing leaves an end
        (case(extra='escalations = [{ key = "r", name = "提醒", after = 3 }, { key = "s", name = "督办", after = 3 }]'), ["P363"]),
        (case(extra='escalations = [{ key = "r", name = "提醒", after = 0 }]'), ["P113"]),
        (case(extra=CATALOGUES.format('"village"', '"community"')), []),
        (case(extra=CATALOGUES.format('"village"', '"village", "community"')), ["P364"]),
        (case(extra=CATALOGUES.format("", '"community"')), ["P364"]),
        (case(move=', permission = "cases.accept"'), []),
        (case(move=', permission = "cases.acept"'), ["P366"]),
        (case(move=', approval = "removal"'), []),
        (case(move=', approval = "remove"'), ["P365"]),
        (case().replace('{ leave = ["a"], enter = "b" }, ', ""), ["P362", "P362", "P362"]),
    ],
)  # fmt: skip
def test_a_case_leads_somewhere_and_its_gates_ask_for_what_it_has(
    codes_of: SaidOf, part: str, codes: list[str]
) -> None:
    assert codes_of(part) == codes


def table(section: str, **said: str) -> str:
    lines = [f"{key} = {value}" for key, value in said.items() if value]
    return "\n".join([f"[{section}.trial]", 'name = "试行"', 'source = "某文件"', *lines])


def approval(steps: str) -> str:
    return table("approval", steps=steps)


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ('[{ key = "a", name = "甲", mode = "all" }, { key = "b", name = "乙", mode = "any" }]', []),
        ('[{ key = "a", name = "甲", mode = "all" }, { key = "a", name = "乙", mode = "any" }]', ["P370"]),
        ('[{ key = "a", name = "甲", mode = "all" }, { key = "b", name = "甲", mode = "any" }]', ["P370"]),
        ('[{ key = "a", name = "甲", mode = "all", permission = "approvals.personnel" }]', []),
        ('[{ key = "a", name = "甲", mode = "all", permission = "approval" }]', ["P366"]),
        ('[{ key = "a", name = "甲", mode = "most" }]', ["P113"]),
        ("[]", ["P113"]),
    ],
)
def test_the_steps_of_an_approval_are_distinct(codes_of: SaidOf, steps: str, codes: list[str]) -> None:
    assert codes_of(approval(steps)) == codes


def hold(**said: str) -> str:
    said = {"kinds": '["trial"]', "clock": '"delisted"', "months": "6", "posts": '["head"]'} | said
    return case() + table("hold", **said)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (hold(), []),
        (hold(exceptions='{ late = "迟" }'), []),
        (hold(exceptions='{ early = "早" }'), ["P371"]),
        (hold(posts='["chief"]'), ["P371"]),
        (hold(kinds='["trail"]'), ["P371"]),
        (hold(unit_kinds='["town"]'), ["P371"]),
        (hold(clock='"entered"'), ["P371"]),  # the kind has no field for it
        (hold(months="-1"), ["P113"]),
    ],
)
def test_a_hold_speaks_of_posts_and_grounds_that_there_are(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def requirement(**said: str) -> str:
    return table("requirement", **{"activity": '"theme_day"', "unit_kinds": '["branch"]', "every": '"month"'} | said)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (requirement(day_of_month="10", grace="5"), []),
        (requirement(activity='"theme_days"'), ["P372"]),
        (requirement(unit_kinds='["village"]'), ["P372"]),  # a village holds no theme day
        (requirement(unit_kinds='["branche"]'), ["P372", "P372"]),
        (requirement(unit_kinds="[]"), ["P372"]),
        (requirement(since="2020-02-01", until="2020-01-31"), ["P372"]),
        (requirement(day_of_month="32"), ["P113"]),
        (requirement(times="0"), ["P113"]),
    ],
)
def test_a_requirement_can_be_met(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


ALSO = '[kind.activity.trial]\nname = "试办"\nattendance = "none"\nsource = "某文件"\nalso = ["{}"]\n'


@pytest.mark.parametrize(("also", "codes"), [("visit", []), ("trial", ["P373"]), ("visits", ["P373"])])
def test_an_activity_counts_as_another_kind_only(codes_of: SaidOf, also: str, codes: list[str]) -> None:
    assert codes_of(ALSO.format(also)) == codes


def opens(**said: str) -> str:
    given = {"on": '"activity.recorded"', "kinds": '["inspection"]', "do": '"open_case"', "case": '"vacancy"'}
    return table("reaction", **given | {"title": '"空缺"'} | said)


def books(**said: str) -> str:
    given = {"on": '"activity.accepted"', "kinds": '["theme_day"]', "do": '"book_entry"', "entry": '"member_points"'}
    return table("reaction", **given | {"amount": "1", "each": '"present"'} | said)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (opens(), []),
        (opens(when='"finding"'), []),
        (opens(when='"findings"'), ["P374"]),
        (opens(kinds='["inspections"]'), ["P374"]),
        (opens(case='"vacant"'), ["P374"]),
        (opens(title=""), ["P374"]),
        (opens(case='"weak_branch"'), ["P374"]),  # its ground is missing
        (opens(case='"weak_branch"', ground='"conduct"'), []),
        (opens(on='"approval.refused"', kinds='["qualification"]'), []),
        (opens(on='"case.opened"', kinds='["vacancy"]'), ["P375"]),
        (opens(on='"case.reopened"'), ["P113"]),
        (books(), []),
        (books(amount=""), ["P374"]),
        (books(amount="0"), ["P374"]),
        (books(entry='"points"'), ["P374"]),
        (books(on='"case.closed"', kinds='["problem"]'), ["P374"]),  # nobody attends a case
        (books(do='"send_mail"'), ["P113"]),
    ],
)
def test_a_reaction_can_happen(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def assigns(**said: str) -> str:
    given = {"on": '"case.closed"', "kinds": '["post_offer"]', "ends": '["confirmed"]', "do": '"assign_duty"'}
    return table("reaction", **given | {"duty": '"claimed_post"', "seat": '"holder"', "role": '"post"'} | said)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (assigns(), []),
        (assigns(ends='["claimed"]'), ["P374"]),  # nothing ends there
        (assigns(duty='"pairing"', role=""), ["P374"]),  # is for a household
        (assigns(seat='"owner"'), ["P374"]),
        (assigns(role='"task"'), ["P374"]),  # is a text
        (assigns(role='"nothing"'), ["P374"]),
        (assigns(on='"activity.recorded"', kinds='["theme_day"]', ends=""), ["P374"]),
    ],
)
def test_a_duty_is_given_to_who_sits_in_the_case(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def required(parts: str = "", **said: str) -> str:
    first = '\n[required_set.trial.parts.village]\nname = "村"\nunit_kinds = ["village"]\n'
    second = parts or '[required_set.trial.parts.township]\nname = "乡镇"\nunit_kinds = ["township"]\n'
    return table("required_set", **{"duty": '"contact_point"'} | said) + first + second


ODD_PART = '[required_set.trial.parts.odd]\nname = "支部"\nunit_kinds = ["{}"]\n'


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (required(), []),
        (required(roles='["city"]'), []),
        (required(roles='["chief"]'), ["P376"]),
        (required(duty='"contact_points"'), ["P376"]),
        (required(duty='"pairing"'), ["P376"]),  # is for households
        (required(ODD_PART.format("branch")), ["P376"]),  # nobody's contact point
        (required(ODD_PART.format("villages")), ["P376"]),
    ],
)
def test_a_required_set_can_be_kept(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def survey(choices: str) -> str:
    asked = f'\n[survey.trial.questions]\npost = {{ name = "在岗没有", choices = {{ {choices} }} }}\n'
    return table("survey") + asked


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (survey('yes = "在", no = "不在"'), []),
        (survey('yes = "在"'), ["P113"]),  # a question with one answer is none
        (table("survey"), ["P111"]),
    ],
)
def test_a_survey_asks_closed_questions(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes

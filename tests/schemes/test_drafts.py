"""A draft from its beginning to an edition in force: what is refused, what is shown, what stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from hangshi.access.scope import Scope, acting
from hangshi.appraisals import services as appraisals
from hangshi.appraisals.queries import scheme_of as scheme_of_round
from hangshi.indicators.queries import pack
from hangshi.refusal import Refused
from hangshi.schemes import queries, services
from hangshi.schemes.models import Draft, Edition
from hangshi.schemes.reading import read
from tests.refusals import refusal_of
from tests.schemes.conftest import AUTHOR, HEAD, JUL_1, JUN_1, KEY, MAY_1

pytestmark = pytest.mark.django_db
GOOD = """[scheme.five_outcomes]
name = "五看（东县）"
unit_kinds = ["township"]
source = "东县〔2018〕3号"
[[scheme.five_outcomes.editions]]
since = 2018-06-01
grades = [{ key = "good", name = "好", least = 80 }, { key = "poor", name = "差", least = 0 }]
# 只看群众怎么说
[[scheme.five_outcomes.editions.criteria]]
key = "said"
name = "群众评议"
weight = 100
nature = "outcome"
by = "reviewers"
"""


def weights(draft) -> dict[str, Decimal]:
    return {it.key: it.weight for it in queries.scheme_of(draft).editions[0].criteria}


def codes(draft) -> list[str]:
    return [it.code for it in read(draft.text).problems]


def test_a_draft_begins_with_the_words_of_the_scheme_in_force_from_today(draft):
    scheme = queries.scheme_of(draft)
    assert (draft.name, scheme.editions[0].since) == ("基层基础工作检验标准（五看）", MAY_1)
    assert weights(draft) == {"cadres": 20, "policy": 20, "disputes": 20, "growth": 20, "benefit": 20}
    assert codes(draft) == []


def test_a_scheme_that_nobody_has_written_is_not_begun(land):
    assert refusal_of(services.begin, pack(), "nothing", unit=land.county, on=MAY_1, actor=1) == "scheme.unknown"


def test_one_draft_of_a_scheme_at_a_unit_is_open_at_a_time(draft, land):
    again = {"on": MAY_1, "actor": 2}
    assert refusal_of(services.begin, pack(), KEY, unit=land.county, **again) == "scheme.open"
    assert refusal_of(services.begin, pack(), "fortress_index", unit=land.county, **again) is None
    assert refusal_of(services.begin, pack(), KEY, unit=land.east, **again) is None
    services.drop(draft, on=MAY_1, actor=1)
    assert refusal_of(services.begin, pack(), KEY, unit=land.county, **again) is None


def test_what_the_rules_find_is_shown_and_does_not_stop_the_writing(draft, change):
    draft = change(draft, "weigh", {"cadres": Decimal("12.5")})
    [problem] = read(draft.text).problems
    assert (problem.code, problem.key) == ("P702", "scheme.five_outcomes.editions.0")
    assert problem.sentence == "各项分值合计应为 100，现为 92.5"
    assert weights(draft)["cadres"] == Decimal("12.5")


def test_counts_above_outcomes_are_told_as_long_as_no_ground_is_written(draft, change):
    for key in ("cadres", "policy", "growth"):
        said = {"key": key, "name": key, "weight": Decimal(20), "nature": "activity", "by": "reviewers"}
        draft = change(draft, "put_criterion", key, said)
    assert [it.sentence for it in read(draft.text).problems] == [
        "看次数的分值（60）高于看实效的分值（40）；确有规定的，写明 counts_ground"
    ]
    assert codes(change(draft, "put_scheme", {"counts_ground": "东县〔2018〕3号第二条"})) == []


def test_a_change_that_breaks_the_form_is_refused_and_the_words_stand(draft, change):
    before = draft.text
    with pytest.raises(Refused) as refused:
        change(draft, "put_criterion", "cadres", {"key": "cadres", "name": "", "weight": Decimal(1), "by": "marks"})
    assert "“marks”不在可选之列" in refused.value.sentence
    assert "缺少“nature”" in refused.value.sentence
    draft.refresh_from_db()
    assert (draft.text, draft.revision) == (before, 0)


def test_of_two_who_change_the_same_page_the_second_is_told(draft, change):
    change(draft, "weigh", {"cadres": 10}, revision=0)
    assert refusal_of(change, draft, "weigh", {"cadres": 30}, revision=0) == "scheme.changed"
    draft.refresh_from_db()
    assert weights(draft)["cadres"] == 10


def test_a_file_takes_the_place_of_the_words_and_keeps_its_comments(draft):
    services.bring(draft, GOOD.encode(), on=MAY_1, actor=1)
    draft.refresh_from_db()
    assert draft.name == "五看（东县）"
    assert weights(draft) == {"said": 100}
    assert "# 只看群众怎么说" in draft.text


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (GOOD.replace("name = \"群众评议\"", "nmae = \"群众评议\"").encode(), "scheme.shape", "没有“nmae”这个键；是不是“name”？"),
        (GOOD.replace("weight = 100", "weight = ").encode(), "scheme.shape", "第 12 行 scheme.five_outcomes.editions.0.criteria.0.weight：不是 TOML 的写法"),
        (GOOD.replace("five_outcomes", "six_outcomes").encode(), "scheme.other", "不是这个办法（five_outcomes）"),
        (GOOD.encode("utf-16"), "scheme.encoding", "不是 UTF-8"),
        (GOOD.encode() + b"#" * 200_000, "scheme.size", "超过 200 KB"),
        (b"", "scheme.shape", "文件里没有考评办法"),
        (GOOD.encode() + '[role.x]\nname = "甲"\npermissions = ["a"]\nscope = "none"\n'.encode(), "scheme.shape", "只写一个考评办法，不写别的"),
        ((GOOD + GOOD.replace("five_outcomes", "other")).encode(), "scheme.shape", "一个文件只写一个办法"),
        ((GOOD + GOOD[GOOD.index("[[") :].replace("2018-06", "2018-07")).encode(), "scheme.shape", "别的版本请删去"),
    ],
)  # fmt: skip
def test_a_bad_file_says_what_is_wrong_and_changes_nothing(draft, data, code, words):
    before = draft.text
    with pytest.raises(Refused) as refused:
        services.bring(draft, data, on=MAY_1, actor=1)
    assert refused.value.code == code
    assert words in refused.value.sentence
    draft.refresh_from_db()
    assert draft.text == before


def test_only_a_draft_without_problems_is_sent_for_approval(draft, change):
    asked = {"author": AUTHOR, "signers": [[HEAD]], "on": MAY_1}
    draft = change(draft, "weigh", {"cadres": 10})
    assert refusal_of(services.ask, draft, pack(), **asked) == "scheme.problems"
    draft = change(draft, "weigh", {"cadres": 20})
    assert refusal_of(services.ask, draft, pack(), **asked | {"signers": [[AUTHOR]]}) == "approval.own"
    assert refusal_of(services.ask, draft, pack(), **asked) is None


def test_nothing_comes_into_force_without_an_approval_of_what_is_written(draft, change, approved):
    draft = change(draft, "put_edition", {"since": JUN_1})
    assert refusal_of(services.adopt, draft, on=MAY_1, actor=1) == "approval.none"
    approved(draft)
    draft = change(draft, "weigh", {"cadres": 10, "benefit": 30})
    assert refusal_of(services.adopt, draft, on=MAY_1, actor=1) == "approval.void"
    approved(draft)
    assert refusal_of(services.adopt, draft, on=MAY_1, actor=1) is None
    assert Edition.objects.get().since == JUN_1


def test_a_scheme_does_not_come_into_force_backwards(draft, change, approved):
    draft = change(draft, "put_edition", {"since": JUN_1})
    approved(draft)
    assert refusal_of(services.adopt, draft, on=JUL_1, actor=1) == "scheme.backwards"
    assert refusal_of(services.adopt, draft, on=JUN_1, actor=1) is None


def test_a_later_edition_begins_after_the_one_before_it(adopted, land, change, approved):
    draft = services.begin(pack(), KEY, unit=land.county, on=MAY_1, actor=1)
    draft = change(draft, "put_edition", {"since": JUN_1})
    approved(draft)
    assert refusal_of(services.adopt, draft, on=MAY_1, actor=1) == "scheme.order"


def test_an_edition_holds_from_its_day_at_the_unit_and_below(adopted, land):
    def benefit(unit, on):
        return {it.key: it.weight for it in queries.in_force(pack(), KEY, unit, on=on).edition(on).criteria}["benefit"]

    assert benefit(land.county, date(2018, 5, 31)) == 20
    assert benefit(land.county, JUN_1) == 30
    assert benefit(land.bay, JUN_1) == 30


def test_the_nearest_unit_writes_the_rule_for_its_own(adopted, land, change, approved):
    draft = services.begin(pack(), KEY, unit=land.east, on=MAY_1, actor=1)
    draft = change(draft, "weigh", {"cadres": 5, "growth": 35})
    approved(draft)
    services.adopt(draft, on=MAY_1, actor=1)
    names = {unit: queries.in_force(pack(), KEY, unit, on=JUL_1).edition(JUL_1) for unit in (land.bay, land.ditch)}
    assert {it.key: it.weight for it in names[land.bay].criteria}["cadres"] == 5
    assert {it.key: it.weight for it in names[land.ditch].criteria}["cadres"] == 10


def test_the_next_draft_begins_with_the_edition_in_force(adopted, land):
    assert weights(services.begin(pack(), KEY, unit=land.county, on=JUL_1, actor=1))["benefit"] == 30


def test_a_round_keeps_the_edition_by_its_digest(adopted, land):
    scheme = queries.in_force(pack(), KEY, land.county, on=JUL_1)
    days = {"first": MAY_1, "last": JUN_1, "on": JUN_1, "actor": 1}
    round_ = appraisals.open_round(scheme, unit=land.county, title="2018年五看", **days)
    assert round_.edition == adopted.digest == scheme_of_round(round_)[1].digest()
    assert queries.scheme_of(Edition.objects.get()).editions[0].digest() == adopted.digest


def test_an_edition_is_never_changed(adopted):
    for change in (lambda: Edition.objects.update(text="x"), lambda: Edition.objects.all().delete()):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
            change()
    assert Edition.objects.get().digest == adopted.digest


def test_a_draft_that_was_put_in_force_or_dropped_is_not_changed(adopted, draft, change):
    draft.refresh_from_db()
    assert draft.state == "adopted"
    assert refusal_of(change, draft, "weigh", {"cadres": 1}) == "scheme.closed"
    assert refusal_of(services.drop, draft, on=MAY_1, actor=1) == "scheme.closed"


def test_who_sees_a_draft_and_an_edition(adopted, land):
    def seen(unit, mode="place"):
        scope = Scope.below(unit.path) if mode == "place" else Scope("", "", mode=mode)
        with acting(scope.__class__(scope.lo, scope.hi, mode=mode, unit=unit.pk, within=unit.path, on=JUL_1)):
            return Draft.objects.count(), Edition.objects.count()

    assert seen(land.county) == (1, 1)
    assert seen(land.east) == (0, 1)  # what holds for it is read, what is still written above it is not
    assert seen(land.bay_branch, "party") == (0, 1)
    assert seen(land.bay, "households") == (0, 1)

"""A list is held against the register: every row has its outcome, every rule its findings, and nothing else is changed."""

from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.cases.models import Case
from hangshi.registry.models import HouseholdStatus, Membership, Person
from hangshi.registry.people import register_household
from hangshi.rosters import queries, services
from hangshi.rosters.models import Finding, Roster, Row
from tests.land import FIRST
from tests.refusals import refusal_of
from tests.rosters.conftest import ACTOR, DAY, MEI, STRANGER, SUN, TERMS, WANG, ZHAO, found, sheet, states

ALL_SORTS = f"""
    姓名 | 身份证号 | 出生日期 | 所在村
    赵大山 | {ZHAO} | |
    李秀英 | | 1958-04-05 | 东坡村
    李秀英 | {ZHAO[:-1]}0 | 1958-04-05 | 东坡村
    何人 | {STRANGER} | |
    何人 | | 1990-09-09 | 西沟村
    何人 | | |
    | 12345 | |
"""


def test_every_row_is_matched_possible_unmatched_or_unreadable(bring):
    roster = bring("minimum_living", ALL_SORTS)
    assert states(roster) == {
        2: "matched",
        3: "possible",  # no number: by name, birth date and village
        4: "possible",  # a number with a wrong check digit is none
        5: "unmatched",
        6: "unmatched",
        7: "unreadable",
        8: "unreadable",
    }
    assert {it: roster.counts[it] for it in services.STATES} == {
        "matched": 1, "possible": 2, "unmatched": 2, "unreadable": 2,
    }  # fmt: skip


def test_a_row_says_how_it_was_matched_and_to_whom(bring, county):
    roster = bring("minimum_living", ALL_SORTS)
    assert list(roster.rows.filter(n__in=[2, 3, 5]).values_list("how", "person", "path")) == [
        ("number", county.zhao.pk, county.bay.path),
        ("likeness", county.li.pk, county.county.path),
        ("", None, county.county.path),
    ]


def test_unreadable_rows_are_told_with_their_reason(bring):
    reasons = bring("minimum_living", ALL_SORTS).counts["reasons"]
    assert ["公民身份号码", "没有能用的公民身份号码，姓名、出生日期、村（社区）也不全，无法查找。", 2, 7] in reasons
    assert ["公民身份号码", "公民身份号码应为18位，现有5位。", 1, 8] in reasons


def test_a_number_settles_it_against_everybody_who_has_one(bring):
    """王建国 by name and village, but with somebody else's number, is not 王建国, who has his own."""
    text = f"""
        姓名 | 身份证号 | 所在村
        王建国 | {STRANGER} | 东湾村
    """
    assert states(bring("minimum_living", text)) == {2: "unmatched"}


def test_a_comparison_changes_no_record(bring):
    before = [list(model.objects.order_by("pk").values_list()) for model in (Person, HouseholdStatus, Membership, Case)]
    bring("minimum_living", ALL_SORTS)
    bring("deaths", f"姓名 | 身份证号 | 死亡日期\n 王建国 | {WANG} | 2026-09-01")
    after = [list(model.objects.order_by("pk").values_list()) for model in (Person, HouseholdStatus, Membership, Case)]
    assert after == before


@pytest.mark.parametrize(
    ("kind", "rule", "listed", "expected"),
    [
        # On the list, and the household is not supported: 应纳未纳.
        ("minimum_living", "not_supported", {"孙富贵": SUN, "赵大山": ZHAO}, ["孙富贵"]),
        # One speaks for the household; who lives in no registered household speaks for themselves.
        ("minimum_living", "not_supported", {"王建国": WANG, "孙富贵": SUN}, ["孙富贵", "王建国"]),
        # On the list, and the household is supported: 应退未退, one of the two who are listed.
        ("vehicles", "supported", {"赵梅": MEI, "赵大山": ZHAO, "孙富贵": SUN}, ["赵梅"]),
        ("deaths", "member", {"王建国": WANG, "孙富贵": SUN}, ["王建国"]),
        # In the register, and not on the list: every person of the household.
        ("medical", "not_insured", {"赵大山": ZHAO}, ["赵梅"]),
        ("medical", "not_insured", {"孙富贵": SUN}, ["赵大山", "赵梅"]),
        ("medical", "not_insured", {"赵大山": ZHAO, "赵梅": MEI}, []),
        # The same number under another name; a space or a dot is no difference.
        ("deaths", "name", {"王建民": WANG, "孙 富·贵": SUN}, ["王建国"]),
    ],
)
def test_what_each_rule_finds(bring, kind, rule, listed, expected):
    rows = "\n".join(f"{name} | {number}" for name, number in listed.items())
    roster = bring(kind, f"姓名 | 公民身份号码\n{rows}")
    assert found(roster, rule) == expected
    assert roster.counts["found"][rule] == len(expected)


def test_the_register_is_asked_as_of_the_day_of_the_list(bring, county):
    HouseholdStatus.objects.filter(household=county.poor).update(until=date(2026, 10, 30))
    listed = f"姓名 | 身份证号\n赵大山 | {ZHAO}"
    assert found(bring("vehicles", listed, as_of=date(2026, 10, 30)), "supported") == ["赵大山"]
    assert found(bring("vehicles", listed, as_of=date(2026, 10, 31)), "supported") == []


def test_a_list_of_one_township_says_nothing_of_another(bring, county, pack):
    register_household(county.ditch, number="西沟-1", head="周", status="registered", on=FIRST, actor=None)
    roster = bring("minimum_living", f"姓名 | 身份证号\n赵大山 | {ZHAO}", unit=county.west)
    assert states(roster) == {2: "unmatched"}
    assert not Finding.objects.exists()


def test_a_finding_stands_where_the_person_does_and_says_what_it_rests_on(bring, county):
    roster = bring("vehicles", f"姓名 | 身份证号\n赵大山 | {ZHAO}")
    finding = Finding.objects.get()
    assert (finding.unit_id, finding.path, finding.household_id) == (county.bay.pk, county.bay.path, county.poor.pk)
    assert (finding.title, finding.row.n) == ("名下有机动车，所在户为帮扶监测对象", 2)
    assert str(roster) == "机动车登记名单（县民政局，2026-10-31；用途：核对帮扶对象是否应纳尽纳；保存到2026-12-31）"


def test_of_a_matched_row_only_what_the_kind_names_is_kept_and_never_a_number(bring):
    roster = bring(
        "deaths", f"姓名 | 身份证号 | 死亡日期 | 电话\n王建国 | {WANG} | 2026.9.1 | 139\n何人 | {STRANGER} | | 138"
    )
    rows = list(roster.rows.order_by("n"))
    assert queries.said(rows) == {
        rows[0].pk: {"died_on": "2026-09-01"},
        rows[1].pk: {"name": "何人", "born": "1990-09-09"},
    }
    assert b"2026-09-01" not in bytes(rows[0].sealed)


def possible(roster: Roster) -> Row:
    return roster.rows.filter(state="possible").earliest("n")


def test_a_person_says_yes_and_the_rules_follow(bring, pack, county):
    roster = bring("minimum_living", ALL_SORTS)
    assert found(roster, "not_supported") == []
    row = services.judge(pack, possible(roster), same=True, account=ACTOR)
    assert (row.state, row.how, row.path) == ("matched", "judged", county.hill.path)
    assert found(roster, "not_supported") == ["李秀英"]
    roster.refresh_from_db()
    assert states(roster)[3] == "matched"


def test_a_person_says_no_and_the_row_speaks_of_nobody(bring, pack):
    roster = bring("minimum_living", ALL_SORTS)
    row = services.judge(pack, possible(roster), same=False, account=ACTOR)
    assert (row.state, row.person_id) == ("unmatched", None)
    assert refusal_of(services.judge, pack, row, same=True, account=ACTOR) == "roster.judged"
    roster.refresh_from_db()
    assert states(roster)[3] == "unmatched"


def test_who_may_be_on_the_list_is_not_said_to_be_missing_from_it(bring, pack, county):
    Person.objects.filter(pk=county.mei.pk).update(id_sealed=None, id_index=None)
    listed = f"姓名 | 身份证号 | 出生日期 | 所在村\n赵大山 | {ZHAO} | |\n赵梅 | | 1975-06-20 | 东湾村"
    roster = bring("medical", listed)
    assert found(roster, "not_insured") == []
    services.judge(pack, possible(roster), same=False, account=ACTOR)
    assert found(roster, "not_insured") == ["赵梅"]


def test_what_changed_since_the_last_list_of_the_kind(bring, county):
    first = bring("minimum_living", f"姓名 | 身份证号\n赵大山 | {ZHAO}\n孙富贵 | {SUN}", as_of=date(2026, 9, 30))
    bring("deaths", f"姓名 | 身份证号\n王建国 | {WANG}")
    second = bring("minimum_living", f"姓名 | 身份证号\n孙富贵 | {SUN}\n孙富贵 | {SUN}\n王建国 | {WANG}")
    assert queries.before(first) is None
    assert queries.before(second) == first
    assert [it.person.name for it in queries.come(second, first)] == ["王建国"]
    assert [it.person.name for it in queries.gone(second, first)] == ["赵大山"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"kind": "lottery"}, "roster.kind"),
        ({"holder": " "}, "roster.holder"),
        ({"purpose": "查"}, "roster.purpose"),
        ({"basis": ""}, "roster.basis"),
        ({"as_of": date(2026, 11, 2)}, "roster.as_of"),
        ({"expires_on": date(2026, 10, 31)}, "roster.expiry"),
        ({"expires_on": date(2027, 5, 1)}, "roster.expiry"),  # 181 days
    ],
)
def test_a_list_has_a_purpose_a_ground_a_holder_and_an_end(bring, said, code):
    said = dict(said)
    kind = said.pop("kind", "vehicles")
    assert refusal_of(bring, kind, f"姓名 | 身份证号\n赵大山 | {ZHAO}", **said) == code
    assert Roster.objects.count() == (0 if code else 1)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("姓名 | 身份证号", None),
        ("身份证号 | 电话", None),
        ("姓名 | 出生日期", None),
        ("姓名 | 所在村", None),
        ("姓名 | 电话", "roster.who"),
        ("出生日期 | 所在村", "roster.who"),
    ],
)
def test_a_list_says_of_whom_it_speaks(bring, head, code):
    assert refusal_of(bring, "vehicles", f"{head}\n甲 | 乙") == code


def test_a_list_is_compared_once(bring, pack):
    roster = bring("vehicles", f"姓名 | 身份证号\n赵大山 | {ZHAO}")
    assert refusal_of(services.compare, pack, roster, on=DAY, account=ACTOR) == "roster.compared"


def test_columns_are_proposed_confirmed_and_remembered_for_the_holder(county, pack, bring):
    from_police = {"kind": "vehicles", "terms": TERMS, "name": "a.xlsx", "on": DAY, "account": ACTOR}
    data = sheet(f"车主 | 证号 | 类别\n赵大山 | {ZHAO} | 小型客车")
    roster = services.receive(pack, county.county, data=data, **from_police)
    assert [(it.label, it.field) for it in services.columns(pack, roster)] == [
        ("车主", ""),
        ("证号", "number"),
        ("类别", ""),
    ]
    said = {"name": 0, "number": 1, "kind": 2}
    services.match(pack, roster, mapping=said, sheet="", account=ACTOR)
    again = services.receive(pack, county.county, data=data, **from_police)
    assert again.mapping == said


def test_a_township_does_not_see_the_lists_of_its_county(bring, county):
    roster = bring("vehicles", f"姓名 | 身份证号\n赵大山 | {ZHAO}\n孙富贵 | {SUN}\n何人 | {STRANGER}")
    with acting(Scope.below(county.bay.path, actor=ACTOR)):
        assert list(queries.below(county.bay)) == []
        assert list(Row.objects.values_list("n", flat=True)) == [2]  # of their own person, for the person's file
        assert [it.person.name for it in Finding.objects.all()] == ["赵大山"]
        assert str(Row.objects.get().roster).startswith("机动车登记名单（县民政局")
    with acting(Scope.below(county.west.path, actor=ACTOR)):
        assert not Roster.objects.exists()
    with acting(EVERYTHING):
        assert list(queries.below(county.county)) == [roster]

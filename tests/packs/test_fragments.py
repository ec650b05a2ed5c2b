"""The closed list: what an indicator may write in `where` and `measure`, and what is refused."""

import pytest

from tests.packs.conftest import SaidOf, SentenceOf

INDICATOR = """
[indicator.trial]
name = "试验数"
fact = "{fact}"
where = "{where}"
measure = "{measure}"
time = "within"
unit = "item"
empty = "zero"
source = "试验〔2020〕1号"
"""


def written(where: str = "present > 0", measure: str = "count(*)", fact: str = "activities") -> str:
    return INDICATOR.format(where=where, measure=measure, fact=fact)


@pytest.mark.parametrize(
    "where",
    [
        "kind = 'visit'",
        "kind in ('visit', 'theme_day') and not household is null",
        "present between 1 and 10 or present + 1 > 2 * 3 - 1",
        "household is not null and kind <> 'visit'",
        "extract(year from day) = 2017 and extract(month from day) <= 6",
        "coalesce(present, 0) >= 1",
        "(kind = 'visit')",
        "cast(present as numeric(10, 2)) > 1.5",
        "-present < 0",
        "true",
        "day >= '2017-01-01'",
    ],
)
def test_what_where_may_say(codes_of: SaidOf, where: str) -> None:
    assert codes_of(written(where)) == []


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("household in (select 1)", "P206"),
        ("exists (select 1)", "P206"),
        ("present = (select 1)", "P206"),
        ("cast(present as text) = '1'", "P206"),
        ("present::numeric > 1", "P206"),
        ("present / 2 > 1", "P206"),
        ("kind like 'v%'", "P206"),
        ("activities.present > 1", "P206"),
        ("present = $1", "P206"),
        ("case when present > 1 then true else false end", "P206"),
        ("extract(year from (select day)) = 2017", "P206"),
        ("coalesce((select 1), 0) = 1", "P206"),
        ("present between symmetric 3 and 1", "P206"),
        ("present = 1 or (present, 1) in ((1, 1))", "P206"),
        ("kind || kind = 'x'", "P206"),
        ("day > current_date", "P205"),
        ("kind = 1", "P217"),
        ("present > '1'", "P217"),
        ("day >= '2017-13-01'", "P217"),
        ("present in (1, '2')", "P217"),
        ("lower(kind) = 'visit'", "P205"),
        ("pg_sleep(10) is null", "P205"),
        ("current_user = 'x'", "P205"),
        ("day < now()", "P205"),
        ("extract(epoch from day) > 1", "P205"),
        ("prezent > 1", "P204"),
        ("kind = 'visits'", "P211"),
        ("'visits' = kind", "P211"),
        ("kind in ('visit', 'meal')", "P211"),
        ("count(*) > 1", "P208"),
        ("present + 1", "P208"),
        ("present > 1; drop table unit", "P203"),
        ("present > 1 -- and kind = 'visit'", "P203"),
        ("present > 1 /* all */", "P203"),
        ("present > 1 union select 1", "P203"),
        ("present > 1 from unit", "P203"),
        ("present > 1, true", "P203"),
        ("present > (1", "P203"),
        ("present > > 1", "P206"),
    ],
)
def test_what_where_may_not_say(codes_of: SaidOf, where: str, code: str) -> None:
    assert code in codes_of(written(where))


@pytest.mark.parametrize(
    "measure",
    [
        "count(*)",
        "count(distinct household)",
        "sum(present)",
        "SUM(present)",
    ],
)
def test_what_measure_may_say(codes_of: SaidOf, measure: str) -> None:
    assert codes_of(written(measure=measure)) == []


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("present", "P207"),
        ("sum(present * 2)", "P207"),
        ("count(present)", "P207"),
        ("sum((select 1))", "P206"),
        ("sum(present) as total", "P206"),
        ("sum(present) + count(*)", "P207"),
        ("sum(count(*))", "P207"),
        ("sum(*)", "P206"),
        ("*", "P206"),
        ("sum(distinct present)", "P206"),
        ("count(distinct household, leader)", "P206"),
        ("count(*) filter (where present > 1)", "P206"),
        ("sum(present) over ()", "P206"),
        ("avg(present)", "P205"),
        ("max(day)", "P205"),
        ("sum(day)", "P215"),
        ("count(distinct houshold)", "P204"),
    ],
)
def test_what_measure_may_not_say(codes_of: SaidOf, measure: str, code: str) -> None:
    assert code in codes_of(written(measure=measure))


def test_a_column_of_another_fact_is_unknown(codes_of: SaidOf) -> None:
    assert codes_of(written(where="amount > 0", fact="activities")) == ["P204"]
    assert codes_of(written(where="amount > 0", fact="entries")) == []


@pytest.mark.parametrize(
    ("part", "hint"),
    [
        (written(measure="count(distinct houshold)"), "事实“activities”没有“houshold”这一列；是不是“household”？"),
        (written(where="kind = 'theme_dey'"), "没有定义“theme_dey”；是不是“theme_day”？"),
        (written(fact="activites", where="true"), "没有事实“activites”；是不是“activities”？"),
    ],
)
def test_a_slip_gets_its_likely_word(sentence_of: SentenceOf, part: str, hint: str) -> None:
    assert sentence_of(part) == hint

"""The promise to whoever writes a pack: one run says everything that is wrong, and where."""

from pathlib import Path

from hangshi.packs import check
from tests.packs.conftest import SaidOf

TEN = """\
[indicator.calls]
name = "电话次数"
fact = "activites"
measure = "count(*)"
time = "within"
unit = "item"
empty = "zero"
source = "试验〔2020〕1号"

[indicator.homes]
name = "到户数"
fact = "activities"
where = "kind = 'vist'"
measure = "count(distinct houshold)"
time = "within"
unit = "household"
empty = "zero"
source = "试验〔2020〕1号"

[indicator.now]
name = "当日活动"
fact = "activities"
measure = "count(*)"
time = "within"
unit = "item"
empty = "zero"
colour = "red"
source = "试验〔2020〕1号"

[indicator.rate]
name = "某率"
numerator = "visits"
denominator = "vilages"
unit = "percent"
empty = "none"

[standard.fund]
name = "经费"
unit = "yuan"
bound = "least"
per = "每年"
values = [
    { since = 2020-01-01, amount = 100 },
    { since = 2019-01-01, amount = 200 },
]
source = "试验〔2020〕1号"

[kind.case.mend]
name = "整改"
subject = "unit"
source = "试验〔2020〕1号"
stages = [
    { key = "open", name = "立项" },
    { key = "open", name = "办结" },
]
[kind.case.mend.fields]
stage = { name = "阶段", type = "text" }

[kind.activity.morning]
name = "每日签到"
attendance = "named"
source = "试验〔2020〕1号"
"""


def test_a_pack_with_ten_faults_reports_ten_in_one_run(said_of: SaidOf) -> None:
    assert said_of(TEN) == [
        "part.toml:3 P201 indicator.calls.fact",
        "part.toml:13 P211 indicator.homes.where",
        "part.toml:14 P204 indicator.homes.measure",
        "part.toml:27 P112 indicator.now.colour",
        "part.toml:30 P301 indicator.rate.source",
        "part.toml:33 P212 indicator.rate.denominator",
        "part.toml:44 P322 standard.fund.values.1.since",
        "part.toml:54 P312 kind.case.mend.stages.1",
        "part.toml:57 P311 kind.case.mend.fields.stage",
        "part.toml:60 P401 kind.activity.morning.name",
    ]


def test_broken_text_does_not_hide_the_other_problems(said_of: SaidOf) -> None:
    text = '[indicator.a]\nname = 电话\nfact = "nothing"\nmeasure = "count(*)"\nmeasure = "count(*)"\n[figures.b]\n'
    assert said_of(text) == [
        "part.toml:1 P111 indicator.a.empty",
        "part.toml:1 P111 indicator.a.unit",
        "part.toml:2 P101 indicator.a.name",
        "part.toml:5 P102 indicator.a.measure",
        "part.toml:6 P104 figures",
    ]


def test_a_problem_reads_as_a_sentence_with_its_place(pack_dir: Path, said_of: SaidOf) -> None:
    said_of('[standard.a]\nname = "某"\nunit = "yuan"\nbound = "lest"\nper = "每年"\nsource = "试验"\n')
    assert [str(it) for it in check(pack_dir)] == [
        "trial/part.toml:4: standard.a.bound\n  P113: “lest”不在可选之列：least、most、exact；是不是“least”？"
    ]

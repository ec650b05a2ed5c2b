"""The file: written as it was previewed, by another person than its maker, in the form of the upper system, sealed until it expires."""

from datetime import date

import pytest

from hangshi.files import sealed
from hangshi.handoff import services
from hangshi.handoff.models import Handoff
from hangshi.refusal import Refused
from hangshi.registry import people
from hangshi.registry.signing import Signer
from tests.handoff.conftest import CLERK, DAY, HEAD, LATER, TODAY, citizen, csv_rows, sheet

HEADS = [
    "姓名",
    "公民身份号码",
    "性别",
    "出生日期",
    "人员类别",
    "所在党支部",
    "转入党支部日期",
    "离开党支部日期",
    "变动类型",
]


def test_the_file_speaks_the_words_and_codes_of_the_upper_system(send, members):
    sent = send()
    assert (sent.state, sent.sent_by, sent.sent_on) == ("sent", 902, TODAY)
    assert sheet(services.file_of(sent)) == [
        HEADS,
        ["王建国", citizen(11), "1", "19800101", "正式党员", "东湾村党支部", "20160101", None, "1"],
        ["李秀英", citizen(12), "2", "19800101", "正式党员", "东湾村党支部", "20160101", None, "1"],
        ["赵大山", citizen(13), "1", "19800101", "正式党员", "东湾村党支部", "20160101", None, "1"],
    ]


def test_the_next_file_has_the_difference_only(send, answer, members):
    answer(send(), *([citizen(it), "成功", ""] for it in (11, 12, 13)))
    people.leave(members.zhao, on=date(2026, 7, 15), actor=None, reason="other")
    people.correct(members.wang, on=LATER, actor=None, name="王建军")
    rows = sheet(services.file_of(send(LATER, LATER)))[1:]
    assert [(row[0], row[7], row[8]) for row in rows] == [("王建军", None, "2"), ("赵大山", "20260715", "3")]


def test_a_first_line_where_the_template_allows_it(make, members, pack, monkeypatch):
    made = make()
    upper = pack.uppers["party_members"].model_copy(update={"line": True})
    allowing = pack.model_copy(update={"uppers": {"party_members": upper}})
    sent = services.send(allowing, made, on=TODAY, by=HEAD, stored_on=TODAY)
    rows = sheet(services.file_of(sent))
    assert rows[0][0] == "填报单位：示例县　截止日：2026-06-30　制表人：经办甲　制表日期：2026-07-01　共 3 行"
    assert (rows[1], len(rows)) == (HEADS, 5)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (CLERK, "handoff.own"),
        (Signer(903, 9001), "handoff.own"),  # another account of the same person
        (Signer(904, 9004, acts_for=(CLERK,)), "handoff.own"),  # by delegation of the maker
        (HEAD, None),
    ],
)
def test_nobody_sends_what_they_made(make, members, pack, by, code):
    made = make()
    if code is None:
        assert services.send(pack, made, on=TODAY, by=by, stored_on=TODAY).state == "sent"
        return
    with pytest.raises(Refused) as refused:
        services.send(pack, made, on=TODAY, by=by, stored_on=TODAY)
    assert refused.value.code == code
    made.refresh_from_db()
    assert (made.state, made.sha256) == ("draft", "")


@pytest.mark.parametrize("what", ["name", "number", "leaves"])
def test_what_changed_since_it_was_seen_is_not_sent(make, members, pack, what):
    made = make()
    if what == "leaves":
        people.leave(members.wang, on=date(2026, 6, 1), actor=None, reason="other")
    else:
        people.correct(members.wang, on=TODAY, actor=None, **{what: {"name": "王建军", "number": citizen(15)}[what]})
    with pytest.raises(Refused, match="预览之后，在册记录有了变动"):
        services.send(pack, made, on=TODAY, by=HEAD, stored_on=TODAY)
    assert not sealed.read("handoff", str(made.pk))


def test_a_template_that_changed_since_is_not_sent(make, members, pack):
    made = make()
    Handoff.objects.filter(pk=made.pk).update(shape="another")
    with pytest.raises(Refused, match="模板有了变动"):
        services.send(pack, made, on=TODAY, by=HEAD, stored_on=TODAY)


def test_a_draft_of_nothing_but_lacking_rows_is_not_sent(make, member, pack):
    member("无号人", None)
    with pytest.raises(Refused, match="没有可以上报的行"):
        services.send(pack, make(), on=TODAY, by=HEAD, stored_on=TODAY)


def test_sent_twice_it_is_one_file(make, members, pack):
    made = make()
    first = services.send(pack, made, on=TODAY, by=HEAD, stored_on=TODAY)
    again = services.send(pack, made, on=LATER, by=HEAD, stored_on=LATER)
    assert (again.sent_on, again.sha256) == (TODAY, first.sha256)


def test_the_file_lies_sealed_and_goes_when_its_time_is_over(send, members, tmp_path):
    sent = send()
    assert sent.kept_until == date(2026, 7, 31)
    [file] = (tmp_path / "handoff").iterdir()
    assert b"PK" not in file.read_bytes()[:64]
    assert services.forget_old(date(2026, 7, 31)) == 0
    assert services.forget_old(date(2026, 8, 1)) == 1
    assert not file.exists()
    with pytest.raises(Refused, match="已过保存期清除"):
        services.file_of(sent)
    assert services.forget_old(date(2026, 8, 2)) == 0


def test_what_was_sent_is_not_withdrawn(send, members):
    with pytest.raises(Refused, match="只有没有上报的才能撤回"):
        services.withdraw(send(), on=TODAY, by=CLERK)


def test_a_draft_has_no_file_and_no_end(make, members):
    made = make()
    with pytest.raises(Refused, match="文件还没有生成"):
        services.file_of(made)
    with pytest.raises(Refused, match="只有已上报、还没有办结的才能办结"):
        services.finish(made, on=TODAY, by=HEAD)


class TestHouseholds:
    @pytest.fixture
    def upper_key(self):
        return "monitored_households"

    def test_as_csv_in_the_encoding_of_the_template(self, send, household, land):
        one = household("H1", "赵大山")
        for name in ("赵大山", "赵小山"):
            people.enter_household(
                people.register_person(land.bay, name=name, on=DAY, actor=None), one, relation="户主" if name == "赵大山" else "子", on=date(2016, 1, 1), actor=None,
            )  # fmt: skip
        assert csv_rows(services.file_of(send())) == [
            [
                "户编号",
                "户主姓名",
                "行政村",
                "行政村代码",
                "监测对象类别",
                "识别日期",
                "解除日期",
                "家庭人口数",
                "操作",
            ],
            ["H1", "赵大山", "东湾村", "", "01", "2016-01-01", "", "2", "新增"],
        ]

    def test_a_household_of_whom_nobody_is_on_record_has_no_number_of_persons(self, send, household):
        household("H1", "赵大山")
        assert csv_rows(services.file_of(send()))[1][7] == ""

    def test_a_name_that_a_sheet_would_compute_is_held_back(self, make, household):
        household("H1", "赵大山")
        household("H2", '=HYPERLINK("x")')
        assert make().counts == {"new": 1, "lacking": 1}

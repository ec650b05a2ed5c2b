"""Messages: a cause tells whom it concerns, once, and old causes tell nobody."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import Scope, acting
from hangshi.approvals import services as approvals
from hangshi.approvals.models import Approval
from hangshi.cases import course, parts
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.notices import queries
from hangshi.notices.models import Channel, Message
from hangshi.notices.telling import mark_read, tell
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Approval as Flow
from hangshi.packs.work import ApprovalStep, Escalation, Seat, Stage
from hangshi.registry.signing import Signer

JUNE_1 = date(2017, 6, 1)
SEEN = "a" * 64
KIND = CaseKind(
    key="problem",
    name="问题整改",
    subject="unit",
    source="示例",
    stages=[Stage(key="open", name="登记", days=5), Stage(key="done", name="销号")],
    seats={"owner": Seat(name="责任人", bearer="person")},
    escalations=[Escalation(key="remind", name="提醒", after=1)],
)
FLOW = Flow(
    key="flow", name="审批", source="示例", steps=[ApprovalStep(key="one", name="审核", mode="any"), ApprovalStep(key="two", name="审批", mode="all")]
)  # fmt: skip


@pytest.fixture
def accounts(people: SimpleNamespace) -> dict[str, int]:
    """An account of 王建国, and of two more who are no person of the registry."""
    made = {
        name: access.open_account(name, name=name, password="一个够长的密码-2017") for name in ("wang", "zhou", "wu")
    }
    Account.objects.filter(pk=made["wang"].pk).update(person_id=people.wang.pk)
    return {name: it.pk for name, it in made.items()}


def told() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for account, kind in Message.objects.order_by("pk").values_list("account", "kind"):
        found.setdefault(account, []).append(kind)
    return found


def submitted(land: SimpleNamespace, accounts: dict[str, int]) -> Approval:
    first, second = Signer(accounts["wang"]), Signer(accounts["wu"])
    return approvals.submit(
        FLOW, unit=land.bay, source="case_file", source_id=1, title="任职", digest=SEEN, author=Signer(accounts["zhou"]),
        signers=[[first], [second]], on=JUNE_1,
    )  # fmt: skip


def answer(it: Approval, account: int, verdict: str) -> None:
    approvals.decide(FLOW, it, by=Signer(account), verdict=verdict, digest=SEEN, note="说明", on=JUNE_1)


def test_who_has_the_turn_is_told_and_then_the_next_and_at_last_the_author(
    land: SimpleNamespace, accounts: dict[str, int]
) -> None:
    it = submitted(land, accounts)
    assert (tell(today=JUNE_1), tell(today=JUNE_1)) == (1, 0)
    assert told() == {accounts["wang"]: ["task"]}
    answer(it, accounts["wang"], "approve")
    tell(today=JUNE_1)
    answer(it, accounts["wu"], "approve")
    tell(today=JUNE_1)
    assert told() == {accounts["wang"]: ["task"], accounts["wu"]: ["task"], accounts["zhou"]: ["answer"]}


def test_each_return_is_told(land: SimpleNamespace, accounts: dict[str, int]) -> None:
    it = submitted(land, accounts)
    for _ in range(2):
        answer(it, accounts["wang"], "return")
        tell(today=JUNE_1)
        approvals.resubmit(FLOW, it, by=Signer(accounts["zhou"]), digest=SEEN, on=JUNE_1)
    assert told()[accounts["zhou"]] == ["answer", "answer"]


@pytest.mark.parametrize(("days", "told_"), [(30, 1), (31, 0)])
def test_an_answer_is_told_for_thirty_days(
    land: SimpleNamespace, accounts: dict[str, int], days: int, told_: int
) -> None:
    answer(submitted(land, accounts), accounts["wang"], "refuse")
    assert tell(today=JUNE_1 + timedelta(days=days)) == told_


@pytest.fixture
def case(land: SimpleNamespace, people: SimpleNamespace, accounts: dict[str, int]) -> Case:
    """Opened by 周, with 王建国 answering for it."""
    it = cases.open_case(KIND, unit=land.bay, title="路灯不亮", on=JUNE_1, actor=accounts["zhou"])
    parts.take_seat(KIND, it, seat="owner", bearer=people.wang, on=JUNE_1, actor=None)
    return it


def test_an_urging_tells_who_opened_the_case_and_who_answers_for_it(case: Case, accounts: dict[str, int]) -> None:
    course.urge(KIND, case, level="remind", on=date(2017, 6, 12), actor=None)
    assert tell(today=date(2017, 6, 12)) == 2
    assert told() == {accounts["zhou"]: ["urging"], accounts["wang"]: ["urging"]}


@pytest.mark.parametrize(
    ("today", "new"),
    [(date(2017, 6, 16), 0), (date(2017, 6, 17), 1), (date(2017, 6, 20), 1), (date(2017, 6, 21), 0)],
)
def test_a_measure_due_in_three_days_tells_its_owner(
    case: Case, people: SimpleNamespace, today: date, new: int
) -> None:
    parts.plan_measure(case, text="换灯", bearer=people.wang, on=JUNE_1, due_on=date(2017, 6, 20), actor=None)
    assert tell(today=today) == new


def test_a_measure_done_tells_nobody(case: Case, people: SimpleNamespace) -> None:
    it = parts.plan_measure(case, text="换灯", bearer=people.wang, on=JUNE_1, due_on=date(2017, 6, 20), actor=None)
    parts.finish_measure(it, result="换了", on=date(2017, 6, 10), actor=None)
    assert tell(today=date(2017, 6, 19)) == 0


def test_who_is_out_of_use_is_not_told(case: Case, accounts: dict[str, int]) -> None:
    Account.objects.filter(pk=accounts["wang"]).update(active=False)
    course.urge(KIND, case, level="remind", on=date(2017, 6, 12), actor=None)
    tell(today=date(2017, 6, 12))
    assert accounts["wang"] not in told()


def test_messages_are_one_s_own_in_the_database_too(case: Case, accounts: dict[str, int]) -> None:
    course.urge(KIND, case, level="remind", on=date(2017, 6, 12), actor=None)
    tell(today=date(2017, 6, 12))
    Channel.objects.create(account=accounts["wang"], kind="mail", sealed=b"x", hint="")
    with acting(Scope("0", ";", accounts["wang"])):
        assert [(it.account, it.kind) for it in Message.objects.all()] == [(accounts["wang"], "urging")]
        assert (mark_read(accounts["zhou"]), mark_read(accounts["wang"])) == (0, 1)
        assert Channel.objects.count() == 1
    with acting(Scope("", "", accounts["wu"])):
        assert (Message.objects.count(), Channel.objects.count()) == (0, 0)


def test_a_message_names_its_record_only_where_it_is_seen(case: Case, accounts: dict[str, int]) -> None:
    course.urge(KIND, case, level="remind", on=date(2017, 6, 12), actor=None)
    tell(today=date(2017, 6, 12))
    mine = queries.messages(accounts["wang"])
    assert [it.title for it in queries.told(mine)] == ["路灯不亮"]
    assert [it.title for it in queries.told(mine, hidden=["problem"])] == [""]
    with acting(Scope("", "", accounts["wang"])):
        assert [it.title for it in queries.told(mine)] == [""]

"""会签, 或签, 逐级, 退回, 加签, 转办, 撤回; nobody approves their own; what is approved is what was seen."""

import threading
from collections.abc import Callable, Iterable
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from hangshi.access.scope import EVERYTHING, acting
from hangshi.approvals import queries, services, signers
from hangshi.approvals.models import Act, Approval, Task
from hangshi.outbox.models import Event
from hangshi.packs.work import Approval as Flow
from hangshi.packs.work import ApprovalStep
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer
from tests.land import make
from tests.refusals import refusal_of

DAY, LATER = date(2020, 6, 1), date(2020, 6, 8)
SEEN, CHANGED = "a" * 64, "b" * 64
AUTHOR = Signer(1, person=101)
CONNECTIONS = 50  # of two hundred callers at once: those that the server of a test lets in together
ZHAO, QIAN, SUN, LI = (Signer(number, person=100 + number) for number in (2, 3, 4, 5))


def flow(*modes: str, hear_all: bool = False, grounds: Iterable[str] = ()) -> Flow:
    steps = [ApprovalStep(key=f"s{n}", name=f"第{n}环节", mode=mode) for n, mode in enumerate(modes, 1)]
    return Flow(key="joint", name="联审", steps=steps, hear_all=hear_all, grounds={key: key for key in grounds})


Submit = Callable[..., Approval]


@pytest.fixture
def submit(land: SimpleNamespace) -> Submit:
    def submitted(it: Flow, *groups: tuple[Signer, ...], author: Signer = AUTHOR, row: int = 1) -> Approval:
        return services.submit(
            it,
            unit=land.bay,
            source="case_file",
            source_id=row,
            title="调整报告",
            digest=SEEN,
            author=author,
            signers=groups,
            on=DAY,
        )

    return submitted


def answer(it: Flow, approval: Approval, by: Signer, verdict: str = "approve", **given: str) -> Approval:
    return services.decide(it, approval, by=by, verdict=verdict, on=LATER, **{"digest": SEEN} | given)


def states(approval: Approval) -> dict[int, str]:
    return dict(Task.objects.filter(approval=approval).order_by("step", "place").values_list("account", "state"))


def test_countersigning_needs_everybody(submit: Submit) -> None:
    it = flow("all")
    approval = submit(it, (ZHAO, QIAN))
    assert answer(it, approval, ZHAO).state == "running"
    assert answer(it, approval, QIAN).state == "approved"
    assert (Approval.objects.get().closed_on, Event.objects.get().topic) == (LATER, "approval.approved")


def test_or_signing_needs_one_and_drops_the_others(submit: Submit) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO, QIAN, SUN))
    assert answer(it, approval, QIAN).state == "approved"
    assert states(approval) == {2: "dropped", 3: "approved", 4: "dropped"}
    assert refusal_of(answer, it, approval, ZHAO) == "approval.done"


def test_level_by_level_each_waits_for_the_one_before(submit: Submit) -> None:
    it = flow("sequence", "any")
    approval = submit(it, (ZHAO, QIAN), (SUN,))
    assert refusal_of(answer, it, approval, QIAN) == "approval.turn"
    assert refusal_of(answer, it, approval, SUN) == "approval.signer"  # of a later step
    answer(it, approval, ZHAO)
    assert refusal_of(answer, it, approval, ZHAO) == "approval.decided"
    assert answer(it, approval, QIAN).step == 1
    assert answer(it, approval, SUN).state == "approved"


def test_one_refusal_ends_it_and_says_why(submit: Submit) -> None:
    it = flow("all")
    approval = submit(it, (ZHAO, QIAN))
    assert refusal_of(answer, it, approval, ZHAO, "refuse") == "approval.reason"
    assert answer(it, approval, ZHAO, "refuse", note="材料不实").state == "refused"
    assert states(approval) == {2: "refused", 3: "dropped"}
    assert Event.objects.get().topic == "approval.refused"


def test_in_a_joint_review_all_are_heard_and_a_refusal_has_a_legal_ground(submit: Submit) -> None:
    it = flow("all", hear_all=True, grounds=("punished",))
    approval = submit(it, (ZHAO, QIAN))
    assert refusal_of(answer, it, approval, ZHAO, "refuse", note="印象不好") == "approval.ground"
    assert answer(it, approval, ZHAO, "refuse", ground="punished").state == "running"
    assert answer(it, approval, QIAN).state == "refused"
    assert Task.objects.get(state="refused").ground == "punished"


def test_sent_back_it_is_asked_again_from_the_first_step_for_the_content_as_it_is_now(submit: Submit) -> None:
    it = flow("any", "any")
    approval = submit(it, (ZHAO,), (QIAN,))
    answer(it, approval, ZHAO)
    assert refusal_of(answer, it, approval, QIAN, "return") == "approval.reason"
    assert answer(it, approval, QIAN, "return", note="补材料").state == "returned"
    assert refusal_of(answer, it, approval, QIAN) == "approval.done"
    again = {"digest": CHANGED, "on": LATER}
    assert refusal_of(services.resubmit, it, approval, by=ZHAO, **again) == "approval.author"
    services.resubmit(it, approval, by=AUTHOR, **again)
    assert refusal_of(services.resubmit, it, approval, by=AUTHOR, **again) == "approval.not_returned"
    assert states(approval) == {2: "open", 3: "waiting"}
    answer(it, approval, ZHAO, digest=CHANGED)
    assert answer(it, approval, QIAN, digest=CHANGED).state == "approved"


def test_only_the_author_withdraws_and_only_while_it_runs(submit: Submit) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO,))
    withdraw = {"reason": "情况有变", "on": LATER}
    assert refusal_of(services.withdraw, approval, by=ZHAO, **withdraw) == "approval.author"
    assert refusal_of(services.withdraw, approval, by=AUTHOR, reason=" ", on=LATER) == "approval.reason"
    assert services.withdraw(approval, by=AUTHOR, **withdraw).state == "withdrawn"
    assert refusal_of(services.withdraw, approval, by=AUTHOR, **withdraw) == "approval.done"
    assert submit(it, (ZHAO,)).state == "running"  # and may be submitted again


def test_one_record_is_asked_for_once_at_a_time(submit: Submit) -> None:
    it = flow("any")
    submit(it, (ZHAO,))
    assert refusal_of(submit, it, (ZHAO,)) == "approval.running"
    assert submit(it, (ZHAO,), row=2).source_id == 2


def test_a_task_handed_over_is_answered_by_the_other(submit: Submit) -> None:
    it = flow("all")
    approval = submit(it, (ZHAO, QIAN))
    assert refusal_of(signers.hand_over, approval, by=ZHAO, to=SUN, reason=" ", on=DAY) == "approval.reason"
    assert refusal_of(signers.hand_over, approval, by=ZHAO, to=QIAN, reason="出差", on=DAY) == "approval.twice"
    signers.hand_over(approval, by=ZHAO, to=SUN, reason="出差", on=DAY)
    assert refusal_of(answer, it, approval, ZHAO) == "approval.decided"
    answer(it, approval, SUN)
    assert answer(it, approval, QIAN).state == "approved"


def test_who_is_asked_also_must_agree_even_where_one_is_enough(submit: Submit) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO, QIAN))
    signers.ask_also(it, approval, by=ZHAO, other=SUN, reason="涉及财务", on=DAY)
    assert answer(it, approval, ZHAO).state == "running"
    assert answer(it, approval, SUN).state == "approved"


def test_in_a_sequence_who_is_asked_also_comes_next(submit: Submit) -> None:
    it = flow("sequence")
    approval = submit(it, (ZHAO, QIAN))
    signers.ask_also(it, approval, by=ZHAO, other=SUN, reason="涉及财务", on=DAY)
    answer(it, approval, ZHAO)
    assert states(approval) == {2: "approved", 4: "open", 3: "waiting"}
    assert refusal_of(answer, it, approval, QIAN) == "approval.turn"
    answer(it, approval, SUN)
    assert answer(it, approval, QIAN).state == "approved"


@pytest.mark.parametrize(
    "signer",
    [
        AUTHOR,
        Signer(9, person=101),  # the author's other account
        Signer(9, acts_for=(AUTHOR,)),  # the author's delegate
        Signer(9, acts_for=(Signer(8, acts_for=(AUTHOR,)),)),  # a delegate's delegate
    ],
)
def test_the_author_is_not_asked_and_cannot_be_brought_in(submit: Submit, signer: Signer) -> None:
    it = flow("all")
    assert refusal_of(submit, it, (ZHAO, signer)) == "approval.own"
    approval = submit(it, (ZHAO,))
    assert refusal_of(signers.hand_over, approval, by=ZHAO, to=signer, reason="出差", on=DAY) == "approval.own"
    assert refusal_of(signers.ask_also, it, approval, by=ZHAO, other=signer, reason="会签", on=DAY) == "approval.own"


def test_the_author_does_not_approve_as_the_delegate_of_a_signer(submit: Submit) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO,))
    assert refusal_of(answer, it, approval, Signer(1, person=101, acts_for=(ZHAO,))) == "approval.own"
    assert refusal_of(answer, it, approval, Signer(7, person=101, acts_for=(ZHAO,))) == "approval.own"
    assert answer(it, approval, Signer(7, person=107, acts_for=(ZHAO,))).state == "approved"
    assert Task.objects.get().decided_by == 7  # who did it is kept, not whom they stood for


def test_an_author_who_acts_for_a_leader_keeps_the_leader_from_approving(submit: Submit) -> None:
    it = flow("any")
    assert refusal_of(submit, it, (ZHAO,), author=Signer(1, acts_for=(ZHAO,))) == "approval.own"


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        (((ZHAO,), (QIAN,)), None),
        (((ZHAO,),), "approval.signers"),
        (((ZHAO,), ()), "approval.signers"),
        (((ZHAO, Signer(9, person=102)), (QIAN,)), "approval.twice"),  # one person under two accounts
        (((ZHAO,), (ZHAO,)), None),  # the same person may sit in two steps
    ],
)
def test_each_step_has_its_signers(submit: Submit, groups: tuple[tuple[Signer, ...], ...], code: str | None) -> None:
    assert refusal_of(submit, flow("all", "any"), *groups) == code
    assert Approval.objects.count() == (0 if code else 1)


def test_a_verdict_and_a_title_are_asked_for(submit: Submit, land: SimpleNamespace) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO,))
    assert refusal_of(answer, it, approval, ZHAO, "perhaps") == "approval.verdict"
    assert refusal_of(services.check_may_submit, it, title=" ", author=AUTHOR, signers=[[ZHAO]]) == "approval.title"


def test_content_that_changed_since_is_not_approved(submit: Submit) -> None:
    it = flow("any")
    approval = submit(it, (ZHAO,))
    assert refusal_of(answer, it, approval, ZHAO, digest=CHANGED) == "approval.changed"
    assert Approval.objects.get().state == "running"


def holds(digest: str = SEEN) -> str | None:
    return refusal_of(queries.check_holds, "joint", "case_file", 1, digest=digest)


def test_an_approval_holds_for_what_was_approved_and_is_void_for_anything_else(submit: Submit) -> None:
    it = flow("any")
    assert holds() == "approval.none"
    approval = submit(it, (ZHAO,))
    assert holds() == "approval.running"
    answer(it, approval, ZHAO)
    assert (holds(), holds(CHANGED)) == (None, "approval.void")
    with pytest.raises(Refused, match="在2020-06-08审批通过后内容有改动，原审批作废，须重新审批"):
        queries.check_holds("joint", "case_file", 1, digest=CHANGED)


def test_a_later_refusal_takes_the_place_of_an_earlier_approval(submit: Submit) -> None:
    it = flow("any")
    answer(it, submit(it, (ZHAO,)), ZHAO)
    answer(it, submit(it, (ZHAO,)), ZHAO, "refuse", note="情况有变")
    assert holds() == "approval.refused"


def test_what_waits_for_me_what_i_did_what_i_began(submit: Submit) -> None:
    it = flow("all")
    first, second = submit(it, (ZHAO, QIAN)), submit(it, (ZHAO,), row=2)
    answer(it, first, ZHAO)
    assert list(queries.waiting_for(ZHAO)) == [second]
    assert list(queries.waiting_for(Signer(9, acts_for=(QIAN,)))) == [first]
    assert list(queries.answered_by(ZHAO)) == [first]
    assert list(queries.submitted_by(1)) == [second, first]
    assert [it.act for it in queries.acts(first)] == ["submit", "approve"]


@pytest.mark.parametrize("mode", ["any", "all"])
def test_of_two_hundred_who_approve_a_step_at_once_one_transition_comes(committed: None, mode: str) -> None:
    crowd = [Signer(number) for number in range(1000, 1200)]
    it = flow(mode, "any")
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        approval = services.submit(
            it,
            unit=unit,
            source="case_file",
            source_id=1,
            title="调整报告",
            digest=SEEN,
            author=AUTHOR,
            signers=[crowd, [ZHAO]],
            on=DAY,
        )
    start, pool = threading.Barrier(len(crowd)), threading.BoundedSemaphore(CONNECTIONS)
    codes: list[str | None] = []

    def run(signer: Signer) -> None:
        start.wait(60)
        with pool:
            try:
                with acting(EVERYTHING):
                    codes.append(refusal_of(answer, it, approval, signer))
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=(signer,)) for signer in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    passed = {"any": 1, "all": 200}[mode]
    with acting(EVERYTHING):
        approval.refresh_from_db()
        assert (approval.state, approval.step, len(codes)) == ("running", 1, 200)
        assert codes.count(None) == passed
        assert Act.objects.filter(act="approve").count() == passed
        assert states(approval)[2] == "open"

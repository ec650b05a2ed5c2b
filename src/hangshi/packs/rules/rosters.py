"""Kinds of outside list: their rules ask the register for what it knows, and lead to a case that can be opened."""

from collections.abc import Iterator

from hangshi.packs.models import CaseKind, Indicator
from hangshi.packs.rosters import OUTCOMES, Roster, RosterRule
from hangshi.packs.rules.register import RULES, Book, Fault, rule
from hangshi.packs.shapes import did_you_mean

WRITTEN = {"where": "of_where", "fact": "of"}
WHO = frozenset(("name", "number", "unit", "sex", "born"))  # who somebody is, which every list says in these columns


@rule(Roster)
def sets_hold(it: Roster, book: Book) -> Iterator[Fault]:
    """The rules of an indicator (P2xx) hold for the fragment of each rule that has a set, at the key where it is written."""
    for key, said in it.rules.items():
        if not said.of:
            continue
        for model, function in RULES:
            if model is Indicator:
                for fault in function(said.part(key), book):
                    yield Fault(f"rules.{key}.{WRITTEN.get(fault.field, 'of')}", fault.code, fault.sentence)


@rule(Roster)
def sets_name_persons(it: Roster, book: Book) -> Iterator[Fault]:
    """P621. A rule has a set exactly where it compares with one; its subject is a column of the fact that names somebody."""
    for key, said in it.rules.items():
        at = f"rules.{key}"
        if (said.expects == "same") == bool(said.of):
            yield Fault(f"{at}.of", "P621", "expects 是 same 时不写 of，其他的都要写")
        elif said.each and said.subject != "household":
            yield Fault(f"{at}.each", "P621", "each 只用于以户为对象的规则")
        else:
            yield from _subject(said, at, book)


def _subject(said: RosterRule, at: str, book: Book) -> Iterator[Fault]:
    fact = book.pack.facts.get(said.of)
    if fact is not None and (said.subject not in fact.columns or fact.columns[said.subject].type != "id"):
        ids = [name for name, found in fact.columns.items() if found.type == "id"]
        sentence = f"事实“{said.of}”没有“{said.subject}”这个编号列{did_you_mean(said.subject, ids)}"
        yield Fault(f"{at}.subject", "P621", sentence)


@rule(Roster)
def findings_lead_to_a_case(it: Roster, book: Book) -> Iterator[Fault]:
    """P622. The case is of a kind about a person that knows every outcome of the rules as a ground, can be closed and reopened."""
    if not book.has("kind", "case", it.case):
        known = book.names("kind", "case")
        yield Fault("case", "P622", f"没有事项类别“{it.case}”{did_you_mean(it.case, known)}")
        return
    kind = book.pack.kinds.case.get(it.case)
    if kind is None:
        return
    missing = sorted({said.expects for said in it.rules.values()} - kind.grounds.keys())
    if kind.subject != "person" or missing:
        words = "、".join(f"{key}（{OUTCOMES[key]}）" for key in missing)
        yield Fault("case", "P622", f"“{it.case}”须以人为对象，情形里要有：{words or '各种结果'}")
    elif not _can_be_contested(kind):
        yield Fault("case", "P622", f"“{it.case}”须写明 reopens 和各阶段的 days：线索有时限，办结后本人可以申诉")


def _can_be_contested(kind: CaseKind) -> bool:
    return bool(kind.reopens) and all(stage.days for stage in kind.stages if stage.key not in kind.closing)


@rule(Roster)
def columns_are_its_own(it: Roster, book: Book) -> Iterator[Fault]:
    """P623. What a list says beside who somebody is stands in columns of other names."""
    for key in sorted(it.columns.keys() & WHO):
        yield Fault(f"columns.{key}", "P623", f"“{key}”每份名单都有，不另写")

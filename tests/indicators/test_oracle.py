"""Generated rows and definitions: the database and the plain-Python oracle say the same, and the rows listed are the figure."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangshi.duties.models import Duty
from hangshi.indicators import naive, queries
from hangshi.indicators.queries import Period
from hangshi.ledger.models import Entry
from hangshi.registry.models import Person

DAYS = st.dates(date(2023, 1, 1), date(2024, 12, 31))
NODES = ["某市", "某县", "河口镇", "东湾", "西沟", "东湾支部"]
ATOMS = {
    "activities": [
        "kind = 'visit'",
        "kind <> 'visit'",
        "household is null",
        "not household is not null",
        "present between 1 and 3",
        "present in (0, 2)",
        "day >= '2024-01-01'",
        "present * 2 - 1 > 2",
        "coalesce(household, 0) = 0",
        "leader = 1",
    ],
    "duties": [
        "kind = 'pairing'",
        "reserve",
        "not reserve",
        "employees > 1",
        "employees is null",
        "target_poor",
        "role in ('a', '')",
        "employees not in (1, 2)",
        "reserve is true",
        "until is null",
        "-employees < 0",
    ],
    "entries": [
        "amount > 0",
        "amount < 1.50",
        "kind = 'benefit'",
        "source = 'rent'",
        "since is null",
        "abs(amount) >= 1",
        "household is null",
    ],
}
MEASURES = {
    "activities": ["count(*)", "count(distinct household)", "sum(present)"],
    "duties": ["count(*)", "count(distinct bearer)", "sum(employees)"],
    "entries": ["count(*)", "sum(amount)"],
}


def conditions(fact):
    joined = lambda inner: st.one_of(  # noqa: E731  # hypothesis wants a function here
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda it: f"({it[0]} {it[1]} {it[2]})"),
        inner.map(lambda it: f"not ({it})"),
    )
    return st.one_of(st.just(""), st.recursive(st.sampled_from(ATOMS[fact]), joined, max_leaves=4))


@st.composite
def definitions(draw):
    fact = draw(st.sampled_from(sorted(ATOMS)))
    time = draw(st.sampled_from(["within", "as_of"])) if fact == "duties" else "within"
    said = {
        "fact": fact,
        "where": draw(conditions(fact)),
        "measure": draw(st.sampled_from(MEASURES[fact])),
        "time": time,
        "empty": draw(st.sampled_from(["zero", "none"])),
    }
    return said | (
        {"time_column": draw(st.sampled_from(["since", "until"]))} if (fact, time) == ("duties", "within") else {}
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(NODES),
        DAYS,
        st.none() | st.integers(0, 60),
        st.integers(0, 3),
        st.sampled_from(["h1", "h2", ""]),
        st.booleans(),
    ),
    max_size=8,
)


def store(rows, tree, visit, people):
    for name, day, length, number, household, flag in rows:
        unit = tree[name]
        made = visit(
            "东湾",
            household or "h1",
            day,
            unit=unit,
            path=unit.path,
            present=number,
            kind="visit" if flag else "party_lesson",
        )
        if not household:
            type(made).objects.filter(pk=made.pk).update(household=None)
        until = None if length is None else date.fromordinal(day.toordinal() + length)
        more = {"employees": number} if number else {}
        Duty.objects.create(
            kind="pairing" if flag else "pledge",
            unit=unit,
            path=unit.path,
            since=day,
            until=until,
            bearer=people[number % 2],
            target_unit=unit,
            role="a" if flag else "b",
            extra=more | {"reserve": flag},
        )
        Entry.objects.create(
            kind="benefit",
            unit=unit,
            path=unit.path,
            day=day,
            amount=Decimal(number * 100 - 149) / 100,
            source="rent" if flag else "wage",
            since=day if flag else None,
            until=until if flag else None,
        )


def plain_rows():
    found = {}
    for fact in ATOMS:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM fact_{fact}")  # names of this file
            names = [it.name for it in cursor.description]
            found[fact] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def add_up(rows, said):
    if said["measure"].startswith("sum"):
        at = rows.columns.index(said["measure"][4:-1])
        return sum(row[at] for row in rows.rows)
    return len(rows.rows)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=ROWS, said=definitions(), span=st.tuples(DAYS, DAYS).map(sorted))
def test_the_database_and_the_oracle_agree_at_every_node(rows, said, span, tree, visit, define):
    with transaction.atomic():
        people = [Person.objects.create(name=name, unit=tree["东湾"], path=tree["东湾"].path) for name in "甲乙"]
        store(rows, tree, visit, people)
        pack = define(
            x=said,
            all=said | {"where": ""},
            share={"numerator": "x", "denominator": "all", "scale": Decimal(100)},
            moved={"change_of": "x"},
        )
        facts, when = plain_rows(), Period(*span)
        for unit in tree.values():
            for key, got in queries.values(["x", "share", "moved"], unit, when).items():
                assert got.value == naive.value(key, pack.indicators, facts, unit.path, *span), (key, unit.name)
            listed = queries.rows("x", unit, when, size=1000)
            assert len(listed.rows) == listed.total
            assert add_up(listed, said) == (queries.value("x", unit, when).value or 0)
            for child, got in queries.children("x", unit, when):
                assert got.value == naive.value("x", pack.indicators, facts, child.path, *span)
        transaction.set_rollback(True)

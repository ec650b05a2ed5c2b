"""Random definitions out of the closed grammar, made of the very columns that a fact documents."""

from decimal import Decimal

from hypothesis import strategies as st

from hangshi.packs.models import Fact

# Keys that the generated rows hold, and one that none of them does.
WORDS = ("a", "b", "visit", "")
DAYS = ("2023-06-30", "2023-12-31", "2024-02-29", "2024-07-01")


def _text(name):
    word = st.sampled_from(WORDS)
    return st.one_of(
        st.tuples(st.sampled_from(["=", "<>"]), word).map(lambda it: f"{name} {it[0]} '{it[1]}'"),
        st.lists(word, min_size=1, max_size=2).map(lambda it: f"{name} in ({', '.join(repr(w) for w in it)})"),
        st.lists(word, min_size=1, max_size=2).map(lambda it: f"{name} not in ({', '.join(repr(w) for w in it)})"),
        word.map(lambda it: f"coalesce({name}, 'b') = '{it}'"),
    )


def _number(name, numbers):
    one = st.sampled_from(numbers)
    sign = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    term = st.sampled_from(
        [name, f"-{name}", f"abs({name})", f"{name} * 2 - 1", f"({name} + 1)", f"coalesce({name}, 0)"]
    )
    return st.one_of(
        st.tuples(term, sign, one).map(lambda it: f"{it[0]} {it[1]} {it[2]}"),
        st.tuples(one, one).map(lambda it: f"{name} between {it[0]} and {it[1]}"),
    )


def _id(name):
    one = st.integers(1, 6)
    return st.one_of(
        one.map(lambda it: f"{name} <= {it}"),
        one.map(lambda it: f"{name} = {it}"),
        st.just(f"coalesce({name}, 0) = 0"),
    )


def _bool(name):
    return st.sampled_from([name, f"not {name}", f"{name} is true", f"{name} is not false", f"{name} = true"])


def _date(name):
    one = st.sampled_from(DAYS)
    return st.one_of(
        st.tuples(st.sampled_from(["=", "<", ">="]), one).map(lambda it: f"{name} {it[0]} '{it[1]}'"),
        st.tuples(one, one).map(lambda it: f"{name} between '{it[0]}' and '{it[1]}'"),
    )


def atoms(fact: Fact):
    """A condition on one column."""
    made = {
        "text": _text,
        "int": lambda name: _number(name, [0, 1, 2, 3]),
        "decimal": lambda name: _number(name, ["-0.49", "0.51", "1.5", "2"]),
        "id": _id,
        "bool": _bool,
        "date": _date,
    }
    nothing = st.sampled_from(sorted(fact.columns)).flatmap(
        lambda it: st.sampled_from([f"{it} is null", f"{it} is not null", f"not {it} is null"])
    )
    return st.one_of(nothing, *(made[column.type](name) for name, column in sorted(fact.columns.items())))


def conditions(fact: Fact):
    def joined(inner):
        both = st.tuples(inner, st.sampled_from(["and", "or"]), inner)
        return st.one_of(both.map(lambda it: f"({' '.join(it)})"), inner.map(lambda it: f"not ({it})"))

    return st.one_of(st.just(""), st.recursive(atoms(fact), joined, max_leaves=5))


def measures(fact: Fact):
    numbers = [name for name, it in fact.columns.items() if it.type in ("int", "decimal")]
    words = ["count(*)", *(f"count(distinct {name})" for name in fact.columns), *(f"sum({name})" for name in numbers)]
    return st.sampled_from(sorted(words))


@st.composite
def definitions(draw, fact: Fact):
    """A measure of the fact, as of a day where its rows have a validity, within a period by any of its days."""
    dates = sorted(name for name, it in fact.columns.items() if it.type == "date")
    stock = {"since", "until"} <= set(dates) and draw(st.booleans())
    said = {
        "fact": fact.key,
        "where": draw(conditions(fact)),
        "measure": draw(measures(fact)),
        "time": "as_of" if stock else "within",
        "empty": draw(st.sampled_from(["zero", "none"])),
    }
    return said if stock else said | {"time_column": draw(st.sampled_from(dates))}


SCALES = st.sampled_from([Decimal(1), Decimal(100)])

"""Whom each row of a list speaks of: by the blind index of its number, then by likeness where no number settles it."""

from itertools import chain
from typing import NamedTuple

import polars as pl
from django.db import connection

from hangshi.access import keyring
from hangshi.duplicates import looking, queries
from hangshi.registry.tree import upper

UNREADABLE = "没有能用的公民身份号码，姓名、出生日期、村（社区）也不全，无法查找。"
WHO: dict[str, pl.DataType] = {
    "name": pl.String(), "number": pl.String(), "sex": pl.String(), "born": pl.Date(), "unit": pl.String(), "unit_id": pl.Int64(),
}  # fmt: skip
BY_NUMBER = """SELECT v.n, p.id, p.name, p.path FROM unnest(%s::int[], %s::bytea[]) v(n, index) JOIN person p ON p.id_index = v.index
    WHERE p.path >= %s AND p.path < %s"""
FOUND = {"n": pl.Int64, "person": pl.Int64, "named": pl.String, "person_path": pl.String}


class Placed(NamedTuple):
    """`rows`: n, state, how, person, person_path, weight, named_alike; one for each row of the list. `people`: how many were looked at."""

    rows: pl.DataFrame
    people: int


def placed(frame: pl.DataFrame, path: str) -> Placed:
    """Of rows with their `n` and the columns of `WHO`, each with the person of the place at `path` and below it whom it speaks of."""
    exact = _by_number(frame, path)
    rest = frame.join(exact, on="n", how="anti")
    sought = rest.filter(readable())
    people = _people(path) if sought.height else pl.DataFrame(schema={**looking.PEOPLE, "path": pl.String})
    alike = _by_likeness(sought, people)
    states = (
        pl.when(pl.col("named").is_not_null()).then(pl.lit("matched")).when(pl.col("person").is_not_null()).then(pl.lit("possible"))
        .when(pl.col("number").is_not_null() | readable()).then(pl.lit("unmatched")).otherwise(pl.lit("unreadable"))
    )  # fmt: skip
    how = pl.when(pl.col("named").is_not_null()).then(pl.lit("number")).when(pl.col("person").is_not_null())
    named = _plain("name") == _plain("named")
    found = pl.concat([exact, alike], how="diagonal_relaxed")
    rows = frame.join(found, on="n", how="left", maintain_order="left").with_columns(
        state=states, how=how.then(pl.lit("likeness")).otherwise(pl.lit("")), named_alike=named
    )
    kept = rows.select("n", "state", "how", "person", "person_path", "weight", "named_alike")
    return Placed(kept, people.height)


def readable() -> pl.Expr:
    """Whether likeness has something to go by: a name, and where or when."""
    return pl.col("name").is_not_null() & (pl.col("born").is_not_null() | pl.col("unit_id").is_not_null())


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(r"[\s·•．.]", "")


def _by_number(frame: pl.DataFrame, path: str) -> pl.DataFrame:
    """Under every key that is held, so that a rotation under way hides nobody."""
    numbered = frame.select("n", "number").drop_nulls()
    under = keyring.indexes_all(numbered["number"].to_list())
    ns, indexes = numbered["n"].to_list() * len(under), list(chain.from_iterable(under))
    with connection.cursor() as cursor:
        cursor.execute(BY_NUMBER, [ns, indexes, path, upper(path)])
        return pl.DataFrame(cursor.fetchall(), schema=FOUND, orient="row")


def _people(path: str) -> pl.DataFrame:
    return queries.people(kin=False).filter((pl.col("path") >= path) & (pl.col("path") < upper(path)))


def _by_likeness(sought: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The likest person of each row, one of the same name before any other; of two equally like the one registered first. A person decides.

    How rare a name is says little in a small register: there a name off by a character may weigh more than the name itself.
    """
    above = people.select("unit", "above").unique("unit")
    rows = (
        sought.join(above, left_on="unit_id", right_on="unit", how="left")
        .with_columns(id=-pl.col("n"), unit=pl.col("unit_id"), numbered=pl.col("number").is_not_null(), kin=pl.lit(None, dtype=pl.List(pl.String)))
        .with_columns(pl.col("sex").fill_null(""))
        .select([pl.col(it).cast(type_) for it, type_ in looking.PEOPLE.items()])
    )  # fmt: skip
    found = looking.across(rows, people.drop("path"))
    found = found.with_columns(named=pl.col("grounds").list.contains("name"))
    best = found.sort(["named", "weight", "second"], descending=[True, True, False])
    best = best.unique("first", keep="first", maintain_order=True)
    paths = people.select(second="id", person_path="path")
    return best.join(paths, on="second").select(
        n=-pl.col("first"), person=pl.col("second"), person_path="person_path", weight="weight"
    )

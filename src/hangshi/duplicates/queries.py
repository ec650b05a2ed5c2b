"""Reads: the persons to be compared, the pairs in sight, and both persons of a pair as the desk shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import polars as pl
from django.db import connection
from django.db.models import Count, QuerySet

from hangshi.duplicates.looking import PEOPLE
from hangshi.duplicates.models import Pair
from hangshi.registry.models import HouseholdMember, Membership, Person

# Relatives by name: they are who else lives, or lived, in the household.
KIN = """(SELECT string_agg(DISTINCT o.name, '/') FROM household_member m JOIN household_member x ON x.household_id = m.household_id AND x.person_id <> p.id
    JOIN person o ON o.id = x.person_id WHERE m.person_id = p.id)"""
PERSONS = """COPY (SELECT p.id, p.name, p.sex, p.born, p.unit_id, p.path, p.id_index IS NOT NULL AS numbered, {kin} AS kin
    FROM person p WHERE p.name <> '') TO STDOUT (FORMAT csv)"""
READ = {
    "id": pl.Int64, "name": pl.String, "sex": pl.String, "born": pl.Date, "unit": pl.Int64, "path": pl.String, "numbered": pl.String, "kin": pl.String,
}  # fmt: skip


def people(*, kin: bool = True) -> pl.DataFrame:
    """All persons in sight, in the columns of `looking.PEOPLE` and `path`. No identity number is read.

    `kin`: with their relatives, which takes most of the time; for comparing with those of whom none are known it is left empty.
    """
    held = BytesIO()
    with connection.cursor() as cursor, cursor.copy(PERSONS.format(kin=KIN if kin else "NULL")) as copy:
        for block in copy:
            held.write(block)
    if not held.tell():
        return pl.DataFrame(schema={**PEOPLE, "path": pl.String})
    rows = pl.read_csv(held.getvalue(), has_header=False, schema=READ)
    above = pl.col("path").str.extract(r"(\d+)/\d+/$").cast(pl.Int64, strict=False)
    return rows.with_columns(
        above=above,
        numbered=pl.col("numbered") == "t",
        kin=pl.col("kin").str.split("/"),
        sex=pl.col("sex").fill_null(""),
    ).select(*PEOPLE, "path")


def in_state(state: str) -> "QuerySet[Pair]":
    """The likeliest first."""
    return Pair.objects.filter(state=state).select_related("unit").order_by("-weight", "pk")


def counts() -> dict[str, int]:
    """State → how many pairs in sight."""
    return dict(Pair.objects.values_list("state").annotate(Count("pk")))


@dataclass(frozen=True)
class Side:
    """One person of a pair as the desk shows them."""

    id: int
    name: str
    sex: str
    born: date | None
    numbered: bool
    home: str
    branch: str
    household: str


def sides(pairs: Iterable[Pair]) -> dict[int, Side]:
    """Both persons of each pair, by id, in three statements; who is gone is missing."""
    ids = [it for pair in pairs for it in (pair.first, pair.second)]
    branches = dict(Membership.objects.filter(person__in=ids, until=None).values_list("person", "unit__name"))
    houses = dict(HouseholdMember.objects.filter(person__in=ids, until=None).values_list("person", "household__head"))
    rows = Person.objects.filter(pk__in=ids).values_list("pk", "name", "sex", "born", "id_index", "unit__name")
    return {
        pk: Side(pk, name, sex, born, index is not None, home, branches.get(pk, ""), houses.get(pk, ""))
        for pk, name, sex, born, index, home in rows
    }

"""Who stands twice among 200,000 residents: pairs are planted with the slips that offices make, and what is found is held against them."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
from django.core.management import call_command
from django.db import connections

from bench.load import scratch
from bench.measure import Line, once
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.audit.attach import after_migrate
from hangshi.duplicates import services
from hangshi.duplicates.models import Pair
from hangshi.registry import services as registry
from hangshi.registry.models import Unit

RESIDENTS, IN_VILLAGE, IN_HOUSEHOLD, PLANTED = 200_000, 1_000, 4, 0.01
LIMIT = 60_000  # milliseconds
NUMBERED = 0.7
TWINS = 0.01  # of households: two born on one day whose names differ by a character, and who are two
SURNAMES, GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧",
    "建国秀英大山小军红梅志强桂兰德福永生玉珍春华文明海平丽霞勇敏静杰涛磊娟艳芳伟超辉",
)
SLIPS = (
    "as it was",
    "a character of the name",
    "a digit of the birth date",
    "no birth date",
    "no relatives",
    "moved to another village",
)
Row = tuple[
    int, str, str, date | None, int, int, bool
]  # id, name, sex, birth date, village, household (0: none), has a number


def run(scale: float = 1.0) -> Iterator[Line]:
    residents = max(int(RESIDENTS * scale), 2_000)
    with scratch():
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
        villages = _land(residents // IN_VILLAGE)
        rows, planted = _people(residents, len(villages))
        _load(rows, villages)
        with acting(Scope("0", ":", 1)):
            taken = once(lambda: services.look(account=1))
            found = set(Pair.objects.values_list("first", "second"))
    yield Line(f"who stands twice among {residents:,} residents", taken, taken, LIMIT)
    yield from _judged(found, planted)


def _judged(found: set[tuple[int, int]], planted: dict[tuple[int, int], str]) -> Iterator[Line]:
    right = found & planted.keys()
    yield Line(
        "    precision: of the pairs shown, planted",
        100 * len(right) / max(len(found), 1),
        len(found),
        unit="%",
        last="pairs",
    )
    yield Line(
        "    recall: of the planted, shown", 100 * len(right) / len(planted), len(planted), unit="%", last="pairs"
    )
    for slip in SLIPS:
        of_it = {pair for pair, said in planted.items() if said == slip}
        yield Line(f"        {slip}", 100 * len(of_it & right) / len(of_it), len(of_it), unit="%", last="pairs")


def _land(number: int) -> list[Unit]:
    kinds = packs.load("base").kinds.unit
    said = {"on": date(2000, 1, 1), "actor": None}
    with acting(Scope("0", ":")):
        county = registry.create(kinds["county"], name="示例县", parent=None, **said)  # type: ignore[arg-type]  # the same two for all
        found: list[Unit] = []
        for v in range(max(number, 2)):
            if v % 12 == 0:
                township = registry.create(kinds["township"], name=f"第{v // 12}镇", parent=county, **said)  # type: ignore[arg-type]  # as above
            found.append(registry.create(kinds["village"], name=f"第{v}村", parent=township, **said))  # type: ignore[arg-type]  # as above
    return found


def _people(number: int, villages: int) -> tuple[list[Row], dict[tuple[int, int], str]]:
    """The residents, twins among them, and after them those who stand a second time, without a number; which pair has which slip."""
    draw = random.Random(2017)  # noqa: S311  # a drawing that anybody can repeat, not a secret
    rows: list[Row] = []
    for n in range(1, number + 1):
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + (draw.choice(GIVEN) if draw.random() < 0.8 else "")
        born = date(1935, 1, 1) + timedelta(days=draw.randrange(29_000))
        household = (n - 1) // IN_HOUSEHOLD + 1
        rows.append((n, name, draw.choice("男女"), born, household % villages, household, draw.random() < NUMBERED))
    for n in draw.sample(range(0, number - 1, IN_HOUSEHOLD), int(number * TWINS / IN_HOUSEHOLD)):
        rows[n + 1] = (rows[n + 1][0], rows[n][1][:-1] + draw.choice(GIVEN), *rows[n][2:6], rows[n + 1][6])
    planted = {}
    for k, first in enumerate(draw.sample(range(number), int(number * PLANTED))):
        slip = SLIPS[k % len(SLIPS)]
        rows.append(_again(rows[first], number + 1 + k, slip, villages, draw))
        planted[first + 1, number + 1 + k] = slip
    return rows, planted


def _again(row: Row, pk: int, slip: str, villages: int, draw: random.Random) -> Row:
    _, name, sex, born, village, household, _ = row
    if slip == "a character of the name":
        name = name[:-1] + draw.choice(GIVEN)
    elif slip == "a digit of the birth date" and born:
        born = born + timedelta(days=1 if born.day % 10 not in (9, 0) and born.day < 28 else -1)
    elif slip == "no birth date":
        born = None
    elif slip == "no relatives":
        household = 0
    elif slip == "moved to another village":
        village, household = draw.randrange(villages), 0
    return pk, name, sex, born, village, household, False


def _load(rows: list[Row], villages: list[Unit]) -> None:
    """By COPY, as the owner: what is measured is the search."""
    frame = pl.DataFrame(rows, schema=["id", "name", "sex", "born", "village", "household", "numbered"], orient="row")
    places = pl.DataFrame(
        [(i, it.pk, it.path) for i, it in enumerate(villages)], schema=["village", "unit_id", "path"], orient="row"
    )
    held = frame.join(places, on="village", maintain_order="left")
    index = pl.when("numbered").then(pl.format("\\x{}", pl.col("id").cast(pl.String).str.zfill(16)))
    persons = held.select(
        "id", "name", "sex", "born", "unit_id", "path", extra=pl.lit("{}"), cadre=pl.lit(""), id_index=index
    )
    members = held.filter(pl.col("household") > 0)
    households = members.unique("household", keep="first", maintain_order=True).select(
        pl.col("household").alias("id"),
        "unit_id",
        "path",
        extra=pl.lit("{}"),
        number=pl.col("household").cast(pl.String),
        head="name",
    )
    living = members.select(
        "household", "path", person_id="id", relation=pl.lit("成员"), since=pl.lit(date(2000, 1, 1))
    )
    _copy("person", persons)
    _copy("household", households)
    _copy("household_member", living.rename({"household": "household_id"}))


def _copy(table: str, frame: pl.DataFrame) -> None:
    with connections["owner"].cursor() as cursor:
        with cursor.copy(f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN (FORMAT csv)") as sink:
            sink.write(frame.write_csv(include_header=False, quote_style="non_numeric"))
        cursor.execute(f"ANALYZE {table}")

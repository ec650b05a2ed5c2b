"""Pairs of persons who may be one, by the Fellegi–Sunter model (Splink on DuckDB): name, birth date, sex, village, relatives.

The probabilities are written here and not learned from the register: the same two persons get the same weight in every village and every run,
and a small register has nothing to learn from. How rare a name is comes from the register itself.
"""

from typing import Any, Literal

import duckdb
import polars as pl
import splink.comparison_level_library as level
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule
from splink.comparison_library import CustomComparison

PEOPLE: dict[str, Any] = {
    "id": pl.Int64, "name": pl.String, "sex": pl.String, "born": pl.Date, "unit": pl.Int64, "above": pl.Int64,
    "kin": pl.List(pl.String), "numbered": pl.Boolean,
}  # fmt: skip
GROUNDS = {
    "name": "姓名相同", "name_near": "姓名差一字", "born": "出生日期相同", "born_near": "出生日期只差一位", "born_month": "出生年月相同",
    "unit": "同村（单位）", "above": "同乡镇", "kin": "家人有同名的",
}  # fmt: skip
EXPECTED = 0.01  # of persons stand twice; what is asked of each pair follows from it and the size of the register
LISTED = 0.5  # of the rows of an outside list speak of somebody who is registered
LEAST, LEAST_ACROSS = 0.9, 0.7
MEMORY = "400MB"
# Two with a number each are two: the database lets no number stand twice.
NOT_TWO_NUMBERS = "NOT (l.numbered AND r.numbered)"
BLOCKS = (
    "l.name = r.name AND l.born = r.born",
    "l.name = r.name AND l.unit = r.unit",
    "l.unit = r.unit AND l.born = r.born",
    "l.name = r.name AND l.above = r.above AND substr(l.born::text, 1, 4) = substr(r.born::text, 1, 4)",
)


def pairs(people: pl.DataFrame, *, least: float = LEAST) -> pl.DataFrame:
    """`first`, `second`, `weight`, `grounds` (list of keys) of the pairs of at least that probability, the likeliest first.

    `people` has the columns of `PEOPLE`; an empty `kin` or a missing birth date says nothing either way.
    """
    if people.height < 2:
        return _none()
    return _likely([people], _settings("dedupe_only", min(2 * EXPECTED / people.height, 0.001)), least)


def across(rows: pl.DataFrame, people: pl.DataFrame, *, least: float = LEAST_ACROSS) -> pl.DataFrame:
    """`first`, a row of another list by its id negated, `second`, a person, and the rest as `pairs` has it; both frames have the columns of `PEOPLE`.

    A row of a list usually speaks of somebody who is registered, so that less likeness is enough than between two who are; the ids of the
    rows are negative, so that none is a person's.
    """
    if not rows.height or not people.height:
        return _none()
    return _likely([rows, people], _settings("link_only", min(LISTED / people.height, 0.001)), least)


def _none() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"first": pl.Int64, "second": pl.Int64, "weight": pl.Float64, "grounds": pl.List(pl.String)}
    )


def _likely(frames: list[pl.DataFrame], settings: SettingsCreator, least: float) -> pl.DataFrame:
    with duckdb.connect(config={"threads": 2, "memory_limit": MEMORY}) as connection:
        api = DuckDBAPI(connection)
        linker = Linker([api.register(_said(it).to_arrow()) for it in frames], settings, log_level=None)
        found = linker.inference.predict(threshold_match_probability=least)
        likely: pl.DataFrame = pl.from_arrow(found.as_pyarrow_table())  # type: ignore[assignment, no-untyped-call]  # a table gives a frame
    return _answered(likely)


def _said(people: pl.DataFrame) -> pl.DataFrame:
    return people.select(
        "id", "name", "sex", "born", "unit", "above", "numbered",
        pl.when(pl.col("kin").list.len() > 0).then(pl.col("kin")).alias("kin"),
    ).with_columns(pl.when(pl.col("sex") != "").then(pl.col("sex")).alias("sex"))  # fmt: skip


def _settings(link: Literal["dedupe_only", "link_only"], prior: float) -> SettingsCreator:
    return SettingsCreator(
        link_type=link,
        unique_id_column_name="id",
        probability_two_random_records_match=prior,
        comparisons=[_name(), _born(), _sex(), _place(), _kin()],
        blocking_rules_to_generate_predictions=[CustomRule(f"{it} AND {NOT_TWO_NUMBERS}") for it in BLOCKS],
        retain_intermediate_calculation_columns=False,
    )


def _comparison(column: str, *levels: tuple[Any, float, float]) -> CustomComparison:
    """Levels with how often they hold of one person written twice (m) and of two persons (u), the likest first."""
    said = [it.configure(m_probability=m, u_probability=u) for it, m, u in levels]
    return CustomComparison(output_column_name=column, comparison_levels=[level.NullLevel(column), *said])


def _name() -> CustomComparison:
    return _comparison(
        "name",
        (level.ExactMatchLevel("name", term_frequency_adjustments=True), 0.93, 0.0005),
        (level.LevenshteinLevel("name", 1), 0.06, 0.02),
        (level.ElseLevel(), 0.01, 0.9795),
    )


def _born() -> CustomComparison:
    month = "substr(born_l::text, 1, 7) = substr(born_r::text, 1, 7)"
    near = "levenshtein(born_l::text, born_r::text) = 1"
    return _comparison(
        "born",
        (level.ExactMatchLevel("born"), 0.85, 0.00004),
        (level.CustomLevel(near, "one digit"), 0.09, 0.001),
        (level.CustomLevel(month, "month"), 0.04, 0.0013),
        (level.ElseLevel(), 0.02, 0.99766),
    )


def _sex() -> CustomComparison:
    return _comparison("sex", (level.ExactMatchLevel("sex"), 0.99, 0.5), (level.ElseLevel(), 0.01, 0.5))


def _place() -> CustomComparison:
    above = level.CustomLevel("above_l = above_r", "township")
    return _comparison(
        "unit", (level.ExactMatchLevel("unit"), 0.7, 0.001), (above, 0.15, 0.02), (level.ElseLevel(), 0.15, 0.979)
    )


def _kin() -> CustomComparison:
    return _comparison("kin", (level.ArrayIntersectLevel("kin", 1), 0.8, 0.005), (level.ElseLevel(), 0.2, 0.995))


GAMMA = {  # Splink numbers the levels from the least like, 0
    "name": {2: "name", 1: "name_near"},
    "born": {3: "born", 2: "born_near", 1: "born_month"},
    "unit": {2: "unit", 1: "above"},
    "kin": {1: "kin"},
}


def _answered(likely: pl.DataFrame) -> pl.DataFrame:
    said = [
        pl.col(f"gamma_{column}").replace_strict(names, default=None, return_dtype=pl.String).alias(column)
        for column, names in GAMMA.items()
    ]
    return likely.select(
        first=pl.min_horizontal("id_l", "id_r"),
        second=pl.max_horizontal("id_l", "id_r"),
        weight=pl.col("match_probability"),
        grounds=pl.concat_list(said).list.drop_nulls(),
    ).sort(["weight", "first", "second"], descending=[True, False, False])

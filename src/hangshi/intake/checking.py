"""A sheet becomes typed columns and a list of faults, whole columns at a time; nothing here reads or writes a record."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from hangshi.access import keyring
from hangshi.intake import heads, matching, values
from hangshi.intake.places import Place, Places
from hangshi.intake.reading import Sheet
from hangshi.intake.shape import Field, Target
from hangshi.registry import sealed_fields

REPEATING = ("day", "number", "int", "bool", "choice")  # an identity number and a name are read as they stand
NO_FAULTS = {"n": pl.Int64, "key": pl.String, "sentence": pl.String}


@dataclass
class Checked:
    """`frame`: a row for a row that says something, `n` its number in the sheet (from 1), typed columns by field. `faults`: n, key, sentence."""

    head: heads.Head
    frame: pl.DataFrame
    faults: pl.DataFrame

    @property
    def sound(self) -> pl.DataFrame:
        return self.frame.join(self.faults.select("n").unique(), on="n", how="anti", maintain_order="left")


@dataclass(frozen=True)
class Reading:
    """What a check needs beside the sheet. `home`: the unit of rows that name none."""

    target: Target
    mapping: Mapping[str, int]
    home: int
    places: Places
    on: date


def check(sheet: Sheet, asked: Reading) -> Checked:
    """Raises `Refused` where the sheet has no head, or the mapping no longer fits it."""
    head = heads.find(sheet.frame, matching.known(asked.target))
    matching.check_mapping(asked.target, asked.mapping, sheet.frame.width)
    rows = sheet.frame.with_columns(n=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)).slice(
        head.first, head.last - head.first + 1
    )
    rows = rows.filter(
        pl.any_horizontal(pl.col(it).str.strip_chars().str.len_bytes() > 0 for it in sheet.frame.columns)
    )
    typed, faults = _typed(rows, asked)
    typed, wrong = _with_units(typed, asked)
    faults += wrong
    typed, wrong = _with_numbers(typed, asked, asked.on)
    faults += [*wrong, *_missing(typed, asked, faults), *_twice(typed, asked.target)]
    every = pl.concat([pl.DataFrame(schema=NO_FAULTS), *(it.select(list(NO_FAULTS)) for it in faults)])
    return Checked(head, typed, every.unique(maintain_order=True))


def _typed(rows: pl.DataFrame, asked: Reading) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    said = [it for it in asked.target.fields if it.key in asked.mapping]
    reads = {it.key: _read(it, rows[f"c{asked.mapping[it.key]}"]) for it in said}
    faults = [
        pl.DataFrame({"n": rows["n"], "sentence": read.fault}).drop_nulls().with_columns(key=pl.lit(key))
        for key, read in reads.items()
        if read.fault.null_count() < rows.height
    ]
    typed = pl.DataFrame({"n": rows["n"], **{key: read.value for key, read in reads.items()}})
    bounded = [_bounds(it, typed) for it in said if it.extra is not None]
    return typed, [*faults, *(it for it in bounded if it is not None)]


def _read(field: Field, cells: pl.Series) -> values.Read:
    """The column read; where cells repeat, each different one is read once."""
    different = cells.unique() if field.type in REPEATING else cells
    if different.len() * 2 > cells.len():
        return _read_each(field, cells)
    read = _read_each(field, different)
    known = pl.DataFrame({"cell": different, "value": read.value, "fault": read.fault})
    every = cells.to_frame("cell").join(known, on="cell", how="left", nulls_equal=True, maintain_order="left")
    return values.Read(every["value"], every["fault"])


def _read_each(field: Field, cells: pl.Series) -> values.Read:
    match field.type:
        case "day":
            return values.day(cells)
        case "number":
            return values.number(cells, field.places)
        case "int":
            read = values.number(cells, 0)
            return values.Read(read.value.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False), read.fault)
        case "bool":
            return values.yes(cells)
        case "choice":
            return values.choice(cells, dict(field.options))
        case "identity":
            return values.identity(cells)
        case _:
            return values.text(cells, field.longest)


def _bounds(field: Field, typed: pl.DataFrame) -> pl.DataFrame | None:
    low, high = field.extra.low if field.extra else None, field.extra.high if field.extra else None
    if low is None and high is None:
        return None
    said = pl.col(field.key).cast(pl.Float64, strict=False)
    out = pl.lit(False)
    out = out | (said < float(low)) if low is not None else out
    out = out | (said > float(high)) if high is not None else out
    sentence = f"应在{'' if low is None else low}至{'' if high is None else high}之间。"
    return typed.filter(out).select("n", key=pl.lit(field.key), sentence=pl.lit(sentence))


def _with_units(typed: pl.DataFrame, asked: Reading) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Each field of a unit becomes `<key>_id` and `<key>_path`; the unit of a row that names none is the home."""
    faults: list[pl.DataFrame] = []
    for field in (it for it in asked.target.fields if it.type == "unit"):
        if field.key in asked.mapping:
            texts = typed[field.key].drop_nulls().unique().to_list()
            ids, wrong = asked.places.find(texts, field.kinds)
            lost = typed.select(
                "n",
                key=pl.lit(field.key),
                sentence=pl.col(field.key).replace_strict(wrong, default=None, return_dtype=pl.String),
            )
            faults.append(lost.drop_nulls("sentence"))
            column = pl.col(field.key).replace_strict(ids, default=None, return_dtype=pl.Int64)
        else:
            home = asked.places.all.get(asked.home)
            fits = home is not None and (not field.kinds or home.kind in field.kinds)
            if not fits:
                sentence = f"表中没有“{field.name}”这一列，而所选单位不能作{field.name}。"
                faults.append(typed.select("n", key=pl.lit(field.key), sentence=pl.lit(sentence)))
            column = pl.lit(asked.home if fits else None, dtype=pl.Int64)
        typed = typed.with_columns(column.alias(f"{field.key}_id"))
        typed = _with_paths(typed, field.key, asked)
    return typed, faults


def _with_paths(typed: pl.DataFrame, key: str, asked: Reading) -> pl.DataFrame:
    ids = typed[f"{key}_id"].drop_nulls().unique().to_list()
    paths = {it: asked.places.all[it].path for it in ids}
    typed = typed.with_columns(
        pl.col(f"{key}_id").replace_strict(paths, default=None, return_dtype=pl.String).alias(f"{key}_path")
    )
    if not any(it.within == "home" for it in asked.target.links):
        return typed
    above: dict[int, Place] = {it: asked.places.above(it) for it in ids}
    return typed.with_columns(
        home_id=pl.col(f"{key}_id").replace_strict(
            {it: place.id for it, place in above.items()}, default=None, return_dtype=pl.Int64
        ),
        home_path=pl.col(f"{key}_id").replace_strict(
            {it: place.path for it, place in above.items()}, default=None, return_dtype=pl.String
        ),
    )


def _with_numbers(typed: pl.DataFrame, asked: Reading, on: date) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The blind index of every number, and what the person's own number says of sex and birth date."""
    faults: list[pl.DataFrame] = []
    for field in (it for it in asked.target.fields if it.type == "identity"):
        said = (
            typed[field.key]
            if field.key in typed.columns
            else pl.Series(field.key, [None] * typed.height, dtype=pl.String)
        )
        typed = typed.hstack(_indexes(said, field.key))
        if field.key == "number" and field.key in asked.mapping:
            typed, wrong = _agreeing(typed, on)
            faults += wrong
    return typed, faults


def _indexes(said: pl.Series, key: str) -> pl.DataFrame:
    """`<key>_index` under the active key, `<key>_older` under the others: hexadecimal, as the stage takes bytes."""
    rows = said.to_frame("said").with_row_index("row")
    numbered = rows.drop_nulls()
    under = [pl.Series(it, dtype=pl.Binary).bin.encode("hex") for it in keyring.indexes_all(numbered["said"].to_list())]
    *older, active = (pl.lit(it) for it in under)
    listed = pl.concat_str([pl.format('"\\\\x{}"', it) for it in older], separator=",") if older else values.NONE
    made = numbered.select(
        "row",
        pl.format("\\x{}", active).alias(f"{key}_index"),
        pl.concat_str(pl.lit("{"), listed, pl.lit("}")).alias(f"{key}_older"),
    )
    return rows.select("row").join(made, on="row", how="left", maintain_order="left").drop("row")


def _agreeing(typed: pl.DataFrame, on: date) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    number = pl.col("number")
    born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    sex = (
        pl.when(number.str.slice(16, 1).is_in(list("13579")))
        .then(pl.lit("男"))
        .when(number.is_not_null())
        .then(pl.lit("女"))
    )
    faults = [
        typed.filter(born > on).select("n", key=pl.lit("number"), sentence=pl.lit("公民身份号码中的出生日期晚于今天。"))
    ]
    # An office writes 1965.8 for a birth date, so the month is compared; the number has the day.
    for key, said, known in (
        ("sex", pl.col("sex"), sex),
        ("born", pl.col("born").dt.strftime("%Y%m"), born.dt.strftime("%Y%m")),
    ):
        if key in typed.columns:
            name = {"sex": "性别", "born": "出生日期"}[key]
            faults.append(
                typed.filter(said != known).select(
                    "n", key=pl.lit(key), sentence=pl.lit(f"{name}与公民身份号码不一致，请核对。")
                )
            )
    kept_sex = pl.coalesce(sex, pl.col("sex")) if "sex" in typed.columns else sex
    kept_born = pl.coalesce(born, pl.col("born")) if "born" in typed.columns else born
    return typed.with_columns(sex=kept_sex, born=kept_born), faults


def _missing(typed: pl.DataFrame, asked: Reading, faults: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    blamed = (
        pl.concat([it.select("n", "key") for it in faults])
        if faults
        else pl.DataFrame(schema={"n": pl.Int64, "key": pl.String})
    )
    for field in asked.target.fields:
        if field.required and field.key in asked.mapping:
            empty = typed.filter(pl.col(field.key).is_null()).select("n")
            known = blamed.filter(pl.col("key") == field.key).select("n")
            yield empty.join(known, on="n", how="anti").select(
                "n", key=pl.lit(field.key), sentence=pl.lit(f"“{field.name}”必须填写。")
            )


def _twice(typed: pl.DataFrame, target: Target) -> Iterator[pl.DataFrame]:
    """The second and every later row of those that agree in a key; one empty column alone is no agreement."""
    told = pl.DataFrame(schema={"n": pl.Int64})
    for names in target.twice:
        columns = [_keyed(it) for it in names if it.split(":")[0] in typed.columns]
        if (len(columns) < len(names) and len(names) == 1) or not columns:
            continue
        rows = typed.drop_nulls(names[0].split(":")[0]) if names[0].split(":")[0] in typed.columns else typed
        first = pl.col("n").first().over(columns)
        again = rows.with_columns(first=first).filter(pl.col("first") != pl.col("n")).join(told, on="n", how="anti")
        told = pl.concat([told, again.select("n")])
        said = {name.split(":")[0].removesuffix("_id") for name in names}
        key = next((it.key for it in target.fields if it.key in said), target.fields[0].key)
        yield again.select("n", key=pl.lit(key), sentence=pl.format("与第{}行重复。", pl.col("first")))


def _keyed(name: str) -> pl.Expr:
    column, _, span = name.partition(":")
    if not span:
        return pl.col(column)
    day = pl.col(column)
    parts = {"month": day.dt.month(), "half_year": (day.dt.month() > 6).cast(pl.Int8), "year": pl.lit(0)}
    return day.dt.year() * 100 + parts[span]


def extras(frame: pl.DataFrame, target: Target) -> pl.DataFrame:
    """The frame with `extra` (what the pack adds, as JSON, empty values left out by the stage) and `sealed_extra` (its sensitive ones)."""
    fields = [it for it in target.fields if it.extra is not None and it.key in frame.columns]
    plain = [_stored(it) for it in fields if not it.sensitive]
    extra = pl.struct(plain).struct.json_encode() if plain else pl.lit("{}")
    return frame.with_columns(extra.alias("extra"), _sealed(frame, [it for it in fields if it.sensitive]))


def _stored(field: Field) -> pl.Expr:
    column = pl.col(field.key)
    if field.type == "bool":
        column = column == "true"
    elif field.type == "day":
        column = column.dt.strftime("%Y-%m-%d")
    return column.alias(field.key.removeprefix("extra_"))


def _sealed(frame: pl.DataFrame, fields: list[Field]) -> pl.Series:
    stored: list[dict[str, dict[str, str]]] = [{} for _ in range(frame.height)]
    for field in fields:
        key = field.key.removeprefix("extra_")
        for row, said in zip(stored, frame[field.key].to_list(), strict=True):
            if said is not None:
                row[key] = sealed_fields.sealed(key, said)
    return pl.Series("sealed_extra", [json.dumps(it) if it else None for it in stored], dtype=pl.String)

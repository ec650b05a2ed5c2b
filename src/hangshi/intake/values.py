"""Cells as offices write them, whole columns at a time: text to a value, or a sentence that says why not."""

from datetime import date
from typing import NamedTuple

import polars as pl

from hangshi.registry.identity import CHECKS, WEIGHTS

QUOTES = "'‘’`＇"
EMPTY = ("", "无", "/", "-", "--", "—", "——", "null", "#N/A")
EARLIEST, LATEST = date(1880, 1, 1), date(2100, 12, 31)
EXCEL_ZERO = date(1899, 12, 30)
YES, NO = ("是", "有", "1", "true", "y", "√", "✓"), ("否", "没有", "0", "false", "n", "×")
SPOILED = "号码被表格软件按数值保存，后几位已经丢失，请把该列设为文本后重新填写。"


class Read(NamedTuple):
    """`value` is null where the cell is empty or wrong; `fault` is the sentence, null where there is none."""

    value: pl.Series
    fault: pl.Series


NONE = pl.lit(None, dtype=pl.String)


def tidy(cells: pl.Series) -> pl.DataFrame:
    """The cells as `said`: without spaces around them, without the quote that forces text; null where nothing is said."""
    text = cells.str.strip_chars(" \t\r\n\u3000\u00a0\ufeff\u200b").str.strip_chars_start(QUOTES).alias("text")
    said = pl.when(pl.col("text").is_in(EMPTY)).then(NONE).otherwise(pl.col("text"))
    return text.to_frame().select(said=said)


def half_width(cells: pl.Series) -> pl.DataFrame:
    """`tidy`, and full-width signs as half-width ones, without any space."""
    return tidy(cells).select(pl.col("said").str.normalize("NFKC").str.replace_all(r"\s+", ""))


# What a reader works out stands in columns, step by step: polars works an expression out anew at every place that names it, and the day
# of a column took 40 times as long in one.
SAID, VALUE, FAULT = pl.col("said"), pl.col("value"), pl.col("fault")


def _answered(frame: pl.DataFrame, fault: pl.Expr) -> Read:
    """Of a frame with a `value`: kept where there is no fault."""
    done = frame.with_columns(fault=fault).with_columns(value=pl.when(FAULT.is_null()).then(VALUE))
    return Read(done["value"], done["fault"])


def text(cells: pl.Series, longest: int) -> Read:
    """Kept as written. NUL and control characters are refused, for a page cannot show them."""
    fault = (
        pl.when(SAID.str.len_chars() > longest)
        .then(pl.format("超过{}个字，请缩短。", pl.lit(longest)))
        .when(SAID.str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{202a}-\x{202e}\x{2066}-\x{2069}]"))
        .then(pl.lit("含有看不见的控制字符，请删去后重新填写。"))
        .otherwise(NONE)
    )
    return _answered(tidy(cells).with_columns(value=SAID), fault)


def day(cells: pl.Series) -> Read:
    """2017-08-01, 2017.8.1, 2017/8/1, 2017年8月1日, 20170801, a date cell, a serial number; without a day the month's first, 2017.8 too."""
    said = half_width(cells).select(SAID.str.replace(r"00:00:00(\.0+)?$", "").str.replace(r"T$", ""))
    frame = said.with_columns(
        _parts(), serial=pl.when(SAID.str.contains(r"^\d{4,5}$")).then(SAID.cast(pl.Int64, strict=False))
    )
    from_parts = pl.when(_valid_parts()).then(pl.date("year", "month", "day"))
    compact = pl.when(SAID.str.contains(r"^\d{8}$")).then(SAID.str.to_date("%Y%m%d", strict=False, exact=True))
    serial = pl.col("serial")
    from_serial = pl.when(serial.is_between(10000, 73000)).then(pl.lit(EXCEL_ZERO) + pl.duration(days=serial))
    fault = (
        pl.when(SAID.is_null())
        .then(NONE)
        .when(VALUE.is_null())
        .then(pl.format("“{}”不是能认的日期，请写成 2017-08-01 这样。", SAID.str.slice(0, 20)))
        .when(~VALUE.is_between(EARLIEST, LATEST))
        .then(pl.format("日期{}不可信，请核对年份。", VALUE.cast(pl.String)))
        .otherwise(NONE)
    )
    return _answered(frame.with_columns(value=pl.coalesce(from_parts, compact, from_serial)), fault)


def _parts() -> list[pl.Expr]:
    """Year, month and day of a day written in parts; the first of the month where no day is written."""
    dashed = SAID.str.replace_all(r"[./年月\\]", "-").str.replace("日$", "").str.strip_chars_end("-")
    parts = dashed.str.extract_groups(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
    said = {
        "year": parts.struct.field("1"),
        "month": parts.struct.field("2"),
        "day": parts.struct.field("3").fill_null("1"),
    }
    return [it.cast(pl.Int32, strict=False).alias(name) for name, it in said.items()]


def _valid_parts() -> pl.Expr:
    year, month, day_ = pl.col("year"), pl.col("month"), pl.col("day")
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = (
        pl.when(month == 2).then(pl.when(leap).then(29).otherwise(28)).when(month.is_in([4, 6, 9, 11])).then(30)
    ).otherwise(31)  # fmt: skip
    return month.is_between(1, 12) & (day_ >= 1) & (day_ <= longest) & year.is_not_null()


def number(cells: pl.Series, places: int) -> Read:
    """Thousands apart or not, full-width, with 元 or 亩 behind it; the value is text, so that nothing is rounded."""
    frame = half_width(cells).select(SAID.str.replace_all(",", "").str.replace(r"(元|亩|人|户|分|个|平方米)$", ""))
    whole = SAID.str.contains(r"^[-+]?\d{1,15}(\.0+)?$")
    fine = whole if not places else SAID.str.contains(rf"^[-+]?\d{{1,15}}(\.\d{{1,{places}}}0*)?$") | whole
    noise = SAID.str.contains(r"^[-+]?\d{1,13}\.\d{10,}$")  # 0.1 + 0.2 of a formula
    rounded = SAID.cast(pl.Float64, strict=False).round(places).cast(pl.Decimal(18, 2)).cast(pl.String)
    value = pl.when(fine).then(SAID.str.strip_chars_start("+")).when(noise & pl.lit(places > 0)).then(rounded)
    fault = (
        pl.when(SAID.is_null() | VALUE.is_not_null())
        .then(NONE)
        .when(SAID.str.contains(r"^[-+]?\d+\.\d+$"))
        .then(pl.lit(f"最多{places}位小数。" if places else "应填整数。"))
        .otherwise(pl.format("“{}”不是数字。", SAID.str.slice(0, 20)))
    )
    return _answered(frame.with_columns(value=value), fault)


def yes(cells: pl.Series) -> Read:
    frame = half_width(cells).select(SAID.str.to_lowercase())
    value = pl.when(SAID.is_in(YES)).then(pl.lit("true")).when(SAID.is_in(NO)).then(pl.lit("false"))
    fault = pl.when(SAID.is_not_null() & VALUE.is_null()).then(pl.lit("应填是或否。")).otherwise(NONE)
    return _answered(frame.with_columns(value=value), fault)


def choice(cells: pl.Series, options: dict[str, str]) -> Read:
    """A key or a name of the list, or another word for one; the value is the key."""
    value = SAID.replace_strict(options, default=None, return_dtype=pl.String) if options else NONE
    names = "、".join(list(dict.fromkeys(it for it in options if not it.isascii()))[:12])
    fault = (
        pl.when(SAID.is_not_null() & VALUE.is_null())
        .then(pl.format("没有“{}”这一项，可填：{}。", SAID.str.slice(0, 20), pl.lit(names)))
        .otherwise(NONE)
    )
    return _answered(half_width(cells).with_columns(value=value), fault)


def identity(cells: pl.Series) -> Read:
    """A citizen number that passes every check of `registry.identity.read`, in the same words. The sentence never repeats the number.

    In a column that was kept as numbers what ends in two noughts is no longer what was typed.
    """
    frame = half_width(cells).select(SAID.str.to_uppercase()).with_columns(value=SAID)
    frame = frame.with_columns(born=SAID.str.slice(6, 8).str.to_date("%Y%m%d", strict=False), digit=_check_digit(SAID))
    born = pl.col("born")
    fault = (
        pl.when(SAID.is_null())
        .then(NONE)
        .when(SAID.str.contains(r"E\+|\."))
        .then(pl.lit(SPOILED))
        .when(SAID.str.contains(r"^\d{15}$"))
        .then(pl.lit("这是15位的一代证号，已于2013年停用，请填写18位公民身份号码。"))
        .when(SAID.str.len_chars() != 18)
        .then(pl.format("公民身份号码应为18位，现有{}位。", SAID.str.len_chars()))
        .when(~SAID.str.contains(r"^[0-9]{17}[0-9X]$"))
        .then(pl.lit("公民身份号码只能是数字，末位可以是X。"))
        .when(SAID.str.ends_with("000") | (pl.lit(kept_as_numbers(cells)) & SAID.str.ends_with("00")))
        .then(pl.lit(SPOILED))
        .when(born.is_null())
        .then(pl.lit("公民身份号码中的出生日期不是一个真实的日期。"))
        .when(~born.is_between(EARLIEST, LATEST))
        .then(pl.lit("公民身份号码中的出生年份不可信。"))
        .when(pl.col("digit") != SAID.str.slice(17, 1))
        .then(pl.lit("公民身份号码的校验位不对，请核对是否有错字。"))
        .otherwise(NONE)
    )
    return _answered(frame, fault)


def _check_digit(number: pl.Expr) -> pl.Expr:
    digits = (number.str.slice(i, 1).cast(pl.Int32, strict=False) * weight for i, weight in enumerate(WEIGHTS))
    return (pl.sum_horizontal(*digits) % 11).replace_strict(dict(enumerate(CHECKS)), return_dtype=pl.String)


def kept_as_numbers(column: pl.Series) -> bool:
    """Whether the column's 18-digit numbers went through a float: far more of them end in two noughts than people's do (1 in 110)."""
    full = column.drop_nulls().filter(column.drop_nulls().str.contains(r"^\d{18}$"))
    return len(full) > 0 and full.str.ends_with("00").sum() * 5 >= len(full) and len(full) >= 3

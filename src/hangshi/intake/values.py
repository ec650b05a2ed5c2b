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

    value: pl.Expr
    fault: pl.Expr


NONE = pl.lit(None, dtype=pl.String)


def tidy(column: str) -> pl.Expr:
    """The cell without spaces around it, without the quote that forces text; null where nothing is said."""
    text = pl.col(column).str.strip_chars(" \t\r\n\u3000\u00a0\ufeff\u200b").str.strip_chars_start(QUOTES)
    return pl.when(text.is_in(EMPTY)).then(NONE).otherwise(text)


def half_width(column: str) -> pl.Expr:
    return tidy(column).str.normalize("NFKC").str.replace_all(r"\s+", "")


def text(column: str, longest: int) -> Read:
    """Kept as written. NUL and control characters are refused, for a page cannot show them."""
    said = tidy(column)
    fault = (
        pl.when(said.str.len_chars() > longest)
        .then(pl.format("超过{}个字，请缩短。", pl.lit(longest)))
        .when(said.str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{202a}-\x{202e}\x{2066}-\x{2069}]"))
        .then(pl.lit("含有看不见的控制字符，请删去后重新填写。"))
        .otherwise(NONE)
    )
    return Read(pl.when(fault.is_null()).then(said), fault)


def day(column: str) -> Read:
    """2017-08-01, 2017.8.1, 2017/8/1, 2017年8月1日, 20170801, a date cell, a serial number; without a day the month's first, 2017.8 too."""
    said = half_width(column).str.replace(r"00:00:00(\.0+)?$", "").str.replace(r"T$", "")
    dashed = said.str.replace_all(r"[./年月\\]", "-").str.replace("日$", "").str.strip_chars_end("-")
    parts = dashed.str.extract_groups(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
    from_parts = pl.date(
        parts.struct.field("1").cast(pl.Int32, strict=False),
        parts.struct.field("2").cast(pl.Int32, strict=False),
        parts.struct.field("3").fill_null("1").cast(pl.Int32, strict=False),
    )
    valid = _valid_parts(parts)
    compact = said.str.to_date("%Y%m%d", strict=False, exact=True)
    serial = pl.when(said.str.contains(r"^\d{4,5}$")).then(said.cast(pl.Int64, strict=False))
    from_serial = pl.when(serial.is_between(10000, 73000)).then(pl.lit(EXCEL_ZERO) + pl.duration(days=serial))
    value = pl.coalesce(
        pl.when(valid).then(from_parts), pl.when(said.str.contains(r"^\d{8}$")).then(compact), from_serial
    )
    fault = (
        pl.when(said.is_null())
        .then(NONE)
        .when(value.is_null())
        .then(pl.format("“{}”不是能认的日期，请写成 2017-08-01 这样。", said.str.slice(0, 20)))
        .when(~value.is_between(EARLIEST, LATEST))
        .then(pl.format("日期{}不可信，请核对年份。", value.cast(pl.String)))
        .otherwise(NONE)
    )
    return Read(pl.when(fault.is_null()).then(value), fault)


def _valid_parts(parts: pl.Expr) -> pl.Expr:
    year, month, day_ = (parts.struct.field(it).cast(pl.Int32, strict=False) for it in "123")
    day_ = day_.fill_null(1)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = (
        pl.when(month == 2).then(pl.when(leap).then(29).otherwise(28)).when(month.is_in([4, 6, 9, 11])).then(30)
    ).otherwise(31)  # fmt: skip
    return month.is_between(1, 12) & (day_ >= 1) & (day_ <= longest) & year.is_not_null()


def number(column: str, places: int) -> Read:
    """Thousands apart or not, full-width, with 元 or 亩 behind it; the value is text, so that nothing is rounded."""
    said = half_width(column).str.replace_all(",", "").str.replace(r"(元|亩|人|户|分|个|平方米)$", "")
    whole = said.str.contains(r"^[-+]?\d{1,15}(\.0+)?$")
    fine = whole if not places else said.str.contains(rf"^[-+]?\d{{1,15}}(\.\d{{1,{places}}}0*)?$") | whole
    noise = said.str.contains(r"^[-+]?\d{1,13}\.\d{10,}$")  # 0.1 + 0.2 of a formula
    rounded = said.cast(pl.Float64, strict=False).round(places).cast(pl.Decimal(18, 2)).cast(pl.String)
    value = pl.when(fine).then(said.str.strip_chars_start("+")).when(noise & pl.lit(places > 0)).then(rounded)
    fault = (
        pl.when(said.is_null() | value.is_not_null())
        .then(NONE)
        .when(said.str.contains(r"^[-+]?\d+\.\d+$"))
        .then(pl.lit(f"最多{places}位小数。" if places else "应填整数。"))
        .otherwise(pl.format("“{}”不是数字。", said.str.slice(0, 20)))
    )
    return Read(value, fault)


def yes(column: str) -> Read:
    said = half_width(column).str.to_lowercase()
    value = pl.when(said.is_in(YES)).then(pl.lit("true")).when(said.is_in(NO)).then(pl.lit("false"))
    fault = pl.when(said.is_not_null() & value.is_null()).then(pl.lit("应填是或否。")).otherwise(NONE)
    return Read(value, fault)


def choice(column: str, options: dict[str, str]) -> Read:
    """A key or a name of the list, or another word for one; the value is the key."""
    said = half_width(column)
    value = said.replace_strict(options, default=None, return_dtype=pl.String) if options else NONE
    names = "、".join(list(dict.fromkeys(it for it in options if not it.isascii()))[:12])
    fault = (
        pl.when(said.is_not_null() & value.is_null())
        .then(pl.format("没有“{}”这一项，可填：{}。", said.str.slice(0, 20), pl.lit(names)))
        .otherwise(NONE)
    )
    return Read(value, fault)


def identity(column: str, *, spoiled: bool) -> Read:
    """A citizen number that passes every check of `registry.identity.read`, in the same words. The sentence never repeats the number.

    `spoiled`: the column was kept as numbers, so what ends in two noughts is no longer what was typed.
    """
    said = half_width(column).str.to_uppercase()
    born = said.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    fault = (
        pl.when(said.is_null())
        .then(NONE)
        .when(said.str.contains(r"E\+|\."))
        .then(pl.lit(SPOILED))
        .when(said.str.contains(r"^\d{15}$"))
        .then(pl.lit("这是15位的一代证号，已于2013年停用，请填写18位公民身份号码。"))
        .when(said.str.len_chars() != 18)
        .then(pl.format("公民身份号码应为18位，现有{}位。", said.str.len_chars()))
        .when(~said.str.contains(r"^[0-9]{17}[0-9X]$"))
        .then(pl.lit("公民身份号码只能是数字，末位可以是X。"))
        .when(said.str.ends_with("000") | (pl.lit(spoiled) & said.str.ends_with("00")))
        .then(pl.lit(SPOILED))
        .when(born.is_null())
        .then(pl.lit("公民身份号码中的出生日期不是一个真实的日期。"))
        .when(~born.is_between(EARLIEST, LATEST))
        .then(pl.lit("公民身份号码中的出生年份不可信。"))
        .when(_check_digit(said) != said.str.slice(17, 1))
        .then(pl.lit("公民身份号码的校验位不对，请核对是否有错字。"))
        .otherwise(NONE)
    )
    return Read(pl.when(fault.is_null()).then(said), fault)


def _check_digit(number: pl.Expr) -> pl.Expr:
    digits = (number.str.slice(i, 1).cast(pl.Int32, strict=False) * weight for i, weight in enumerate(WEIGHTS))
    return (pl.sum_horizontal(*digits) % 11).replace_strict(dict(enumerate(CHECKS)), return_dtype=pl.String)


def kept_as_numbers(column: pl.Series) -> bool:
    """Whether the column's 18-digit numbers went through a float: far more of them end in two noughts than people's do (1 in 110)."""
    full = column.drop_nulls().filter(column.drop_nulls().str.contains(r"^\d{18}$"))
    return len(full) > 0 and full.str.ends_with("00").sum() * 5 >= len(full) and len(full) >= 3

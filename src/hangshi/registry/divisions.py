"""Division lists in bulk: a CSV of `code,parent,name,level` becomes the place line. Checked whole first; with one problem nothing is loaded."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.db import transaction

from hangshi.refusal import Refused
from hangshi.registry.copying import copy_in

HEADER = ["code", "parent", "name", "level"]
ABOVE = {"city": "province", "county": "city", "township": "county", "village": "township"}
DEPTH = {"city": 1, "county": 2, "township": 3, "village": 4}
# The name by which a place is known, without the word for its committee; and which of the two kinds it is.
VILLAGE = r"(村村民委员会|村民委员会|村村委会|村委会)$"
COMMUNITY = r"(社区居民委员会|居民委员会|社区居委会|居委会)$"


@dataclass(frozen=True)
class Fault:
    """A line of the file (the header is line 1) and what is wrong with it."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.sentence}"


class BadDivisions(Refused):
    """The file has faults and nothing of it was loaded."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        shown = "\n".join(str(fault) for fault in faults[:20])
        more = f"\n……另有{len(faults) - 20}处" if len(faults) > 20 else ""
        super().__init__("divisions.faults", f"区划文件有{len(faults)}处问题，没有导入任何一行：\n{shown}{more}")


def load(file: Path, *, root: str, on: date, using: str = "owner") -> dict[str, int]:
    """Load the city `root` and all below it; they exist from the day `on`. Returns how many units of each kind.

    Raises `BadDivisions` naming every faulty line, and `Refused` when units with these codes exist already.
    """
    return load_units(read(file), root=root, on=on, using=using)


def read(file: Path) -> pl.DataFrame:
    """The rows with their line numbers, as text. UTF-8 or GB18030; anything else is refused with its lines."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise BadDivisions(_undecodable(data)) from None
    lines = text.splitlines()
    if not lines or [cell.strip() for cell in lines[0].split(",")] != HEADER:
        raise BadDivisions([Fault(1, f"首行应为 {','.join(HEADER)}")])
    if faults := [
        Fault(i, f"应有4列，实有{line.count(',') + 1}列")
        for i, line in enumerate(lines[1:], 2)
        if line.strip() and line.count(",") != 3
    ]:
        raise BadDivisions(faults)
    table = pl.read_csv(io.StringIO(text), has_header=True, infer_schema=False, quote_char=None)
    return table.with_columns(pl.all().fill_null("").str.strip_chars()).with_row_index("line", offset=2)


def _undecodable(data: bytes) -> list[Fault]:
    faults = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            faults.append(Fault(number, "编码损坏，既不是UTF-8也不是GB18030"))
    return faults


def check(table: pl.DataFrame, root: str) -> list[Fault]:
    """Everything wrong with the rows, by line."""
    level = pl.col("level")
    above = level.replace_strict(ABOVE, default=None)
    held = table.unique("code", keep="first").select(
        pl.col("code").alias("parent"), pl.col("level").alias("parent_level")
    )
    rows = table.join(held, on="parent", how="left")
    # The row of the root and those above it may name a parent that the file does not hold.
    inner = (pl.col("code") != root) & level.is_in(list(ABOVE)) & (level != "city")
    rules = [
        (~pl.col("code").str.contains(r"^\d{2,12}$"), pl.format("代码“{}”不是2至12位数字", "code")),
        (pl.col("code").is_duplicated(), pl.format("代码{}重复", "code")),
        (pl.col("name") == "", pl.lit("名称为空")),
        (~level.is_in(["province", *ABOVE]), pl.format("不认识的级别“{}”", "level")),
        (pl.col("name").str.contains("\ufffd"), pl.lit("名称中有损坏的字符")),
        (inner & pl.col("parent_level").is_null(), pl.format("上级代码“{}”不在文件中", "parent")),
        (inner & (pl.col("parent_level") != above), pl.format("上级{}的级别不对", "parent")),
        (
            inner & ~pl.col("code").str.starts_with(pl.col("parent")),
            pl.format("代码{}不以上级代码{}开头", "code", "parent"),
        ),
    ]
    found = pl.concat([rows.filter(wrong).select("line", words.alias("words")) for wrong, words in rules]).sort("line")
    faults = [Fault(line, words) for line, words in found.unique(maintain_order=True).iter_rows()]
    if not faults and table.filter((pl.col("code") == root) & (level == "city")).is_empty():
        return [Fault(1, f"文件中没有代码为{root}的市")]
    return faults


def kept(table: pl.DataFrame, root: str) -> pl.DataFrame:
    """The rows of the city, with `kind`, present `name` and `depth`, the root first."""
    parts, level = [table.filter(pl.col("code") == root)], ["county", "township", "village"]
    for name in level:
        parts.append(
            table.filter(pl.col("level") == name).join(
                parts[-1].select(pl.col("code").alias("parent")), on="parent", how="semi"
            )
        )
    named = pl.col("name").str.replace(VILLAGE, "村").str.replace(COMMUNITY, "社区")
    community = (pl.col("level") == "village") & named.str.ends_with("社区")
    return (
        pl.concat(parts)
        .with_columns(
            kind=pl.when(community).then(pl.lit("community")).otherwise("level"),
            name=pl.when(pl.col("level") == "village").then(named).otherwise("name"),
            depth=pl.col("level").replace_strict(DEPTH, return_dtype=pl.Int16),
        )
        .sort("depth", "code")
    )


def load_units(table: pl.DataFrame, *, root: str, on: date, using: str = "owner") -> dict[str, int]:
    if faults := check(table, root):
        raise BadDivisions(faults)
    rows = kept(table, root)
    with transaction.atomic(using=using):
        copy_in(rows.select("code", "parent", "name", "kind", "depth"), root=root, on=on, using=using)
    return {str(kind): int(count) for kind, count in rows.group_by("kind", maintain_order=True).len().iter_rows()}

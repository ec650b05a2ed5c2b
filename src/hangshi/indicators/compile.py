"""From a pack's fragment to SQL: parsed, checked against closed lists, and written anew. What is not understood is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hangshi.packs.models import Fact, Indicator
from hangshi.refusal import Refused

Kind = Literal["count", "distinct", "sum"]
Type = str  # of a column or a literal: id, text, int, decimal, bool, date, null

LOGIC = (exp.And, exp.Or, exp.Not, exp.Paren)
ORDER = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg)
ALLOWED = (
    *LOGIC,
    *ORDER,
    *ARITHMETIC,
    exp.In,
    exp.Between,
    exp.Is,
    exp.Null,
    exp.Boolean,
    exp.Literal,
    exp.Column,
    exp.Identifier,
    exp.Coalesce,
    exp.Abs,
)
ARGUMENTS = {"this", "expression", "expressions", "low", "high", "is_string", "quoted"}
NUMBERS = {"int", "decimal"}


@dataclass(frozen=True)
class Compiled:
    """A base indicator, understood: `where` is SQL over the alias `f`, '' when every row counts."""

    key: str
    fact: str
    view: str
    where: str
    kinds: tuple[str, ...]
    measure: Kind
    column: str
    whole: bool
    time: Literal["as_of", "within"]
    time_column: str
    empty: Literal["zero", "none"]
    home: Literal["row", "shared"]
    version: str

    @property
    def aggregate(self) -> str:
        return {"count": "count(*)", "distinct": f"count(DISTINCT f.{self.column})", "sum": f"sum(f.{self.column})"}[
            self.measure
        ]


def refuse(indicator: Indicator, sentence: str) -> Refused:
    return Refused("indicator.definition", f"指标“{indicator.key}”：{sentence}")


def parsed(indicator: Indicator, fragment: str) -> exp.Expr:
    """The one expression of a fragment; nothing, several statements or a comment are refused."""
    if ";" in fragment or "--" in fragment or "/*" in fragment:
        raise refuse(indicator, f"不接受分号或注释：{fragment}")
    try:
        statements = sqlglot.parse(fragment, dialect="postgres")
    except SqlglotError as fault:
        raise refuse(indicator, f"读不懂：{fragment}") from fault
    if len(statements) != 1 or statements[0] is None:
        raise refuse(indicator, f"应当恰好是一个条件：{fragment}")
    return statements[0]


def check_words(indicator: Indicator, tree: exp.Expr, fact: Fact) -> None:
    """Every node is of a listed sort, with listed parts only, and every column is one that the fact documents."""
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise refuse(indicator, f"不接受的写法：{node.sql(dialect='postgres')}")
        known = ARGUMENTS | {"negate"} if isinstance(node, exp.Is) else ARGUMENTS
        if extra := {name for name, said in node.args.items() if said} - known:
            raise refuse(indicator, f"不接受的写法（{'、'.join(sorted(extra))}）：{node.sql(dialect='postgres')}")
        if isinstance(node, exp.Column) and node.name not in fact.columns:
            raise refuse(indicator, f"“{fact.key}”没有“{node.name}”这一列")
        if isinstance(node, exp.In) and not node.expressions:
            raise refuse(indicator, "IN 后应当列出值")


def type_of(  # noqa: C901  # one case a sort of expression: a table in the form of a match
    indicator: Indicator, node: exp.Expr, fact: Fact
) -> Type:
    """The type of an expression; mixing types that the database would only coerce is refused."""

    def inner(part: str = "this") -> Type:
        return type_of(indicator, node.args[part], fact)

    def alike(types: list[Type]) -> Type:
        known = [it for it in types if it != "null"]
        kinds = {_comparable(it) for it in known}
        if len(kinds) > 1 and not _date_in_text(node, kinds):
            raise refuse(indicator, f"类型不合：{node.sql(dialect='postgres')}")
        return known[0] if known else "null"

    def must(actual: Type, wanted: set[str]) -> Type:
        if actual not in wanted:
            raise refuse(indicator, f"类型不合：{node.sql(dialect='postgres')}")
        return actual

    match node:
        case exp.Column():
            return fact.columns[node.name].type
        case exp.Literal():
            return "text" if node.is_string else ("int" if node.this.isdigit() else "decimal")
        case exp.Boolean():
            return "bool"
        case exp.Null():
            return "null"
        case exp.Paren():
            return inner()
        case exp.Not():
            return must(inner(), {"bool"})
        case exp.And() | exp.Or():
            must(inner("expression"), {"bool"})
            return must(inner(), {"bool"})
        case exp.Is():
            if not isinstance(node.expression, exp.Null | exp.Boolean):
                raise refuse(indicator, f"IS 后只接受 NULL、TRUE、FALSE：{node.sql(dialect='postgres')}")
            if isinstance(node.expression, exp.Boolean):
                must(inner(), {"bool"})
            return "bool"
        case exp.In():
            alike([inner(), *(type_of(indicator, it, fact) for it in node.expressions)])
            return "bool"
        case exp.Between():
            alike([inner(), inner("low"), inner("high")])
            return "bool"
        case exp.Coalesce():
            return alike([inner(), *(type_of(indicator, it, fact) for it in node.expressions)])
        case exp.Neg() | exp.Abs():
            return must(inner(), NUMBERS)
        case exp.Add() | exp.Sub() | exp.Mul():
            must(inner("expression"), NUMBERS)
            return must(inner(), NUMBERS)
    alike([inner(), inner("expression")])  # what is left are the comparisons
    return "bool"


def _comparable(type_: Type) -> str:
    return "number" if type_ in {"int", "decimal", "id"} else type_


def _date_in_text(node: exp.Expr, kinds: set[str]) -> bool:
    """A date column beside dates written as 'YYYY-MM-DD'."""
    if kinds != {"date", "text"}:
        return False
    texts = [it for it in node.find_all(exp.Literal) if it.is_string]
    return not any(_bad_date(it.this) for it in texts) and all(
        isinstance(it, exp.Column | exp.Literal) for it in node.iter_expressions()
    )


def _bad_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() != text
    except ValueError:
        return True


def condition(indicator: Indicator, fact: Fact) -> tuple[str, tuple[str, ...]]:
    """`where` as SQL over `f`, and the kinds it is limited to ('' and () when it says nothing)."""
    if not indicator.where.strip():
        return "", ()
    tree = parsed(indicator, indicator.where)
    check_words(indicator, tree, fact)
    if type_of(indicator, tree, fact) != "bool":
        raise refuse(indicator, f"不是条件：{indicator.where}")
    kinds = _kinds(tree)
    written = tree.transform(_qualified)
    return written.sql(dialect="postgres", comments=False), kinds


def _qualified(node: exp.Expr) -> exp.Expr:
    return exp.column(node.name, table="f", quoted=True) if isinstance(node, exp.Column) else node


def _kinds(tree: exp.Expr) -> tuple[str, ...]:
    """The kinds that the outermost AND allows: an index is keyed by them."""
    for part in tree.unnest().flatten() if isinstance(tree.unnest(), exp.And) else [tree.unnest()]:
        it = part.unnest()
        if isinstance(it, exp.EQ | exp.In) and isinstance(it.this, exp.Column) and it.this.name == "kind":
            values = it.expressions if isinstance(it, exp.In) else [it.expression]
            if all(isinstance(value, exp.Literal) for value in values):
                return tuple(value.this for value in values)
    return ()


def measure(indicator: Indicator, fact: Fact) -> tuple[Kind, str]:
    """`count(*)`, `count(distinct column)` or `sum(column)`: which, and over which column."""
    tree = parsed(indicator, indicator.measure)
    if isinstance(tree, exp.Count) and isinstance(tree.this, exp.Star):
        return "count", ""
    kind: Kind = "sum" if isinstance(tree, exp.Sum) else "distinct"
    inside = (
        tree.this.expressions if isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct) else [tree.this]
    )
    well_made = isinstance(tree, exp.Sum) or (isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct))
    if not well_made or len(inside) != 1 or not isinstance(inside[0], exp.Column):
        raise refuse(indicator, f"只接受 count(*)、count(distinct 列)、sum(列)：{indicator.measure}")
    check_words(indicator, inside[0], fact)
    if kind == "sum" and fact.columns[inside[0].name].type not in NUMBERS:
        raise refuse(indicator, f"“{inside[0].name}”不是数，不能相加")
    return kind, inside[0].name


def compiled(indicator: Indicator, facts: Mapping[str, Fact], version: str) -> Compiled:
    """A base indicator as SQL parts. Raises `Refused` for whatever is not understood."""
    if not indicator.fact or indicator.fact not in facts:
        raise refuse(indicator, f"没有“{indicator.fact}”这类事实")
    return _build(indicator, facts[indicator.fact], version)


def _build(indicator: Indicator, fact: Fact, version: str) -> Compiled:
    if not fact.view.replace("_", "").isalnum() or not indicator.time:
        raise refuse(indicator, "缺少时间口径，或事实的视图名不对")
    needed = ("since", "until") if indicator.time == "as_of" else (indicator.time_column,)
    for column in needed:
        if column not in fact.columns or fact.columns[column].type != "date":
            raise refuse(indicator, f"“{fact.key}”没有“{column}”这一日期列")
    where, kinds = condition(indicator, fact)
    kind, column = measure(indicator, fact)
    return Compiled(
        indicator.key,
        fact.key,
        fact.view,
        where,
        kinds,
        kind,
        column,
        not column or fact.columns[column].type != "decimal" or kind == "distinct",
        indicator.time,
        indicator.time_column,
        indicator.empty,
        indicator.home,
        version,
    )

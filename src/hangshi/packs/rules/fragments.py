"""The SQL of an indicator: parsed by sqlglot and held to a closed list. What is not on the list is refused."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hangshi.packs.models import Indicator
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean

FUNCTIONS = ("count", "sum", "coalesce", "extract")
AGGREGATES = (exp.Count, exp.Sum)
PLAIN = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.And,
    exp.Or,
    exp.Not,
    exp.In,
    exp.Between,
    exp.Is,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Neg,
    exp.Coalesce,
    exp.Extract,
    *AGGREGATES,
)
CONDITIONS = (
    exp.And,
    exp.Or,
    exp.Not,
    exp.In,
    exp.Between,
    exp.Is,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Paren,
    exp.Boolean,
    exp.Column,
)
FIELDS = ("where", "measure")
PARTS = {"this", "expression", "expressions", "low", "high", "is_string", "quoted", "big_int", "negate"}
LONGEST = 2000


@cache
def parse(sql: str) -> exp.Expression | None:
    """The one expression that the fragment is; None if it is anything else."""
    if len(sql) > LONGEST:
        return None
    try:
        statements = sqlglot.parse(f"SELECT {sql}", read="postgres")
    except SqlglotError:
        return None
    query = statements[0] if len(statements) == 1 else None
    if not isinstance(query, exp.Select) or len(query.expressions) != 1:
        return None
    if any(value for name, value in query.args.items() if name != "expressions"):
        return None
    found = query.expressions[0]
    return None if any(node.comments for node in query.walk()) or "--" in sql or "/*" in sql else found


def fragments(it: Indicator) -> Iterator[tuple[str, exp.Expression]]:
    for field in FIELDS:
        tree = parse(getattr(it, field)) if getattr(it, field) else None
        if tree is not None:
            yield field, tree


def columns(tree: exp.Expression) -> Iterator[str]:
    for column in tree.find_all(exp.Column):
        yield column.name


@rule(Indicator)
def fragments_can_be_read(it: Indicator, book: Book) -> Iterator[Fault]:
    """P203. `where` and `measure` are one SQL expression each, without comments."""
    for field in FIELDS:
        text = getattr(it, field)
        if text and parse(text) is None:
            yield Fault(field, "P203", f"读不懂“{text}”：这里只能写一个 SQL 表达式，不带注释")


@rule(Indicator)
def columns_exist(it: Indicator, book: Book) -> Iterator[Fault]:
    """P204. `where` and `measure` may use only the columns that the fact documents, by their plain names."""
    fact = book.pack.facts.get(it.fact or "")
    if fact is None:
        return
    for field, tree in fragments(it):
        for column in sorted(set(columns(tree)) - fact.columns.keys()):
            yield Fault(field, "P204", f"事实“{fact.key}”没有“{column}”这一列{did_you_mean(column, fact.columns)}")


def function_name(node: exp.Expr) -> str:
    return node.sql_name().lower() if isinstance(node, exp.Func) and not isinstance(node, exp.Anonymous) else node.name


def is_function(node: exp.Expr) -> bool:
    return isinstance(node, exp.Func) and not isinstance(node, (exp.Cast, exp.And, exp.Or, exp.Case, exp.Exists))


@rule(Indicator)
def functions_are_listed(it: Indicator, book: Book) -> Iterator[Fault]:
    """P205. Only count, sum, coalesce, and extract of the year or the month."""
    for field, tree in fragments(it):
        for node in tree.walk():
            if is_function(node) and not isinstance(node, (*AGGREGATES, exp.Coalesce, exp.Extract)):
                name = function_name(node)
                hint = did_you_mean(name, FUNCTIONS)
                yield Fault(field, "P205", f"函数“{name}”不在可用之列：{'、'.join(FUNCTIONS)}{hint}")
            elif isinstance(node, exp.Extract) and node.name.lower() not in ("year", "month"):
                yield Fault(field, "P205", f"extract 只能取 year 或 month，不能取“{node.name}”")


def allowed(node: exp.Expr) -> bool:
    if isinstance(node, exp.Star):
        return isinstance(node.parent, exp.Count)
    if isinstance(node, exp.Column):
        return not node.table and not isinstance(node.this, exp.Star)
    if isinstance(node, exp.Var):
        return isinstance(node.parent, exp.Extract)
    if isinstance(node, exp.Cast):
        return type(node) is exp.Cast and node.to.this == exp.DataType.Type.DECIMAL and len(node.to.expressions) == 2
    if isinstance(node, (exp.DataType, exp.DataTypeParam)):
        return node.find_ancestor(exp.Cast) is not None
    if isinstance(node, exp.Distinct):
        return isinstance(node.parent, exp.Count) and len(node.expressions) == 1
    if isinstance(node, exp.In):
        beside = ("query", "unnest", "field", "is_global")
        return bool(node.expressions) and not any(node.args.get(name) for name in beside)
    return isinstance(node, PLAIN) and {name for name, value in node.args.items() if value} <= PARTS


NAMED = {
    exp.Subquery: "子查询",
    exp.Select: "子查询",
    exp.Exists: "子查询",
    exp.In: "子查询",
    exp.Column: "带表名的列",
    exp.Cast: "类型转换（只许 numeric(p,s)）",
    exp.Star: "星号（只许 count(*)）",
    exp.Div: "除法（写成比率指标）",
    exp.Distinct: "distinct（只许 count(distinct 一列)）",
    exp.Filter: "filter（写进 where）",
    exp.Window: "窗口函数",
}


@rule(Indicator)
def constructs_are_listed(it: Indicator, book: Book) -> Iterator[Fault]:
    """P206. Comparison, and/or/not, in, between, is null, + - *, cast to numeric(p,s); nothing else."""
    for field, tree in fragments(it):
        for node in tree.walk(prune=lambda node: not allowed(node)):
            if not allowed(node) and not is_function(node):
                said = next((said for kind, said in NAMED.items() if isinstance(node, kind)), node.key)
                yield Fault(field, "P206", f"不许用{said}：{node.sql('postgres')}")


@rule(Indicator)
def measure_is_one_aggregate(it: Indicator, book: Book) -> Iterator[Fault]:
    """P207. `measure` is count(*), count(distinct column) or sum(column)."""
    tree = parse(it.measure) if it.measure else None
    if tree is None:
        return
    inside = tree.this
    if isinstance(tree, exp.Count):
        simple = isinstance(inside, exp.Star) or (
            isinstance(inside, exp.Distinct) and [type(part) for part in inside.expressions] == [exp.Column]
        )
    else:
        simple = isinstance(tree, exp.Sum) and isinstance(inside, exp.Column)
    if not simple:
        yield Fault("measure", "P207", f"“{it.measure}”不是一个合计：只能写 count(*)、count(distinct 列) 或 sum(列)")


@rule(Indicator)
def where_is_a_condition(it: Indicator, book: Book) -> Iterator[Fault]:
    """P208. `where` says yes or no about one row: a condition, without aggregates."""
    tree = parse(it.where) if it.where else None
    if tree is None:
        return
    if not isinstance(tree, CONDITIONS) or tree.find(*AGGREGATES):
        yield Fault("where", "P208", f"“{it.where}”不是对一行的判断")


@rule(Indicator)
def sums_are_of_numbers(it: Indicator, book: Book) -> Iterator[Fault]:
    """P215. Only columns of numbers are summed."""
    fact, tree = book.pack.facts.get(it.fact or ""), parse(it.measure) if it.measure else None
    if fact is None or tree is None:
        return
    for total in tree.find_all(exp.Sum):
        for name in sorted({name for name in columns(total) if name in fact.columns}):
            if fact.columns[name].type not in ("int", "decimal"):
                yield Fault("measure", "P215", f"“{name}”（{fact.columns[name].doc}）不是数，不能合计")


@rule(Indicator)
def words_are_defined(it: Indicator, book: Book) -> Iterator[Fault]:
    """P211. A literal compared with a column of keys is one of the keys that the packs define: kind = 'visit'."""
    fact, tree = book.pack.facts.get(it.fact or ""), parse(it.where) if it.where else None
    if fact is None or tree is None:
        return
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In):
        sides = [node.this, *node.expressions] if isinstance(node, exp.In) else [node.this, node.expression]
        family = next(
            (
                fact.columns[side.name].values
                for side in sides
                if isinstance(side, exp.Column) and side.name in fact.columns
            ),
            "",
        )
        known = book.names("kind", family)
        for side in sides:
            if family and isinstance(side, exp.Literal) and side.is_string and side.name not in known:
                yield Fault("where", "P211", f"没有定义“{side.name}”{did_you_mean(side.name, known)}")


def literal_fits(column_type: str, literal: exp.Literal) -> bool:
    if column_type == "date":
        return literal.is_string and is_day(literal.name)
    return literal.is_string == (column_type == "text") and column_type != "bool"


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@rule(Indicator)
def literals_fit_their_column(it: Indicator, book: Book) -> Iterator[Fault]:
    """P217. A text is compared with a text, a number with a number, a date with 'YYYY-MM-DD'; a bool stands alone."""
    fact, tree = book.pack.facts.get(it.fact or ""), parse(it.where) if it.where else None
    if fact is None or tree is None:
        return
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between):
        sides = list(node.iter_expressions())
        for name in [side.name for side in sides if isinstance(side, exp.Column) and side.name in fact.columns]:
            for side in sides:
                if isinstance(side, exp.Literal) and not literal_fits(fact.columns[name].type, side):
                    yield Fault("where", "P217", f"“{name}”是 {fact.columns[name].type}，不能与 {side.sql()} 相比")

"""Templates of upper systems: what they name exists, every row can be known again, and what is rejected has somebody to mend it."""

from collections.abc import Iterator

from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.uppers import ACT, ACTS, Upper


@rule(Upper)
def columns_are_fields(it: Upper, book: Book) -> Iterator[Fault]:
    """P901. A column is filled from a field that its register has, or says what became of the row; no two have one name."""
    known = {*it.handed.fields, ACT}
    names = [column.name for column in it.columns]
    for number, column in enumerate(it.columns):
        if column.field not in known:
            hint = did_you_mean(column.field, known)
            yield Fault(f"columns.{number}.field", "P901", f"{it.handed.name}没有“{column.field}”这一项{hint}")
        if column.name in names[:number]:
            yield Fault(f"columns.{number}.name", "P901", f"列名“{column.name}”写了两次")


@rule(Upper)
def rows_are_known_again(it: Upper, book: Book) -> Iterator[Fault]:
    """P902. The column by which both systems know a row is there, once, required and as it is: a receipt is matched by it."""
    keys = [column for column in it.columns if column.field == it.handed.key]
    if len(keys) != 1 or not keys[0].required or keys[0].codes:
        said = it.handed.fields[it.handed.key]
        yield Fault("columns", "P902", f"要有且只有一列是{said}（field = “{it.handed.key}”），必填，不换代码")


@rule(Upper)
def codes_are_of_values(it: Upper, book: Book) -> Iterator[Fault]:
    """P903. A code stands for a value that the field may have."""
    for number, column in enumerate(it.columns):
        family = it.handed.families.get(column.field)
        known = set(ACTS) if column.field == ACT else book.names("kind", family) if family else None
        for key in column.codes:
            if known is not None and key not in known:
                sentence = f"“{column.name}”没有“{key}”这个值{did_you_mean(key, known)}"
                yield Fault(f"columns.{number}.codes.{key}", "P903", sentence)


@rule(Upper)
def statuses_and_units_exist(it: Upper, book: Book) -> Iterator[Fault]:
    """P904. The kinds of unit and of household are defined, and a register of households says which it hands on."""
    for number, kind in enumerate(it.unit_kinds):
        if not book.has("kind", "unit", kind):
            hint = did_you_mean(kind, book.names("kind", "unit"))
            yield Fault(f"unit_kinds.{number}", "P904", f"没有单位类别“{kind}”{hint}")
    for number, status in enumerate(it.statuses):
        if not book.has("kind", "household_status", status):
            hint = did_you_mean(status, book.names("kind", "household_status"))
            yield Fault(f"statuses.{number}", "P904", f"没有户类别“{status}”{hint}")
    if bool(it.statuses) != (it.rows == "households"):
        yield Fault("statuses", "P904", "报农户的，写明报哪些户类别；报党员的不写")


@rule(Upper)
def rejected_rows_become_cases(it: Upper, book: Book) -> Iterator[Fault]:
    """P905. The kind of case is there, is about what the register holds, and has a field for the upper system's reason."""
    if not book.has("kind", "case", it.returned):
        hint = did_you_mean(it.returned, book.names("kind", "case"))
        yield Fault("returned", "P905", f"没有事项类别“{it.returned}”{hint}")
        return
    kind = book.pack.kinds.case.get(it.returned)
    if kind is not None and (kind.subject != it.handed.subject or "reason" not in kind.fields):
        yield Fault("returned", "P905", f"“{kind.name}”应当是{it.handed.name}的事项，并有字段 reason（退回原因）")


@rule(Upper)
def results_are_told_apart(it: Upper, book: Book) -> Iterator[Fault]:
    """P906. No word of a receipt says both taken and not taken."""
    for word in sorted({*it.receipt.accepted} & {*it.receipt.rejected}):
        yield Fault("receipt", "P906", f"“{word}”既是接收又是退回，只能是一种")

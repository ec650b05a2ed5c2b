"""Forms are received and confirmed: once for each head."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from hangshi.forms import layout, proposals
from hangshi.forms.layout import Layout
from hangshi.forms.models import Form
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit


@transaction.atomic
def receive(unit: Unit, *, title: str, name: str, data: bytes, on: date, actor: int | None) -> Form:
    """Keep the blank form of the unit. A head that the unit has confirmed before stays confirmed."""
    found = layout.read(data)
    said = {
        "title": (title.strip() or found.title or name.removesuffix(".xlsx"))[:120],
        "file_name": name[:120],
        "blank": data,
        "path": unit.path,
        "received_on": on,
        "recorded_by": actor,
    }
    form, _ = Form.objects.update_or_create(unit=unit, digest=found.digest, defaults=said)
    return form


def layout_of(form: Form) -> Layout:
    return layout.read(bytes(form.blank))


def suggested(pack: Pack, form: Form, found: Layout) -> dict[str, str]:
    """Letter → target: what was confirmed, else what another visible unit confirmed for the same head, else what the names say."""
    if form.confirmed_on:
        return dict(form.mapping)
    same = Form.objects.filter(digest=form.digest).exclude(confirmed_on=None).order_by("-confirmed_on").first()
    if same is not None:
        return dict(same.mapping)
    columns = {it.letter: it.label for it in found.columns if not it.formula}
    cells = {it.letter: it.label for it in found.cells}
    return proposals.proposed(pack, columns, found.title) | proposals.proposed(pack, cells)


def check_confirm(pack: Pack, found: Layout, mapping: Mapping[str, str]) -> None:
    open_ = {it.letter for it in (*found.columns, *found.cells) if not it.formula}
    known = proposals.targets(pack)
    for letter, target in mapping.items():
        if letter not in open_:
            raise Refused("form.column", f"{letter}不是这张表里要填的列或格，没有保存。请刷新页面重新核对。")
        if target and target not in known:
            raise Refused("form.target", f"{letter}列选的取数口径系统里没有，没有保存。请从列表中选。")
    in_columns = {it.letter for it in found.columns}
    chosen = [target for letter, target in mapping.items() if target and letter in in_columns]
    _check_cells([target for letter, target in mapping.items() if target and letter not in in_columns], found)
    if listed := proposals.lists_of(chosen):
        _check_list(listed, chosen)
    elif found.columns:
        _check_table(found, chosen)


def _check_cells(chosen: list[str], found: Layout) -> None:
    if any(it == proposals.SERIAL or it.startswith(proposals.LIST) for it in chosen):
        raise Refused("form.cell", "单独的一格只能填单位名称、代码、日期或一个指标，没有保存。请改选。")
    if not found.columns and not chosen:
        raise Refused("form.figure", "没有一格选了填什么，没有保存。请至少选一格。")


def _check_list(listed: set[str], chosen: list[str]) -> None:
    if len(listed) > 1:
        raise Refused("form.lists", "各列选了不同的名册，没有保存。一张表的各行只能是同一种记录。")
    if any(it.startswith(proposals.FIGURE) or it in (proposals.NAME, proposals.CODE) for it in chosen):
        raise Refused("form.mixed", "名册的表里不能同时填指标或下级单位，没有保存。请把那几列留空，或改选名册的项目。")


def _check_table(found: Layout, chosen: list[str]) -> None:
    alone = found.first == found.last and not found.total  # one single row may be the unit's own
    if not alone and proposals.NAME not in chosen and proposals.CODE not in chosen:
        raise Refused("form.unit", "还没有指明哪一列是单位名称或单位代码，没有保存。请选好再确认。")
    if not any(it.startswith(proposals.FIGURE) for it in chosen):
        raise Refused("form.figure", "没有一列对应系统里的指标，没有保存。请至少选一列。")


@transaction.atomic
def confirm(pack: Pack, form: Form, *, mapping: Mapping[str, str], on: date, actor: int | None) -> None:
    """What the clerk says the columns are. A column that is not named stays empty."""
    check_confirm(pack, layout_of(form), mapping)
    form.mapping = {letter: target for letter, target in mapping.items() if target}
    form.confirmed_on, form.recorded_by = on, actor
    form.save(update_fields=["mapping", "confirmed_on", "recorded_by"])

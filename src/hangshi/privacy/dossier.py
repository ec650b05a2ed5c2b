"""Everything the system holds about a person, in words: what they may ask for (个人信息保护法第四十五条)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, models
from django.utils import timezone

from hangshi.audit import words
from hangshi.audit.queries import names_of
from hangshi.packs.models import Pack
from hangshi.privacy import register
from hangshi.privacy.models import PersonRequest, Reveal
from hangshi.privacy.reveal import REASONS
from hangshi.registry import identity, sealed_fields
from hangshi.registry.models import Household, Person

FAMILIES = {
    ("duty", "kind"): "duty",
    ("activity", "kind"): "activity",
    ("case_file", "kind"): "case",
    ("entry", "kind"): "entry",
    ("membership", "status"): "membership_status",
    ("membership", "category"): "membership_category",
    ("household_status", "status"): "household_status",
    ("person", "cadre"): "cadre",
}
INSIDE = {
    "id",
    "path",
    "slot",
    "id_sealed",
    "id_index",
    "sealed",
    "recorded_by",
    "extra",
}  # of use to the machine only, or shown apart
YES = {True: "是", False: "否"}


@dataclass(frozen=True)
class Section:
    title: str
    head: list[str]
    rows: list[list[str]]


def gather(person: Person, pack: Pack) -> list[Section]:
    """The person's own fields, every record that names them, what was changed, and who looked at what. As far as the scope reaches."""
    homes = Household.objects.filter(members__person=person).distinct()
    found = [_own(person, pack), _purposes()]
    for relation in Person._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.related_model is not None:
            name = relation.field.name  # type: ignore[union-attr]  # a reverse relation has the field it reverses
            rows = relation.related_model._default_manager.filter(**{name: person})  # type: ignore[union-attr]  # a model
            found.append(_section(rows, pack, role=str(relation.field.verbose_name)))  # type: ignore[union-attr]  # the same
    found.append(_section(homes, pack))
    for relation in Household._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.related_model is not None:
            rows = relation.related_model._default_manager.filter(household__in=homes)  # type: ignore[union-attr]  # a model
            found.append(_section(rows, pack, role="所在户"))
    return _together([*found, _changes(person), _reveals(person), _requests(person)])


def _together(sections: list[Section]) -> list[Section]:
    """Those that hold something; two of one title are one."""
    found: dict[str, Section] = {}
    for it in sections:
        if it.rows:
            known = found.setdefault(it.title, Section(it.title, it.head, []))
            known.rows.extend(row for row in it.rows if row not in known.rows)
    return list(found.values())


def _own(person: Person, pack: Pack) -> Section:
    rows = [[label, text] for label, text in _told(person, pack)]
    if person.id_sealed is not None:
        rows.append(["公民身份号码", identity.reveal(person.id_sealed, row=person.pk)])
    for key, stored in person.extra.items():
        rows.append([key, sealed_fields.opened(key, stored) if sealed_fields.is_sealed(stored) else str(stored)])
    return Section("基本情况", ["项目", "内容"], rows)


def _purposes() -> Section:
    labels = {str(it.column): str(it.verbose_name) for it in Person._meta.concrete_fields}
    own = [it for it in register.fields().values() if it.table == "person" and it.column not in INSIDE - {"id_sealed"}]
    rows = [[labels.get(it.column, it.column), it.purpose, it.basis, it.retention] for it in own]
    return Section("为什么收、凭什么收、留多久", ["项目", "用途", "依据（个人信息保护法）", "保存期限"], rows)


def _section(rows: "models.QuerySet[Any]", pack: Pack, role: str = "") -> Section:
    title = words.table(rows.model._meta.db_table)
    labels = [_label(it) for it in _shown(rows.model)]
    told = [[text for _, text in _told(row, pack, empty=True)] for row in rows.order_by("pk")]
    return Section(f"{title}（{role}）" if role and not role.isascii() else title, labels, told)


def _label(field: "models.Field[Any, Any]") -> str:
    """What the field is called; a link without a name of its own by what it leads to."""
    name = str(field.verbose_name)
    if name.isascii() and isinstance(field.related_model, type):
        return words.table(field.related_model._meta.db_table)
    return name


def _shown(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field.name not in INSIDE and field.column not in INSIDE]


def _told(row: models.Model, pack: Pack, *, empty: bool = False) -> Iterator[tuple[str, str]]:
    for field in _shown(type(row)):
        value = getattr(row, field.name)
        family = FAMILIES.get((row._meta.db_table, field.name))
        if family and value in pack.kinds.family(family):
            value = pack.kinds.family(family)[value].name
        text = _text(value)
        if text or empty:
            yield _label(field), text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES[value]
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _changes(person: Person) -> Section:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT op, replaced_at, replaced_by, name, sex, born FROM person_history WHERE id = %s ORDER BY version",
            [person.pk],
        )
        found = cursor.fetchall()
    names = names_of(row[2] for row in found)
    rows = [
        [_text(at), names.get(by, "系统"), "修改前", name, sex, _text(born)] for _, at, by, name, sex, born in found
    ]
    return Section("修改历史", ["时间", "经办人", "版本", "姓名", "性别", "出生日期"], rows)


def _reveals(person: Person) -> Section:
    found = list(Reveal.objects.filter(person_id=person.pk).order_by("id"))
    names = names_of(it.account_id for it in found)
    rows = [[_text(it.at), names.get(it.account_id, ""), REASONS.get(it.reason, it.reason)] for it in found]
    return Section("谁调阅过", ["时间", "调阅人", "事由"], rows)


def _requests(person: Person) -> Section:
    found = PersonRequest.objects.filter(person_id=person.pk).order_by("id")
    rows = [[_text(it.on), KINDS[it.kind], YES[it.done], it.sentence] for it in found]
    return Section("以往的请求", ["日期", "请求", "已办理", "答复"], rows)


KINDS = {"export": "查阅、复制", "correct": "更正", "erase": "删除"}


def write(sections: list[Section], file: Path, *, line: str) -> None:
    """As a workbook (`.xlsx`) or as JSON (`.json`); `line` says who made it, when and for whom."""
    if file.suffix == ".json":
        said = {"说明": line} | {it.title: [dict(zip(it.head, row, strict=True)) for row in it.rows] for it in sections}
        file.write_text(json.dumps(said, ensure_ascii=False, indent=2), encoding="utf-8")
        return
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, sheet, at = book.add_format({"bold": True}), book.add_worksheet("个人信息"), 0
        sheet.write_string(0, 0, line)
        for section in sections:
            at += 2
            sheet.write_string(at, 0, section.title, bold)
            for row in (section.head, *section.rows):
                at += 1
                for column, text in enumerate(row):
                    sheet.write_string(at, column, text)

"""A list received, its columns confirmed, its rows held against the register, and the doubtful ones judged by a person."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from hangshi.intake import checking, heads, looks, matching, reading
from hangshi.intake import marked as marking
from hangshi.intake.places import Places
from hangshi.intake.queries import remembered
from hangshi.intake.services import Column, Tell, columns_of, remember, shown_name, silent
from hangshi.packs.models import Pack
from hangshi.packs.rosters import Roster as Kind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign
from hangshi.rosters import findings, held, likeness, lists, storing
from hangshi.rosters.models import Roster, Row

SHORTEST = 4  # characters of a purpose, a legal ground


@dataclass(frozen=True)
class Terms:
    """For what, on which legal ground, from whom, of which day, and until when the list is kept."""

    holder: str
    purpose: str
    basis: str
    as_of: date
    expires_on: date


@transaction.atomic
def receive(
    pack: Pack, unit: Unit, *, kind: str, terms: Terms, name: str, data: bytes, on: date, account: int
) -> Roster:
    """Keep the file, sealed; its columns are proposed when the page asks. Raises `Refused`, and then nothing is kept."""
    sign(account)
    said = lists.kind_of(pack, kind)
    check_may_receive(said, terms, on=on)
    aim, sheet = lists.target(said), reading.sheet(data)
    head = heads.find(sheet.frame, matching.known(aim))
    roster = Roster.objects.create(
        account_id=account, unit=unit, path=unit.path, kind=kind, title=said.name, holder=terms.holder.strip()[:60], purpose=terms.purpose.strip()[:200],
        basis=terms.basis.strip()[:200], as_of=terms.as_of, expires_on=terms.expires_on, file_name=shown_name(name), sha256=hashlib.sha256(data).hexdigest(),
        sheet=sheet.name[:60], mapping=matching.proposed(aim, head.labels, sheet.frame.slice(head.first), remembered(unit, aim.key, terms.holder.strip())),
    )  # fmt: skip
    held.keep(roster.pk, data)
    return roster


def check_may_receive(kind: Kind, terms: Terms, *, on: date) -> None:
    if not terms.holder.strip():
        raise Refused("roster.holder", "请写明名单由哪个单位提供。")
    if len(terms.purpose.strip()) < SHORTEST:
        raise Refused("roster.purpose", f"请写明用途，至少{SHORTEST}个字：名单只能用于写明的用途。")
    if len(terms.basis.strip()) < SHORTEST:
        raise Refused("roster.basis", f"请写明法律依据，至少{SHORTEST}个字；没有依据的不能比对。")
    if terms.as_of > on:
        raise Refused("roster.as_of", "名单日期晚于今天，请核对。")
    last = on + timedelta(days=kind.keep)
    if not on <= terms.expires_on <= last:
        raise Refused("roster.expiry", f"保存期限应在今天至{last}之间：到期自动清除，不能长期留存。")


def columns(pack: Pack, roster: Roster, *, sheet: str = "") -> list[Column]:
    """The columns of the sheet for the page. Raises `Refused` where the file is gone. Numbers of citizens are masked in the samples."""
    aim = lists.target(lists.kind_of(pack, roster.kind))
    return columns_of(aim, reading.sheet(held.read(roster.pk), sheet or roster.sheet), roster.mapping)


@transaction.atomic
def match(pack: Pack, roster: Roster, *, mapping: Mapping[str, int], sheet: str, account: int) -> Roster:
    """The asker confirms which column is which; it is remembered for whoever provides the list. Raises `Refused`."""
    sign(account)
    roster = locked(roster)
    check_may_compare(roster)
    aim = lists.target(lists.kind_of(pack, roster.kind))
    read = reading.sheet(held.read(roster.pk), sheet or roster.sheet)
    head = heads.find(read.frame, matching.known(aim))
    matching.check_mapping(aim, mapping, read.frame.width)
    check_says_who(mapping)
    roster.mapping, roster.sheet = dict(mapping), read.name[:60]
    roster.save(update_fields=["mapping", "sheet"])
    remember(roster.unit, aim, roster.holder, matching.remembered(aim, head.labels, mapping))
    return roster


def check_says_who(mapping: Mapping[str, int]) -> None:
    """A list says of whom it speaks by number, or by name with a birth date or a village."""
    if "number" not in mapping and not ("name" in mapping and ("born" in mapping or "unit" in mapping)):
        raise Refused(
            "roster.who", "请选定“公民身份号码”一列；没有号码的，须有“姓名”，并有“出生日期”或“村（社区）”之一。"
        )


def check_may_compare(roster: Roster) -> None:
    if roster.state == "erased":
        raise Refused("roster.erased", "这份名单已按期清除，只留数量；要再比对，请重新上传。")
    if roster.state == "compared":
        raise Refused("roster.compared", "这份名单已经比对过；名单或在册记录有变动的，请重新上传一份。")


@transaction.atomic
def compare(pack: Pack, roster: Roster, *, on: date, account: int, tell: Tell = silent) -> Roster:
    """Say of every row whom it speaks of, and of everybody what the rules find. It changes no record. Raises `Refused`."""
    sign(account)
    roster = locked(roster)
    check_may_compare(roster)
    kind = lists.kind_of(pack, roster.kind)
    check_says_who(roster.mapping)
    tell(0, 3, "读取名单")
    checked = _checked(kind, roster, on)
    tell(1, 3, "与在册人员对应")
    frame = _said(checked.frame, roster.mapping)
    rows = likeness.placed(frame, roster.path).rows
    faults = pl.concat([checked.faults, _unreadable(rows)]).sort("n")
    storing.store(kind, roster, frame, rows)
    tell(2, 3, "按规则比对")
    found = findings.find(pack, kind, roster)
    states = dict(rows["state"].value_counts().iter_rows())
    roster.counts = {it: states.get(it, 0) for it in STATES} | {
        "rows": rows.height, "faulty": faults["n"].n_unique(), "reasons": _reasons(kind, faults), "found": found,
    }  # fmt: skip
    roster.state, roster.compared_at = "compared", timezone.now()
    roster.save(update_fields=["counts", "state", "compared_at"])
    held.keep(roster.pk, json.dumps(faults.rows(), ensure_ascii=False).encode(), "faults")
    return roster


STATES = {"matched": "已对应", "possible": "可能是", "unmatched": "未对应", "unreadable": "无法读取"}
SHOWN = 30  # reasons


def _checked(kind: Kind, roster: Roster, on: date) -> checking.Checked:
    sheet = reading.sheet(held.read(roster.pk), roster.sheet)
    asked = checking.Reading(lists.target(kind), roster.mapping, roster.unit_id, Places.seen(), on)
    return checking.check(sheet, asked)


def _said(frame: pl.DataFrame, mapping: Mapping[str, int]) -> pl.DataFrame:
    """With every column that says who somebody is; without a column of places a row names none, and not the unit that compares."""
    absent = [pl.lit(None, dtype=type_).alias(it) for it, type_ in likeness.WHO.items() if it not in frame.columns]
    unplaced = [] if "unit" in mapping else [pl.lit(None, dtype=pl.Int64).alias("unit_id")]
    return frame.with_columns(absent).with_columns(unplaced)


def _unreadable(rows: pl.DataFrame) -> pl.DataFrame:
    lost = rows.filter(pl.col("state") == "unreadable")
    return lost.select("n", key=pl.lit("number"), sentence=pl.lit(likeness.UNREADABLE))


def _reasons(kind: Kind, faults: pl.DataFrame) -> list[list[Any]]:
    """Column, reason, how many rows, the first of them; the most frequent first."""
    names = {it.key: it.name for it in lists.target(kind).fields}
    grouped = faults.group_by("key", "sentence").agg(pl.len().alias("rows"), pl.col("n").min().alias("first"))
    listed = grouped.sort(["rows", "first"], descending=[True, False]).head(SHOWN)
    return [[names.get(key, key), sentence, count, first] for key, sentence, count, first in listed.iter_rows()]


def marked(pack: Pack, roster: Roster) -> bytes:
    """The rows with a fault, in a workbook shaped as the user's own. Raises `Refused` where there is none, or the file is gone."""
    if not roster.counts.get("faulty"):
        raise Refused("roster.no_faults", "没有读不出或有疑问的行，不需要下载。")
    data = held.read(roster.pk)
    aim, sheet = lists.target(lists.kind_of(pack, roster.kind)), reading.sheet(data, roster.sheet)
    told = json.loads(held.read(roster.pk, "faults"))
    faults = [(int(n), str(key), str(sentence)) for n, key, sentence in told]
    head = heads.find(sheet.frame, matching.known(aim))
    return marking.workbook(aim, sheet, head, roster.mapping, faults, looks.of(data, sheet.name))


@transaction.atomic
def judge(pack: Pack, row: Row, *, same: bool, account: int) -> Row:
    """A person says whether the row speaks of the one it may speak of; what the rules find follows. Raises `Refused`."""
    sign(account)
    roster = locked(row.roster)
    row = Row.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    check_may_judge(row)
    if same and row.person is not None:
        row.state, row.how, row.path = "matched", "judged", row.person.path
    else:
        row.state, row.how, row.person, row.weight = "unmatched", "judged", None, None
    row.save(update_fields=["state", "how", "path", "person", "weight"])
    found = findings.find(pack, lists.kind_of(pack, roster.kind), roster)
    told = roster.counts
    now = {"possible": told["possible"] - 1, row.state: told[row.state] + 1, "found": found}
    roster.counts = told | now
    roster.save(update_fields=["counts"])
    return row


def check_may_judge(row: Row) -> None:
    if row.state != "possible":
        raise Refused("roster.judged", "这一行已经判断过。")


def locked(roster: Roster) -> Roster:
    return Roster.objects.select_for_update(of=("self",)).select_related("unit").get(pk=roster.pk)

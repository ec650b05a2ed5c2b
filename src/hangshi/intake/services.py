"""An import received, matched, checked, written and taken back."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from hangshi.intake import checking, heads, looks, matching, merging, queries, reading, staging, vault
from hangshi.intake import marked as marking
from hangshi.intake.models import Intake, Source
from hangshi.intake.places import Places
from hangshi.intake.shape import Target
from hangshi.intake.targets import target as target_of
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

SHOWN = 100
LARGE = 10_000  # new rows after which the database is to look at its tables anew
WAYS = {"all": "全部写入", "sound": "只写入合格的行"}
Tell = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """For those who wait without asking how far it is."""


@dataclass
class Compared:
    """A sheet as it stands against the register: `states` by row, `faults` by row, field and sentence."""

    target: Target
    checked: checking.Checked
    staged: staging.Staged
    faults: list[tuple[int, str, str]]

    @property
    def counts(self) -> dict[str, int]:
        states = list(self.staged.states.values())
        found = {it: states.count(it) for it in ("new", "changed", "same")}
        refused = len({n for n, *_ in self.faults})
        return found | {"refused": refused, "rows": self.checked.frame.height}

    @property
    def digest(self) -> str:
        said = sorted(self.staged.states.items()) + sorted((n, "refused") for n in {n for n, *_ in self.faults})
        return hashlib.sha256(repr(said).encode()).hexdigest()


@transaction.atomic
def receive(pack: Pack, unit: Unit, *, target: str, source: str, name: str, data: bytes, account: int) -> Intake:
    """Keep the file, sealed; the columns are proposed when the page asks. Raises `Refused`, and then nothing is kept."""
    sign(account)
    aim = target_of(pack, target)
    sheet = reading.sheet(data)
    head = heads.find(sheet.frame, matching.known(aim))
    before = queries.remembered(unit, target, source.strip())
    intake = Intake.objects.create(
        account_id=account, unit=unit, path=unit.path, target=target, source=source.strip()[:60] or "未注明", file_name=shown_name(name),
        sha256=hashlib.sha256(data).hexdigest(), sheet=sheet.name[:60], mapping=matching.proposed(aim, head.labels, sheet.frame.slice(head.first), before),
    )  # fmt: skip
    vault.keep(intake.pk, data)
    vault.keep(intake.pk, reading.packed(sheet), "rows")
    return intake


def _sheet(intake: Intake, name: str = "") -> reading.Sheet:
    """The sheet of that name, or the chosen one: as it was read the last time, else from the file. Raises `Refused` where that is gone."""
    name = name or intake.sheet
    rows = vault.find(intake.pk, "rows")
    kept = reading.unpacked(rows) if rows else None
    return kept if kept and kept.name[:60] == name[:60] else reading.sheet(vault.read(intake.pk), name)


def shown_name(name: str) -> str:
    """What a page shows of a file's name: the last part, without control characters, 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(it for it in last if it.isprintable())[:120] or "未命名"


@dataclass(frozen=True)
class Column:
    """A column of the sheet for the page: its number, its head, what stands in its first rows, and the field it is taken for."""

    number: int
    label: str
    samples: tuple[str, ...]
    field: str


def columns(pack: Pack, intake: Intake, *, sheet: str = "") -> list[Column]:
    """Raises `Refused` where the file is gone. Numbers of citizens are masked in the samples."""
    return columns_of(target_of(pack, intake.target), _sheet(intake, sheet), intake.mapping)


def columns_of(aim: Target, read: reading.Sheet, mapping: Mapping[str, int]) -> list[Column]:
    """Those that have a name or hold anything, each with the field that `mapping` takes it for."""
    head = heads.find(read.frame, matching.known(aim))
    rows = read.frame.slice(head.first, min(3, max(head.last - head.first + 1, 0)))
    said = {i: key for key, i in mapping.items()}
    return [
        Column(i, label, tuple(_masked(it) for it in rows[f"c{i}"].drop_nulls().to_list()), said.get(i, ""))
        for i, label in enumerate(head.labels)
        if label or rows[f"c{i}"].drop_nulls().len()
    ]


def _masked(text: str) -> str:
    return "*" * 17 + text[-1] if len(text) >= 15 and text[:15].isdecimal() else text[:40]


@transaction.atomic
def match(pack: Pack, intake: Intake, *, mapping: Mapping[str, int], sheet: str, account: int) -> Intake:
    """The asker confirms which column is which field; it is remembered for the source. Raises `Refused`."""
    sign(account)
    intake = _locked(intake)
    check_may_match(intake)
    aim = target_of(pack, intake.target)
    read = _sheet(intake, sheet)
    head = heads.find(read.frame, matching.known(aim))
    matching.check_mapping(aim, mapping, read.frame.width)
    intake.mapping, intake.sheet, intake.state = dict(mapping), read.name[:60], "received"
    intake.save(update_fields=["mapping", "sheet", "state"])
    if sheet:
        vault.keep(intake.pk, reading.packed(read), "rows")
    remember(intake.unit, aim, intake.source, matching.remembered(aim, head.labels, mapping))
    return intake


def remember(unit: Unit, aim: Target, source: str, mapping: Mapping[str, str]) -> None:
    """How the columns of the source are matched from now on: plain head → field."""
    said = {"path": unit.path, "mapping": dict(mapping)}
    Source.objects.update_or_create(unit=unit, target=aim.key, name=source, defaults=said)


def check_may_match(intake: Intake) -> None:
    if intake.state not in ("received", "checked"):
        raise Refused("intake.state", "这次导入已经写入，不能再改列的对应；请重新上传。")


@transaction.atomic
def check(pack: Pack, intake: Intake, *, on: date, account: int, tell: Tell = silent) -> Intake:
    """Compare the file with the register and keep what the page shows; writes no record. Raises `Refused`."""
    sign(account)
    intake = _locked(intake)
    check_may_match(intake)
    found = compare(pack, intake, on=on, account=account, tell=tell)
    intake.counts, intake.digest, intake.preview, intake.state = found.counts, found.digest, _preview(found), "checked"
    intake.save(update_fields=["counts", "digest", "preview", "state"])
    vault.keep(intake.pk, json.dumps(found.faults, ensure_ascii=False).encode(), "faults")
    return intake


def compare(pack: Pack, intake: Intake, *, on: date, account: int, tell: Tell = silent) -> Compared:
    """Check and stage the rows of the file; the temporary table `stage` holds the sound rows until the transaction ends."""
    aim = target_of(pack, intake.target)
    tell(0, 4, "读取文件")
    sheet = _sheet(intake)
    tell(1, 4, "逐列核对")
    checked = checking.check(sheet, checking.Reading(aim, intake.mapping, intake.unit_id, Places.seen(), on))
    tell(2, 4, "与在册记录比对")
    staged = staging.stage(aim, checked.sound, pack=pack, actor=account)
    faults = sorted([*checked.faults.iter_rows(), *staged.faults])
    return Compared(aim, checked, staged, faults)


def _preview(found: Compared) -> dict[str, Any]:
    names = {it.key: it.name for it in found.target.fields}
    reasons = pl.DataFrame(found.faults, schema=checking.NO_FAULTS, orient="row")
    grouped = reasons.group_by("key", "sentence").agg(
        pl.col("n").count().alias("rows"), pl.col("n").min().alias("first")
    )
    counted = grouped.sort(["rows", "first"], descending=[True, False]).head(SHOWN)
    return {
        "refused": [[n, names.get(key, key), sentence] for n, key, sentence in found.faults[:SHOWN]],
        "reasons": [[names.get(key, key), sentence, rows, first] for key, sentence, rows, first in counted.iter_rows()],
        "changes": [list(it) for it in staging.changes(found.target)[:SHOWN]],
    }


@transaction.atomic
def commit(pack: Pack, intake: Intake, *, way: str, on: date, account: int, tell: Tell = silent) -> Intake:
    """Write what was shown, in one transaction: `all` only where no row is refused, `sound` without the refused ones.

    Asked again it answers what the first one did. Raises `Refused`, and then nothing is written.
    """
    sign(account)
    intake = _locked(intake)
    if intake.state == "committed":
        return intake
    check_may_commit(intake, way=way)
    found = compare(pack, intake, on=on, account=account, tell=tell)
    if found.digest != intake.digest:
        raise Refused("intake.stale", "预览之后，在册记录有了变动，没有写入任何一行。请重新检查后再写入。")
    tell(3, 4, "写入")
    merging.write(found.target, intake, _numbers(found))
    if found.counts["new"] > LARGE:
        transaction.on_commit(
            partial(merging.analyse, found.target), robust=True
        )  # written is written, whatever becomes of this
    intake.state, intake.committed_at = "committed", timezone.now()
    intake.save(update_fields=["state", "committed_at"])
    tell(4, 4, "写入")
    return intake


def check_may_commit(intake: Intake, *, way: str) -> None:
    if way not in WAYS:
        raise Refused("intake.way", "请选择全部写入，或只写入合格的行。")
    if intake.state != "checked":
        raise Refused("intake.state", "这次导入还没有检查，或已经撤销，不能写入。")
    if not intake.counts["new"] + intake.counts["changed"]:
        raise Refused("intake.nothing", "没有可以写入的内容：表中没有新增，也没有变动。")
    if way == "all" and intake.counts["refused"]:
        raise Refused("intake.refused", f"有{intake.counts['refused']}行不合格，请先改正，或只写入合格的行。")


def _numbers(found: Compared) -> pl.DataFrame | None:
    frame = found.checked.frame
    return frame.select("n", "number").drop_nulls() if _identified(found.target) and "number" in frame.columns else None


def _identified(target: Target) -> bool:
    return any(it.key == "number" and it.type == "identity" for it in target.fields)


def marked(pack: Pack, intake: Intake) -> bytes:
    """The refused rows as a workbook to be put right and brought again. Raises `Refused` where there is none, or the file is gone."""
    if not intake.counts.get("refused"):
        raise Refused("intake.none_refused", "没有不合格的行，不需要下载。")
    data = vault.read(intake.pk)
    aim, sheet = target_of(pack, intake.target), _sheet(intake)
    faults = [(int(n), str(key), str(sentence)) for n, key, sentence in json.loads(vault.read(intake.pk, "faults"))]
    head = heads.find(sheet.frame, matching.known(aim))
    return marking.workbook(aim, sheet, head, intake.mapping, faults, looks.of(data, sheet.name))


@transaction.atomic
def undo(pack: Pack, intake: Intake, *, on: date, account: int) -> int:
    """Take back the whole import; returns how many rows. Asked again it does nothing. Raises `Refused`, and then nothing is changed."""
    sign(account)
    intake = _locked(intake)
    if intake.state == "undone":
        return 0
    check_may_undo(intake)
    undone = merging.undo(target_of(pack, intake.target), intake, on=on, actor=account)
    intake.state, intake.undone_at = "undone", timezone.now()
    intake.save(update_fields=["state", "undone_at"])
    return undone


def check_may_undo(intake: Intake) -> None:
    if intake.state != "committed":
        raise Refused("intake.state", "这次导入没有写入，不需要撤销。")


def _locked(intake: Intake) -> Intake:
    return Intake.objects.select_for_update(of=("self",)).select_related("unit").get(pk=intake.pk)


def forget_old() -> int:
    """Erase the files kept longer than `vault.KEPT`; under `EVERYTHING`. Returns how many."""
    old = list(
        Intake.objects.filter(erased=False, received_at__lt=timezone.now() - vault.KEPT).values_list("pk", flat=True)[
            :100
        ]
    )
    for number in old:
        vault.erase(number)
    if old:
        Intake.objects.filter(pk__in=old).update(erased=True, preview={})
    vault.forget()
    return len(old)

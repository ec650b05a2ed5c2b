"""Pairs found and judged. A judgement stands through every later search; only a person makes one of two."""

from datetime import date
from typing import Any

import polars as pl
from django.db import transaction

from hangshi.duplicates import looking, queries
from hangshi.duplicates.models import Pair
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.registry.signing import sign

VERDICTS = {"same": "是同一人", "different": "不是同一人", "later": "暂不能定"}
JUDGED = ("open", *VERDICTS)


@transaction.atomic
def look(*, account: int | None) -> int:
    """Search all persons in sight; new pairs are open, judged ones stay as judged, open ones no longer likely go. Returns how many are open."""
    sign(account)
    people = queries.people()
    found = looking.pairs(people.drop("path"))
    paths = dict(people.select("id", "path").iter_rows())
    made = [it for row in found.iter_rows(named=True) if (it := _pair(row, paths)) is not None]
    _forget_stale(found)
    # Without a word about the row that stands: it may lie out of sight, at a unit above.
    Pair.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    return Pair.objects.filter(state="open").count()


def _pair(row: dict[str, Any], paths: dict[int, str]) -> Pair | None:
    """None where no unit stands above both."""
    first, second = int(row["first"]), int(row["second"])
    above = common(paths[first], paths[second])
    if not above:
        return None
    unit = int(above.rstrip("/").rsplit("/", 1)[-1])
    return Pair(unit_id=unit, path=above, first=first, second=second, weight=row["weight"], grounds=row["grounds"])


def common(one: str, other: str) -> str:
    """The path of the lowest unit above both; empty where there is none."""
    shared = []
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b or not a:
            break
        shared.append(a)
    return "".join(f"{it}/" for it in shared)


def _forget_stale(found: pl.DataFrame) -> None:
    """Open pairs that are not found again, or no longer found by the same grounds; they carry nothing that somebody wrote."""
    likely = {
        (first, second): grounds for first, second, grounds in found.select("first", "second", "grounds").iter_rows()
    }
    open_ones = Pair.objects.filter(state="open").values_list("pk", "first", "second", "grounds")
    stale = [pk for pk, first, second, grounds in open_ones if likely.get((first, second)) != grounds]
    Pair.objects.filter(pk__in=stale).delete()


@transaction.atomic
def judge(pair: Pair, *, verdict: str, note: str, on: date, account: int | None) -> Pair:
    """Say what the two are, and why. Raises `Refused`."""
    sign(account)
    pair = locked(pair)
    check_may_judge(pair, verdict=verdict, note=note)
    pair.state, pair.note, pair.judged_by, pair.judged_on = verdict, note.strip()[:200], account, on
    pair.save(update_fields=["state", "note", "judged_by", "judged_on"])
    return pair


def check_may_judge(pair: Pair, *, verdict: str, note: str) -> None:
    if verdict not in VERDICTS:
        raise Refused("pair.verdict", "请选择：是同一人、不是同一人，或暂不能定。")
    if pair.state == "joined":
        raise Refused("pair.joined", "这两条已经合并；要改判断，请先撤销合并。")
    if not note.strip() and verdict != "later":
        raise Refused("pair.note", "请写明判断的理由，例如向谁核实、依据什么材料。")
    if verdict == "same" and numbered(pair) == 2:
        raise Refused("pair.numbers", "两人各有公民身份号码，不是同一人；号码登记有误的，请先更正。")


def numbered(pair: Pair) -> int:
    """How many of the two have an identity number."""
    return Person.objects.filter(pk__in=[pair.first, pair.second], id_index__isnull=False).count()


def locked(pair: Pair) -> Pair:
    return Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)

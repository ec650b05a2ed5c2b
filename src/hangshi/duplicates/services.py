"""Pairs found and judged. A judgement stands through every later search; only a person makes one of two."""

from datetime import date

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
    Pair.objects.bulk_create(
        made,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["weight", "grounds"],
    )
    _forget_unlikely(found)
    return Pair.objects.filter(state="open").count()


def _pair(row: dict[str, object], paths: dict[int, str]) -> Pair | None:
    """None where no unit stands above both."""
    first, second = int(str(row["first"])), int(str(row["second"]))
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


def _forget_unlikely(found: pl.DataFrame) -> None:
    likely = set(found.select("first", "second").iter_rows())
    open_ones = Pair.objects.filter(state="open").values_list("pk", "first", "second")
    Pair.objects.filter(pk__in=[pk for pk, first, second in open_ones if (first, second) not in likely]).delete()


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

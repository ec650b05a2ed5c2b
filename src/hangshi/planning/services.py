"""Draws frozen, held and published."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from hangshi.planning import sampling
from hangshi.planning.lots import bound, new_seed
from hangshi.planning.models import Draw
from hangshi.planning.proof import digest, mixed, outcome
from hangshi.planning.sampling import Item, Quota, Unmet
from hangshi.refusal import Refused
from hangshi.registry import identity
from hangshi.registry.models import Unit
from hangshi.registry.signing import next_id, sign


@transaction.atomic
def freeze_sample(
    unit: Unit,
    *,
    title: str,
    items: Sequence[Item],
    names: Mapping[str, str],
    quota: Quota,
    on: date,
    actor: int | None,
) -> Draw:
    """Freeze who may be drawn and by which quota. `names`: of the groups and parts, for the sentence that reports what cannot be met.

    Raises `Refused`, naming every group that cannot give what the quota asks: a rule is not relaxed in silence.
    """
    check_may_freeze(title, items, names, quota)
    frame = {"items": [[item.key, item.group, item.part] for item in items], "names": dict(names)}
    rule = {"least": quota.least, "most": quota.most, "cover": quota.cover, "total": quota.total}
    return _freeze(unit, "sample", title, frame, rule, on, actor)


def check_may_freeze(title: str, items: Sequence[Item], names: Mapping[str, str], quota: Quota) -> None:
    if not title.strip():
        raise Refused("draw.title", "请填写抽样名称。")
    if not items:
        raise Refused("draw.empty", "名单是空的，没有可以抽取的对象。")
    if len({item.key for item in items}) < len(items):
        raise Refused("draw.twice", "名单中有重复的对象，每个对象只能出现一次。")
    if quota.least < 0 or quota.most < 1:
        raise Refused("draw.quota", "每组至少抽取数不能为负，每处至多抽取数至少为1。")
    if short := sampling.unmet(items, quota):
        raise Refused("draw.unmet", "".join(_said(it, names, quota) for it in short) + "请修改规则后重新封存。")


def _said(it: Unmet, names: Mapping[str, str], quota: Quota) -> str:
    if not it.group:
        return f"共需抽取{it.needs}名，按规则只能抽取{it.can}名。"
    name = names.get(it.group, it.group)
    return (
        f"{name}只有{it.parts}个乡镇有可抽对象，每个乡镇至多{quota.most}名，合计至多{it.can}名，"
        f"达不到不少于{it.needs}名的要求。"
    )


@transaction.atomic
def freeze_pairing(
    unit: Unit,
    *,
    title: str,
    inspectors: Sequence[str],
    units: Sequence[str],
    avoid: Sequence[tuple[str, str]],
    most: int | None,
    on: date,
    actor: int | None,
) -> Draw:
    """Freeze inspectors, the units to be inspected and who must avoid whom (双随机)."""
    if not title.strip() or not inspectors or not units:
        raise Refused("draw.empty", "请填写名称，并至少列出一名检查人员和一个受检单位。")
    if len(set(inspectors)) < len(inspectors):
        raise Refused("draw.twice", "检查人员中有重复的人，每人只能出现一次。")
    if most is not None and most < 1:
        raise Refused("draw.most", "每人至多检查的单位数至少为1。")
    frame = {"inspectors": list(inspectors), "units": list(units)}
    rule = {"avoid": sorted([list(pair) for pair in set(avoid)]), "most": most}
    return _freeze(unit, "pairing", title, frame, rule, on, actor)


@transaction.atomic
def freeze_ring(unit: Unit, *, title: str, units: Sequence[str], on: date, actor: int | None) -> Draw:
    """Freeze the units that will check each other (互查)."""
    if not title.strip():
        raise Refused("draw.title", "请填写抽样名称。")
    if len(set(units)) < 3:
        raise Refused("draw.few", "互查至少要有三个单位；只有两个单位时只能互换，不成互查。")
    return _freeze(unit, "ring", title, {"units": list(dict.fromkeys(units))}, {}, on, actor)


def _freeze(
    unit: Unit, kind: str, title: str, frame: dict[str, Any], rule: dict[str, Any], on: date, actor: int | None
) -> Draw:
    sign(actor)
    pk, seed = next_id("draw"), new_seed()
    return Draw.objects.create(
        pk=pk,
        unit=unit,
        path=unit.path,
        kind=kind,
        title=title.strip(),
        frame=frame,
        rule=rule,
        frame_digest=digest(frame, rule),
        seed_bound=bound(seed),
        seed_kept=identity.seal(seed, row=pk),
        frozen_on=on,
        recorded_by=actor,
    )


@transaction.atomic
def hold(draw: Draw, *, on: date, actor: int | None, witness: str = "") -> Draw:
    """Draw, once. `witness` is said aloud on the day (a number that nobody could know before) and is mixed into the lots.

    Raises `Refused` for a draw that was held, and for a day before it was frozen.
    """
    sign(actor)
    draw = Draw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
    check_may_hold(draw, on=on)
    seed = identity.reveal(draw.seed_kept, row=draw.pk)
    witness = witness.strip()
    draw.result = {"witness": witness, "drawn": outcome(draw.kind, draw.frame, draw.rule, mixed(seed, witness))}
    draw.seed, draw.drawn_on = seed, on
    draw.save(update_fields=["seed", "drawn_on", "result"])
    return draw


def check_may_hold(draw: Draw, *, on: date) -> None:
    if draw.drawn_on is not None:
        raise Refused("draw.held", f"“{draw}”已于{draw.drawn_on}抽取，不能再抽；如需重抽，请重新封存名单并说明理由。")
    if on < draw.frozen_on:
        raise Refused("draw.dates", f"抽取日期不能早于封存日期{draw.frozen_on}。")

"""Books: tiers, entitlements and points accounts name what exists, and their amounts are in order."""

from collections.abc import Iterator
from itertools import pairwise

from hangshi.packs.books import Chain, Distribution, Entitlement, ShareKind, Tier
from hangshi.packs.models import DutyKind, EntryKind
from hangshi.packs.points import PointRules, PointTerms
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean


@rule(Tier)
def the_book_of_a_tier_exists(it: Tier, book: Book) -> Iterator[Fault]:
    """P801. The book is defined."""
    yield from _known(it.entry, book)


@rule(Entitlement)
def money_is_owed_to_somebody(it: Entitlement, book: Book) -> Iterator[Fault]:
    """P801. The book of an entitlement is defined, of persons and in yuan."""
    yield from _known(it.entry, book)
    kind = book.made.get(("kind", "entry", it.entry))
    if isinstance(kind, EntryKind) and (kind.subject, kind.unit) != ("person", "yuan"):
        yield Fault("entry", "P801", f'账目“{it.entry}”应当记到人（subject = "person"）、以元计')


def _known(entry: str, book: Book, field: str = "entry") -> Iterator[Fault]:
    if not book.has("kind", "entry", entry):
        yield Fault(field, "P801", f"没有账目“{entry}”{did_you_mean(entry, book.names('kind', 'entry'))}")


@rule(Tier)
def the_tier_says_what_it_counts(it: Tier, book: Book) -> Iterator[Fault]:
    """P802. Money that sorts units into tiers declares its 口径: gross or net, cash or accrual. The kinds of unit exist."""
    kind = book.made.get(("kind", "entry", it.entry))
    if isinstance(kind, EntryKind) and kind.unit == "yuan" and not (kind.basis and kind.accounting):
        yield Fault("entry", "P802", f"账目“{it.entry}”没有写明口径：basis（gross、net）和 accounting（cash、accrual）")
    for number, key in enumerate(it.of):
        if not book.has("kind", "unit", key):
            yield Fault(f"of.{number}", "P802", f"没有单位类别“{key}”{did_you_mean(key, book.names('kind', 'unit'))}")
    if not it.of:
        yield Fault("of", "P802", "没有写明给哪些类别的单位分档")


@rule(Tier)
def bounds_rise_from_nothing(it: Tier, book: Book) -> Iterator[Fault]:
    """P803. Bounds begin with 0 and rise; a target stands at one of them."""
    if not it.bounds or it.bounds[0] != 0:
        yield Fault("bounds", "P803", "档次要从 0 开始")
    for number, (lower, upper) in enumerate(pairwise(it.bounds), 1):
        if upper <= lower:
            yield Fault(f"bounds.{number}", "P803", f"档次要逐个递增：{upper} 不大于 {lower}")
    for number, target in enumerate(it.targets):
        if target.at not in it.bounds:
            yield Fault(f"targets.{number}.at", "P803", f"目标 {target.at} 不是所列的档次")


@rule(Entitlement)
def the_duty_exists(it: Entitlement, book: Book) -> Iterator[Fault]:
    """P804. The duty is defined and borne by persons; roles and the field of years are its own."""
    duty = book.made.get(("kind", "duty", it.duty))
    if not book.has("kind", "duty", it.duty):
        yield Fault("duty", "P804", f"没有责任类别“{it.duty}”{did_you_mean(it.duty, book.names('kind', 'duty'))}")
    if not isinstance(duty, DutyKind):
        return
    if duty.bearer != "person":
        yield Fault("duty", "P804", f"“{it.duty}”由单位承担，不能发给个人")
    for number, rate in enumerate(it.rates):
        if rate.role and rate.role not in duty.roles:
            yield Fault(
                f"rates.{number}.role", "P804", f"“{it.duty}”没有岗位“{rate.role}”{did_you_mean(rate.role, duty.roles)}"
            )
    if it.years and (it.years not in duty.fields or duty.fields[it.years].type != "int"):
        yield Fault("years", "P804", f"“{it.duty}”没有整数字段“{it.years}”{did_you_mean(it.years, duty.fields)}")


@rule(Entitlement)
def rates_are_in_order(it: Entitlement, book: Book) -> Iterator[Fault]:
    """P805. There is a rate; each is positive, first days never go back, none is said twice, and years need their field."""
    if not it.rates:
        yield Fault("rates", "P805", "没有标准：至少写一行 { since = 日期, amount = 数额 }")
    seen = set()
    for number, rate in enumerate(it.rates):
        if rate.amount <= 0:
            yield Fault(f"rates.{number}.amount", "P805", f"数额要大于零：{rate.amount}")
        if number and rate.since < it.rates[number - 1].since:
            yield Fault(f"rates.{number}.since", "P805", f"首日不能倒退：{rate.since}")
        if (said := (rate.since, rate.role, rate.years)) in seen:
            yield Fault(f"rates.{number}", "P805", "同一首日、岗位和年限写了两次")
        seen.add(said)
        if rate.years and not it.years:
            yield Fault(f"rates.{number}.years", "P805", "按年限定标准，要用 years 写明年限记在责任的哪个字段")


@rule(Chain)
def a_chain_has_steps_of_one_measure(it: Chain, book: Book) -> Iterator[Fault]:
    """P806. Two steps at least, each a book once, all in one measure; kinds of unit and the standard exist."""
    for number, key in enumerate(it.steps):
        for fault in _known(key, book):
            yield Fault(f"steps.{number}", "P806", fault.sentence)
    kinds = [book.made.get(("kind", "entry", key)) for key in it.steps]
    measures = {kind.unit for kind in kinds if isinstance(kind, EntryKind)}
    if len(it.steps) < 2 or len(set(it.steps)) < len(it.steps) or len(measures) > 1:
        yield Fault("steps", "P806", "至少两步，不重复，计量单位要相同")
    for number, key in enumerate(it.of):
        if not book.has("kind", "unit", key):
            yield Fault(f"of.{number}", "P806", f"没有单位类别“{key}”{did_you_mean(key, book.names('kind', 'unit'))}")
    if it.standard is not None and not book.has("standard", it.standard):
        yield Fault("standard", "P806", f"没有标准“{it.standard}”{did_you_mean(it.standard, book.names('standard'))}")


@rule(PointTerms)
def points_are_shown_before_they_count(it: PointTerms, book: Book) -> Iterator[Fault]:
    """P807. What points are given for and what they buy is said of an account whose points are shown; no item is worth nothing."""
    if (it.items or it.rewards or it.appeal_days) and not it.shown_days:
        yield Fault("shown_days", "P807", "积分要先公示：写明 shown_days（公示几天，含当天）")
    for key, item in it.items.items():
        if not item.points or item.points != round(item.points, 2):
            yield Fault(f"items.{key}.points", "P807", f"“{item.name}”的分值不能是零，最多两位小数")
    for key, reward in it.rewards.items():
        if reward.points <= 0 or reward.points != round(reward.points, 2):
            yield Fault(f"rewards.{key}.points", "P807", f"“{reward.name}”所需的分值要大于零，最多两位小数")


@rule(PointRules)
def the_account_of_points_exists(it: PointRules, book: Book) -> Iterator[Fault]:
    """P808. The book is a points account, and nobody's money or land."""
    yield from (Fault(fault.field, "P808", fault.sentence) for fault in _known(it.book, book, "book"))
    kind = book.made.get(("kind", "entry", it.book))
    if isinstance(kind, EntryKind) and not kind.shown_days:
        yield Fault("book", "P808", f"账目“{it.book}”不是积分账户")


@rule(EntryKind)
def points_are_of_a_person_or_a_household(it: EntryKind, book: Book) -> Iterator[Fault]:
    """P809. A points account is counted in points, is somebody's, and is not a standing amount."""
    if it.shown_days and (it.unit != "point" or it.subject == "unit" or it.standing or it.once_a or it.sources):
        yield Fault(
            "shown_days", "P809", '积分账户以分计（unit = "point"）、记到人或户，不分来源，没有起止日期和次数限制'
        )


@rule(ShareKind)
def who_may_hold_a_share_is_known(it: ShareKind, book: Book) -> Iterator[Fault]:
    """P810. The statuses exist; the collective has none."""
    for number, key in enumerate(it.statuses):
        if not book.has("kind", "household_status", key):
            hint = did_you_mean(key, book.names("kind", "household_status"))
            yield Fault(f"statuses.{number}", "P810", f"没有农户状态“{key}”{hint}")
    if it.statuses and it.holder == "collective":
        yield Fault("statuses", "P810", "集体持有的股份不按农户状态配给")


@rule(Distribution)
def a_distribution_names_what_exists(it: Distribution, book: Book) -> Iterator[Fault]:
    """P811. Books, kinds of unit and meetings exist and are named; what is due and paid is yuan of households."""
    for field, family, word in (
        ("of", "unit", "单位类别"),
        ("income", "entry", "账目"),
        ("costs", "entry", "账目"),
        ("meetings", "activity", "活动类别"),
    ):
        keys = getattr(it, field)
        for number, key in enumerate(keys):
            if not book.has("kind", family, key):
                hint = did_you_mean(key, book.names("kind", family))
                yield Fault(f"{field}.{number}", "P811", f"没有{word}“{key}”{hint}")
        if not keys and field != "costs":
            yield Fault(field, "P811", f"没有写明{word}")
    for field in ("due", "paid"):
        kind = book.made.get(("kind", "entry", getattr(it, field)))
        if not isinstance(kind, EntryKind) or (kind.subject, kind.unit, kind.once_a) != ("household", "yuan", ""):
            yield Fault(field, "P811", '应当是记到户（subject = "household"）、以元计、不限次数的账目')


@rule(Distribution)
def reserves_leave_something(it: Distribution, book: Book) -> Iterator[Fault]:
    """P812. Each reserve is named once, and the least of all of them together is below 100 percent."""
    keys = [reserve.key for reserve in it.reserves]
    if len(keys) != len(set(keys)):
        yield Fault("reserves", "P812", "同一项提留写了两次")
    if any(reserve.least < 0 for reserve in it.reserves) or sum(reserve.least for reserve in it.reserves) >= 100:
        yield Fault("reserves", "P812", "各项提留的最低比例不能为负，合计要小于 100")

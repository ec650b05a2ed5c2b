"""Points accounts as a pack may say them; each fault alone, by its number."""

import pytest

from tests.packs.conftest import SaidOf

KIND = """
[kind.entry.points]
name = "某积分"
unit = "{unit}"
subject = "{subject}"
shown_days = {days}
source = "某文件"
[kind.entry.points.items]
{items}
[kind.entry.points.rewards]
{rewards}
"""
RULES = """
[points.ours]
name = "某办法"
book = "{book}"
shown_days = 7
source = "某文件"
[points.ours.items]
{items}
"""
FINE = 'help = { name = "帮助邻里", points = 2 }'


def kind(items: str = FINE, rewards: str = "", unit: str = "point", subject: str = "person", days: int = 5) -> str:
    return KIND.format(items=items, rewards=rewards, unit=unit, subject=subject, days=days)


def rules(book: str = "points", items: str = FINE) -> str:
    return kind() + RULES.format(book=book, items=items)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (kind(), []),
        (kind(subject="household", rewards='soap = { name = "肥皂", points = 2, stock = 3 }'), []),
        (kind(items='late = { name = "迟到", points = -1 }'), []),
        (rules(), []),
        (kind(days=0), ["P807"]),
        (kind(items='help = { name = "帮助", points = 0 }'), ["P807"]),
        (kind(items='help = { name = "帮助", points = 0.001 }'), ["P807"]),
        (kind(rewards='soap = { name = "肥皂", points = 0 }'), ["P807"]),
        (kind(rewards='soap = { name = "肥皂", points = 2, stock = 0 }'), ["P113"]),
        (rules(book="point"), ["P808"]),
        (rules(book="post_pay"), ["P808"]),
        (kind(unit="yuan"), ["P809"]),
        (kind(subject="unit"), ["P809"]),
        (kind(items='app = { name = "学习积分达标", points = 1 }'), ["P406"]),
        (kind(items='here = { name = "签到打卡", points = 1 }'), ["P406"]),
        (kind(items='photo = { name = "拍照上传", points = 1 }'), ["P406"]),
        (rules(items='first = { name = "村里排名第一", points = 5 }'), ["P406"]),
    ],
)
def test_what_a_points_account_may_say(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes

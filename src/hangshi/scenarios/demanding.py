"""Something to see in the catalogue of demanded forms and on the page of relief, by the services themselves: counted by no figure of a report."""

from dataclasses import dataclass
from datetime import date

from hangshi.access.scope import EVERYTHING, acting
from hangshi.demands import answers, judging, services
from hangshi.demands.models import Demand, Item
from hangshi.demands.services import Wanted
from hangshi.packs import load
from hangshi.packs.models import Pack
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

SINCE, UNTIL, DECIDED = date(2017, 1, 1), date(2017, 12, 31), date(2017, 1, 12)
FILLED = (date(2017, 9, 25), date(2017, 10, 25))
VILLAGES = 4
PACKS = ("base", "ankang")


@dataclass(frozen=True)
class Asked:
    """A demand of the county on its villages; `typed` is what each village answers, by the number of the item."""

    title: str
    department: str
    ground: str
    items: tuple[str, ...]
    every: str = "month"
    state: str = "approved"
    said: str = ""
    typed: tuple[tuple[int, str], ...] = ()


ASKED = (
    Asked(
        "脱贫攻坚帮扶月报", "区扶贫局", "汉脱指发〔2017〕2号",
        ("走访次数", "走访户数", "建档立卡户数", "产业大棚面积（亩）", "光伏装机容量（千瓦）"), typed=((4, "35"), (5, "60")),
    ),
    Asked(
        "防汛防滑月报", "区水利局", "汉防指发〔2017〕5号", ("防汛巡查次数", "转移演练次数", "警示牌（块）"),
        typed=((1, "6"), (2, "1"), (3, "4")),
    ),
    Asked(
        "河长制巡河月报", "区环保局", "汉河办发〔2017〕3号", ("巡河次数", "防汛巡查（次）", "水质类别"), typed=((1, "8"), (2, "6"), (3, "二类")),
    ),
    Asked(
        "党员学习心得统计表", "区直机关", "口头通知后补文", ("党员数", "心得篇数"), state="refused",
        said="学习情况由学习模块统计，不另要表",
    ),
    Asked(
        "入户走访登记汇总表", "区扶贫局", "汉脱指发〔2016〕9号", ("走访次数", "走访户数", "走访照片张数"), every="week",
        state="withdrawn", said="走访记录已能统计，照片不作要求",
    ),
    Asked("安全隐患排查月报", "区安监局", "汉安委发〔2017〕11号", ("隐患排查次数", "防汛巡查（次数）", "警示标志（块）"), state="draft"),
)  # fmt: skip
SAME = ("防汛巡查次数", "防汛巡查（次）")  # of two forms: one answer fills both


def fill(top: str, township: str) -> None:
    """At the place with the division code `top`: what the county above the township, by name, demands; four of its villages have filled it, those of the township first."""
    pack = load(*PACKS)
    with acting(EVERYTHING):
        city = Unit.objects.get(code=top, until=None)
        town = Unit.objects.filter(path__gte=city.path, path__lt=upper(city.path)).get(name=township, until=None)
        county = Unit.objects.get(pk=int(town.path.split("/")[-3]))
        there = Unit.objects.filter(kind="village", path__gte=county.path, path__lt=upper(county.path), until=None)
        villages = sorted(there, key=lambda it: (not it.path.startswith(town.path), it.path))[:VILLAGES]
        made = {it: _asked(pack, county, it) for it in ASKED}
        one, other = (Item.objects.get(demand__in=made.values(), label=label) for label in SAME)
        judging.judge(one, other, same=True, reason="", on=DECIDED, actor=None)
        for it, demand in made.items():
            for village in villages if it.typed else ():
                for day in FILLED:
                    answers.fill(pack, demand, village, day=day, typed=dict(it.typed), on=day, actor=None)


def _asked(pack: Pack, county: Unit, it: Asked) -> Demand:
    """Whoever agreed to it is no account of the demonstration."""
    wanted = Wanted(it.title, it.department, it.ground, it.every, "village", SINCE, UNTIL)
    demand = services.propose(pack, county, wanted, labels=it.items, actor=None)
    demand.state, demand.said = it.state, it.said
    if it.state != "draft":
        demand.decided_on = DECIDED
    if it.state == "withdrawn":
        demand.until = demand.decided_on = date(2017, 6, 30)
    demand.save(update_fields=["state", "said", "decided_on", "until"])
    return demand

"""Made-up names. Every person and organisation drawn from here is synthetic."""

import numpy as np
import polars as pl

SURNAMES = list(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任卢姚沈钟姜崔谭陆汪石付贾柯"
)
GIVEN_FIRST = list("明建国志文永春晓玉秀桂丽海成德庆新世宏光忠荣家兴安康立学振立东长俊金红小")
GIVEN_LAST = list("华强军平英芳兰玲云霞伟勇刚杰涛斌辉鹏飞龙林山江波清莲珍梅娟琴峰亮生民宁")
PLANT_WORDS = list("丰茂源汇盛泰康瑞祥绿秦巴汉锦润禾富硒茗润")
TRADES = ["茶业", "魔芋", "核桃", "生猪养殖", "中药材", "蚕桑", "猕猴桃", "食用菌", "拐枣", "富硒水产"]
FACTORY_TRADES = ["毛绒玩具", "电子线束", "服装", "鞋帽", "手套"]
ORGAN_NAMES = [
    "办公室", "组织部", "宣传部", "统战部", "政法委", "发展和改革局", "教育局", "科学技术局", "公安局", "民政局", "司法局", "财政局",
    "人力资源和社会保障局", "国土资源局", "环境保护局", "住房和城乡建设局", "交通运输局", "水利局", "农业局", "林业局", "商务局",
    "文化广电局", "卫生和计划生育局", "审计局", "统计局", "扶贫开发局", "安全生产监督管理局", "市场监督管理局", "信访局", "档案局",
    "总工会", "团委", "妇女联合会", "科学技术协会", "残疾人联合会", "工商业联合会", "供销合作社", "气象局", "税务局", "人民法院",
    "人民检察院", "党校", "地方志办公室", "机关事务管理局", "接待办公室", "招商局", "旅游发展局", "粮食局", "畜牧兽医局", "公路管理局",
    "住房公积金管理中心", "行政审批服务局", "网络信息办公室", "老干部局", "编制委员会办公室", "督查室", "政策研究室", "人民防空办公室",
    "地震局", "移民搬迁办公室", "高新技术产业管理委员会", "生态旅游区管理委员会", "水文局", "烟草专卖局",
]  # fmt: skip
NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]


def people(rng: np.random.Generator, count: int) -> pl.Series:
    """`count` personal names, one in four of two characters."""
    surname = np.array(SURNAMES)[rng.integers(0, len(SURNAMES), count)]
    first = np.array([*GIVEN_FIRST])[rng.integers(0, len(GIVEN_FIRST), count)]
    last = np.array(GIVEN_LAST)[rng.integers(0, len(GIVEN_LAST), count)]
    first = np.where(rng.random(count) < 0.25, "", first)
    return pl.DataFrame({"s": surname, "f": first, "l": last}).select(pl.concat_str("s", "f", "l"))["s"]


def numeral(number: int) -> str:
    """1 to 99 as it is written in the name of a branch."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def enterprise(rng: np.random.Generator, place: str, ending: str) -> str:
    """For example 关庙丰源茶业专业合作社."""
    first, second = rng.choice(PLANT_WORDS, 2, replace=False)
    trades = FACTORY_TRADES if ending == "社区工厂" else TRADES
    return f"{place}{first}{second}{trades[rng.integers(len(trades))]}{ending}"

"""What one edition says otherwise than another, in the words of the page."""

from hangshi.packs.schemes import Edition
from hangshi.web.scheme_changes import changes
from tests.appraisals.schemes import criterion, edition, scheme

CURVE = [{"at": 0, "percent": 0}, {"at": 6, "percent": 50}, {"at": 12, "percent": 100}]
SAME = (
    criterion("days", 40, "indicator", name="主题党日"),
    criterion("list", 30, "checklist", name="清单", elements={"late": {"name": "迟办", "points": 2}}),
    criterion("seen", 30, name="评议"),
)
BEFORE = scheme(*SAME)


def told(*criteria, edition_: Edition | None = None, **more) -> list[str]:
    after = scheme(*criteria, editions=[edition_] if edition_ else None, **more)
    return [f"{it.what}：{it.said}" for it in changes(BEFORE, after)]


def test_the_same_but_for_the_first_day_is_no_change():
    assert told(*SAME) == []


def test_a_weight_a_curve_and_a_source_are_told():
    changed = [
        criterion("days", 35, "indicator", name="主题党日", curve=CURVE),
        SAME[1],
        criterion("seen", 35, "residents", name="评议", least=20),
    ]
    assert told(*changed) == [
        "主题党日：分值由“40”改为“35”",
        "主题党日：计分曲线由“0 得 0%，12 得 100%（中间按比例）”改为“0 得 0%，6 得 50%，12 得 100%（中间按比例）”",
        "评议：分值由“30”改为“35”",
        "评议：计分来源由“评议”改为“测评”",
        "评议：至少几人由“1”改为“20”",
        "评议：答案增加“满意 100%”",
        "评议：答案增加“基本满意 50%”",
        "评议：答案增加“不满意 0%”",
    ]


def test_lines_and_elements_are_told():
    changed = criterion(
        "list", 30, "checklist", name="清单",
        items={"a": {"name": "甲"}, "c": {"name": "丙", "points": 2}},
        elements={"late": {"name": "迟办", "points": 3}}, most_deducted=6,
    )  # fmt: skip
    assert told(SAME[0], changed, SAME[2]) == [
        "清单：扣分上限写上“6”",
        "清单：子项增加“丙（2）”",
        "清单：子项删去“乙（1）”",
        "清单：反向评价要素“迟办 每次扣 2”改为“迟办 每次扣 3”",
    ]


def test_a_new_one_a_cancelled_one_and_another_order_are_told():
    assert told(SAME[2], SAME[0], criterion("talk", 30, name="述职", nature="duty")) == [
        "述职：新增，30 分，评议，看职责",
        "清单：取消（原 30 分）",
        "各项的次序：改为评议、主题党日、述职",
    ]


def test_the_frame_is_told():
    grades = [{"key": "good", "name": "优", "least": 85}, {"key": "poor", "name": "差", "least": 0}]
    framed = edition(
        *SAME, grades=grades, vetoes={"fraud": "弄虚作假"}, headings=[{"key": "work", "name": "实绩", "cap": 60}]
    )
    assert told(edition_=framed, within="county", doc="按县区比") == [
        "说明：写上“按县区比”",
        "在哪一级范围内比：写上“县区”",
        "大项：增加“实绩，封顶 60 分”",
        "等次：“好（80 分起）”改为“优（85 分起）”",
        "等次：删去“一般（60 分起）”",
        "一票否决：增加“弄虚作假”",
    ]

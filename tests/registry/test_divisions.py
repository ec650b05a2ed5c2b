from datetime import date
from pathlib import Path

import pytest
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import divisions, queries, tree
from hangshi.registry.models import Unit
from tests.refusals import refusal_of

DAY = date(2016, 1, 1)
GOOD = """code,parent,name,level
99,,示例省,province
9901,99,示例市,city
990101,9901,东县,county
990101001,990101,东镇,township
990101001001,990101001,东湾村委会,village
990101001002,990101001,东坡村村民委员会,village
990101001003,990101001,河街社区居委会,village
990101001004,990101001,桥头居民委员会,village
9902,99,别市,city
990201,9902,别县,county
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "divisions.csv"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.fixture
def loaded(committed: None, file: Path) -> dict[str, int]:
    return divisions.load(file, root="9901", on=DAY)


def test_a_city_is_loaded_with_all_below_it_and_nothing_else(loaded: dict[str, int]) -> None:
    assert loaded == {"city": 1, "county": 1, "township": 1, "village": 2, "community": 2}
    with acting(EVERYTHING):
        units = tree.units_on("place", DAY).order_by("code")
        found = [(it.kind, it.name, it.path.count("/")) for it in units]
        assert found == [
            ("city", "示例市", 1),
            ("county", "东县", 2),
            ("township", "东镇", 3),
            ("village", "东湾村", 4),
            ("village", "东坡村", 4),
            ("community", "河街社区", 4),
            ("community", "桥头社区", 4),
        ]


def test_what_is_loaded_stands_named_and_can_be_found(loaded: dict[str, int]) -> None:
    with acting(EVERYTHING):
        bay = queries.find_units("东湾").get()
        assert [unit.name for unit in queries.ancestors(bay)] == ["示例市", "东县", "东镇"]
        assert tree.path_on(bay, "place", DAY) == bay.path
        assert queries.name_on(bay, DAY) == "东湾村"
        assert [unit.name for unit in tree.children_on(queries.ancestors(bay)[-1], "place", DAY).order_by("code")][
            :1
        ] == ["东湾村"]


def test_the_same_city_is_not_loaded_twice(loaded: dict[str, int], file: Path) -> None:
    assert refusal_of(divisions.load, file, root="9901", on=DAY) == "divisions.loaded"


def faults_of(file: Path, text: str | bytes, root: str = "9901") -> list[str]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(divisions.BadDivisions) as refused:
        divisions.load(file, root=root, on=DAY)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("before", "after", "faults"),
    [
        (
            "990101001001,990101001,",
            "990101001001,990101009,",
            ["第6行：上级代码“990101009”不在文件中", "第6行：代码990101001001不以上级代码990101009开头"],
        ),
        ("990101001001,990101001,", "990101001001,9901,", ["第6行：上级9901的级别不对"]),
        ("990101001002,", "990101001001,", ["第6行：代码990101001001重复", "第7行：代码990101001001重复"]),
        (
            "东镇,township",
            "东镇,town",
            [
                "第5行：不认识的级别“town”",
                "第6行：上级990101001的级别不对",
                "第7行：上级990101001的级别不对",
                "第8行：上级990101001的级别不对",
                "第9行：上级990101001的级别不对",
            ],
        ),
        ("东湾村委会", "", ["第6行：名称为空"]),
        ("东湾村委会", "东\ufffd村委会", ["第6行：名称中有损坏的字符"]),
        ("东湾村委会", "东湾,村委会", ["第6行：应有4列，实有5列"]),
        ("code,parent", "代码,上级", ["第1行：首行应为 code,parent,name,level"]),
        ("9901,99,示例市,city", "9903,99,示例市,city", ["第4行：上级代码“9901”不在文件中"]),
    ],
)
def test_every_fault_is_named_with_its_line(file: Path, before: str, after: str, faults: list[str]) -> None:
    assert faults_of(file, GOOD.replace(before, after, 1)) == faults


def test_a_city_that_the_file_does_not_hold_is_a_fault(file: Path) -> None:
    assert faults_of(file, GOOD, root="9905") == ["第1行：文件中没有代码为9905的市"]


def test_gb18030_is_read_and_a_broken_encoding_is_named_by_its_line(file: Path) -> None:
    file.write_bytes(GOOD.encode("gb18030"))
    assert divisions.read(file)["name"][2] == "东县"
    broken = GOOD.encode().replace("东坡".encode(), b"\xff\xff\xff")
    assert faults_of(file, broken) == ["第7行：编码损坏，既不是UTF-8也不是GB18030"]


def test_one_fault_loads_nothing(committed: None, file: Path) -> None:
    faults_of(file, GOOD.replace("990101001002,", "990101001001,"))
    with acting(EVERYTHING):
        assert Unit.objects.count() == 0


def test_ten_thousand_villages_are_one_import(committed: None, file: Path) -> None:
    lines = [f"99010{c},9901,县{c},county" for c in range(2, 10)]
    lines += [f"99010{c}{t:03},99010{c},镇{t},township" for c in range(2, 10) for t in range(50)]
    lines += [
        f"99010{c}{t:03}{v:03},99010{c}{t:03},村{v},village" for c in range(2, 10) for t in range(50) for v in range(25)
    ]
    file.write_text(GOOD + "\n".join(lines), encoding="utf-8")
    assert divisions.load(file, root="9901", on=DAY)["village"] == 10_002
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM unit_path WHERE depth = 4")
        assert cursor.fetchone() == (10_004,)

"""示例区 and 酒泉 come out the same every time, to the last row."""

from tests.scenarios.conftest import Load
from tests.scenarios.findings import ask


def test_the_same_scale_gives_the_same_rows(standing: Load) -> None:
    tables = (
        "unit",
        "person",
        "household",
        "membership",
        "duty",
        "activity",
        "attendance",
        "case_file",
        "case_step",
        "entry",
    )
    found = []
    for _ in range(2):
        with standing(("shifan", 0.02), ("jiuquan", 0.01)):
            found.append(
                [ask(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t") for table in tables]
            )
    assert found[0] == found[1]
    assert all(rows[0][0] for rows in found[0])

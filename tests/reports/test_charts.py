"""A chart says what its table says: the units below or the months, each number bound, in the file and on the page."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from hangshi.refusal import Refused
from hangshi.reports import charts, layout, writing
from hangshi.reports.charts import BARS, LINE, Chart
from hangshi.reports.writing import Written
from tests.refusals import refusal_of

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def written(office, tmp_path: Path, text: str) -> Written:
    desk = office.desk()
    file = tmp_path / "charted.md"
    file.write_text(text, encoding="utf-8")
    template = desk.pack.templates["work_review"]
    pack = desk.pack.model_copy(update={"files": desk.pack.files | {template.key: file}})
    return writing.write(template.model_copy(update={"attached": []}), replace(desk, pack=pack), day=desk.period.last)


def drawn(made: bytes) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        return [parse_xml(file.read(name)) for name in sorted(file.namelist()) if "/charts/" in name]


def points(chart: Any, what: str) -> list[str]:
    return [str(it.text) for it in chart.iterfind(f".//{C}{what}//{C}pt/{C}v")]


def test_bars_are_the_units_below_and_add_up_to_the_units_own_figure(office, tmp_path):
    it = written(office, tmp_path, '{{ 值("结对帮扶户数") }}\n\n{{ 图("结对帮扶户数") }}\n')
    [laid] = it.tables.values()
    assert (laid.name, laid.heads, laid.chart.shape) == ("结对帮扶户数", ("单位", "结对帮扶户数（户）"), BARS)
    assert [row[0] for row in laid.rows][:2] == ["汉滨区", "汉阴县"]
    assert sum(laid.chart.values) == it.numbers[0].value


def test_a_course_has_a_point_for_each_month_of_the_period_and_they_add_up(office, tmp_path):
    it = written(office, tmp_path, '{{ 值("三会一课次数") }}\n\n{{ 走势("三会一课次数") }}\n')
    [laid] = it.tables.values()
    assert [row[0] for row in laid.rows] == [f"2017年{month}月" for month in range(1, 11)]
    assert laid.chart.shape == LINE
    assert sum(laid.chart.values) == it.numbers[0].value


def test_every_point_is_a_number_that_opens_for_its_own_unit_and_month(office, tmp_path):
    it = written(office, tmp_path, '{{ 走势("三会一课次数") }}\n\n{{ 图("党员数") }}\n')
    opened = {(number.unit_name, number.first.isoformat(), number.last.isoformat()) for number in it.numbers}
    assert ("安康市", "2017-02-01", "2017-02-28") in opened
    assert ("汉滨区", "2017-01-01", "2017-10-31") in opened
    assert len(it.numbers) == sum(len(laid.rows) for laid in it.tables.values())


def test_the_file_holds_the_chart_that_the_table_below_it_repeats(office, tmp_path):
    it = written(office, tmp_path, '{{ 图("党员数") }}\n\n{{ 走势("三会一课次数") }}\n')
    bars, line = drawn(layout.build(it, site="http://x"))
    assert bars.find(f".//{C}barChart") is not None
    assert line.find(f".//{C}lineChart") is not None
    assert points(bars, "cat") == [row[0] for row in it.tables["bars_members"].rows]
    assert points(bars, "val") == [str(value) for value in it.tables["bars_members"].chart.values]


def test_a_point_without_a_figure_is_a_gap_and_no_nought():
    file = Document()
    charts.insert(
        file.add_paragraph(), Chart(LINE, "到会率", "%", ("1月", "2月", "3月"), (Decimal(90), None, Decimal(80)))
    )
    kept = io.BytesIO()
    file.save(kept)
    [chart] = drawn(kept.getvalue())
    assert [(it.get("idx"), it.findtext(f"{C}v")) for it in chart.iterfind(f".//{C}val//{C}pt")] == [
        ("0", "90"),
        ("2", "80"),
    ]
    assert chart.find(f".//{C}dispBlanksAs").get("val") == "gap"


def test_names_with_marks_of_xml_do_not_break_the_file():
    file = Document()
    charts.insert(file.add_paragraph(), Chart(BARS, '甲<乙>&"丙"', "个", ("<a>",), (Decimal(1),)))
    kept = io.BytesIO()
    file.save(kept)
    [chart] = drawn(kept.getvalue())
    assert (points(chart, "cat"), chart.findtext(f".//{C}tx/{C}v")) == (["<a>"], '甲<乙>&"丙"')
    assert Document(io.BytesIO(kept.getvalue())).element.xpath("//wp:docPr/@descr") == ['甲<乙>&"丙"（个）']


@pytest.mark.parametrize("word", ["图", "走势"])
def test_a_chart_of_what_is_no_indicator_is_refused(office, tmp_path, word):
    assert refusal_of(written, office, tmp_path, f'{{{{ {word}("没有的指标") }}}}') == "template.indicator"


def test_a_chart_does_not_take_an_attribute_or_a_sum(office, tmp_path):
    with pytest.raises(Refused, match="不认识"):
        written(office, tmp_path, '{{ 图("党员数").chart }}')

"""Blank forms of different shapes, filled: LibreOffice opens them without a word, and its own sums are our figures."""

from datetime import date

import pytest

from hangshi.duties.models import Duty
from hangshi.forms import filling, services
from hangshi.indicators import queries
from hangshi.registry.models import Person
from tests.forms.blanks import card, made, monthly, roll, saved, total_on_top
from tests.forms.conftest import OCTOBER, TODAY
from tests.forms.office import recalculated


def money_with_total():
    """两行合并表头，单位万元，合计在下，占比按合计算."""
    return saved(
        made(
            [
                ["村集体经济收入统计表"],
                ["单位：万元"],
                ["单位名称", "收入", None],
                [None, "村集体经济收入", "占比"],
                [None, None, "=B5/B7"],
                [None, None, "=B6/B7"],
                ["合计", "=SUM(B5:B6)", "=SUM(C5:C6)"],
            ],
            merges=["A1:C1", "A2:C2", "A3:A4", "B3:C3"],
            boxed=(3, 7),
        )
    )


BLANKS = {"月报": monthly, "合计在上": total_on_top, "登记表": card, "万元": money_with_total, "花名册": roll}


@pytest.fixture
def town(township):
    """河口镇, two of whose villages have a first secretary."""
    for name, village in (("张三", "东湾村"), ("李四", "西沟村")):
        person, unit = (
            Person.objects.create(name=name, unit=township["某县"], path=township["某县"].path),
            township[village],
        )
        Duty.objects.create(
            kind="first_secretary", bearer=person, target_unit=unit, unit=unit, path=unit.path, since=date(2016, 3, 1)
        )
    return township["河口镇"]


@pytest.fixture
def opened(town, pack, tmp_path):
    """The forms filled for 河口镇, as LibreOffice sees them."""

    def filled(blank):
        form = services.receive(town, title="", name="表.xlsx", data=blank, on=TODAY, actor=None)
        mapping = services.suggested(pack, form, services.layout_of(form))
        services.confirm(pack, form, mapping=mapping, on=TODAY, actor=None)
        if any(it.startswith("list.") for it in mapping.values()):
            return filling.fill_list(pack, form, town, OCTOBER, lambda key, unit: "x", lambda table, pk: "x").data
        return filling.fill(form, town, OCTOBER, "village", lambda key, unit: f"https://hangshi.example/{key}").data

    return recalculated({name: filled(blank()) for name, blank in BLANKS.items()}, tmp_path)


def test_its_totals_are_the_figures_of_the_system(opened, town):
    figure = {
        key: queries.value(key, town, OCTOBER).value
        for key in (
            "registered_households",
            "lifted_households",
            "visits",
            "collective_income_yuan",
            "first_secretaries",
        )
    }
    assert [opened["月报"][it].value for it in ("C12", "D12", "E12")] == [6, 4, 7]
    assert [opened["合计在上"][it].value for it in ("B5", "C5", "D5")] == [6, 4, 10]
    assert opened["登记表"]["B5"].value == 10
    assert [opened["万元"][it].value for it in ("B10", "C10")] == [pytest.approx(16.35005), 1]
    assert opened["花名册"]["B6"].value == 2
    assert [str(it) for it in figure.values()] == ["6", "4", "7", "163500.50", "2"]
    assert faults(opened) == []


def faults(opened):
    """The cells in which LibreOffice shows an error instead of a value."""
    cells = [(name, cell) for name, page in opened.items() for row in page.iter_rows() for cell in row]
    return [
        (name, cell.coordinate, cell.value)
        for name, cell in cells
        if cell.data_type == "e" or str(cell.value).startswith(("#", "Err:"))
    ]

"""A figure may be the number of definitions: where its way leads, and what is refused."""

import pytest

from hangshi.packs import load
from hangshi.packs.structure import size

PACK = load("base", "nanpiao", "baoshan")
FIGURE = """
[figure.steps]
words = "六个"
subject = "步骤"
start = 1
{bound}
low = 6
high = 6
unit = "{unit}"
source = "《文件》（2017年）"
"""


@pytest.mark.parametrize(
    ("way", "number"),
    [
        ("kind.case.model_project.stages", 6),
        ("pack.nanpiao.parts", 4),
        ("requirement.secretary_class.times", 1),
        ("kind.duty.employment.roles", 4),
        ("kind.entry.mode_income.sources", 10),
        ("kind.case.weak_organisation.catalogues.0.grounds", 5),
        ("kind.case.weak_organisation.catalogues.1.groups", 5),
        ("kind.case.weak_organisation.catalogues.1.grounds", 10),
        ("kind.case.weak_organisation.catalogues.2.grounds", 12),
        ("kind.case.weak_organisation.catalogues.3.grounds", None),
        ("kind.case.weak_organisation.catalogues.first.grounds", None),
        ("kind.case.model_project.name", None),  # a text has no length that counts anything
        ("kind.case.weak_organisation.single", None),
        ("kind.case.model_project.stages.length", None),
        ("case.model_project.stages", None),
        ("kind.case.model_project.closing.__class__", None),
        ("", None),
    ],
)
def test_where_a_way_leads(way: str, number: int | None) -> None:
    assert size(PACK, way) == number


def test_a_figure_of_a_structure_needs_no_day(said_of) -> None:
    assert said_of(FIGURE.format(bound='structure = "kind.case.model_project.stages"', unit="item")) == []


@pytest.mark.parametrize(
    ("bound", "unit", "codes"),
    [
        ('structure = "kind.case.model_projekt.stages"', "item", ["P335"]),
        ('structure = "kind.case.model_project.stages"', "person", ["P334"]),
        ('structure = "kind.case.model_project.stages"\nindicator = "visits"', "item", ["P331"]),
        ('standard = "nothing"\nas_of = 2017-01-01\nnone = "visitz"', "item", ["P336", "P331"]),
        ('indicator = "branches"\nas_of = 2017-01-01\nnone = "visits"', "item", ["P336"]),
        ('indicator = "branches"\nas_of = 2017-01-01\nnone = "members"', "item", []),
    ],
)
def test_what_a_figure_may_say(codes_of, bound: str, unit: str, codes: list[str]) -> None:
    assert sorted(codes_of(FIGURE.format(bound=bound, unit=unit))) == sorted(codes)


@pytest.mark.parametrize(
    ("groups", "codes"),
    [
        ('{ "班子" = ["split", "short"] }', []),
        ('{ "班子" = ["split"] }', ["P367"]),
        ('{ "班子" = ["split", "short"], "其他" = ["short"] }', ["P367"]),
        ('{ "班子" = ["split", "short", "long"] }', ["P367"]),
    ],
)
def test_the_types_of_a_catalogue_hold_each_ground_once(codes_of, groups: str, codes: list[str]) -> None:
    part = f"""
[kind.case.trial]
name = "试一件"
subject = "unit"
stages = [{{ key = "open", name = "开" }}, {{ key = "shut", name = "关" }}]
catalogues = [{{ since = 2019-01-01, source = "《文件》", grounds = {{ split = "不团结", short = "不齐" }}, groups = {groups} }}]
source = "《文件》（2019年）"
"""
    assert codes_of(part) == codes

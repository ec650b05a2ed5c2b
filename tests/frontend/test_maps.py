"""The boundaries of one prefecture's counties."""

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from frontend import maps


def square(name: str, code: str, west: float) -> maps.Feature:
    ring = [[west, 0.0], [west + 1, 0.0], [west + 1, 1.0], [west, 1.0], [west, 0.0]]
    return {"properties": {"name": name, "gb": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_only_the_counties_of_the_prefecture_are_kept_in_the_order_of_their_codes() -> None:
    features = [
        square("乙县", "156610922", 1.0),
        square("甲区", "156610902", 0.0),
        square("邻县", "156611002", 2.0),
        square("境界线", "", 3.0),
    ]
    found = maps.counties(features, prefecture="610900")
    assert [it["properties"] | {"cp": None} for it in found] == [
        {"name": "甲区", "code": "610902", "cp": None},
        {"name": "乙县", "code": "610922", "cp": None},
    ]


def test_coordinates_have_four_decimals() -> None:
    assert maps.rounded([[108.970349, 33.0], [0.00004, -1.99996]]) == [[108.9703, 33.0], [0.0, -2.0]]


def test_a_code_that_no_county_has_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert maps.main(["999900", "--out", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err == "maps: no county has a code within 999900\n"
    assert not (tmp_path / "none.json").exists()


def test_ankang_has_its_ten_counties_and_they_do_not_overlap(tmp_path: Path) -> None:
    out = tmp_path / "maps" / "610900.json"
    assert maps.main(["610900", "--out", str(out)]) == 0
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [it["properties"]["code"] for it in features] == [
        "610902", "610921", "610922", "610923", "610924", "610925", "610926", "610927", "610929", "610981",
    ]  # fmt: skip
    areas = shapely.make_valid([shape(it["geometry"]) for it in features])
    whole = shapely.area(shapely.union_all(areas))
    assert float(shapely.area(areas).sum()) == pytest.approx(whole, rel=0.001)
    assert out.stat().st_size < 40_000

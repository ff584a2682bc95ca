"""The schematic map: made from facts, one piece each, no gap, no overlap, and near to the truth."""

import csv
import json
from pathlib import Path

import pytest
import shapely

FOLDER = Path(__file__).parent.parent / "sample_data" / "province"


def shapes(name: str) -> dict[str, shapely.Geometry]:
    features = json.loads((FOLDER / name).read_text(encoding="utf-8"))["features"]
    return {each["id"]: shapely.geometry.shape(each["geometry"]) for each in features}


COMMUNES, DISTRICTS = shapes("schematic.geojson"), shapes("schematic_districts.geojson")
with (FOLDER / "communes_2023.csv").open(encoding="utf-8", newline="") as file:
    FACTS = {row["code"]: row for row in csv.DictReader(file)}


SINCE_2025 = shapes("schematic_2025-07-01.geojson") | shapes("schematic_districts_2025-07-01.geojson")


@pytest.mark.parametrize("code", [*COMMUNES, *DISTRICTS, *SINCE_2025])
def test_every_commune_and_every_district_is_one_piece_drawn_clockwise(code):
    shape = (COMMUNES | DISTRICTS | SINCE_2025)[code]
    assert shape.geom_type == "Polygon"
    assert shape.is_valid
    assert not shape.exterior.is_ccw


def test_every_commune_and_district_of_the_register_is_drawn():
    levels = {level: {c for c, row in FACTS.items() if row["level"] == level} for level in ("commune", "district")}
    assert (set(COMMUNES), set(DISTRICTS)) == (levels["commune"], levels["district"])


def test_the_cells_fill_the_outline_without_gap_or_overlap():
    cells = list(COMMUNES.values())
    whole = shapely.unary_union(cells)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert sum(cell.area for cell in cells) == pytest.approx(whole.area, rel=1e-6)


def test_a_district_is_its_communes():
    for code, district in DISTRICTS.items():
        own = shapely.unary_union([COMMUNES[c] for c, row in FACTS.items() if row["parent_code"] == code])
        assert own.symmetric_difference(district).area < 1e-9


def test_areas_are_true_within_3_percent_on_average():
    total = sum(shape.area for shape in COMMUNES.values())
    facts = sum(float(FACTS[code]["area_km2"]) for code in COMMUNES)
    errors = [abs(shape.area / total * facts / float(FACTS[code]["area_km2"]) - 1) for code, shape in COMMUNES.items()]
    assert sum(errors) / len(errors) < 0.03


def test_centres_are_true_within_300_metres_on_average():
    off = [
        111_000 * shape.centroid.distance(shapely.Point(float(FACTS[code]["lon"]), float(FACTS[code]["lat"])))
        for code, shape in COMMUNES.items()
    ]
    assert sum(off) / len(off) < 300


def test_the_script_draws_the_same_map_again(tmp_path, monkeypatch):
    from sample_data import make_map

    kept = {path.name: path.read_bytes() for path in FOLDER.glob("schematic*.geojson")}
    assert len(kept) == 4
    written = {}
    monkeypatch.setattr(make_map, "save", lambda name, features: written.setdefault(name, features))
    monkeypatch.setattr(make_map, "save_rows", lambda name, told: written.setdefault(name, told))
    make_map.main()
    for name, held in kept.items():
        told = {"type": "FeatureCollection", "features": written[name]}
        assert json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8") == held, name
    (tiles,) = (told for name, told in written.items() if name.startswith("tilegrid"))
    assert len({tuple(row[-2:]) for row in tiles}) == len(tiles) == 37

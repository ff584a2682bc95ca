"""Real boundary files in the schematic map's place: all match or are named, and none is lost."""

from datetime import date
from pathlib import Path

import geopandas
import pandas as pd
import pytest

from data_ingest import __main__ as command_line
from data_ingest.boundaries import BoundaryFileError, read_boundaries
from data_ingest.standing import SHIPPED
from views.geography import geography
from warehouse.units import alive, read_units

SOURCE = Path(__file__).parent.parent / "sample_data" / "province" / "schematic.geojson"
UNITS = alive(pd.concat([read_units(path) for path in SHIPPED], ignore_index=True), date(2024, 6, 30))
DISTRICT = dict(zip(UNITS.unit, UNITS.full_name, strict=True))


@pytest.fixture
def frame() -> geopandas.GeoDataFrame:
    """91 communes with code, name and district, as an office would have them."""
    read = geopandas.read_file(SOURCE)[["code", "name", "parent_code", "geometry"]]
    return read.assign(district=read.parent_code.map(DISTRICT))


def saved(frame: geopandas.GeoDataFrame, folder: Path, name: str = "file.geojson") -> Path:
    frame.to_file(folder / name, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.kml"])
def test_any_usual_format_matches_all_communes(name, frame, tmp_path):
    if name == "a.kml":
        frame = frame.rename(columns={"name": "Name"})
    found = read_boundaries(saved(frame, tmp_path, name), UNITS)
    assert len(found.matched) == 91
    assert (found.units_left, found.features_left) == ((), ())


@pytest.mark.parametrize("crs", [32648, 3405, 3857])
def test_coordinates_of_another_system_are_turned_into_degrees(crs, frame, tmp_path):
    found = read_boundaries(saved(frame.to_crs(crs), tmp_path, "a.gpkg"), UNITS)
    west, south, east, north = geopandas.GeoSeries(list(found.matched.values())).total_bounds
    assert 106 < west < east < 107.2
    assert 10.7 < south < north < 11.6


@pytest.mark.parametrize("written", [str.upper, str.lower, lambda name: name.replace("Phường", "P.")])
def test_without_codes_names_match_with_their_district(written, frame, tmp_path):
    named = frame.assign(name=frame.name.map(written)).drop(columns=["code", "parent_code"])
    assert len(read_boundaries(saved(named, tmp_path), UNITS).matched) == 91


def test_two_communes_of_one_name_need_their_district(frame, tmp_path):
    named = frame[["name", "geometry"]]
    found = read_boundaries(saved(named, tmp_path), UNITS)
    assert len(found.matched) == 91 - 8
    assert len(found.features_left) == 8
    assert all("nhiều huyện" in each.why.vi for each in found.features_left)


def test_a_file_that_matches_in_part_names_what_is_left_over_and_loses_none(frame, tmp_path, capsys):
    partly = frame.iloc[3:].copy()
    partly.loc[partly.index[0], ["code", "name"]] = ["99999", "Phường Không Có"]
    path = saved(partly, tmp_path)
    found = read_boundaries(path, UNITS)
    assert len(found.matched) + len(found.features_left) == len(partly)
    assert len(found.units_left) == 4
    data = tmp_path / "data"
    assert command_line.main(["boundaries", str(path), "--data", str(data)]) == 1
    said = capsys.readouterr().out
    assert "87/91" in said
    assert "Phường Không Có" in said
    assert "Phường Hiệp Thành" in said
    assert len(list((data / "boundaries").glob("left_over.*.geojson"))) == 1


def test_a_real_file_replaces_the_schematic_map(frame, tmp_path):
    data = tmp_path / "data"
    assert geography(data).kind == "schematic"
    assert command_line.main(["boundaries", str(saved(frame, tmp_path)), "--data", str(data)]) == 0
    real = geography(data)
    assert real.kind == "real"
    assert {"25741", "718"} <= real.drawn


def test_rings_run_clockwise_and_shapes_are_valid(frame, tmp_path):
    for shape in read_boundaries(saved(frame, tmp_path), UNITS).matched.values():
        assert shape.is_valid
        parts = getattr(shape, "geoms", [shape])
        assert not any(part.exterior.is_ccw for part in parts)


@pytest.mark.parametrize("data", [b"", b"{}", b"no boundaries", b"PK\x03\x04"])
def test_a_file_without_boundaries_is_told(data, tmp_path, capsys):
    (tmp_path / "bad.geojson").write_bytes(data)
    with pytest.raises(BoundaryFileError):
        read_boundaries(tmp_path / "bad.geojson", UNITS)
    assert command_line.main(["boundaries", str(tmp_path / "bad.geojson"), "--data", str(tmp_path / "d")]) == 2
    assert "bad.geojson" in capsys.readouterr().err


REFORM = date(2025, 7, 1)


def test_boundaries_of_before_the_reform_give_those_of_after_it(frame, tmp_path):
    data = tmp_path / "data"
    assert command_line.main(["boundaries", str(saved(frame, tmp_path)), "--data", str(data)]) == 0
    after = geography(data, REFORM)
    assert after.kind == "real"
    assert after.drawn == geography(tmp_path, REFORM).drawn
    assert geography(data, date(2025, 6, 30)).drawn.isdisjoint(after.drawn)


@pytest.mark.parametrize("coded", [True, False], ids=["by code", "by name"])
def test_boundaries_of_after_the_reform_are_known_by_themselves(coded, tmp_path, capsys):
    read = geopandas.read_file(SOURCE.with_name(f"schematic_{REFORM}.geojson"))[["code", "name", "geometry"]]
    read["code"] = read.code.str.removesuffix(".2025")
    path, data = saved(read if coded else read.drop(columns="code"), tmp_path), tmp_path / "data"
    assert command_line.main(["boundaries", str(path), "--data", str(data)]) == 0
    assert "36/36" in capsys.readouterr().out
    assert geography(data, REFORM).kind == "real"
    assert geography(data, date(2025, 6, 30)).kind == "schematic"

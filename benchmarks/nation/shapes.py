"""Schematic shapes for the invented country: boxes within boxes, with edges as long as those of real communes."""

import json
from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path

import pandas as pd

POINTS = 12  # along each edge
Box = tuple[float, float, float, float]  # west, south, east, north


def keep(units: pd.DataFrame, folder: Path) -> None:
    """Write the shapes of provinces and districts, and for each province those of its districts and communes."""
    folder.mkdir(parents=True, exist_ok=True)
    below = {parent: list(rows.unit) for parent, rows in units[units.level != "hamlet"].groupby("parent")}
    provinces = list(units.unit[units.level == "province"])
    places = _cells(provinces, (102.0, 8.0, 110.0, 23.0))
    districts: dict[str, Box] = {}
    for province in provinces:
        own = _cells(below[province], places[province])
        communes = {unit: box for each, around in own.items() for unit, box in _cells(below[each], around).items()}
        _write(folder / f"districts-{province}.a.geojson", own)
        _write(folder / f"communes-{province}.a.geojson", communes)
        districts |= own
    _write(folder / "provinces.a.geojson", places)
    _write(folder / "districts.a.geojson", districts)


def _cells(units: Sequence[str], box: Box) -> dict[str, Box]:
    """A box shared out among units in rows of cells."""
    across = ceil(sqrt(len(units)))
    down = ceil(len(units) / across)
    west, south, east, north = box
    wide, high = (east - west) / across, (north - south) / down
    corners = ((unit, west + wide * (n % across), south + high * (n // across)) for n, unit in enumerate(units))
    return {unit: (x, y, x + wide, y + high) for unit, x, y in corners}


def _write(path: Path, boxes: dict[str, Box]) -> None:
    features = [
        {"type": "Feature", "id": unit, "properties": {}, "geometry": {"type": "Polygon", "coordinates": [_ring(box)]}}
        for unit, box in boxes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _ring(box: Box) -> list[list[float]]:
    """The edge of a box, clockwise as the drawing program wants it, in many points."""
    west, south, east, north = box
    corners = [(west, south), (west, north), (east, north), (east, south), (west, south)]
    points = [
        (a + (c - a) * step / POINTS, b + (d - b) * step / POINTS)
        for (a, b), (c, d) in zip(corners, corners[1:], strict=False)
        for step in range(POINTS)
    ]
    return [[round(x, 4), round(y, 4)] for x, y in [*points, corners[0]]]

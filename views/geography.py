"""Where the shapes come from: a real boundary file where one was given, else the schematic map."""

import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from warehouse.fields import Level

ROOT = Path(__file__).parent.parent
SCHEMATIC = ROOT / "sample_data" / "province"
SERVED = ROOT / "static" / "boundaries"  # what the browser may fetch, once per visit
ADDRESS = "/app/static/boundaries/"


@dataclass(frozen=True)
class Geography:
    """Shapes of communes and districts: `communes` and `districts` are an address, or the GeoJSON itself.

    Of a whole country they are those of districts and provinces: `levels` says which, the finer first.
    """

    kind: Literal["real", "schematic"]
    communes: str | dict
    districts: str | dict
    drawn: frozenset[str]  # units that have a shape
    bounds: dict[str, tuple[float, float, float, float]]  # unit → west, south, east, north
    lines: dict[str, list[tuple[float, float]]]  # district → its border as lon, lat
    files: tuple[Path, Path]  # where the shapes of communes and districts are kept
    levels: tuple[Level, Level] = ("commune", "district")

    def of(self, level: Level) -> str | dict:
        """The shapes of a level."""
        return self.communes if level == self.levels[0] else self.districts


def geography(data: Path, day: date | None = None, province: str = "", country: bool = False) -> Geography:
    """The newest pair of boundary files in the data folder, else the schematic one; those of the units of a day.

    A pair bears the day since which its units live, as in communes_2025-07-01; the first of all bears none. A country
    has a pair of districts and provinces, and one of communes and districts for each province: so a map of the country
    draws its provinces first, and the communes of one only when it is looked into.
    """
    since = _since(day)
    pairs = [((f"communes-{province}", f"districts-{province}"), PAIR)] if province else []
    pairs += [(OF_A_COUNTRY, OF_A_COUNTRY)] if country else []
    for names, levels in [*pairs, (tuple(f"{each}{since}" for each in PAIR), PAIR)]:
        real = [max((data / "boundaries").glob(f"{what}.*.geojson"), default=None, key=_written) for what in names]
        if all(real):
            return replace(_read(real[0], real[1], "real"), levels=tuple(each.removesuffix("s") for each in levels))
    return _read(*(SCHEMATIC / f"schematic{each}{since}.geojson" for each in ("", "_districts")), "schematic")


PAIR, OF_A_COUNTRY = ("communes", "districts"), ("districts", "provinces")


def _since(day: date | None) -> str:
    """What is added to the names of the files with the units of a day."""
    past = [each for each in _reforms() if day and date.fromisoformat(each) <= day]
    return f"_{past[-1]}" if past else ""


@cache
def _reforms() -> list[str]:
    """The days of which there is a map of their own; they come with the program."""
    return sorted(path.stem.rpartition("_")[2] for path in SCHEMATIC.glob("schematic_districts_*.geojson"))


def _written(path: Path) -> float:
    return path.stat().st_mtime


@lru_cache(maxsize=8)
def _read(communes: Path, districts: Path, kind: str) -> Geography:
    inside = [json.loads(path.read_text(encoding="utf-8")) for path in (communes, districts)]
    rings = {each["id"]: _rings(each["geometry"]) for shapes in inside for each in shapes["features"]}
    return Geography(
        kind=kind,
        communes=_served(communes, inside[0]),
        districts=_served(districts, inside[1]),
        drawn=frozenset(rings),
        bounds={unit: _bounds(own) for unit, own in rings.items()},
        lines={each["id"]: _line(rings[each["id"]]) for each in inside[1]["features"]},
        files=(communes, districts),
    )


def _served(path: Path, shapes: dict) -> str | dict:
    """An address the browser fetches once, with a hash in its name; where nothing can be written, the shapes."""
    data = path.read_bytes()
    name = f"{path.name.split('.')[0]}.{hashlib.sha256(data).hexdigest()[:10]}.geojson"
    try:
        SERVED.mkdir(parents=True, exist_ok=True)
        if not (SERVED / name).exists():
            draft = SERVED / f"{name}.{os.getpid()}"
            draft.write_bytes(data)
            os.replace(draft, SERVED / name)
    except OSError:
        return shapes
    return ADDRESS + name


def _rings(geometry: dict) -> list[list[tuple[float, float]]]:
    """The outer rings of a polygon or of several."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(point[0], point[1]) for point in polygon[0]] for polygon in polygons]


def _bounds(rings: list[list[tuple[float, float]]]) -> tuple[float, float, float, float]:
    west, east = (end(x for ring in rings for x, _ in ring) for end in (min, max))
    south, north = (end(y for ring in rings for _, y in ring) for end in (min, max))
    return west, south, east, north


def _line(rings: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """All rings as one line with gaps."""
    return [point for ring in rings for point in [*ring, (None, None)]]

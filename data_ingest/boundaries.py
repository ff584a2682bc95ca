"""Real boundary files: GeoJSON, Shapefile, GeoPackage, TopoJSON or KML, matched to the units; nothing is lost."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas
import pandas as pd
import shapely

from data_ingest.names import bare
from data_ingest.reshaped import reshaped
from language import Text, TextError, plain
from warehouse.units import alive

TOLERANCE = 25 / 111_000  # degrees, about 25 m: finer lines are not seen on a screen
DECIMALS = 1e-5  # degrees, about a metre


class BoundaryFileError(TextError):
    """The file holds no boundaries that can be read; `text` says why in both languages."""


@dataclass(frozen=True)
class Feature:
    """A feature of the file that belongs to no unit: its place in the file, its name as printed, why, and its shape."""

    number: int
    name: str
    why: Text
    shape: shapely.Geometry


@dataclass(frozen=True)
class Boundaries:
    """Shapes by unit (degrees, valid, outer rings clockwise), the units without one, the features without a unit."""

    matched: dict[str, shapely.Geometry]
    units_left: tuple[str, ...]
    features_left: tuple[Feature, ...]


def read_boundaries(path: Path, units: pd.DataFrame) -> Boundaries:
    """Match the features of a file to the communes among `units` (columns of warehouse.units), by code or by name.

    Several features of one code are one unit in pieces. A name that fits two communes is never guessed.
    """
    frame = _read(path)
    communes = units[units.level == "commune"]
    words = frame.drop(columns=frame.geometry.name)
    find = _by_code(words, communes) or _by_name(words, units, communes)
    pieces: dict[str, list[shapely.Geometry]] = {}
    left = []
    for place, shape in enumerate(frame.geometry):
        unit = find(place)
        if isinstance(unit, Text) or shape is None or shape.is_empty:
            why = unit if isinstance(unit, Text) else Text("không có hình", "it has no shape")
            left.append(Feature(place + 1, _printed(words.iloc[place]), why, shape))
        else:
            pieces.setdefault(unit, []).append(shapely.make_valid(shape))
    whole = {unit: shapely.unary_union(shapes) for unit, shapes in pieces.items()}
    return Boundaries(_clean(whole), tuple(each for each in communes.unit if each not in whole), tuple(left))


def _read(path: Path) -> geopandas.GeoDataFrame:
    """The file in degrees. Without a coordinate system it is taken for degrees only where the numbers can be such."""
    name = f"zip://{path}" if path.suffix.lower() == ".zip" else path
    try:
        frame = geopandas.read_file(name)
    except Exception as error:  # what the drivers raise has no common type
        raise BoundaryFileError(
            Text(
                f"{path.name}: không đọc được ranh giới. Dùng GeoJSON, Shapefile (.zip), GeoPackage, TopoJSON, KML.",
                f"{path.name}: no boundaries in it. Use GeoJSON, Shapefile (zipped), GeoPackage, TopoJSON or KML.",
            )
        ) from error
    frame = frame.reset_index(drop=True)
    west, south, east, north = frame.total_bounds
    if frame.crs is None and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BoundaryFileError(
            Text(
                f"{path.name}: thiếu hệ tọa độ; xuất lại theo WGS 84 (EPSG:4326).",
                f"{path.name}: no coordinate system; export it as WGS 84 (EPSG:4326).",
            )
        )
    return frame if frame.crs is None else frame.to_crs(4326)


def _by_code(words: pd.DataFrame, communes: pd.DataFrame) -> object:
    """A finder by the column most of whose values are codes of communes, if there is one."""
    known = dict(zip(communes.code.astype(str), communes.unit, strict=True))

    def code(value: object) -> str:
        return str(value).split(".")[0].strip().zfill(5)

    hits = {name: sum(code(value) in known for value in words[name]) for name in words}
    best = max(hits, key=hits.get, default=None)
    if best is None or hits[best] < max(1, len(words) / 2):
        return None

    def find(place: int) -> str | Text:
        told = code(words[best].iloc[place])
        return known.get(told) or Text(f"không có xã mang mã {told}", f"no commune has the code {told}")

    return find


def _by_name(words: pd.DataFrame, units: pd.DataFrame, communes: pd.DataFrame) -> object:
    """A finder by the column most of whose values are names of communes; another column may tell the district."""
    named: dict[str, list[str]] = {}
    for unit, full_name in zip(communes.unit, communes.full_name, strict=True):
        named.setdefault(bare(full_name)[0], []).append(unit)
    parent = dict(zip(units.unit, units.parent, strict=True))
    titles = dict(zip(units.unit, units.full_name, strict=True))
    hits = {name: sum(bare(value)[0] in named for value in words[name]) for name in words}
    best = max(hits, key=hits.get, default=None)

    def find(place: int) -> str | Text:
        if best is None:
            return Text("không có cột tên hoặc mã", "no column with names or codes")
        told = words[best].iloc[place]
        found = named.get(bare(told)[0], [])
        if len(found) > 1:
            beside = {plain(value) for value in words.iloc[place]} | {bare(value)[0] for value in words.iloc[place]}
            found = [u for u in found if {str(parent[u]), bare(titles[parent[u]])[0]} & beside] or found
        if len(found) == 1:
            return found[0]
        if found:
            return Text(f"“{told}” có ở nhiều huyện", f"“{told}” stands in several districts")
        return Text(f"không có xã “{told}”", f"no commune “{told}”")

    return find


def _printed(row: pd.Series) -> str:
    return ", ".join(str(value) for value in row if isinstance(value, str) and value.strip())[:80] or "–"


def _clean(shapes: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Fewer points, the same for neighbours; outer rings clockwise, as the map's drawing library needs them."""
    if not shapes:
        return {}
    simple = shapely.coverage_simplify(list(shapes.values()), TOLERANCE)
    snapped = [shapely.make_valid(shapely.set_precision(shape, DECIMALS, mode="pointwise")) for shape in simple]
    areas = [_only_areas(shape) for shape in snapped]
    return {unit: shapely.orient_polygons(s, exterior_cw=True) for unit, s in zip(shapes, areas, strict=True)}


def _only_areas(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.unary_union([each for each in shapely.get_parts(shape) if "Polygon" in each.geom_type])


def keep(found: Boundaries, units: pd.DataFrame, folder: Path, since: date | None = None) -> None:
    """Write the matched communes and what they lie in, and what belongs to no unit, where the map looks for them.

    `units` are those of the register that live on the day of the boundaries; `since` when they have lived since a
    reform.
    """
    _keep_pair(found.matched, units, folder, f"_{since}" if since else "")
    if found.features_left:
        shapes = [(each.number, each.name, each.shape) for each in found.features_left]
        features = [
            {"type": "Feature", "id": number, "properties": {"name": name}, "geometry": shapely.geometry.mapping(shape)}
            for number, name, shape in shapes
            if shape is not None
        ]
        write_geojson({"type": "FeatureCollection", "features": features}, folder, "left_over")


def _keep_pair(communes: dict[str, shapely.Geometry], units: pd.DataFrame, folder: Path, since: str) -> None:
    by_unit = units.set_index("unit")
    parents = {unit: by_unit.parent[unit] for unit in communes}
    around = {
        parent: shapely.unary_union([communes[unit] for unit in communes if parents[unit] == parent])
        for parent in dict.fromkeys(parents.values())
    }
    # The communes last: the map takes the newest pair, and must never see one half of it.
    for stem, shapes in (("districts", around), ("communes", communes)):
        turned = {unit: shapely.orient_polygons(_only_areas(each), exterior_cw=True) for unit, each in shapes.items()}
        write_geojson(as_geojson(turned, by_unit), folder, f"{stem}{since}")


def keep_reshaped(found: Boundaries, register: pd.DataFrame, since: date, folder: Path) -> None:
    """Write the boundaries of the units that a reform made of those matched, cut where one was split (reshaped.py)."""
    shapes = reshaped(found.matched, register, since)
    units = alive(register, since)
    if shapes := {unit: shape for unit, shape in shapes.items() if unit in set(units.unit)}:
        _keep_pair(shapes, units, folder, f"_{since}")


def as_geojson(shapes: dict[str, shapely.Geometry], by_unit: pd.DataFrame) -> dict:
    """A FeatureCollection whose ids are units; properties code, name, parent_code, kind."""
    features = []
    for unit, shape in shapes.items():
        row = by_unit.loc[unit]
        properties = {"code": row.code, "name": row.full_name, "parent_code": row.parent, "kind": "real"}
        geometry = shapely.geometry.mapping(shape)
        features.append({"type": "Feature", "id": unit, "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def write_geojson(collection: dict, folder: Path, stem: str) -> Path:
    """Write as `stem.<hash>.geojson`; the hash in its name lets a browser keep it for ever."""
    data = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}.geojson"
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(data)
    os.replace(draft, path)
    return path


def told(found: Boundaries, units: pd.DataFrame) -> list[Text]:
    """What matched, and everything that is left over on either side, a line each."""
    names = dict(zip(units.unit, units.full_name, strict=True))
    count, of = len(found.matched), len(found.matched) + len(found.units_left)
    lines = [Text(f"Khớp {count}/{of} đơn vị.", f"{count} of {of} units match.")]
    lines += [Text(f"Chưa có hình: {names[u]} ({u})", f"Without a shape: {names[u]} ({u})") for u in found.units_left]
    lines += [
        Text(
            f"Không dùng: đối tượng {each.number} ({each.name}): {each.why.vi}",
            f"Not used: feature {each.number} ({each.name}): {each.why.en}",
        )
        for each in found.features_left
    ]
    return lines

"""Boundaries with the results joined, for maps made elsewhere: GeoJSON and GeoPackage, a layer per level and period."""

import json
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyogrio

from exports.describe import Table, shapes
from views.geography import Geography
from warehouse.fields import Level
from warehouse.period import Period

DRAWN: dict[Level, str] = {"commune": "communes", "district": "districts"}  # level → what its layers are called
Rows = list[dict[str, object]]
_ONE_AT_A_TIME = threading.Lock()  # the day is a setting of the whole process


@dataclass(frozen=True)
class Layer:
    """The shapes of one level with the results of one period."""

    name: str  # communes_2025-Q2
    table: Table
    rows: Rows  # the columns of the table
    geometries: list[dict]  # of each row, as in the file of shapes

    @property
    def geojson(self) -> bytes:
        """RFC 7946: longitude and latitude; what is not known is null."""
        features = [
            {"type": "Feature", "id": row["unit"], "properties": row, "geometry": geometry}
            for row, geometry in zip(self.rows, self.geometries, strict=True)
        ]
        told = {"type": "FeatureCollection", "name": self.name, "features": features}
        return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def layers(results: pa.Table, periods: list[Period], where: Geography, sample: bool) -> list[Layer]:
    """A layer for each level and period; of the units that the shapes and the results both know."""
    found = results.to_pandas()
    made = []
    for level, path in zip(DRAWN, where.files, strict=True):
        features = {each["id"]: each["geometry"] for each in json.loads(path.read_text(encoding="utf-8"))["features"]}
        table = shapes(level)
        for period in periods:
            own = found[(found.level == level) & (found.period == str(period)) & found.unit.isin(features)]
            if len(own):
                told = _rows(own.astype(object).where(own.notna(), None).to_dict("records"), table)
                rows = [row | {"boundary": where.kind, "sample": sample} for row in told]
                rows = [{each.id: row.get(each.id) for each in table.columns} for row in rows]
                made.append(Layer(f"{DRAWN[level]}_{period}", table, rows, [features[row["unit"]] for row in rows]))
    return made


def _rows(results: Rows, table: Table) -> Rows:
    """A row per unit: its indicators side by side."""
    wide: dict[str, dict[str, object]] = {}
    for each in sorted(results, key=lambda row: row["unit"]):
        row = wide.setdefault(each["unit"], {name: each[name] for name in ("unit", "unit_name", "parent", "period")})
        row[each["indicator"]], row[f"{each['indicator']}_status"] = each["value"], each["status"]
    return list(wide.values())


def geopackage(made: list[Layer], day: date) -> bytes:
    """Every layer in one file; the day is written where the format wants to know when it was made."""
    kinds: Mapping[str, str] = {"number": "Float64", "string": "str", "boolean": "bool"}
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "boundaries.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
        try:
            for layer in made:
                features = json.loads(layer.geojson)["features"]
                frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
                frame = frame.astype({each.id: kinds[each.type] for each in layer.table.columns})
                # Every shape as several: a layer of both kinds could not be read by all programs.
                frame.to_file(path, layer=layer.name, driver="GPKG", engine="pyogrio", promote_to_multi=True)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes() if made else b""

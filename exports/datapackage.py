"""datapackage.json (Frictionless Data Package, version 1): what every file of the package holds, in both languages."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from exports.describe import Described, Table
from exports.package_files import bilingual
from language import LANGUAGES, Text, words

_SHAPE = Text("Hình (WGS 84, kinh độ, vĩ độ)", "Shape (WGS 84, longitude, latitude)")
GEOMETRY = Described("geometry", "geojson", _SHAPE, _SHAPE, required=True)
TITLE = Text(
    "Chuyển đổi số cộng đồng tỉnh Bình Dương: chỉ tiêu, số liệu gốc, ranh giới",
    "Community digital transformation of Bình Dương: indicators, figures behind them, boundaries",
)
LICENCE = Text(
    "Chưa cấp giấy phép sử dụng lại: dùng trong nội bộ, hỏi cơ quan chủ quản trước khi công bố hay chuyển tiếp",
    "No licence to use again has been granted: for internal use; ask the responsible department before passing it on",
)
SOURCES = (
    Text(
        "Báo cáo của các xã, huyện và tỉnh (tệp gốc: reports.sha256)",
        "Reports of communes, districts and the province (their files: reports.sha256)",
    ),
    Text("Kế hoạch 5681/KH-UBND: chỉ tiêu và mục tiêu", "Plan 5681/KH-UBND: indicators and targets"),
    Text(
        "Tổng cục Thống kê: mã đơn vị hành chính; Tổng điều tra 1/4/2019",
        "General Statistics Office: codes of units; census of 1 April 2019",
    ),
    Text(
        "Nghị quyết 1685/NQ-UBTVQH15 và 202/2025/QH15: sắp xếp đơn vị ngày 1/7/2025",
        "Resolutions 1685/NQ-UBTVQH15 and 202/2025/QH15: the units of 1 July 2025",
    ),
)
MEDIA = {
    ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3", ".duckdb": "application/vnd.duckdb", ".sql": "application/sql",
}  # fmt: skip
DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True}


@dataclass(frozen=True)
class About:
    """What is said of the whole package."""

    id: str
    snapshot: str
    day: date
    periods: tuple[str, ...]
    unit: str
    unit_name: str
    boundary: str
    sample: bool


@dataclass(frozen=True)
class File:
    """A file of the package: what it is, and its table; of a database or a GeoPackage which tables are in it."""

    path: str
    data: bytes
    said: Text
    table: Table | None = None
    many: tuple[tuple[str, str], ...] = ()  # name in the file → the file of the package that holds the same
    shapes: bool = False  # has a geometry beside its columns
    same_again: bool = True  # the same package made again holds the same bytes


def datapackage(about: About, files: list[File]) -> bytes:
    """The description as JSON. No hash of a file that is never the same twice: checksums.sha256 has it."""
    mark = words()["sample_band"]
    told = {
        "profile": "data-package",
        "name": f"binh-duong-{about.id.lower()}",
        "id": about.id,
        "version": about.snapshot,
        **_said(TITLE, Text(*(f"{mark[each]}. {TITLE[each]}" for each in LANGUAGES)) if about.sample else TITLE),
        # The day that the package is of, not that on which it was made: the same package again is the same file.
        "created": f"{about.day}T00:00:00Z",
        "licenses": [{"name": "other-closed", "title": bilingual(LICENCE), "titles": _both(LICENCE)}],
        "sources": [{"title": bilingual(each), "titles": _both(each)} for each in SOURCES],
        "keywords": ["chuyển đổi số cộng đồng", "Bình Dương", "community digital transformation"],
        "sample": about.sample,
        "snapshot": about.snapshot,
        "as_of": str(about.day),
        "periods": list(about.periods),
        "unit": about.unit,
        "unit_name": about.unit_name,
        "boundary": about.boundary,
        "resources": [_resource(each) for each in files],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(file: File) -> dict[str, object]:
    path = PurePosixPath(file.path)
    tabular = path.suffix == ".csv"
    told: dict[str, object] = {
        "name": _name(file.path), "path": file.path, "profile": "tabular-data-resource" if tabular else "data-resource",
        **_said(file.said), "format": path.suffix[1:], "mediatype": MEDIA[path.suffix],
    }  # fmt: skip
    if file.same_again:
        told |= {"bytes": len(file.data), "hash": f"sha256:{sha256(file.data).hexdigest()}"}
    if tabular:
        told |= {"encoding": "utf-8", "dialect": DIALECT}
    if file.table:
        told["schema"] = _schema(file.table, file.shapes)
    if file.many:
        # Said once: each has the columns of another file of the package.
        told["tables"] = [{"name": name, "resource": _name(same)} for name, same in file.many]
    return told


def _name(path: str) -> str:
    """The name of a resource: of csv that of its table, to which keys refer; else with its kind."""
    told = PurePosixPath(path)
    return (told.stem if told.suffix == ".csv" else f"{told.stem}-{told.suffix[1:]}").lower()


def _schema(table: Table, shapes: bool) -> dict[str, object]:
    columns = (*table.columns, *([GEOMETRY] if shapes else []))
    told: dict[str, object] = {
        "fields": [_field(each, table) for each in columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.refers:
        told["foreignKeys"] = [
            {"fields": column, "reference": {"resource": "" if other == table.id else other, "fields": there}}
            for column, other, there in table.refers
        ]
    return told


def _field(column: Described, table: Table) -> dict[str, object]:
    limits: dict[str, object] = {"required": column.required}
    if column.enum:
        limits["enum"] = list(column.enum)
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if table.key == (column.id,):
        limits["unique"] = True
    told: dict[str, object] = {"name": column.id, "type": column.type, **_said(column.title, column.said)}
    if column.type == "number":
        told |= {"decimalChar": ".", "bareNumber": True}
    return told | {"constraints": limits}


def _said(title: Text, said: Text | None = None) -> dict[str, object]:
    """Title and description: in Vietnamese and English side by side, and each language apart."""
    said = said or title
    return {
        "title": bilingual(title), "titles": _both(title),
        "description": bilingual(said), "descriptions": _both(said),
    }  # fmt: skip


def _both(text: Text) -> dict[str, str]:
    return {each: text[each] for each in LANGUAGES}

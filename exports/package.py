"""The package for analysts: one zip with results, figures, boundaries, SQL and what describes it all."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from exports.datapackage import About, File, datapackage
from exports.describe import tables
from exports.package_files import package_database, table_csv, table_parquet
from exports.package_map import Layer, geopackage, layers
from exports.package_tables import package_tables
from language import LANGUAGES, Language, Text, day, words, written
from metrics import INDICATORS
from metrics.core.calculate import moment, sql
from metrics.core.ledger import Ledger
from views.geography import Geography
from warehouse.packed import zipped
from warehouse.period import Period

DATABASE, RESULTS_SQL = "package.duckdb", "results.sql"
_DATABASE = Text("Mọi bảng trong một tệp DuckDB", "All tables in one DuckDB file")
_SQL = Text(
    "SQL tính bảng results từ các bảng khác; chạy được ngay trên tệp DuckDB của gói cả tỉnh",
    "The SQL that makes results of the other tables; it runs on the DuckDB file of a package of the whole province",
)
_LAYERS = Text("Mọi lớp ranh giới kèm kết quả trong một tệp GeoPackage", "All layers of boundaries in one GeoPackage")
_BOUNDARY = {
    "schematic": Text("sơ đồ, không phải ranh giới đo đạc", "schematic, no surveyed borders"),
    "real": Text("từ tệp ranh giới đã nạp", "of the boundary file that was loaded"),
}
_SAMPLE = Text(
    "**SỐ LIỆU MINH HỌA: mọi con số trong gói là bịa ra, không phải số thật.**"
    " Cột `sample` ở mỗi bảng số liệu ghi `true`.",
    "**INVENTED SAMPLE DATA: every figure in this package is made up.**"
    " The column `sample` of each table of figures is `true`.",
)
_REAL = Text("Số liệu từ báo cáo của các đơn vị.", "Figures from the reports of the units.")


def package(ledger: Ledger, periods: Sequence[Period], unit: str, shapes: Geography) -> bytes:
    """The zip, of one day: a ledger without a day is refused, for tomorrow it would say something else."""
    if ledger.as_of is None:
        raise ValueError("a package is of one day; got a ledger without as_of")
    text = results_sql(ledger, periods)
    about = _about(ledger, periods, unit, shapes, text)
    rows = package_tables(ledger, periods, unit)
    drawn = layers(rows["results"], list(periods), shapes, about.sample)
    files = [*_tables(rows), _database(rows), *_maps(drawn, ledger.as_of), File(RESULTS_SQL, text.encode(), _SQL)]
    inside = {each.path: each.data for each in files}
    inside["datapackage.json"] = datapackage(about, files)
    inside |= {f"README.{each}.md": readme(about, rows, each).encode() for each in LANGUAGES}
    sums = "".join(f"{sha256(data).hexdigest()}  {path}\n" for path, data in sorted(inside.items()))
    return zipped(dict(sorted({**inside, "checksums.sha256": sums.encode()}.items())))


def results_sql(ledger: Ledger, periods: Sequence[Period]) -> str:
    """The SQL of the results, with the moment filled in: it can be run as it stands."""
    asked = sql([ledger.shown(each) for each in periods], list(INDICATORS.values()))
    return asked.replace("$moment", f"timestamp '{moment(ledger.as_of)}'") + "\n"


def _about(ledger: Ledger, periods: Sequence[Period], unit: str, shapes: Geography, text: str) -> About:
    names, written = ledger.units(periods[0]).full_name, tuple(map(str, periods))
    told = [ledger.about["snapshot"], str(ledger.as_of), unit, *written, shapes.kind, text]  # text: the units' day, too
    digest = sha256(json.dumps(told).encode()).hexdigest()[:8]
    return About(
        id=f"{'_'.join(written)}_{unit}_{ledger.as_of}_{digest}", snapshot=ledger.about["snapshot"], day=ledger.as_of,
        periods=written, unit=unit, unit_name=names[unit], boundary=shapes.kind,
        sample=ledger.about.get("sample") == "1",
    )  # fmt: skip


def _tables(rows: dict[str, pa.Table]) -> list[File]:
    found = []
    for id, own in rows.items():
        table = tables()[id]
        found.append(File(_csv(id), table_csv(own), table.said, table))
        found.append(File(f"parquet/{id}.parquet", table_parquet(own, table.columns), table.said, table))
    return found


def _csv(id: str) -> str:
    return f"csv/{id}.csv"


def _database(rows: dict[str, pa.Table]) -> File:
    many = tuple((id, _csv(id)) for id in rows)
    return File(DATABASE, package_database(rows), _DATABASE, many=many, same_again=False)


def _maps(drawn: list[Layer], of: date) -> list[File]:
    """Nothing where no unit has a shape: after the reform of 2025 the old boundaries draw nobody."""
    paths = {each.name: f"boundaries/{each.name}.geojson" for each in drawn}
    found = [File(paths[each.name], each.geojson, each.table.said, each.table, shapes=True) for each in drawn]
    if drawn:
        many = tuple(paths.items())
        found.append(File("boundaries/boundaries.gpkg", geopackage(drawn, of), _LAYERS, many=many))
    return found


def readme(about: About, rows: dict[str, pa.Table], language: Language) -> str:
    """What the package is and how it is opened, in one language."""
    text = Path(__file__).with_name(f"package_readme.{language}.md").read_text(encoding="utf-8")
    said = [
        f"| `{id}` | {written(own.num_rows, language)} | {tables()[id].said[language]} |" for id, own in rows.items()
    ]
    return text.format(
        id=about.id, snapshot=about.snapshot, day=day(about.day), unit=f"{about.unit_name} ({about.unit})",
        periods=", ".join(Period.parse(each).name(language) + f" (`{each}`)" for each in about.periods),
        mark=(_SAMPLE if about.sample else _REAL)[language], tables="\n".join(said), period=about.periods[0],
        band=words()["sample_band"][language] if about.sample else "", boundary=_BOUNDARY[about.boundary][language],
    )  # fmt: skip

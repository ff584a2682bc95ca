"""A table of the package as bytes: csv that every program reads, parquet with its types, one database with all."""

import csv
import io
from collections.abc import Mapping

import pyarrow as pa
from pyarrow import parquet

from exports.describe import Described, tables
from exports.table_files import harmless_csv
from language import LANGUAGES, Text
from warehouse.handed_out import Handed, database


def table_csv(rows: pa.Table) -> bytes:
    """RFC 4180 in UTF-8 with its mark: unrounded, a decimal point, nothing where nothing is known, days as ISO 8601."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.column_names)
    writer.writerows(zip(*(map(_told, rows[name].to_pylist()) for name in rows.column_names), strict=True))
    return out.getvalue().encode("utf-8-sig")


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return harmless_csv(value)
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)  # of a float: all its digits


def table_parquet(rows: pa.Table, columns: tuple[Described, ...]) -> bytes:
    """The same with its types, and beside each column what it is, in both languages."""
    said = {each.id: each.said for each in columns}
    fields = [field.with_metadata({each: said[field.name][each] for each in LANGUAGES}) for field in rows.schema]
    out = io.BytesIO()
    parquet.write_table(rows.cast(pa.schema(fields)), out, compression="zstd")
    return out.getvalue()


def package_database(rows: Mapping[str, pa.Table]) -> bytes:
    """All tables in one DuckDB file."""
    return database({
        id: Handed(
            rows=rows[id], said=bilingual(table.said), key=table.key,
            columns={each.id: bilingual(each.said) for each in table.columns},
            required=frozenset(each.id for each in table.columns if each.required),
        )
        for id, table in tables().items() if id in rows
    })  # fmt: skip


def bilingual(text: Text) -> str:
    """Both languages on one line, for places that hold one text."""
    return f"{text.vi} | {text.en}" if text.vi != text.en else text.vi

"""A view's table for programs: columns by their ids and in their types, what each of them is called beside it."""

import io

import pandas as pd
import pyarrow as pa
from pyarrow import parquet as files

from exports.table_files import NAMED
from language import Language, word
from views.told import is_nothing
from views.view import Column, View

WHOLE_MOST = 2**53  # above it a float no longer holds every whole number


def parquet(view: View, language: Language, sample: bool) -> bytes:
    """Numbers as they are, unrounded, a status in words; title, note and the mark of invented figures beside them."""
    columns = {name: _typed(view.table[name], column, language) for name, column in view.filed.items()}
    fields = [
        pa.field(name, array.type, metadata={"name": view.columns[name].name[language]})
        for name, array in columns.items()
    ]
    said = {"title": view.title, "note": view.note, "sample": word("sample_band", language) if sample else ""}
    table = pa.table(list(columns.values()), pa.schema(fields, metadata=said))
    out = io.BytesIO()
    files.write_table(table, out)
    return out.getvalue()


def _typed(values: pd.Series, column: Column, language: Language) -> pa.Array:
    told = [None if is_nothing(each) else each for each in values]
    if column.kind in NAMED:
        named = (NAMED[column.kind](each) if each is not None else None for each in told)
        return pa.array([name[language] if name else None for name in named], pa.string())
    if column.kind == "day":
        return pa.array([None if each is None else pd.Timestamp(each).date() for each in told], pa.date32())
    if all(each is None or (not isinstance(each, str) and pd.api.types.is_number(each)) for each in told):
        return _numbers([None if each is None else float(each) for each in told], column)
    return pa.array([None if each is None else str(each) for each in told], pa.string())


def _numbers(told: list[float | None], column: Column) -> pa.Array:
    whole = column.digits == 0 and all(each is None or (each.is_integer() and abs(each) < WHOLE_MOST) for each in told)
    if not whole:
        return pa.array(told, pa.float64())
    return pa.array([None if each is None else int(each) for each in told], pa.int64())

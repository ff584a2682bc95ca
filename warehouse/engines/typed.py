"""Typed: in which columns and types a question is answered: DuckDB is asked it over empty tables.

Another engine's answer is brought into the same ones, so that whoever reads it cannot tell who gave it.
"""

from datetime import date, datetime
from functools import cache, lru_cache
from threading import Lock

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse import store

# A value of each type that a parameter may have.
_SOME = {str: "", int: 0, float: 0.0, date: date.min, datetime: datetime.min, list: [""]}
_asking = Lock()


@cache
def _empty() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    store.create(con)
    return con


@cache
def schema() -> dict[str, dict[str, str]]:
    """table → column → its type in the words of DuckDB."""
    found: dict[str, dict[str, str]] = {}
    told = "select table_name, column_name, data_type from information_schema.columns order by ordinal_position"
    with _asking:
        for table, column, kind in _empty().cursor().execute(told).fetchall():
            found.setdefault(table, {})[column] = kind
    return found


class Typed:
    """The types of answers, remembered by the text and the types of its parameters."""

    def __init__(self) -> None:
        self._columns = lru_cache(maxsize=128)(_found)

    def frame(self, answer: pa.Table, sql: str, params: dict[str, object]) -> pd.DataFrame:
        """An answer as DuckDB would give it: its types, blanks and names of columns."""
        columns = self._columns(sql, tuple((name, type(value)) for name, value in params.items()))
        arrays = [
            column.cast(field.type) if column.type != field.type else column
            for column, field in zip(answer.columns, columns, strict=True)
        ]
        told = pa.table(arrays, names=columns.names)  # noqa: F841, read by the next line
        with duckdb.connect() as con:
            return con.execute("select * from told").df()


def _found(sql: str, given: tuple[tuple[str, type], ...]) -> pa.Schema:
    with _asking:
        return _empty().cursor().sql(sql, params={name: _SOME[kind] for name, kind in given}).to_arrow_table().schema

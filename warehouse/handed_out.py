"""A database to hand out: the tables of a package in one DuckDB file, a comment on every table and column."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa


@dataclass(frozen=True)
class Handed:
    """One table with its rows: what it is, what each column holds, and which columns are its key."""

    rows: pa.Table
    said: str
    columns: Mapping[str, str]  # column → what it holds
    required: frozenset[str]  # columns that are never blank
    key: tuple[str, ...]


def database(tables: Mapping[str, Handed]) -> bytes:
    """The file. DuckDB writes a number drawn by lot into its head, so the same tables twice are not the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.duckdb"
        with duckdb.connect(str(path)) as con:
            for name, table in tables.items():
                _write(con, name, table)
            con.execute("checkpoint")
        return path.read_bytes()


def _write(con: duckdb.DuckDBPyConnection, name: str, table: Handed) -> None:
    rows = table.rows  # noqa: F841, read by the next lines
    types = con.execute("describe select * from rows").fetchall()
    columns = [f'"{each}" {kind}{" not null" if each in table.required else ""}' for each, kind, *_ in types]
    con.execute(f"create table {name} ({', '.join(columns)}, primary key ({', '.join(table.key)}))")
    con.execute(f"insert into {name} select * from rows")
    con.execute(f"comment on table {name} is {_quoted(table.said)}")
    for column, said in table.columns.items():
        con.execute(f'comment on column {name}."{column}" is {_quoted(said)}')


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"

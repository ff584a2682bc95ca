"""Snapshots: immutable DuckDB files, a pointer to the one that serves, and the one way to ask it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from warehouse.fields import FIELDS

# Tables of some thousand rows: text kept as Python's own is compared with a list twenty times as fast as Arrow's.
pd.set_option("mode.string_storage", "python")

POINTER, DRAFT = "CURRENT", "building"
KEPT = 3  # snapshots that stay: readers may still have the last but one open


def data_folder(given: str | Path | None = None) -> Path:
    """Where archive, receipts and snapshots are: what was given, else KPI_DATA, else data/ beside the program."""
    return Path(given or os.environ.get("KPI_DATA") or Path(__file__).parent.parent / "data")


def current(data: Path) -> Path | None:
    """The snapshot that serves, or None where nothing has been built yet."""
    pointer = data / POINTER
    if not pointer.exists():
        return None
    snapshot = data / pointer.read_text(encoding="utf-8").strip()
    return snapshot if snapshot.exists() else None


def free_name(data: Path, name: str) -> str:
    """The name, or the name with a number behind it where a snapshot of that name stands there already."""
    number, free = 1, name
    while (data / f"warehouse-{free}.duckdb").exists():
        number += 1
        free = f"{name}-{number}"
    return free


@contextmanager
def new_snapshot(data: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new, empty warehouse to fill. It serves from the moment the block ends well; else nothing has changed.

    The pointer is replaced, never the file: a reader that has the old file open goes on reading the old one.
    """
    data.mkdir(parents=True, exist_ok=True)
    _clear(data)  # of builds that were cut off; nobody else builds now
    draft, path = data / f"{DRAFT}-{name}.duckdb", data / f"warehouse-{name}.duckdb"
    con = duckdb.connect(str(draft))
    try:
        con.execute("set checkpoint_threshold = '1KB'")  # into the file at once, not into a log first
        con.execute("begin")
        create(con)
        yield con
        con.execute("commit")
        con.execute("checkpoint")  # closing alone says nothing when the disk is full, and leaves a log beside the file
        con.close()
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
        _point(data, path.name)
    except BaseException:
        con.close()
        _clear(data)
        raise
    _prune(data, path)


def _clear(data: Path) -> None:
    for left in [*data.glob(f"{DRAFT}-*"), *data.glob(f"{POINTER}.*")]:
        left.unlink()


def create(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of tables.sql, and in the facts a column for each field."""
    text = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")
    columns = "".join(f", {field.column}" for field in FIELDS.values())
    con.execute(re.sub(r"/\* and a column for each field .*?\*/", columns, text))


def _point(data: Path, name: str) -> None:
    draft = data / f"{POINTER}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, data / POINTER)


def _prune(data: Path, serving: Path) -> None:
    snapshots = sorted(data.glob("warehouse-*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in snapshots[KEPT:]:
        if old != serving:
            try:
                old.unlink()
            except OSError:  # Windows keeps a file that is still open; the next build takes it
                continue


def attach(con: duckdb.DuckDBPyConnection, snapshot: Path, name: str) -> None:
    """Make a snapshot's tables readable as name.table; `detach name` ends it."""
    quoted = str(snapshot).replace("'", "''")
    con.execute(f"attach '{quoted}' as {name} (read_only)")


class Engine:
    """Asks a snapshot. One connection; a cursor per question, so that many readers may ask at once."""

    def __init__(self, con: duckdb.DuckDBPyConnection):
        self._con = con
        # To read a long text takes an eighth of the time of its answer; many differ only in their parameters.
        self._read = lru_cache(maxsize=64)(self._statement)

    @classmethod
    def open(cls, snapshot: Path) -> "Engine":
        """Read-only, so that a reader never locks out a build, nor a build a reader."""
        return cls(duckdb.connect(str(snapshot), read_only=True))

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """The rows of a SQL text with $named parameters, as a DataFrame."""
        return self._con.cursor().execute(self._read(sql), params or {}).df()

    def _statement(self, sql: str) -> duckdb.Statement:
        (statement,) = self._con.cursor().extract_statements(sql)
        return statement

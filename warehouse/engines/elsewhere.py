"""Elsewhere: an engine that is not DuckDB, asked as it is: the same text and parameters, the same columns and types."""

import re
from abc import abstractmethod
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse.engines.chosen import not_installed
from warehouse.engines.typed import Typed
from warehouse.store import BRANCHES, KEPT, Engine, asking
from warehouse.whole import sum_beside, sum_of

try:
    from warehouse.engines.translated import Dialect, translated
except ModuleNotFoundError as missing:
    raise not_installed(str(missing.name)) from missing


class Elsewhere(Engine):
    """What differs between the engines: how they call the types of parameters, and how a text is answered."""

    dialect: Dialect
    kinds: dict[type, str]  # of a parameter's Python type the engine's

    def __init__(self, snapshot: Path):
        self._snapshot, self._typed = snapshot, Typed()

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """The rows of a SQL text with $named parameters, as DuckDB would give them. Raises EngineError."""
        params = params or {}
        kinds = tuple((name, self.kinds[type(value)]) for name, value in params.items())
        answer = self._answer(translated(sql, kinds, self.dialect), params)
        return self._typed.frame(answer, sql, params)

    @abstractmethod
    def _answer(self, text: str, params: dict[str, object]) -> pa.Table:
        """The rows of a text in the engine's own words."""


def name_of(snapshot: Path) -> str:
    """The name under which the tables of a snapshot are handed over: letters, digits and _, another for other contents.

    That of a branch begins with that of its snapshot: they go together (`superfluous`).
    """
    whole, unit = snapshot, ""
    if snapshot.parent.name == BRANCHES:
        unit, _, name = snapshot.name.partition("-warehouse-")
        whole = snapshot.parent.parent / f"warehouse-{name}"
    told = sum_beside(whole)
    own = told.read_text(encoding="utf-8") if told.exists() else sum_of(whole)
    name = f"{_plain(whole.stem.removeprefix('warehouse-'))}_{own[:8]}"
    return f"{name}_of_{_plain(unit)}" if unit else name


def _plain(name: str) -> str:
    """Letters and digits as they are, anything else by its number: no two names become one."""
    return re.sub(r"[^A-Za-z0-9]", lambda sign: f"x{ord(sign[0]):x}x", name)


def superfluous(latest_first: list[str], own: str) -> list[str]:
    """Of names that stand somewhere those that no reader needs: all but the last few snapshots, with their branches."""
    snapshots = list(dict.fromkeys([own.partition("_of_")[0], *(each.partition("_of_")[0] for each in latest_first)]))
    return [each for each in latest_first if each.partition("_of_")[0] in snapshots[KEPT:]]


def hand_over(snapshot: Path, folder: Path) -> list[Path]:
    """Write each table of a snapshot into a folder, as table.parquet. Raises store.DamagedError."""
    with asking(snapshot), duckdb.connect(str(snapshot), read_only=True) as con:
        tables = [name for (name,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall()]
        files = [folder / f"{each}.parquet" for each in tables]
        for table, path in zip(tables, files, strict=True):
            quoted = str(path).replace("'", "''")
            con.execute(f"copy {table} to '{quoted}' (format parquet)")
    return files


def told(value: object) -> str:
    """A parameter as text: a day or a moment as ISO writes it."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)

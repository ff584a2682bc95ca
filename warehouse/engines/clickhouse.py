"""ClickHouse: a snapshot's tables in a database of their own, within the program (chdb) or on a server."""

import contextlib
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.engines.chosen import Chosen, EngineError
from warehouse.engines.clickhouse_places import Place, UnknownDatabaseError, place_of
from warehouse.engines.elsewhere import Elsewhere, hand_over, name_of, superfluous, told

_MOMENT = "DateTime64(6, 'UTC')"
# So that a join, a sum of nothing and a day mean what they mean in DuckDB; a step is computed once, however often used.
_SETTINGS = (
    " settings join_use_nulls = 1, aggregate_functions_null_for_empty = 1, enable_materialized_cte = 1,"
    " session_timezone = 'UTC'"
)
_DRAFT = "_draft_"
_OLD = 24 * 3600  # seconds after which a draft is of a program that was ended
_one_at_a_time = Lock()


class ClickHouse(Elsewhere):
    """A database for each snapshot, under its name: a new one is a new database, and readers of the old go on."""

    dialect = "clickhouse"
    kinds = {str: "String", int: "Int64", float: "Float64", date: "Date32", datetime: _MOMENT, list: "Array(String)"}

    def __init__(self, snapshot: Path, chosen: Chosen):
        super().__init__(snapshot)
        self._place, self._prefix = place_of(chosen), f"{chosen.database}_"
        self._database = self._prefix + name_of(snapshot)
        self._hand_over()

    def _answer(self, text: str, params: dict[str, object]) -> pa.Table:
        given = {name: _written(value) for name, value in params.items()}
        try:
            return self._place.ask(text + _SETTINGS, given, self._database)
        except UnknownDatabaseError:  # somebody has taken the database away; the snapshot has not gone
            self._hand_over()
            return self._place.ask(text + _SETTINGS, given, self._database)

    def _hand_over(self) -> None:
        """Make the tables of the snapshot known, where they are not: all of them, or none."""
        with _one_at_a_time:
            if self._database in self._place.databases(self._prefix):
                return
            draft = f"{self._database}{_DRAFT}{uuid4().hex[:8]}"
            try:
                _fill(self._place, draft, self._snapshot)
                self._place.do(f"rename database {draft} to {self._database}")
            except EngineError:
                with contextlib.suppress(EngineError):
                    self._place.do(f"drop database if exists {draft}")
                if self._database not in self._place.databases(self._prefix):
                    raise  # else another program was faster
            _prune(self._place, self._prefix, self._database)


def _fill(place: Place, database: str, snapshot: Path) -> None:
    place.do(f"create database {database} engine = Atomic")
    with TemporaryDirectory(prefix="handed-over-") as folder:
        for path in hand_over(snapshot, Path(folder)):
            columns = ", ".join(f"`{each.name}` {_type(each.type)}" for each in pq.read_schema(path))
            table = f"{database}.{path.stem}"
            # Questions go over whole tables, and ask of every column whether something stands in it.
            place.do(f"create table {table} ({columns}) engine = MergeTree order by tuple()")
            place.insert(table, path)


def _type(kind: pa.DataType) -> str:
    names = {pa.int64(): "Int64", pa.float64(): "Float64", pa.bool_(): "Bool", pa.date32(): "Date32"}
    return f"Nullable({_MOMENT if pa.types.is_timestamp(kind) else names.get(kind, 'String')})"


def _prune(place: Place, prefix: str, own: str) -> None:
    """Take away the databases of snapshots that no reader needs, and drafts of programs that were ended."""
    there = place.databases(prefix)
    whole = [each for each in there if _DRAFT not in each]
    left = [each for each, age in there.items() if _DRAFT in each and age > _OLD]
    for each in [*superfluous(whole, own), *left]:
        place.do(f"drop database if exists {each}")


def _written(value: object) -> str:
    """A parameter as ClickHouse reads it."""
    if isinstance(value, list):
        return "[" + ",".join("'" + each.replace("\\", "\\\\").replace("'", "\\'") + "'" for each in value) + "]"
    return told(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")

"""Readings as rows of a warehouse: columns filled for many at once, as a database takes them fastest."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import duckdb
import numpy as np

from data_ingest.problems import KINDS, Problem
from data_ingest.reading import Reading
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.receipts import Receipt, Receipts
from warehouse.schedule import adds_up

MOST_IN_A_FILE = 1000  # reports of one file: a province has some hundreds of communes
_RECENCY = {"month": 0, "quarter": 1, "half": 2, "year": 3, "plan": 4}
Columns = dict[str, np.ndarray]


class Read(NamedTuple):
    """A reading, the receipt of its file, and the number of its report: the receipt's and the place in the file."""

    receipt: Receipt
    report: int
    reading: Reading


def numbered(receipt: Receipt, readings: list[Reading]) -> list[Read]:
    """The readings of one file, each with the number of its report."""
    first = receipt.receipt * MOST_IN_A_FILE
    return [Read(receipt, report, reading) for report, reading in enumerate(readings, start=first)]


def keep(con: duckdb.DuckDBPyConnection, readings: list[Read], facts: str = "facts") -> None:
    """Write readings into a warehouse: a blocked report has problems and no facts."""
    insert(con, "reports", _reports(readings))
    insert(con, facts, _facts([each for each in readings if each.reading.accepted]))
    keep_problems(con, ((report, problem) for _, report, reading in readings for problem in reading.problems))


def keep_problems(con: duckdb.DuckDBPyConnection, found: Iterable[tuple[int, Problem]]) -> None:
    """Write problems, each with the number of its report."""
    rows = [
        (report, each.kind, KINDS[each.kind].blocks, each.sheet, each.cell, each.given, _json(each.parts))
        for report, each in found
    ]
    names = ("report", "kind", "blocks", "sheet", "cell", "given", "parts")
    insert(con, "problems", {name: _column(told) for name, told in zip(names, zip(*rows, strict=True), strict=False)})


def keep_receipts(con: duckdb.DuckDBPyConnection, receipts: Receipts) -> None:
    """Write receipts."""
    told = {name: _column(receipts.column(name)) for name in ("receipt", "sha256", "file", "sender")}
    told["received_at"] = _column(list(map(datetime.fromisoformat, receipts.column("received_at"))))
    insert(con, "receipts", told)


def insert(con: duckdb.DuckDBPyConnection, table: str, incoming: Columns) -> None:
    """Put columns of equal length behind the rows of a table."""
    if not incoming or not len(next(iter(incoming.values()))):
        return
    names = ", ".join(incoming)
    con.execute(f"insert into {table} ({names}) select {names} from incoming")


def _column(values: list | tuple) -> np.ndarray:
    """Values of one kind as a column: days and times, numbers and booleans as they are, texts and blanks as objects."""
    first = values[0] if values else None  # nothing has been received before the first report
    if type(first) in (int, bool):
        return np.array(values)
    if hasattr(first, "isoformat"):
        return np.array(values, dtype="datetime64[us]")
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False)


def _reports(readings: list[Read]) -> Columns:
    rows = [
        (
            report, receipt.receipt, reading.template or None, reading.form or None, reading.unit or None,
            reading.told_by or None, reading.period or None, reading.rows[0].sheet if reading.rows else None,
            receipt.received_at, reading.accepted, reading.columns.text,
        )
        for receipt, report, reading in readings
    ]  # fmt: skip
    names = (
        "report", "receipt", "template", "form", "unit", "told_by", "period", "sheet", "received_at", "accepted",
        "columns",
    )  # fmt: skip
    return {name: _column(told) for name, told in zip(names, zip(*rows, strict=True), strict=False)}


def _facts(readings: list[Read]) -> Columns:
    """The rows of facts: what every row has, and a column for each field, blank where a row does not tell of it."""
    rows, figures = [], {}
    for _, report, reading in readings:
        when = _when(reading.form, reading.period)
        for row in reading.rows:
            at, values = figures.setdefault(tuple(row.values), ([], []))
            at.append(len(rows))
            values.append(row.values.values())
            rows.append((report, row.unit, row.level, row.sheet, row.row, row.note or None, *when))
    names = (
        "report", "unit", "level", "sheet", "row_number", "note", "first_month", "last_month", "recency", "adds_up",
    )  # fmt: skip
    columns = dict(zip(names, zip(*rows, strict=True), strict=False))
    numbers = columns.pop("row_number", ())
    told = {name: _column(values) for name, values in columns.items()}
    told |= {"row_number": np.array(numbers, dtype=float)} if rows else {}
    for fields, (at, values) in figures.items():
        for field, column in zip(fields, zip(*values, strict=True), strict=True):
            _fill(told, field, len(rows), at, column)
    return told


def _fill(told: Columns, field: str, height: int, at: list[int], values: tuple) -> None:
    """Put the values of some rows into the column of a field; no number (NaN) is a blank."""
    text = FIELDS[field].kind == "text"
    if field not in told:
        told[field] = np.full(height, None if text else np.nan, dtype=object if text else float)
    told[field][at] = np.array(values, dtype=told[field].dtype)


@lru_cache(maxsize=1000)
def _when(form: str, period: str) -> tuple[int, int, int, bool]:
    """First and last month, recency, and whether it adds up."""
    told = Period.parse(period)
    recency = told.last_month * 10 + _RECENCY[told.kind]
    return told.first_month, told.last_month, recency, adds_up(form, told.kind)

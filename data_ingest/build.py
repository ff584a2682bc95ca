"""The archive into a warehouse: reads only what it has not read before, and serves only when it is whole."""

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from data_ingest.archive import Archive, Receipt
from data_ingest.names import Names
from data_ingest.reading import Reading, read_report
from data_ingest.standing import standing_units
from warehouse import store
from warehouse.fields import FIELDS, LEVELS
from warehouse.period import Period
from warehouse.schedule import adds_up, expected

Progress = Callable[[int, int], None]
_READER = ("data_ingest/*.py", "data_ingest/templates/*.toml", "language/*.py", "warehouse/fields.py")
_IN_PROCESS = 16  # fewer files than this are read faster here than in processes that must first start
_RECENCY = {"month": 0, "quarter": 1, "half": 2, "year": 3, "plan": 4}


@dataclass
class Built:
    """What a build did: the snapshot that serves now, and how many files were read anew."""

    snapshot: Path
    read: int = 0
    reused: int = 0
    readings: list[Reading] = field(default_factory=list)


def build(data: Path, progress: Progress = lambda done, of: None) -> Built:
    """Build the warehouse from the archive, or do nothing where nothing has changed.

    A file is read again only when the file, the register, the templates or the reader are others than last time.
    """
    archive = Archive(data)
    with archive.writing():
        receipts = archive.receipts()
        units = standing_units(archive, receipts)
        reader = _fingerprint(units)
        name = hashlib.sha256(f"{reader} {[(r.receipt, r.sha256) for r in receipts]}".encode()).hexdigest()[:12]
        serving = store.current(data)
        before = _about(serving)
        if serving and before.get("snapshot") == name:
            return Built(serving, reused=len(receipts))
        with store.new_snapshot(data, name) as con:
            kept = _reuse(con, serving) if before.get("reader") == reader else set()
            reports = [each for each in receipts if each.kind == "report"]
            new = [each for each in reports if each.receipt not in kept]
            readings = _read(archive, new, Names(units), progress)
            _keep(con, readings, receipts, units)
            _say(con, name, reader, receipts)
        return Built(store.current(data), len(new), len(kept), [reading for _, reading in readings])


def _fingerprint(units: pd.DataFrame) -> str:
    """What a reading depends on beside its file."""
    root, digest = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted(path for pattern in _READER for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    digest.update(units.to_csv(index=False).encode())
    return digest.hexdigest()[:16]


def _about(snapshot: Path | None) -> dict[str, str]:
    if snapshot is None:
        return {}
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            return dict(con.execute("select key, value from about").fetchall())
    except duckdb.Error:  # a damaged snapshot is no loss: it is built anew from the archive
        return {}


def _reuse(con: duckdb.DuckDBPyConnection, serving: Path) -> set[int]:
    """Take over what the last build read: reports, facts and problems as they are."""
    con.execute(f"attach '{str(serving).replace(chr(39), chr(39) * 2)}' as last (read_only)")
    for table in ("reports", "facts", "problems"):
        con.execute(f"insert into {table} select * from last.{table}")
    con.execute("detach last")
    return {report for (report,) in con.execute("select report from reports").fetchall()}


_names: Names | None = None  # of a reading process, set once when it starts


def _start(names: Names) -> None:
    global _names
    _names = names


def _read_one(job: tuple[str, str]) -> Reading:
    return read_report(Path(job[0]), job[1], _names)


def _read(archive: Archive, receipts: list[Receipt], names: Names, progress: Progress) -> list[tuple[Receipt, Reading]]:
    """Read files, on all cores when there are many; in the order of their receipts."""
    jobs = [(str(archive.path(each)), each.file) for each in receipts]
    done: list[Reading] = []
    if len(jobs) < _IN_PROCESS:
        done = [read_report(Path(path), name, names) for path, name in jobs]
    else:
        with ProcessPoolExecutor(os.cpu_count(), initializer=_start, initargs=(names,)) as pool:
            for reading in pool.map(_read_one, jobs, chunksize=8):
                done.append(reading)
                progress(len(done), len(jobs))
    return list(zip(receipts, done, strict=True))


def _keep(
    con: duckdb.DuckDBPyConnection,
    readings: list[tuple[Receipt, Reading]],
    receipts: list[Receipt],
    units: pd.DataFrame,
) -> None:
    for table, rows in _tables(readings).items():
        _insert(con, table, pd.DataFrame(rows))
    _insert(con, "receipts", pd.DataFrame([vars(each) for each in receipts]))
    _insert(con, "units", units)
    _insert(con, "expected", expected(units))
    con.execute(_SUPERSEDED)
    # In the order in which it is asked for: a period's rows lie together.
    con.execute("create table ordered as select * from facts order by last_month, unit, report")
    con.execute("delete from facts")
    con.execute("insert into facts select * from ordered")
    con.execute("drop table ordered")


# Of the accepted reports of one unit, form and period the last one stands.
_SUPERSEDED = """
    update reports set superseded_at = later.at
    from (
        select report, lead(received_at) over (partition by unit, form, period order by received_at, report) as at
        from reports where accepted
    ) later
    where later.report = reports.report
"""


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    if not len(rows):
        return
    columns = [name for (name,) in con.execute("select column_name from (describe " + table + ")").fetchall()]
    rows = rows[[name for name in columns if name in rows]]
    con.register("incoming", rows)
    con.execute(f"insert into {table} by name select * from incoming")
    con.unregister("incoming")


def _tables(readings: list[tuple[Receipt, Reading]]) -> dict[str, list[dict]]:
    """Readings as rows of reports, facts and problems. A blocked report has problems and no facts."""
    reports, facts, problems = [], [], []
    for receipt, reading in readings:
        reports.append(_report(receipt, reading))
        for each in reading.problems:
            told = {"kind": each.kind, "blocks": each.blocks, "sheet": each.sheet, "cell": each.cell}
            parts = json.dumps(each.parts, ensure_ascii=False)
            problems.append({"report": receipt.receipt, **told, "given": each.given, "parts": parts})
        if reading.accepted:
            facts.extend(_facts(receipt.receipt, reading))
    return {"reports": reports, "facts": facts, "problems": problems}


def _report(receipt: Receipt, reading: Reading) -> dict[str, object]:
    return {
        "report": receipt.receipt,
        "template": reading.template or None,
        "form": reading.form or None,
        "unit": reading.unit or None,
        "period": reading.period or None,
        "sheet": reading.rows[0].sheet if reading.rows else None,
        "received_at": receipt.received_at,
        "accepted": reading.accepted,
        "superseded_at": None,
        "columns": json.dumps(reading.columns),
    }


def _facts(report: int, reading: Reading) -> list[dict[str, object]]:
    period = Period.parse(reading.period)
    common = {
        "report": report,
        "first_month": period.first_month,
        "last_month": period.last_month,
        "recency": period.last_month * 10 + _RECENCY[period.kind],
        "adds_up": adds_up(reading.form, period.kind),
    }
    own = "district" if reading.form == "periodic" else "commune"
    return [
        {
            **common,
            "unit": row.unit,
            "level": own if row.row is None else LEVELS[LEVELS.index(own) + 1],
            "sheet": row.sheet,
            "row_number": row.row,
            **{field: row.values.get(field) for field in FIELDS},
        }
        for row in reading.rows
    ]


def _say(con: duckdb.DuckDBPyConnection, name: str, reader: str, receipts: list[Receipt]) -> None:
    sample = any(each.origin == "sample" for each in receipts)
    about = {
        "snapshot": name,
        "reader": reader,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sample": "1" if sample else "0",
    }
    con.executemany("insert into about values (?, ?)", list(about.items()))

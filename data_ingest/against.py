"""Files checked before they are kept: read like those that are, and held against everything that is there."""

from datetime import datetime
from pathlib import Path

import duckdb

from data_ingest.archive import called
from data_ingest.build import hold_against
from data_ingest.guarded import Job, Readers
from data_ingest.kept import Read, keep, keep_receipts, numbered
from data_ingest.reading import Reading
from data_ingest.standing import Standing
from warehouse import store
from warehouse.receipts import Receipt, Receipts


def check(data: Path, standing: Standing, paths: list[Path]) -> list[list[Reading]]:
    """The readings of each file with all their problems; nothing is kept."""
    jobs = [Job(str(path.resolve()), called(path), first="clean") for path in paths]
    with Readers(standing.names, standing.mappings) as readers:
        read = list(readers.read(jobs))
    first, now = _last_receipt(store.current(data)) + 1, datetime.now().replace(microsecond=0)
    receipts = [Receipt(number, "", path.name, now) for number, path in enumerate(paths, start=first)]
    hold(store.current(data), list(zip(receipts, read, strict=True)))
    return read


def hold(serving: Path | None, read: list[tuple[Receipt, list[Reading]]]) -> None:
    """Add to readings that are not in the serving snapshot what shows when they are held against what is there."""
    con = duckdb.connect()
    store.create(con)
    _take_over(con, serving, {each.unit for _, readings in read for each in readings if each.unit})
    told: list[Read] = [each for receipt, readings in read for each in numbered(receipt, readings)]
    keep_receipts(con, Receipts.of(receipt for receipt, _ in read))
    keep(con, told)
    hold_against(con, told)
    con.close()


def _last_receipt(serving: Path | None) -> int:
    if serving is None:
        return 0
    with duckdb.connect(str(serving), read_only=True) as con:
        (last,) = con.execute("select coalesce(max(receipt), 0) from receipts").fetchone()
    return last


def _take_over(con: duckdb.DuckDBPyConnection, serving: Path | None, units: set[str]) -> None:
    """What stands of these units, their parts and those around them."""
    if serving is None:
        return
    store.attach(con, serving, "last")
    con.execute("insert into units select * from last.units")
    con.execute("create temp table wanted as select unnest($units) as unit", {"units": sorted(units) or [""]})
    con.execute("insert into wanted select unit from units where parent in (select unit from wanted)")
    con.execute("insert into reports by name select * from last.reports where unit in (select unit from wanted)")
    con.execute("insert into receipts select * from last.receipts where receipt in (select receipt from reports)")
    for table in ("facts", "problems"):
        con.execute(f"insert into {table} select * from last.{table} where report in (select report from reports)")
    con.execute("detach last")

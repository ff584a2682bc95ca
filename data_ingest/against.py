"""Files checked before they are kept: read like those that are, and held against everything that is there."""

from datetime import datetime
from pathlib import Path

import duckdb

from data_ingest.archive import Receipt
from data_ingest.build import Read, hold_against, keep, numbered
from data_ingest.guarded import Job, Readers
from data_ingest.reading import Reading
from data_ingest.standing import Standing
from language.persons import values_masked
from warehouse import store


def check(data: Path, standing: Standing, paths: list[Path]) -> list[list[Reading]]:
    """The readings of each file with all their problems; nothing is kept."""
    jobs = [Job(str(path.resolve()), values_masked(path.name), first="clean") for path in paths]
    with Readers(standing.names, standing.mappings) as readers:
        read = list(readers.read(jobs))
    con = duckdb.connect()
    store.create(con)
    taken = _take_over(con, store.current(data), {each.unit for readings in read for each in readings if each.unit})
    told: list[Read] = []
    for number, (path, readings) in enumerate(zip(paths, read, strict=True), start=taken + 1):
        receipt = Receipt(number, "", path.name, datetime.now().replace(microsecond=0))
        told += numbered(receipt, readings)
    keep(con, told)
    hold_against(con, told)
    con.close()
    return read


def _take_over(con: duckdb.DuckDBPyConnection, serving: Path | None, units: set[str]) -> int:
    """What stands of these units, their parts and those around them; the last receipt's number."""
    if serving is None:
        return 0
    store.attach(con, serving, "last")
    con.execute("insert into units select * from last.units")
    con.execute("create temp table wanted as select unnest($units) as unit", {"units": sorted(units) or [""]})
    con.execute("insert into wanted select unit from units where parent in (select unit from wanted)")
    con.execute("insert into reports select * from last.reports where unit in (select unit from wanted)")
    con.execute("insert into receipts select * from last.receipts where receipt in (select receipt from reports)")
    for table in ("facts", "problems"):
        con.execute(f"insert into {table} select * from last.{table} where report in (select report from reports)")
    (last,) = con.execute("select coalesce(max(receipt), 0) from last.receipts").fetchone()
    con.execute("detach last")
    return last

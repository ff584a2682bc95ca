"""The archive into a warehouse: reads only what it has not read before, and serves only when it is whole."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import duckdb
import numpy as np
import pandas as pd

from data_ingest import growing, history, program
from data_ingest.archive import Archive
from data_ingest.guarded import Job, Readers
from data_ingest.kept import Read, keep, keep_problems, keep_receipts, numbered
from data_ingest.reading import Reading
from data_ingest.standing import Standing
from warehouse import calendar, log, store
from warehouse.decisions import Decision, counting
from warehouse.lineage import heirs
from warehouse.receipts import Receipt, Receipts
from warehouse.schedule import expected

Progress = Callable[[int, int], None]
_CHUNK = 500  # files whose readings are held in memory before they are written


@dataclass
class Built:
    """What a build did: the snapshot that serves now, and how many files were read anew.

    `told` has each reading with its receipt; of very many files only those with problems.
    """

    snapshot: Path
    read: int = 0
    reused: int = 0
    told: list["Read"] = field(default_factory=list)


def build(data: Path, progress: Progress = lambda done, of: None) -> Built:
    """Build the warehouse from the archive, or do nothing where nothing has changed.

    A file is read again only when the file, the register, the templates or the reader are others than last time.
    """
    archive = Archive(data)
    with archive.writing():
        receipts = archive.receipts()
        standing = Standing.of(archive, receipts)
        with Readers(standing.names, standing.mappings) as readers:
            return build_with(readers, archive, receipts, standing, progress)


def build_with(
    readers: Readers,
    archive: Archive,
    receipts: Receipts,
    standing: Standing,
    progress: Progress,
    copied: Callable[[], Path | None] = lambda: None,
) -> Built:
    """Build with readers that may have been started already, and a copy to begin with; the caller holds the archive.

    Of the receipts those count that wait for nobody's decision.
    """
    calendar.use(standing.calendar)
    decided = archive.decisions.all()
    receipts = counting(receipts, decided)
    with_what = read_with(standing)
    inputs = inputs_of(with_what, receipts)
    copy = copied()
    served = store.serving(archive.data, anew=copy is None)
    serving = served.snapshot if served else None
    before, again, like = _last(archive, receipts, serving, {**with_what, "calendar": standing.calendar})
    if before.get("inputs") == inputs and not again and not served.damaged:
        return Built(serving, reused=len(receipts))
    name = store.free_name(archive.data, inputs)
    since = monotonic()
    with store.new_snapshot(archive.data, name, like and (copy or serving)) as con:
        last = serving if before.get("reader") == with_what["reader"] else None
        kept, facts = (like.kept, "facts") if like else (_reuse(con, last, again), "new_facts")
        others = receipts.but("receipt", kept)
        new = list(others.having("kind", ["report"]))
        chunks = _chunks(new, readers.read(jobs_of(archive, new)))  # the processes are at work from here on
        keep_receipts(con, others if like else receipts)
        if like:
            con.execute("delete from targets")
        else:
            _insert(con, "units", standing.units)
            _insert(con, "heirs", heirs(standing.units))
            _insert(con, "expected", expected(standing.units))
        if assigned := list(_targets(archive, receipts, standing)):
            _insert(con, "targets", pd.DataFrame(assigned))
        readings, rows = [], 0
        for done, chunk in chunks:
            if chunk:
                keep(con, chunk, facts)
            rows += sum(len(each.reading.rows) for each in chunk if each.reading.accepted)
            progress(done, len(new))
            readings += chunk if len(new) <= _CHUNK else [each for each in chunk if each.reading.problems]
        _say_decided(con, receipts, decided)
        if not like:
            _put_in_order(con, rows)
        found = _finish(con, {each.receipt for each in new}, grown=like is not None)
        behind = like.behind + len(new) if like else 0
        about = {"snapshot": name, "inputs": inputs, "calendar": standing.calendar, "behind": str(behind), **with_what}
        _say(con, about, receipts)
    _with_history(readings, found)
    log.event("built", snapshot=name, read=len(new), reused=len(kept), ms=1000 * (monotonic() - since))
    return Built(store.current(archive.data), len(new), len(kept), readings)


def read_with(standing: Standing) -> dict[str, str]:
    """What readings and tables are made with, as a snapshot tells it.

    Where the reader, spellings or mappings are others, files are read again; where the writer is, all is written anew.
    """
    return {
        "register": standing.register,
        "reader": program.fingerprint(program.READER, standing.register.encode()),
        "writer": program.fingerprint(program.WRITER),
        "spellings": _hash(standing.spellings),
        "mappings": _hash(standing.mappings),
    }


def inputs_of(with_what: dict[str, str], receipts: Receipts) -> str:
    """What a snapshot is made of, in a word; where it is the same there is nothing to build."""
    return _hash((with_what, receipts.sum))[:12]


def _hash(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _last(
    archive: Archive, receipts: Receipts, snapshot: Path | None, now: dict[str, str]
) -> tuple[dict[str, str], set[int], growing.Growing | None]:
    """What the last snapshot says of itself, which receipts are to be read again, and what it can grow from.

    It grows where all but the receipts is as it was: the program, the register, what was confirmed, the days set.
    """
    if snapshot is None:
        return {}, set(), None
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            before = dict(con.execute("select key, value from about").fetchall())
            again = _to_read_again(archive, receipts, con, before, now)
            alike = not again and all(before.get(what) == told for what, told in now.items())
            return before, again, growing.grows(con, before, receipts) if alike else None
    except duckdb.Error:  # a damaged snapshot is no loss: it is built anew from the archive
        return {}, set(), None


# Reports that a newly confirmed spelling, or mapping, may let in: no other need be read again.
_WAITING = {
    "spellings": "select receipt from problems join reports using (report)"
    " where kind in ('unknown_unit', 'unknown_hamlet', 'ambiguous_unit')",
    "mappings": "select receipt from problems join reports using (report) where kind = 'unknown_form'"
    " union select receipt from reports where template in (select unnest($mapped))",
}
_LOST = "select receipt from problems join reports using (report) where kind like 'archive_%'"


def _to_read_again(
    archive: Archive,
    receipts: Receipts,
    con: duckdb.DuckDBPyConnection,
    before: dict[str, str],
    now: dict[str, str],
) -> set[int]:
    """Receipts whose reading may be another now: their archived file is whole again, or what they waited for came."""
    mapped = [Path(each.file).stem for each in receipts.having("kind", ["mapping"])]
    lost = {receipt for (receipt,) in con.execute(_LOST).fetchall()}
    again = {each.receipt for each in receipts.having("receipt", lost) if archive.is_whole(each)}
    for what, sql in _WAITING.items():
        if before.get(what) != now[what]:
            parameters = {"mapped": mapped} if "$mapped" in sql else {}
            again |= {receipt for (receipt,) in con.execute(sql, parameters).fetchall()}
    return again


def _reuse(con: duckdb.DuckDBPyConnection, last: Path | None, but: set[int]) -> np.ndarray:
    """Take over what the last build read, but for some receipts: reports, problems and facts. The receipts taken.

    The facts wait as kept_facts where they are, and new_facts for those to be read, until all are put in order.
    """
    # Not "as select ... limit 0": what a transaction puts into a table behind an insert of no row, more than a row
    # group at once, the database (2.0.0) counts and then does not read.
    columns = ", ".join(f"{name} {type_}" for name, type_, *_ in con.execute("describe facts").fetchall())
    con.execute(f"create temp table new_facts ({columns})")
    if last is None:
        con.execute("create temp view kept_facts as select * from new_facts where false")
        return np.array([], dtype=np.int64)
    store.attach(con, last, "last")
    others = f"select report from last.reports where receipt not in ({', '.join(map(str, but))})"
    kept = f"report in ({others})" if but else "true"
    for table in ("reports", "problems"):
        con.execute(f"insert into {table} select * from last.{table} where {kept}")
    con.execute(f"create temp view kept_facts as select * from last.facts where {kept}")
    return con.execute("select distinct receipt from reports").fetchnumpy()["receipt"]


def _put_in_order(con: duckdb.DuckDBPyConnection, rows: int) -> None:
    """The facts kept and the `rows` that are new, in the order in which they are asked for: a period's lie together."""
    (kept,) = con.execute("select count(*) from kept_facts").fetchone()
    (taken,) = con.execute(
        "insert into facts select * from (from kept_facts union all from new_facts) order by last_month, unit, report"
    ).fetchone()
    if taken != kept + rows:
        raise RuntimeError(f"{kept} facts were kept and {rows} read, but {taken} put in order; nothing has changed")
    con.execute("drop table new_facts")


def jobs_of(archive: Archive, receipts: list[Receipt]) -> list[Job]:
    """To read each archived file, if it is still the one that was received."""
    folder = archive.folder.resolve()
    return [
        Job(f"{folder}{os.sep}{each.stored_as}", each.file, each.sha256, first="notes" if each.came else "")
        for each in receipts
    ]


def _chunks(receipts: list[Receipt], read: Iterator[list[Reading]]) -> Iterator[tuple[int, list[Read]]]:
    """Readings in the order of their receipts; some at a time, with how many are done."""
    chunk: list[Read] = []
    for done, (receipt, readings) in enumerate(zip(receipts, read, strict=True), start=1):
        chunk += numbered(receipt, readings)
        if len(chunk) >= _CHUNK or done == len(receipts):
            yield done, chunk
            chunk = []
        elif done % 10 == 0:
            yield done, []


def _targets(archive: Archive, receipts: Receipts, standing: Standing) -> Iterator[dict[str, object]]:
    """What each sheet of assigned targets says, as rows of the table; they were found right when they came."""
    sheets = [each for each in receipts.having("kind", ["targets"]) if archive.is_whole(each)]
    if not sheets:
        return
    from data_ingest.targets import read_targets  # takes time to load, and is seldom needed

    for receipt in sheets:
        received = {"receipt": receipt.receipt, "received_at": receipt.received_at}
        path, day = archive.path(receipt), receipt.received_at.date()
        for each in read_targets(path, receipt.file, standing.names, day).targets:
            months = each.period and {"first_month": each.period.first_month, "last_month": each.period.last_month}
            yield {**vars(each), "period": each.period and str(each.period), **(months or {}), **received}


def _say_decided(con: duckdb.DuckDBPyConnection, receipts: Receipts, decided: dict[int, Decision]) -> None:
    """When what had to be accepted was: it counts from then on, though it is late or in time by when it came."""
    accepted = [(decided[number].at, number) for number in receipts.having("receipt", decided).column("receipt")]
    if accepted:
        con.execute("create temp table decided (moment timestamp, receipt bigint)")
        con.executemany("insert into decided values (?, ?)", accepted)
        con.execute(  # in a snapshot that has grown, most of them say so already
            "update reports set decided_at = moment from decided"
            " where decided.receipt = reports.receipt and decided_at is distinct from moment"
        )
        con.execute("drop table decided")


def _finish(con: duckdb.DuckDBPyConnection, new: set[int], grown: bool) -> list[history.Found]:
    """What only all reports together tell: which stand, and how each fits those before it.

    Of a snapshot that has grown only the reports of which a new version may have come are looked at.
    """
    if grown:
        con.execute(SUPERSEDED + OF_THE_SAME, {"new": list(new)})
    else:
        con.execute(SUPERSEDED + OF_ALL)
    found = history.look_back(con, new)
    keep_problems(con, ((each.report, each.problem) for each in found))
    return found


def hold_against(con: duckdb.DuckDBPyConnection, readings: list[Read]) -> None:
    """Add to readings that were kept in `con` what shows when they are held against the others there."""
    con.execute(SUPERSEDED + OF_ALL)
    _with_history(readings, history.look_back(con, {each.receipt.receipt for each in readings}))


def _with_history(readings: list[Read], found: list[history.Found]) -> None:
    """Add to each reading what was found when it was held against the others."""
    by_report: dict[int, list[history.Found]] = {}
    for each in found:
        by_report.setdefault(each.report, []).append(each)
    for _, report, reading in readings:
        reading.problems += [replace(each.problem, file=reading.file) for each in by_report.get(report, [])]


# Of the accepted reports of one unit, form and period the last one stands; what another unit told of it in a table of
# its own stands only until its own report has come. The last is the one that came last; it counts since it is known.
SUPERSEDED = """
    update reports set superseded_at = case
        when told_by is null and next_like is null then null
        when told_by is null then greatest(next_like, known)
        when next_like is null and first_own is null then null
        else greatest(least(next_like, first_own), known) end
    from (
        select report as id, coalesce(decided_at, received_at) as known,
               min(coalesce(decided_at, received_at)) over (
                   partition by unit, form, period, told_by is null order by received_at, report
                   rows between 1 following and unbounded following) as next_like,
               min(coalesce(decided_at, received_at)) filter (where told_by is null) over (
                   partition by unit, form, period) as first_own
        from reports where accepted
"""
OF_ALL = ") later where later.id = reports.report"
OF_THE_SAME = f"""
    and (unit, form, period) in (select (unit, form, period) from reports where receipt in (select unnest($new)))
{OF_ALL}"""


def _insert(con: duckdb.DuckDBPyConnection, table: str, incoming: pd.DataFrame) -> None:
    con.execute(f"insert into {table} by name select * from incoming")


def _say(con: duckdb.DuckDBPyConnection, about: dict[str, str], receipts: Receipts) -> None:
    sample = receipts.have("origin", "sample")
    told = {"built_at": datetime.now(UTC).isoformat(timespec="seconds"), "sample": "1" if sample else "0", **about}
    con.execute(
        "insert or replace into about select unnest($keys), unnest($values)",
        {"keys": list(told), "values": list(told.values())},
    )

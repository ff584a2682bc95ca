"""What a report that waits would change: each figure that it tells otherwise than the report that stands."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from data_ingest.reading import Reading
from data_ingest.versions import Change, differences

_STANDS = """
    select r.report, c.file, r.received_at, r.told_by
    from reports r join receipts c using (receipt)
    where r.unit = $unit and r.form = $form and r.period = $period and r.accepted and r.superseded_at is null
    order by r.told_by is not null, r.received_at desc limit 1
"""
_FACTS = "select * from facts where report = $report order by row_number nulls first"
_NAMES = "select unit, max(full_name) from units group by unit"


@dataclass(frozen=True)
class Effect:
    """What accepting a report does: the file that stands now ('' for the first of its period), and what changes.

    A report of the unit's own stands before one that another told of it, and what came later before what came earlier:
    then `replaces` is false and accepting changes nothing.
    """

    file: str = ""
    received_at: datetime | None = None
    replaces: bool = True
    changes: tuple[Change, ...] = ()


def effects(serving: Path | None, read: list[tuple[datetime, Reading]]) -> list[Effect]:
    """The effect of each reading that is taken, with when its file came."""
    if serving is None:
        return [Effect() for _ in read]
    with duckdb.connect(str(serving), read_only=True) as con:
        names = dict(con.execute(_NAMES).fetchall())
        return [_effect(con, names, came, each) for came, each in read]


def _effect(con: duckdb.DuckDBPyConnection, names: dict[str, str], came: datetime, reading: Reading) -> Effect:
    of = {"unit": reading.unit, "form": reading.form, "period": reading.period}
    found = con.execute(_STANDS, of).fetchone()
    if found is None:
        return Effect()
    report, file, received_at, told_by = found
    alike = bool(told_by) == bool(reading.told_by)
    replaces = came >= received_at if alike else bool(told_by)
    facts = con.execute(_FACTS, {"report": report})
    columns = [each[0] for each in facts.description]
    before = [{**(row := dict(zip(columns, values, strict=True))), "full_name": names.get(row["unit"])}
              for values in facts.fetchall()]  # fmt: skip
    after = [
        {"unit": row.unit, "full_name": names.get(row.unit), "sheet": row.sheet, "row_number": row.row, **row.values}
        for row in reading.rows
    ]
    return Effect(file, received_at, replaces, tuple(differences(before, after, reading.columns.text)))

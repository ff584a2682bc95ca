"""The versions of a report, and what changed from one to the next, cell by cell."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from language import Language, Text
from warehouse.cells import cell_of
from warehouse.fields import FIELDS


@dataclass(frozen=True)
class Change:
    """One figure that a later version tells otherwise: where it stands there, what it was, what it is."""

    unit_name: str
    field: str
    sheet: str
    cell: str
    before: object
    after: object

    def says(self, language: Language) -> str:
        """Khu ấp › C12: Khu phố 1, “Tổng số hộ”: 45 → 47"""
        label, blank = FIELDS[self.field].name[language], {"vi": "trống", "en": "blank"}[language]
        before, after = (blank if value is None else f"{value}" for value in (self.before, self.after))
        return f"{self.sheet} › {self.cell}: {self.unit_name}, “{label}”: {before} → {after}"


@dataclass(frozen=True)
class Version:
    """One file that told of a unit's period: when it came, whether it stands, what it changed."""

    receipt: int
    report: int
    file: str
    received_at: datetime
    accepted: bool
    standing: bool
    changes: tuple[Change, ...]

    @property
    def status(self) -> Text:
        if not self.accepted:
            return Text("bị chặn", "blocked")
        return Text("đang hiệu lực", "stands") if self.standing else Text("đã được thay", "superseded")


_VERSIONS = """
    select r.receipt, r.report, c.file, r.received_at, r.accepted, r.superseded_at is null as last, r.columns
    from reports r join receipts c using (receipt)
    where r.unit = $unit and r.period = $period
    order by r.received_at, r.report
"""
_FACTS = """
    select f.*, u.full_name from facts f
    left join (select unit, max(full_name) as full_name from units group by unit) u on u.unit = f.unit
    where f.report in (select unnest($reports)) order by f.row_number nulls first
"""


def versions(snapshot: Path, unit: str, period: str) -> list[Version]:
    """Every version of a unit's reports of a period, oldest first; each accepted one compared with the one before."""
    with duckdb.connect(str(snapshot), read_only=True) as con:
        return versions_in(con, unit, period)


def versions_in(con: duckdb.DuckDBPyConnection, unit: str, period: str) -> list[Version]:
    """The same, of a snapshot that is open."""
    found: list[Version] = []
    before: list[dict] = []
    rows = _rows(con, _VERSIONS, {"unit": unit, "period": period})
    facts_of = _facts(con, [row["report"] for row in rows if row["accepted"]])
    for row in rows:
        columns, accepted = row.pop("columns"), row["accepted"]
        standing = row.pop("last") and accepted
        facts = facts_of.get(row["report"], [])
        changes = differences(before, facts, columns) if facts and before else ()
        before = facts or before
        found.append(Version(**row, standing=standing, changes=tuple(changes)))
    return found


def _facts(con: duckdb.DuckDBPyConnection, reports: list[int]) -> dict[int, list[dict[str, object]]]:
    """The facts of reports that are to be compared; none of a single one: there is nothing that could have changed."""
    facts: dict[int, list[dict[str, object]]] = {}
    for row in _rows(con, _FACTS, {"reports": reports}) if len(reports) > 1 else []:
        facts.setdefault(row["report"], []).append(row)
    return facts


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object]) -> list[dict[str, object]]:
    found = con.execute(sql, parameters)
    names = [each[0] for each in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def differences(before: list[dict], after: list[dict], columns: str) -> list[Change]:
    """What the units of both, or of one, told otherwise; a row that is gone has lost each of its figures.

    A row has unit, full_name, sheet, row_number and fields; `columns` says where the later one has them (tables.sql).
    """
    told, now = ({row["unit"]: row for row in rows} for rows in (before, after))
    changes = []
    for unit in {**now, **told}:
        old, new = told.get(unit, {}), now.get(unit, {})
        for field_id in FIELDS:
            was, now_is = _plain(old.get(field_id)), _plain(new.get(field_id))
            if was != now_is:
                place = new or old
                cell = cell_of(columns, field_id, place["row_number"]) if new else ""
                changes.append(Change(place["full_name"] or unit, field_id, place["sheet"], cell, was, now_is))
    return changes


def _plain(value: object) -> object:
    """A number without its type."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

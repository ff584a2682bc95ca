"""The versions of a report, and what changed from one to the next, cell by cell."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from language import Language, Text
from warehouse.cells import cell_of
from warehouse.fields import FIELDS
from warehouse.store import Engine


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
    where f.report = $report order by f.row_number nulls first
"""


def versions(snapshot: Path, unit: str, period: str) -> list[Version]:
    """Every version of a unit's reports of a period, oldest first; each accepted one compared with the one before."""
    engine = Engine.open(snapshot)
    found, before = [], None
    rows = engine.query(_VERSIONS, {"unit": unit, "period": period})
    compared = rows.accepted.sum() > 1  # else there is nothing that could have changed
    for row in rows.itertuples():
        facts = engine.query(_FACTS, {"report": row.report}) if row.accepted and compared else None
        changes = _changes(before, facts, row.columns) if facts is not None and before is not None else ()
        before = facts if facts is not None else before
        standing = bool(row.accepted and row.last)
        found.append(
            Version(row.receipt, row.report, row.file, row.received_at, bool(row.accepted), standing, tuple(changes))
        )
    return found


def _changes(before: pd.DataFrame, after: pd.DataFrame, columns: str) -> list[Change]:
    """What the units of both, or of one, told otherwise; a row that is gone has lost each of its figures."""
    told = {row["unit"]: row for row in before.to_dict("records")}
    now = {row["unit"]: row for row in after.to_dict("records")}
    changes = []
    for unit in {**now, **told}:
        old, new = told.get(unit, {}), now.get(unit, {})
        for field_id in FIELDS:
            was, now_is = _plain(old.get(field_id)), _plain(new.get(field_id))
            if was != now_is:
                place = new or old
                row = None if pd.isna(place["row_number"]) else place["row_number"]
                cell = cell_of(columns, field_id, row) if new else ""
                changes.append(Change(place["full_name"] or unit, field_id, place["sheet"], cell, was, now_is))
    return changes


def _plain(value: object) -> object:
    """A number without its type, None for any blank."""
    if value is None or pd.isna(value):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value

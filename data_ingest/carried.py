"""What units have reported last, for the blank forms that are sent to them: of each form only what it carries over."""

from collections.abc import Collection
from pathlib import Path

import duckdb

from data_ingest.template import Template
from warehouse.period import Period

Values = dict[str, dict[str, object]]  # unit (also khu/ấp) → field → value

# The last standing report of each unit before a period.
_LAST = """
    select f.unit, r.unit as reporter, {columns}
    from facts f
    join (
        select r.unit, r.report
        from reports r join (select distinct report, last_month, recency from facts) f using (report)
        where r.accepted and r.superseded_at is null and r.form = $form and f.last_month < $first
          and r.unit in (select unnest($units))
        qualify row_number() over (partition by r.unit order by f.recency desc, r.report desc) = 1
    ) r using (report)
"""


def last_told(serving: Path | None, template: Template, units: Collection[str], period: Period) -> Values:
    """The values that the form of a period carries over, of units and their khu/ấp; blanks are left out."""
    if serving is None or not template.carried:
        return {}
    sql = _LAST.format(columns=", ".join(f"f.{each}" for each in template.carried))
    with duckdb.connect(str(serving), read_only=True) as con:
        rows = con.execute(sql, {"form": template.form, "first": period.first_month, "units": list(units)}).fetchall()
    told: Values = {}
    for unit, _, *values in rows:
        known = {field: value for field, value in zip(template.carried, values, strict=True) if value is not None}
        told.setdefault(unit, {}).update(known)
    return told

"""What stands behind results, as tables to hand out: facts, reports, calendar and targets of some periods.

They bear the names of the warehouse, so that the SQL of the results (calculate.sql) runs on them as it does there.
What units say in words, senders and the names of files are left out: nobody can know what is written in them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd

from metrics.core.received import owed
from metrics.core.standing import KNOWN, STANDS
from warehouse.fields import NUMBERS
from warehouse.period import Period
from warehouse.store import Engine


def reports(engine: Engine, periods: Sequence[Period], units: Collection[str], moment: datetime) -> pd.DataFrame:
    """Every accepted version of every report of the periods, by reporting unit; of what came later nothing is known."""
    return engine.query(
        f"""
        select r.report, r.form, r.template, r.unit, r.told_by, r.period, r.received_at, r.decided_at,
               row_number() over (partition by r.unit, r.form, r.period order by r.received_at, r.report) as version,
               {STANDS} as standing,
               case when r.superseded_at < $moment then r.superseded_at end as superseded_at, r.accepted, c.sha256
        from reports r
        join receipts c on c.receipt = r.receipt
        where r.accepted and {KNOWN} < $moment and r.unit in (select unnest($units::varchar[])) and (
            exists (select 1 from facts f where f.report = r.report and {_inside("f", periods)})
            or exists (select 1 from expected e where e.form = r.form and e.unit = r.unit and e.period = r.period
                       and {_inside("e", periods)}))
        order by r.report
        """,
        {"moment": moment, "units": sorted(units)},
    )


def facts(engine: Engine, periods: Sequence[Period], units: Collection[str], moment: datetime) -> pd.DataFrame:
    """The rows of the reports that stand, numbers only; `row` is their place in the report."""
    figures = ", ".join(f"f.{each.id}" for each in NUMBERS)
    return engine.query(
        f"""
        select f.report, row_number() over (partition by f.report order by f.unit, f.sheet, f.row_number) as row,
               f.unit, f.level, f.row_number, f.first_month, f.last_month, f.recency, f.adds_up, {figures}
        from facts f
        join reports r on r.report = f.report
        where {STANDS} and r.unit in (select unnest($units::varchar[])) and {_inside("f", periods)}
        order by f.report, row
        """,
        {"moment": moment, "units": sorted(units)},
    )


def expected(engine: Engine, periods: Sequence[Period], units: Collection[str], moment: datetime) -> pd.DataFrame:
    """Every report owed in the periods: when it is due, and when the first one accepted for it came."""
    found = owed(engine, moment)
    inside = [(found.first_month >= each.reports_from) & (found.last_month <= each.last_month) for each in periods]
    found = found[found.unit.isin(units) & pd.concat(inside, axis=1).any(axis=1)]
    return found.sort_values(["form", "unit", "first_month", "last_month"], ignore_index=True)


def targets(engine: Engine, units: Collection[str], moment: datetime) -> pd.DataFrame:
    """What was assigned to units; `row` is its place in the sheet."""
    return engine.query(
        """
        select row_number() over (partition by receipt order by sheet, cell, unit, indicator) as row, receipt, unit,
               indicator, target, period, first_month, last_month, received_at, cell
        from targets
        where received_at < $moment and unit in (select unnest($units::varchar[]))
        order by receipt, row
        """,
        {"moment": moment, "units": sorted(units)},
    )


def _inside(table: str, periods: Sequence[Period]) -> str:
    """Whether a row of months lies within one of the periods (SQL), as for the results."""
    spans = [
        f"({table}.first_month >= {each.reports_from} and {table}.last_month <= {each.last_month})" for each in periods
    ]
    return f"({' or '.join(spans)})"

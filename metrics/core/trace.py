"""Any number back to its cells: the reports, sheets and cells that a numerator and a denominator are made of."""

from datetime import date

import pandas as pd

from metrics.core.calculate import DUE, LIVES, MONTHS, STANDING, TREE, TURNS, lasts, moment, period_rows
from metrics.core.indicator import BELOW, Indicator, names_in
from warehouse.cells import cell_of
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.store import Engine

COLUMNS = [
    "indicator", "part", "field", "unit_code", "unit_name", "period", "file", "sheet", "cell", "version", "received_at",
    "value",
]  # fmt: skip


def trace(
    engine: Engine, indicator: Indicator, unit: str, period: tuple[Period, date], as_of: date | None = None
) -> pd.DataFrame:
    """Every cell behind one number, a row each (COLUMNS), in the order of fields, units and periods.

    Of a flow all its months are listed, of a stock the last that was told. A part of the formula that counts units of
    the register (coverage) has no cells; nor has a unit that told nothing. `version` counts the versions of a report.
    Behind a reporting rate stand the reports expected, a row each, without a file where none has come.
    """
    found = [_expected(engine, unit, period, form, indicator, as_of) for form in indicator.forms if indicator.scheduled]
    found += [_cells(_rows(engine, unit, period, field, as_of), indicator, field) for field in indicator.fields]
    return pd.concat(found, ignore_index=True).reindex(columns=COLUMNS)


def _rows(engine: Engine, unit: str, period: tuple[Period, date], field: str, as_of: date | None) -> pd.DataFrame:
    """The facts of one field that count, of a unit and of all below it."""
    counts = "adds_up" if FIELDS[field].kind == "flow" else "latest = recency"
    steps = {
        "periods": period_rows([period]), "months": MONTHS, "lives": LIVES, "standing": STANDING, "turns": TURNS,
        "tree": TREE,
        "told": f"""
            select t.sender, s.report, s.sheet, s.row_number, s.adds_up, s.recency, s.{field} as value,
                   max(s.recency) filter (where {lasts("s", "w")}) over (partition by t.sender) as latest
            from tree t
            join periods p on p.period = t.period
            join standing s on s.unit = t.sender and s.first_month >= p.first_month and s.last_month <= p.last_month
            left join turns w on w.period = p.period and w.reporter = s.reporter
            where t.unit = $unit and s.{field} is not null
        """,
        "versions": """
            select report, row_number() over (partition by unit, form, period order by received_at, report) as version
            from reports where accepted
        """,
    }  # fmt: skip
    named = ",\n".join(f"{name} as ({step.strip()})" for name, step in steps.items())
    return engine.query(
        f"""
        with recursive {named}
        select told.*, l.full_name as unit_name, r.period, r.columns, c.file, r.received_at, v.version
        from told
        join lives l on l.unit = told.sender
        join reports r on r.report = told.report
        join receipts c on c.receipt = r.receipt
        join versions v on v.report = told.report
        where {counts}
        order by told.sender, told.recency, told.report
        """,
        {"moment": moment(as_of), "unit": unit},
    )


def _cells(rows: pd.DataFrame, indicator: Indicator, field: str) -> pd.DataFrame:
    parts = [
        each for each in ("numerator", "denominator") if {field, BELOW + field} & names_in(getattr(indicator, each))
    ]
    cells = [
        cell_of(row.columns, field, None if pd.isna(row.row_number) else row.row_number) for row in rows.itertuples()
    ]
    return rows.rename(columns={"sender": "unit_code"}).assign(
        indicator=indicator.id, part=" + ".join(parts), field=field, cell=cells
    )


def _expected(
    engine: Engine, unit: str, period: tuple[Period, date], form: str, indicator: Indicator, as_of: date | None
) -> pd.DataFrame:
    """The reports of a form that were expected of a unit and of all below it: each counts one."""
    steps = {"periods": period_rows([period]), "months": MONTHS, "lives": LIVES, "tree": TREE, "due": DUE}
    named = ",\n".join(f"{name} as ({step.strip()})" for name, step in steps.items())
    on_time = f"{form}_on_time" in indicator.scheduled
    rows = engine.query(
        f"""
        with recursive {named}
        select l.unit as unit_code, l.full_name as unit_name, d.owed_for as period, c.file, d.came as received_at,
               case when {"d.on_time" if on_time else "d.came is not null"} then 'numerator + denominator'
                    else 'denominator' end as part
        from tree t
        join due d on d.unit = t.sender and d.form = $form
        join lives l on l.unit = t.sender
        left join reports r on r.report = d.report
        left join receipts c on c.receipt = r.receipt
        where t.unit = $unit
        order by l.unit, d.due, d.owed_for
        """,
        {"moment": moment(as_of), "unit": unit, "form": form},
    )
    return rows.assign(indicator=indicator.id, field=f"{form}_expected", value=1)

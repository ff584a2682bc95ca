"""Any number back to its cells: the reports, sheets and cells that a numerator and a denominator are made of."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from metrics.core.calculate import moment, period_rows
from metrics.core.indicator import BELOW, Indicator, names_in
from metrics.core.other_day import Shown, tree, units_shown, with_steps
from metrics.core.standing import OPEN_ONE, due, lasts, standing, turns
from warehouse.cells import cell_of
from warehouse.fields import FIELDS
from warehouse.store import Engine

COLUMNS = [
    "indicator", "part", "field", "unit_code", "unit_name", "period", "file", "sheet", "cell", "version", "received_at",
    "value", "share",
]  # fmt: skip


def trace(engine: Engine, indicator: Indicator, unit: str, period: Shown, as_of: date | None = None) -> pd.DataFrame:
    """Every cell behind one number, a row each (COLUMNS), in the order of fields, units and periods.

    Of a flow all its months are listed, of a stock the last that was told. A part of the formula that counts units of
    the register (coverage) has no cells; nor has a unit that told nothing. `version` counts the versions of a report.
    Behind a reporting rate stand the reports expected, a row each, without a file where none has come. `share` is 1 but
    of a unit that was split, of which only so much is shown as the unit.
    """
    asked = _Asked(engine, unit, Shown(*period), as_of)
    found = [_expected(asked, form, indicator) for form in indicator.forms if indicator.scheduled]
    found += [_cells(_rows(asked, field), indicator, field) for field in indicator.fields]
    return pd.concat(found, ignore_index=True).reindex(columns=COLUMNS)


@dataclass(frozen=True)
class _Asked:
    """A unit in a period, at a moment, shown among the units of a day."""

    engine: Engine
    unit: str
    period: Shown
    as_of: date | None

    def rows(self, steps: dict[str, str], rest: str, given: dict[str, object] | None = None) -> pd.DataFrame:
        """What `rest` asks of the steps: those of calculate.py up to the tree, and more."""
        steps = {
            "periods": period_rows([self.period]),
            **units_shown(self.moved),
            **tree(self.moved),
            **steps,
        }
        told = {"moment": moment(self.as_of), "unit": self.unit} | (given or {})
        told |= {"first": self.period.period.reports_from, "last": self.period.period.last_month}
        return self.engine.query(f"{with_steps(steps)} {rest}", told)

    @property
    def moved(self) -> bool:
        return self.period.seen is not None

    @property
    def who(self) -> str:
        """The step with the units that told."""
        return "senders" if self.moved else "lives"

    @property
    def share(self) -> str:
        return "t.share" if self.moved else "1.0"


def _rows(asked: _Asked, field: str) -> pd.DataFrame:
    """The facts of one field that count, of a unit and of all below it."""
    is_flow = FIELDS[field].kind == "flow"
    steps = {
        "standing": standing(OPEN_ONE), "turns": turns(OPEN_ONE),
        "told": f"""
            select t.sender, {asked.share} as share, s.report, s.sheet, s.row_number, s.adds_up, s.recency,
                   s.{field} as value,
                   max(case when {lasts("s", "w")} then s.recency end) over (partition by t.sender) as latest
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
    return asked.rows(
        steps,
        f"""
        select told.*, l.full_name as unit_name, r.period, r.columns, c.file, r.received_at, v.version
        from told
        join {asked.who} l on l.unit = told.sender
        join reports r on r.report = told.report
        join receipts c on c.receipt = r.receipt
        join versions v on v.report = told.report
        where {"adds_up" if is_flow else "latest = recency"}{"" if is_flow or not asked.moved else " and l.living"}
        order by told.sender, told.recency, told.report
        """,
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


def _expected(asked: _Asked, form: str, indicator: Indicator) -> pd.DataFrame:
    """The reports of a form that were expected of a unit and of all below it: each counts one."""
    on_time = f"{form}_on_time" in indicator.scheduled
    rows = asked.rows(
        {"due": due(OPEN_ONE)},
        f"""
        select l.unit as unit_code, l.full_name as unit_name, d.owed_for as period, c.file, d.came as received_at,
               case when {"d.on_time" if on_time else "d.came is not null"} then 'numerator + denominator'
                    else 'denominator' end as part, {asked.share} as share
        from tree t
        join due d on d.unit = t.sender and d.form = $form
        join {asked.who} l on l.unit = t.sender
        left join reports r on r.report = d.report
        left join receipts c on c.receipt = r.receipt
        where t.unit = $unit
        order by l.unit, d.due, d.owed_for
        """,
        {"form": form},
    )
    return rows.assign(indicator=indicator.id, field=f"{form}_expected", value=1)

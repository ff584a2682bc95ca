"""Which published figures have changed since a day, and by which submission."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from metrics.core.calculate import moment, results
from metrics.core.indicator import Indicator
from metrics.core.standing import KNOWN
from warehouse.period import Period
from warehouse.store import Engine

COLUMNS = [
    "indicator", "unit", "unit_name", "level", "period", "value_before", "value", "numerator_before", "numerator",
    "denominator_before", "denominator", "kind", "files",
]  # fmt: skip
_SAME = ("numerator", "denominator", "value")


def restatements(
    engine: Engine,
    periods: Sequence[tuple[Period, date]],
    indicators: Sequence[Indicator],
    since: date,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Every result that is another now than at the end of the day `since` (COLUMNS), of periods due by that day.

    `kind` is 'late' where nothing had been told before, else 'changed'; `files` names what came in between about the
    unit or any below it, for a report inside the period.
    """
    published = [each for each in periods if each[0].due <= since]
    came = _came(engine, since, as_of)
    touched = [
        each
        for each in published
        if ((came.first_month >= each[0].reports_from) & (came.last_month <= each[0].last_month)).any()
    ]
    if not touched:
        return pd.DataFrame(columns=COLUMNS)
    before, now = (results(engine, touched, indicators, day) for day in (since, as_of))
    both = now.merge(before, on=["indicator", "unit", "period"], suffixes=("", "_before"))
    # A reporting rate falls by the days that pass, which restates nothing; only what came can.
    differs = pd.concat([~_equal(both[each], both[f"{each}_before"]) for each in _SAME], axis=1).any(axis=1)
    both = both[differs].copy()
    both["kind"] = both.numerator_before.isna().map({True: "late", False: "changed"})
    both["files"] = _files(both, came, dict(touched), engine)
    return both[both.files != ""][COLUMNS].reset_index(drop=True)


def _equal(one: pd.Series, other: pd.Series) -> pd.Series:
    return ((one - other).abs() < 1e-9) | (one.isna() & other.isna())


def _came(engine: Engine, since: date, as_of: date | None) -> pd.DataFrame:
    """The accepted reports that came, or were accepted, after the day: unit, months, file."""
    return engine.query(
        f"""
        select r.unit, r.period, c.file, min(f.first_month) as first_month, max(f.last_month) as last_month
        from reports r
        join receipts c on c.receipt = r.receipt
        join facts f on f.report = r.report
        where r.accepted and {KNOWN} >= $since and {KNOWN} < $moment
        group by r.unit, r.period, c.file, r.report
        order by r.report
        """,
        {"since": moment(since), "moment": moment(as_of)},
    )


def _files(changed: pd.DataFrame, came: pd.DataFrame, days: dict[Period, date], engine: Engine) -> list[str]:
    """The files behind each change: those of the unit's own reports, of its parts', or of the commune it lies in."""
    parents = engine.query("select unit, parent, level from units")
    parent = dict(zip(parents.unit, parents.parent, strict=True))
    hamlets = set(parents.unit[parents.level == "hamlet"])
    spans = {str(period): (period.reports_from, period.last_month) for period in days}
    of: dict[tuple[str, str], list[str]] = {}
    for row in came.itertuples():
        inside = [each for each, (first, last) in spans.items() if row.first_month >= first and row.last_month <= last]
        unit = row.unit
        while unit is not None and not pd.isna(unit):
            for period in inside:
                of.setdefault((unit, period), []).append(row.file)
            unit = parent.get(unit)
    return [
        ", ".join(dict.fromkeys(of.get((parent[row.unit] if row.unit in hamlets else row.unit, row.period), ())))
        for row in changed.itertuples()
    ]

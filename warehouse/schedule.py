"""Who owes which report by when: the plan's calendar (III.3, V, VII.7) over the lives of the units."""

from dataclasses import dataclass

import pandas as pd

from warehouse.fields import Level
from warehouse.period import PLAN_FIRST, PLAN_LAST, Kind, Period

COLUMNS = ["form", "unit", "period", "first_month", "last_month", "due", "adds_up"]


@dataclass(frozen=True)
class Duty:
    """Units of a level owe a form for each period of these kinds; the first kind is the one that adds up."""

    form: str
    level: Level
    kinds: tuple[Kind, ...]


DUTIES = (
    Duty("monthly", "commune", ("month",)),
    Duty("periodic", "district", ("quarter", "half", "year", "plan")),
)
FORMS = tuple(duty.form for duty in DUTIES)


def adds_up(form: str, kind: Kind) -> bool:
    """Whether flows in this kind of report are summed: a half-year report tells again what the quarters told."""
    return any(duty.form == form and duty.kinds[0] == kind for duty in DUTIES)


def expected(units: pd.DataFrame) -> pd.DataFrame:
    """A row per report owed during the plan: form, unit, period, first_month, last_month, due, adds_up.

    A unit owes a report when it is alive on the last day of the period, so that a period is owed once.
    """
    rows = []
    for duty in DUTIES:
        lives = units[units.level == duty.level][["unit", "since", "until"]].itertuples(index=False)
        periods = [period for kind in duty.kinds for period in _periods(kind)]
        for unit, since, until in lives:
            for each in periods:
                if (pd.isna(since) or since <= each.last_day) and (pd.isna(until) or until > each.last_day):
                    first = each.kind == duty.kinds[0]
                    rows.append((duty.form, unit, str(each), each.first_month, each.last_month, each.due, first))
    return pd.DataFrame(rows, columns=COLUMNS)


def _periods(kind: Kind) -> list[Period]:
    """The plan's periods of a kind: a period that began before the plan is owed too, for what is left of it."""
    if kind == "plan":
        return [Period("plan")]
    if kind == "half":  # the plan asks for one half-year report, before 20 June; the year's covers the second half
        return [Period("half", year, 1) for year in range(PLAN_FIRST[0] + 1, PLAN_LAST[0] + 1)]
    numbers = {"month": range(1, 13), "quarter": range(1, 5), "year": range(0, 1)}[kind]
    every = (Period(kind, year, number) for year in range(PLAN_FIRST[0], PLAN_LAST[0] + 1) for number in numbers)
    plan = Period("plan")
    return [each for each in every if plan.first_month <= each.last_month <= plan.last_month]

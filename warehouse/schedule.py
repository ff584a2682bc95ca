"""Who owes which report by when: the plan's calendar (III.3, V, VII.7) over the lives of the units."""

from dataclasses import dataclass

import pandas as pd

from language import Text
from warehouse.fields import LEVELS, Level
from warehouse.period import PLAN_FIRST, PLAN_LAST, Kind, Period

COLUMNS = ["form", "unit", "period", "first_month", "last_month", "due", "adds_up"]


@dataclass(frozen=True)
class Duty:
    """Units of a level owe a form for each period of these kinds; flows are summed over those that add up."""

    form: str
    name: Text
    level: Level
    kinds: tuple[Kind, ...]
    add_up: tuple[Kind, ...]
    requirement: str  # of the plan: metrics/requirements.toml


DUTIES = (
    Duty(
        form="monthly",
        name=Text("báo cáo tháng của xã", "monthly reports of communes"),
        level="commune",
        kinds=("month",),
        add_up=("month",),
        requirement="B1",
    ),
    Duty(
        form="periodic",
        name=Text("báo cáo định kỳ của huyện", "periodic reports of districts"),
        level="district",
        kinds=("quarter", "half", "year", "plan"),
        add_up=("quarter",),  # a half-year report tells again what the quarters told
        requirement="B2 B3 B7",
    ),
    Duty(
        form="provincial",
        name=Text("báo cáo của tỉnh", "reports of the province"),
        level="province",
        kinds=("half", "year", "plan"),
        add_up=("half", "year"),  # it tells states and running totals, of which nothing is summed
        requirement="B8",
    ),
)
FORMS = tuple(duty.form for duty in DUTIES)
DUTY_OF = {duty.form: duty for duty in DUTIES}


def form_of(level: Level) -> str:
    """The form in which what concerns a level is told: a khu/ấp has none of its own, its commune tells of it."""
    above = LEVELS[: LEVELS.index(level) + 1]
    return max((duty for duty in DUTIES if duty.level in above), key=lambda duty: LEVELS.index(duty.level)).form


def adds_up(form: str, kind: Kind) -> bool:
    """Whether flows in this kind of report are summed: a half-year report tells again what the quarters told."""
    return kind in DUTY_OF[form].add_up


def expected(units: pd.DataFrame) -> pd.DataFrame:
    """A row per report owed during the plan: form, unit, period, first_month, last_month, due, adds_up.

    A unit owes a report when it is alive on the last day of the period, so that a period is owed once.
    """
    rows = []
    for duty in DUTIES:
        lives = units[units.level == duty.level][["unit", "since", "until"]].itertuples(index=False)
        periods = [period for kind in duty.kinds for period in periods_of(kind)]
        # Once for each period and not for each unit: a country owes 300,000 reports in some seventy periods.
        owed = [
            (each.last_day, (str(each), each.first_month, each.last_month, each.due, each.kind in duty.add_up))
            for each in periods
        ]
        for unit, since, until in lives:
            begun, ended = not pd.isna(since), not pd.isna(until)
            for day, told in owed:
                if (not begun or since <= day) and (not ended or until > day):
                    rows.append((duty.form, unit, *told))
    return pd.DataFrame(rows, columns=COLUMNS)


def periods_of(kind: Kind) -> list[Period]:
    """The plan's periods of a kind: a period that began before the plan is owed too, for what is left of it."""
    if kind == "plan":
        return [Period("plan")]
    if kind == "half":  # the plan asks for one half-year report, before 20 June; the year's covers the second half
        return [Period("half", year, 1) for year in range(PLAN_FIRST[0] + 1, PLAN_LAST[0] + 1)]
    numbers = {"month": range(1, 13), "quarter": range(1, 5), "year": range(0, 1)}[kind]
    every = (Period(kind, year, number) for year in range(PLAN_FIRST[0], PLAN_LAST[0] + 1) for number in numbers)
    plan = Period("plan")
    return [each for each in every if plan.first_month <= each.last_month <= plan.last_month]

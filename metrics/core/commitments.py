"""Commitments of past meetings: tied to unit, indicator, value and day, they become met or missed by themselves."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from metrics.core.indicator import Indicator
from warehouse.period import Period

STATES = ("overdue", "open", "met")
COLUMNS = [
    "id", "unit", "indicator", "goal", "due", "meeting", "text", "owner", "period", "value", "days", "state",
    "met_late", "origin",
]  # fmt: skip
_SAID = ("id", "unit", "indicator", "goal", "meeting", "text", "owner", "origin")
Value = Callable[[str, str, Period, date], float | None]  # unit, indicator, period, as of → what it was


def judged(
    entered: pd.DataFrame, indicators: dict[str, Indicator], today: date, latest: Period, value_of: Value
) -> pd.DataFrame:
    """A row per commitment (COLUMNS), the overdue first, then by day.

    `value` is that of the year so far up to the month in which it is due, as it stood on that day, or today where that
    comes first. Whoever has reached the goal by the due day has met it, and it stays met; after it, a commitment that
    was not met is overdue, and `met_late` says whether it has been reached since, by the `latest` figures. `days` are
    those left, below zero those past.
    """
    rows = []
    for each in entered.itertuples():
        due, indicator = date.fromisoformat(str(each.due)[:10]), indicators.get(each.indicator)
        if indicator is None:
            continue
        then = min(due, today)
        period = Period("so_far", then.year, then.month)
        value = value_of(each.unit, each.indicator, period, then)
        reached = _reached(value, each.goal, indicator)
        since = None if reached or today <= due else value_of(each.unit, each.indicator, latest, today)
        told = {name: getattr(each, name) for name in _SAID}
        state = "met" if reached else "overdue" if today > due else "open"
        now = {"period": str(period), "value": value, "days": (due - today).days, "state": state}
        rows.append({**told, **now, "due": due, "met_late": _reached(since, each.goal, indicator)})
    found = pd.DataFrame(rows, columns=COLUMNS)
    order = found.state.map({state: place for place, state in enumerate(STATES)})
    return found.assign(order=order).sort_values(["order", "due", "id"], ignore_index=True).drop(columns="order")


def _reached(value: float | None, goal: float, indicator: Indicator) -> bool:
    if value is None or pd.isna(value):
        return False
    return value >= goal if indicator.better == "higher" else value <= goal

"""Commitments of past meetings: tied to unit, indicator, value and day, they become met or missed by themselves."""

from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

from language import Text
from metrics.core.indicator import Indicator
from warehouse.fields import LEVEL_NAMES, LEVELS, Level
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


def faults(indicator: Indicator, level: Level, goal: float | None, due: date | None, meeting: date) -> Iterator[Text]:
    """Everything that keeps a commitment from being kept track of, in both languages."""
    if LEVELS.index(level) > LEVELS.index(indicator.finest):
        yield _TOO_FINE.format(indicator=indicator.short, level=LEVEL_NAMES[indicator.finest])
    if goal is None:
        yield _NO_GOAL
    elif goal < 0 or (indicator.is_share and goal > 100):
        yield _NO_SHARE if indicator.is_share else _BELOW_ZERO
    if due is None or due <= meeting:
        yield _TOO_SOON


_TOO_FINE = Text(
    "“{indicator}” chỉ tính được đến cấp {level}; hãy chọn đơn vị cấp đó hoặc cao hơn.",
    "“{indicator}” can be told down to the level {level} only; choose a unit of that level or above.",
)
_NO_GOAL = Text("Chưa nhập mức cam kết.", "The goal is missing.")
_NO_SHARE = Text("Mức cam kết là tỷ lệ, phải từ 0 đến 100 %.", "The goal is a share: it lies between 0 and 100 %.")
_BELOW_ZERO = Text("Mức cam kết không được âm.", "The goal cannot be below zero.")
_TOO_SOON = Text("Hạn phải sau ngày họp.", "The due day must come after the meeting.")


def _reached(value: float | None, goal: float, indicator: Indicator) -> bool:
    if value is None or pd.isna(value):
        return False
    return value >= goal if indicator.better == "higher" else value <= goal

"""How far it still is to each target, how fast it goes, and when it would be reached: linear pace.

Linear and not compound growth: the accounts start near nothing, where a growth rate means nothing. The same rule is
told beside every judgement.
"""

import numpy as np
import pandas as pd

from metrics.core.indicator import Indicator
from warehouse.period import Period, month

MONTHS = 6  # over which the present pace of a state is measured
ON_TRACK, ACCELERATE = 0.95, 0.6  # of the pace needed (the classes of Open SDG)
STATES = ("met", "on_track", "accelerate", "limited", "backwards", "unknown")
COLUMNS = [
    "indicator", "unit", "level", "period", "since", "value", "target", "missing", "spare", "months_left", "pace",
    "pace_needed", "ratio", "projected", "state",
]  # fmt: skip


def paced(
    now: pd.DataFrame, before: pd.DataFrame, period: Period, since: Period, indicators: dict[str, Indicator]
) -> pd.DataFrame:
    """One row per unit and indicator that has a target (COLUMNS), from the results of a period and of an earlier one.

    `missing` and `spare` (what is above the target) are in what the numerator counts, whole; `pace` and `pace_needed`
    in the same a month; `ratio` is the one over the other. Of a state, the pace is that since the earlier period, of
    units with enough reports in both; of a count that adds up, that since the period began, and the end is the
    period's own; a share of flows, and a reporting rate, has none. `projected` is the month in which the target is
    reached if the pace holds, None where it never is.
    """
    found = now[now.target.notna()].copy()
    told = {id: indicators[id] for id in found.indicator.unique()}
    found["sign"] = found.indicator.map({id: 1 if each.better == "higher" else -1 for id, each in told.items()})
    found["scale"] = found.indicator.map({id: each.scale for id, each in told.items()})
    flows = found.indicator.map({id: each.accumulates for id, each in told.items()}).astype(bool)
    was = before[before.enough].set_index(["indicator", "unit"]).value
    keys = pd.MultiIndex.from_frame(found[["indicator", "unit"]])
    earlier = was.reindex(keys).to_numpy(float)
    paceless = {id: bool(each.scheduled) or (each.accumulates and each.is_share) for id, each in told.items()}
    no_pace = found.indicator.map(paceless).astype(bool)
    found["from"] = np.where(flows, 0.0, np.where(found.enough, earlier, np.nan))
    found.loc[no_pace, "from"] = np.nan
    passed = np.where(flows, len(period.months), period.last_month - since.last_month)
    found.loc[passed <= 0, "from"] = np.nan  # in the plan's first month nothing came before
    last = np.where(flows, period.last_month, Period("plan").last_month)
    found["months_left"] = np.maximum(0, last - period.last_month)
    found["since"] = np.where(flows, str(period), str(since))
    return _judged(found, np.maximum(1, passed), period)[COLUMNS].reset_index(drop=True)


def _judged(found: pd.DataFrame, passed: np.ndarray, period: Period) -> pd.DataFrame:
    per_value = found.denominator.astype(float) / found.scale  # what one of the value is in what is counted
    speed = found.sign * (found.value - found["from"]) / passed
    way = found.sign * (found.target - found.value)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = way / found.months_left.replace(0, np.nan)
        found["pace"] = speed * per_value + 0.0  # never -0
        found["pace_needed"] = np.where(way > 0, needed * per_value, np.nan)
        found["ratio"] = np.where(way > 0, speed / needed, np.nan)
        ahead = np.where((way > 0) & (speed > 0), np.ceil(np.round(way / speed, 9)), np.nan)
    found["projected"] = [None if np.isnan(each) else _in(period, each) for each in ahead]
    found["spare"] = np.where(way <= 0, _whole(-way * per_value), np.nan)
    found["state"] = _states(way, found.ratio, speed)
    return found


def _in(period: Period, months: float) -> str | None:
    """The month so many months after a period; None beyond any planning."""
    return str(month(period.last_month + int(months))) if months < 1200 else None


def _whole(spare: pd.Series) -> pd.Series:
    return np.floor(spare.round(6)) + 0.0


def _states(way: pd.Series, ratio: pd.Series, speed: pd.Series) -> np.ndarray:
    """One of STATES. Without months left only what is met is known; a pace of nothing is limited, not backwards."""
    return np.select(
        [way.isna(), way <= 0, ratio.isna() | speed.isna(), ratio >= ON_TRACK, ratio >= ACCELERATE, ratio >= 0],
        ["unknown", "met", "unknown", "on_track", "accelerate", "limited"],
        "backwards",
    )

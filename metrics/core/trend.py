"""Whether a series of periods rises or falls by more than chance: indicative, of flows only.

The test is that of OHID's Fingertips for five yearly points. Our stocks are running totals, whose periods follow from
each other; of them nothing is said. Of flows it is said with five comparable periods and marked as indicative.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from metrics.core.fair_comparison import rate
from metrics.core.indicator import Indicator

POINTS = 5
CRITICAL = 9.54953570608324  # chi-squared with 1 degree of freedom, 99.8 %
Trend = Literal["increasing", "decreasing", "no_change", "cannot_be_calculated"]
_Fit = Callable[[np.ndarray, np.ndarray], tuple[float, float]]  # points, times → chi-squared, slope


def trend_of(indicator: Indicator, points: Sequence[tuple[float, float]]) -> Trend:
    """The trend of the last POINTS periods, given as (numerator, denominator), oldest first.

    Missing counts, a stock, or fewer periods are 'cannot_be_calculated', which is never 'no_change'.
    """
    last = np.asarray(points[-POINTS:], float)
    if not indicator.accumulates or len(last) < POINTS or np.isnan(last).any():
        return "cannot_be_calculated"
    if indicator.interval == "share":
        return of_shares(last)
    low, high = rate(last[:, 0], last[:, 1])
    return of_intervals(np.column_stack([last[:, 0] / last[:, 1], low, high]))


def of_shares(points: np.ndarray) -> Trend:
    """By counts and denominators, (5, 2). A point whose count is its whole denominator has no slope."""
    points = np.asarray(points, float)
    if len(points) < POINTS or np.isnan(points).any() or (points[:, 0] >= points[:, 1]).any():
        return "cannot_be_calculated"
    return _judged(points, _fit_shares)


def of_intervals(points: np.ndarray) -> Trend:
    """By values with lower and upper 95 % limits, (5, 3)."""
    points = np.asarray(points, float)
    if len(points) < POINTS or np.isnan(points).any() or (points[:, 2] <= points[:, 1]).any():
        return "cannot_be_calculated"
    return _judged(points, _fit_intervals)


def chi_squared(points: np.ndarray) -> float:
    """The statistic that is held against CRITICAL, of (n, 2) counts or of (n, 3) values with limits."""
    points = np.asarray(points, float)
    fit = _fit_shares if points.shape[1] == 2 else _fit_intervals
    return fit(points, np.arange(1.0, len(points) + 1))[0]


def _judged(points: np.ndarray, fit: _Fit) -> Trend:
    """Significant, and the slope keeps its sign whichever of the points is left out."""
    times = np.arange(1.0, len(points) + 1)
    statistic, slope = fit(points, times)
    without = [fit(np.delete(points, k, axis=0), np.delete(times, k))[1] for k in range(len(points))]
    if statistic <= CRITICAL or any(np.sign(each) != np.sign(slope) for each in without):
        return "no_change"
    return "increasing" if slope > 0 else "decreasing"


def _fit_shares(points: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Chi-squared for a trend in proportions; the slope has the sign of its score."""
    count, whole = points[:, 0], points[:, 1]
    c, d = count.sum(), whole.sum()
    score = d * (times * count).sum() - c * (times * whole).sum()
    spread = d * (times**2 * whole).sum() - (times * whole).sum() ** 2
    return d * score**2 / (c * (d - c) * spread), score


def _fit_intervals(points: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """A line weighted by the inverse variance that the limits tell."""
    value, low, high = points.T
    weight = ((high - low) / 3.92) ** -2.0
    total, spread = weight.sum(), weight.sum() * (weight * times**2).sum() - (weight * times).sum() ** 2
    slope = (total * (weight * times * value).sum() - (weight * times).sum() * (weight * value).sum()) / spread
    return slope**2 * spread / total, slope

"""Which differences are more than chance: intervals of shares and rates, places that are really apart, like with like.

Reports count everybody, so an interval is no sampling error. It says how far a number that small may stray by chance,
and is used for one thing only: not to rank small communes on noise.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from metrics.core.indicator import Indicator

CONFIDENCE = 0.95
SMALL_COUNT = 10  # below it the exact limits of a count are used, from it on Byar's
SIZES = ("small", "middle", "large")  # peer groups by households of the census, a third of the units each
Limits = tuple[np.ndarray, np.ndarray]


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """The limits of the share x / n, from 0 to 1 (Wilson, 1927); NaN where 0 <= x <= n and n > 0 does not hold."""
    x, n, z = np.asarray(x, float), np.asarray(n, float), z_of(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        sound = (n > 0) & (x >= 0) & (x <= n)
        x, n = np.where(sound, x, np.nan), np.where(sound, n, np.nan)
        half = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
        ends = (2 * x + z**2 - half) / (2 * (n + z**2)), (2 * x + z**2 + half) / (2 * (n + z**2))
    return np.clip(ends[0], 0, 1), np.clip(ends[1], 0, 1)  # of all or none, the last digit may stray past the end


def byar(x: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """The limits of a count by Byar's approximation (Breslow and Day, 1987); NaN where the lower one is negative."""
    x, z = np.asarray(x, float), z_of(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        low = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
        high = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
        return np.where(low >= 0, low, np.nan), high


def exact(x: ArrayLike, confidence: float = CONFIDENCE) -> Limits:
    """The exact limits of a Poisson count: half of chi-squared quantiles, which are quantiles of a gamma."""
    from scipy.special import gammaincinv  # only here: the first page can do without

    x, tail = np.asarray(x, float), (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1), tail), 0)
        return np.where(np.isnan(x), np.nan, low), gammaincinv(x + 1, 1 - tail)


def rate(x: ArrayLike, n: ArrayLike, per: float = 1, confidence: float = CONFIDENCE) -> Limits:
    """The limits of per · x / n for a count x: exact below SMALL_COUNT, else Byar's; NaN where n is not above 0."""
    x, n = np.asarray(x, float), np.asarray(n, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.where(n > 0, n, np.nan)
        few = x < SMALL_COUNT
        return tuple(
            np.where(few, a, b) * per / n for a, b in zip(exact(x, confidence), byar(x, confidence), strict=True)
        )


def z_of(confidence: float) -> float:
    """How many standard deviations hold so much of a normal distribution: 0.95 → 1.96."""
    from scipy.special import ndtri

    return float(ndtri(1 - (1 - confidence) / 2))


def interval(indicator: Indicator, numerator: ArrayLike, denominator: ArrayLike) -> Limits:
    """The limits of an indicator's values, in what it is measured in; NaN where it has none (Indicator.interval)."""
    numerator, denominator = (np.asarray(pd.to_numeric(each), float) for each in (numerator, denominator))
    if indicator.interval == "share":
        low, high = wilson(numerator, denominator)
        return 100 * low, 100 * high
    if indicator.interval == "rate":
        return rate(numerator, denominator, indicator.per)
    return np.full(len(numerator), np.nan), np.full(len(numerator), np.nan)


Judgement = Literal["better", "similar", "worse", ""]


def against(benchmark: ArrayLike, low: ArrayLike, high: ArrayLike, better: Literal["higher", "lower"]) -> np.ndarray:
    """Each interval against a number: better, similar where it holds it (ends included), worse; '' unknown."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    above, below = ("better", "worse") if better == "higher" else ("worse", "better")
    unknown = np.isnan(low) | np.isnan(high) | np.isnan(benchmark)
    return np.select([unknown, low > benchmark, high < benchmark], ["", above, below], "similar")


def are_apart(low: ArrayLike, high: ArrayLike, other_low: ArrayLike, other_high: ArrayLike) -> np.ndarray:
    """Whether two intervals do not meet: then the difference is more than chance (a strict test)."""
    return (np.asarray(low) > np.asarray(other_high)) | (np.asarray(high) < np.asarray(other_low))


def placed(found: pd.DataFrame, better: Literal["higher", "lower"]) -> pd.DataFrame:
    """Units (columns value, low, high) with their place, what it may be at best and at worst, and their band.

    `place` counts those with a better value, `place_best` only those really apart; ties share a place. Bands run from
    the top: all that are not apart from the first of a band belong to it ('nhóm ngang nhau'). Without intervals only
    equal values are one. Units with no value have none of these.
    """
    sign = -1.0 if better == "higher" else 1.0
    found = found.assign(place=(sign * found.value.astype(float)).rank(method="min"))
    value = sign * found.value.to_numpy(float)
    ends = np.sort(sign * found[["low", "high"]].to_numpy(float), axis=1)  # from better to worse
    ends = np.where(np.isnan(ends), value[:, None], ends)
    known = ~np.isnan(value)
    best, worst = np.sort(ends[known, 1]), np.sort(ends[known, 0])
    with np.errstate(invalid="ignore"):
        found["place_best"] = np.where(known, 1 + np.searchsorted(best, ends[:, 0], "left"), np.nan)
        found["place_worst"] = np.where(known, np.searchsorted(worst, ends[:, 1], "right"), np.nan)
    found["band"] = _bands(found.place.to_numpy(), ends)
    return found


def _bands(place: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The number of each unit's band, from 1; NaN without a place."""
    bands, number, first = np.full(len(place), np.nan), 0, (-np.inf, -np.inf)
    for at in np.argsort(place, kind="stable"):
        if np.isnan(place[at]):
            break
        if are_apart(*ends[at], *first):
            number, first = number + 1, ends[at]
        bands[at] = number
    return bands


def moved(now: pd.Series, before: pd.Series, better: Literal["higher", "lower"]) -> pd.DataFrame:
    """Places won (positive) and change of value since before, only among the units that have a value in both.

    `now` and `before` are values by unit. Places are counted anew among just these units: who is gone or new moves
    nobody.
    """
    both = now.index[now.notna()].intersection(before.index[before.notna()])
    sign = -1 if better == "higher" else 1
    places = [(sign * each.loc[both].astype(float)).rank(method="min") for each in (now, before)]
    return pd.DataFrame({"moved": places[1] - places[0], "change": (now.loc[both] - before.loc[both]).astype(float)})


def sizes(units: pd.DataFrame) -> pd.Series:
    """The peer group of each unit by its households of the 2019 census: a third each of its level; '' where unknown."""
    share = units.groupby("level").households_2019.rank(pct=True).astype(float)
    group = np.select([share.isna(), share <= 1 / 3, share <= 2 / 3], ["", *SIZES[:2]], SIZES[2])
    return pd.Series(group, index=units.index)

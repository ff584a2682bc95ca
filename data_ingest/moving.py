"""Which figures move at all: a quick first look at all of them, so that the careful look is at few."""

from collections.abc import Iterator

import numpy as np

from warehouse.fields import Field


def moving(
    units: np.ndarray,
    months: np.ndarray,
    told: dict[str, np.ndarray],
    fields: list[Field],
    least: float,
    share: float,
    points: int,
) -> Iterator[tuple[str, str]]:
    """The units and fields of which a figure has fallen or may have jumped (history.falls, jumps): never one too few.

    `told` has a column a field, in the order of units and months; no number (NaN) is a blank.
    """
    for each in fields:
        values = told[each.id]
        found = _jumping(units, months, values, least, share, points)
        if each.cumulative:
            found |= _falling(units, values)
        for unit in sorted(found):
            yield unit, each.id


def _falling(units: np.ndarray, values: np.ndarray) -> set[str]:
    """The units of which a figure is below the one before."""
    at = np.flatnonzero(~np.isnan(values))
    falls = (np.diff(values[at]) < 0) & (units[at][1:] == units[at][:-1])
    return set(units[at][1:][falls])


def _jumping(
    units: np.ndarray, months: np.ndarray, values: np.ndarray, least: float, share: float, points: int
) -> set[str]:
    """The units of which a change by month may be far from the median of those so far, at the `points`th or later.

    That lies between the least and the greatest so far; far is by `least`, and by a `share` of the figure before.
    """
    at = np.flatnonzero(values > 0)
    if len(at) < points:
        return set()
    line = np.cumsum(np.concatenate(([0], units[at][1:] != units[at][:-1])))
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    place = np.arange(len(at)) - starts[line]
    figure, month = table = np.full((2, len(starts), place.max() + 1), np.nan)  # a row a unit, a column a figure
    table[:, line, place] = values[at], months[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.diff(figure) / np.diff(month)
    lowest, highest = np.fmin.accumulate(change, axis=1), np.fmax.accumulate(change, axis=1)
    far = np.fmax(change - lowest, highest - change) >= np.fmax(least, share * figure[:, :-1])
    return set(units[at][starts[far[:, points - 2 :].any(axis=1)]])

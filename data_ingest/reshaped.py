"""Boundaries through a reform: shapes of the units of one day made of those of the day before it.

A unit that went whole brings its shape. One that was split is cut by a straight line, so that each heir gets its share
of the area on the side on which the rest of it lies. Where the line runs is drawn and not surveyed; the areas are true.
"""

from datetime import date

import numpy as np
import pandas as pd
import shapely

from warehouse.units import shares

_HAIR = 3e-4  # of the side of a square of the same area
_STEPS = 60  # halvings in the search for the line: far below a metre


def reshaped(shapes: dict[str, shapely.Geometry], units: pd.DataFrame, day: date) -> dict[str, shapely.Geometry]:
    """The shapes of the units that what ended on a day became, from those of the ended units (any plane or degrees).

    `units` is the register (warehouse/units.py). A unit without a shape gives none to its heirs.
    """
    ended = units[(units.until == day) & units.unit.isin(list(shapes)) & units.became.notna()]
    told_of = {row.unit: dict(shares(row.became)) for row in ended.itertuples()}
    whole: dict[str, list[shapely.Geometry]] = {}
    for unit, told in told_of.items():
        if len(told) == 1:
            whole.setdefault(next(iter(told)), []).append(shapes[unit])
    around = {heir: shapely.unary_union(found) for heir, found in whole.items()}
    for unit, told in told_of.items():
        if len(told) > 1:
            for heir, piece in _cut(shapes[unit], told, around).items():
                whole.setdefault(heir, []).append(piece)
    return {heir: _joined(found) for heir, found in whole.items()}


def _cut(
    shape: shapely.Geometry, told: dict[str, float], around: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """A piece for each heir: one after the other is cut off on its own side of what is left."""
    found, left, order = {}, shape, sorted(told, key=lambda heir: heir in around, reverse=True)
    for number, heir in enumerate(order[:-1]):
        rest = [around[each] for each in order[number + 1 :] if each in around]
        area = shape.area * told[heir]
        found[heir], left = _halves(left, _towards(left, around.get(heir), rest), area)
    return found | {order[-1]: left}


def _towards(shape: shapely.Geometry, own: shapely.Geometry | None, others: list[shapely.Geometry]) -> np.ndarray:
    """The direction in which an heir lies, seen from the others, or from the middle of the shape."""
    middle = _middle(shape)
    there = _middle(own) if own is not None else 2 * middle - _middle(shapely.unary_union(others))
    here = _middle(shapely.unary_union(others)) if others else middle
    length = np.hypot(*(there - here))
    return (there - here) / length if length else np.array([1.0, 0.0])


def _middle(shape: shapely.Geometry) -> np.ndarray:
    return np.array([shape.centroid.x, shape.centroid.y])


def _halves(shape: shapely.Geometry, towards: np.ndarray, area: float) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The part of a shape that lies farthest in a direction and has an area, and the rest."""
    along = shapely.get_coordinates(shape) @ towards
    low, high = float(along.min()), float(along.max())
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(shape, towards, middle).area > area else (low, middle)
    piece = _beyond(shape, towards, high)
    return piece, shape.difference(piece)


def _beyond(shape: shapely.Geometry, towards: np.ndarray, limit: float) -> shapely.Geometry:
    """The part of a shape beyond a line across a direction."""
    across = np.array([-towards[1], towards[0]])
    reach = 4 * max(np.ptp(shapely.get_coordinates(shape), axis=0).max(), 1e-9)
    start = towards * limit + across * (_middle(shape) @ across)
    corners = [start - across * reach, start + across * reach]
    corners += [corners[1] + towards * reach, corners[0] + towards * reach]
    return shape.intersection(shapely.Polygon(corners))


def _joined(pieces: list[shapely.Geometry]) -> shapely.Geometry:
    """One shape without the hair lines and needles that cutting leaves: some metres of a commune."""
    joined = shapely.unary_union(pieces)
    size = np.sqrt(joined.area) * _HAIR
    for width in (size, -size, -size, size):
        joined = joined.buffer(width, join_style="mitre")
    return joined.simplify(size)

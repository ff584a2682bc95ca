"""Funnel: how far units of a size may lie from a benchmark by chance alone, and which of them lie farther.

Around the benchmark two pairs of limits are drawn, 95 % and 99.8 % (Spiegelhalter, 2005): about one unit in twenty, and
one in five hundred, would lie outside if the units differed by nothing but chance. Reports count everybody, so this is
no test: it says where it is worth asking, small and large units alike.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from metrics.core.fair_comparison import Limits, z_of

WARNING, ALARM = 0.95, 0.998
Kind = Literal["share", "rate"]
Place = Literal["far_below", "below", "inside", "above", "far_above", ""]


def limits(kind: Kind, benchmark: float, n: ArrayLike, confidence: float, per: float = 1) -> Limits:
    """The limits for units with the denominators n, in what the benchmark is given in: per `per` of the denominator.

    Of a share p ± z·√(p(1−p)/n), of a rate (a Poisson count over n) r ± z·√(r/n); cut at nothing, a share also at all.
    NaN where n is not above 0.
    """
    n, whole = np.asarray(n, float), benchmark / per
    n = np.where(n > 0, n, np.nan)
    spread = whole * (1 - whole) if kind == "share" else whole
    half = z_of(confidence) * np.sqrt(spread / n)
    top = 1.0 if kind == "share" else np.inf
    return per * np.clip(whole - half, 0, top), per * np.clip(whole + half, 0, top)


def placed(value: ArrayLike, warning: Limits, alarm: Limits) -> np.ndarray:
    """Where each value lies: inside the warning limits (ends included), outside them, or outside the alarm limits too.

    '' where the value or its limits are unknown.
    """
    value = np.asarray(value, float)
    unknown = np.isnan(value) | np.isnan(warning[0]) | np.isnan(alarm[0])
    found = [unknown, value < alarm[0], value > alarm[1], value < warning[0], value > warning[1]]
    return np.select(found, ["", "far_below", "far_above", "below", "above"], "inside")

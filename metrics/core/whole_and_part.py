"""Whole and part: which units make up the gap of their parent, and what has changed between two periods."""

import pandas as pd

from metrics.core.indicator import Indicator


def contributions(results: pd.DataFrame, indicator: Indicator, unit: str) -> pd.DataFrame:
    """The gap between a unit and its target over its parts: unit, unit_name, numerator, denominator, gap, share.

    A gap is in what the numerator counts, unrounded; below zero a part has more than its due. Each part is held
    against the target of the whole, so that the gaps add up to it; what the parts do not explain (what the unit tells
    of itself, or parts that stand nowhere) is a last row without a unit. The greatest gap comes first. `share` is the
    part of all that lacks, of the parts that lack. Empty for an indicator whose parts do not add up.
    """
    of_it = results[results.indicator == indicator.id]
    whole, parts = of_it[of_it.unit == unit], of_it[(of_it.parent == unit) & of_it.numerator.notna()]
    columns = ["unit", "unit_name", "numerator", "denominator", "gap", "share"]
    if whole.empty or pd.isna(whole.target.iloc[0]) or pd.isna(whole.value.iloc[0]) or not indicator.additive:
        return pd.DataFrame(columns=columns)
    target, scale = float(whole.target.iloc[0]), indicator.scale
    sign = 1 if indicator.better == "higher" else -1

    def gap(rows: pd.DataFrame) -> pd.Series:
        goal = target * rows.denominator / scale if scale > 1 else 0 * rows.numerator
        return sign * (goal - rows.numerator)

    found = parts.assign(gap=gap(parts)).sort_values(["gap", "unit"], ascending=[False, True])
    all_of_it = gap(whole).iloc[0] + (sign * target if scale == 1 else 0)
    left = all_of_it - found.gap.sum()
    lacking = found.gap.clip(lower=0)
    found = found.assign(share=lacking / lacking.sum() if lacking.sum() else 0.0)[columns]
    if abs(left) < 1e-6:
        return found.reset_index(drop=True)
    rest = pd.DataFrame([{"unit": None, "unit_name": None, "gap": left}])
    return pd.concat([found, rest], ignore_index=True)


def compared(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The results of two periods side by side: value, value_before, change, comparable, by unit and indicator.

    Comparable are units that lived in both, with enough reports in both; of the others no change is told.
    """
    both = now.merge(before, on=["indicator", "unit"], suffixes=("", "_before"))
    both["comparable"] = both.enough & both.enough_before
    both["change"] = (both.value - both.value_before).where(both.comparable)
    return both[
        ["indicator", "unit", "unit_name", "level", "period_before", "period", "value_before", "value", "change"]
        + ["comparable"]
    ]

"""The classes of a map: a status each, or five between round limits of which the target is always one."""

import math

import pandas as pd

from language import written
from views import look
from views.charts import nice
from views.view import Choice

UNKNOWN = ("no_report", "not_applicable")
WHOLE_STEPS = (1, 2, 5, 10)  # between limits: no 2.5, the legend is read in whole numbers

Limits = list[float]


def legend(found: pd.DataFrame, choice: Choice, limits: Limits | None = None) -> list[tuple[str, str, str, int]]:
    """The classes of the map in order: key, colour, words, how many units; together every unit once."""
    keys = classes(found, choice, limits)
    known = [_named(key, choice) for key in dict.fromkeys(sorted(keys, key=_class_order))]
    return [(key, colour, words, int((keys == key).sum())) for key, colour, words in known]


def classes(found: pd.DataFrame, choice: Choice, limits: Limits | None = None) -> pd.Series:
    """The class of each unit: its status, or the number of its class between the limits.

    `limits` are those of another map beside this one, so that one colour means one thing in both.
    """
    if choice.colouring == "target" and choice.indicator.target is not None:
        return found.status
    limits = class_limits(found, choice) if limits is None else limits
    told = [str(sum(value >= limit for limit in limits)) if not pd.isna(value) else "" for value in found.value]
    return pd.Series(
        [status if status in UNKNOWN else f"{key}|{limits}" for key, status in zip(told, found.status, strict=True)],
        index=found.index,
        dtype=object,
    )


def class_limits(found: pd.DataFrame, choice: Choice) -> list[float]:
    """Four limits between five classes: quantiles, or round numbers; a target in reach is always one of them."""
    values = found.value.dropna().astype(float)
    if values.empty:
        return []
    if choice.colouring == "quantile":
        limits = [float(values.quantile(q)) for q in (0.2, 0.4, 0.6, 0.8)]
        limits = [_rounded(each, values.max() - values.min()) for each in limits]
    else:
        step = nice((values.max() - values.min()) / 5, WHOLE_STEPS)
        start = math.floor(values.min() / step) * step
        limits = [start + step * k for k in range(1, 5)]
    target = choice.indicator.target
    if target is not None and values.min() < target < values.max():
        limits[min(range(4), key=lambda k: abs(limits[k] - target))] = float(target)
    return sorted(set(limits))


def _rounded(value: float, spread: float) -> float:
    digits = 0 if spread > 20 else 1
    return round(value, digits)


def _class_order(key: str) -> tuple[int, int]:
    if key in look.STATUSES:
        return (1, look.STATUSES.index(key))
    return (0, -int(key.split("|")[0]))


def _named(key: str, choice: Choice) -> tuple[str, str, str]:
    if key in look.STATUSES:
        name = look.STATUS_NAME[key][choice.language]
        return key, look.STATUS_COLOUR[key], f"{look.STATUS_SIGN[key]} {name}".strip()
    number, _, listed = key.partition("|")
    limits = [float(each) for each in listed.strip("[]").split(",") if each.strip()]
    place = int(number)
    colours = look.SEQUENCE if choice.indicator.better == "higher" else look.SEQUENCE[::-1]
    colour = colours[round(place * 4 / max(len(limits), 1))]
    digits = 0 if all(limit == int(limit) for limit in limits) else 1
    said = [written(limit, choice.language, digits) for limit in limits]
    if not said:
        return key, colour, "–"
    words = (
        f"< {said[0]}" if place == 0 else f"≥ {said[-1]}" if place == len(said) else f"{said[place - 1]}–{said[place]}"
    )
    return key, colour, words

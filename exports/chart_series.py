"""The figure of a screen in the terms of an office chart: categories, series with their names, and level lines."""

import base64
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from language import Language, capital
from views.view import View

_MARKED = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Series:
    """One line or one row of bars, as the figure has it."""

    name: str
    values: tuple[float | None, ...]
    kind: str  # bar, line, target
    colours: tuple[str, ...] = ()  # of each point, where they differ in meaning
    said: tuple[str, ...] = ()  # what is written at the end of each bar
    main: bool = True


@dataclass(frozen=True)
class Translated:
    """A figure in the terms of an office chart."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    lying: bool  # bars from left to right
    reach: float | None  # how far the axis of values goes, where the figure says so
    digits: int


def can_be_native(view: View) -> bool:
    """Whether a view's chart is made of lines and bars; maps are not."""
    return view.chart is not None and all(each.type in ("bar", "scatter") for each in view.chart.data)


def translated(view: View, language: Language) -> Translated:
    """The figure's traces by the names of the table's columns that they draw, and its level lines as series."""
    traces, layout = list(view.chart.data), view.chart.layout
    lying = any(each.type == "bar" and each.orientation == "h" for each in traces)
    categories = tuple(str(each) for each in _plain(traces[-1].y if lying else traces[-1].x))
    series, digits = [], 0
    for trace in traces:
        values = _numbers(trace.x if lying else trace.y)
        column = _column(view, values)
        if column and trace is traces[-1]:
            digits = view.columns[column].digits
        name = view.columns[column].name[language] if column else str(trace.name or "")
        series.append(_series(trace, name, values, main=trace is traces[-1]))
    for shape in layout.shapes or ():
        if shape.type == "line" and shape.y0 == shape.y1 and not lying:
            name = next((_MARKED.sub("", each.text) for each in layout.annotations if each.y == shape.y0), "")
            series.append(Series(capital(name), (float(shape.y0),) * len(categories), "target", main=False))
    reach = float(layout.xaxis.range[1]) if lying and layout.xaxis.range else None
    return Translated(categories, tuple(series), lying, reach, digits)


def _series(trace: object, name: str, values: tuple[float | None, ...], main: bool) -> Series:
    colours = trace.marker.color if trace.marker else None
    said = trace.text if trace.type == "bar" and trace.text is not None else ()
    return Series(
        name, values, "bar" if trace.type == "bar" else "line",
        tuple(colours) if isinstance(colours, list | tuple | np.ndarray) else (),
        tuple(str(each) for each in said), main,
    )  # fmt: skip


def _plain(values: object) -> list[object]:
    """What a trace holds: a list, an array, or the packed array of a figure that was kept."""
    if isinstance(values, dict):
        return list(np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]))
    return list(values)


def _numbers(values: object) -> tuple[float | None, ...]:
    return tuple(None if each is None or pd.isna(each) else float(each) for each in _plain(values))


def _column(view: View, values: tuple[float | None, ...]) -> str | None:
    """The table's column that holds the values, in the table's order or from its end."""
    for name in view.columns:
        column = view.table[name]
        if pd.api.types.is_numeric_dtype(column):
            own = tuple(None if pd.isna(each) else float(each) for each in column)
            if values in (own, own[::-1]):
                return name
    return None

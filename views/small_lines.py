"""Small lines: a panel for each unit with its course over the periods, all on the same axes."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from language import written
from views import look
from views.charts import Drawing
from views.view import Choice
from warehouse.period import Period

ACROSS = 6  # panels in a row
GAP = 0.025  # between two of them, as a share of the width
_SHORT = {
    "Thành phố ": "TP ", "Thị xã ": "TX ", "Huyện ": "H. ", "Thị trấn ": "TT ", "Phường ": "P. ", "Xã ": "X. ",
    "Khu phố ": "KP ",
}  # fmt: skip


def small_lines(table: pd.DataFrame, names: list[str], choice: Choice) -> go.Figure:
    """A row of the table for each unit, a column for each period; the target is a dashed line through all panels."""
    across = min(ACROSS, len(table))
    rows = math.ceil(len(table) / across)
    labels = [Period.parse(each).short() for each in table.columns]
    places = range(1, len(table) + 1)
    drawing = Drawing()
    for place, (unit, values) in zip(places, table.iterrows(), strict=True):
        drawing.traces += _line(place, labels, values, str(unit), choice)
    domains = _domains(across, rows)
    drawing.layout = {
        **_axes(domains, across, labels, _ends(table, choice)),
        "annotations": [_name(_short(name), *domain) for name, domain in zip(names, domains, strict=False)],
    }
    if choice.indicator.target is not None:
        drawing.layout["shapes"] = _goals(choice.indicator.target, len(table))
    return drawing.plain(choice.language, 60 + 118 * rows, margin={"l": 36, "r": 8, "t": 24, "b": 20})


def _domains(across: int, rows: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """From where to where each panel reaches, in width and height, line by line from the top left."""
    gap = min(0.3, 44 / (118 * rows))
    wide, high = (1 - GAP * (across - 1)) / across, (1 - gap * (rows - 1)) / rows
    left = [place * (wide + GAP) for place in range(across)]
    bottom = [place * (high + gap) for place in reversed(range(rows))]
    return [((x, x + wide), (y, y + high)) for y in bottom for x in left]


def _axes(domains: list, across: int, labels: list[str], ends: tuple[float, float]) -> dict[str, dict[str, object]]:
    """Two axes for each panel; they all follow those of the panel at the bottom left, which bears the numbers."""
    first, axes = len(domains) - across + 1, {}
    for place, (wide, high) in enumerate(domains, start=1):
        same = {"x": {"matches": f"x{_id(first)}"}, "y": {"matches": f"y{_id(first)}"}} if place != first else {}
        axes[f"xaxis{_id(place)}"] = {
            "anchor": f"y{_id(place)}", "domain": wide, **same.get("x", {}), "tickfont": {"size": 11},
            "fixedrange": True, "showgrid": False, "tickvals": [labels[0], labels[-1]][: len(labels)], "tickangle": 0,
            "range": [-0.6, len(labels) + 1.4], "showticklabels": True, "type": "category",
        }  # fmt: skip
        axes[f"yaxis{_id(place)}"] = {
            "anchor": f"x{_id(place)}", "domain": high, **same.get("y", {}), "tickfont": {"size": 11},
            "fixedrange": True, "zeroline": False, "gridcolor": look.LINE, "nticks": 4, "range": list(ends),
            **({} if place % across == 1 or across == 1 else {"showticklabels": False}),
        }  # fmt: skip
    return axes


def _id(place: int) -> str:
    """The library counts axes from the second on."""
    return "" if place == 1 else str(place)


def _ends(table: pd.DataFrame, choice: Choice) -> tuple[float, float]:
    """Between what the values lie, the target among them, with a little air."""
    ends = [float(np.nanmin(table)), float(np.nanmax(table))]
    if choice.indicator.target is not None:
        ends.append(choice.indicator.target)
    room = (max(ends) - min(ends) or 1) * 0.22
    return min(ends) - room / 2, max(ends) + room


def _name(name: str, wide: tuple[float, float], high: tuple[float, float]) -> dict[str, object]:
    """The unit's name above its panel."""
    return {
        "text": name, "x": sum(wide) / 2, "y": high[1], "xref": "paper", "yref": "paper", "xanchor": "center",
        "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": look.INK},
    }  # fmt: skip


def _goals(target: float, panels: int) -> list[dict[str, object]]:
    line = {"color": look.SECOND_INK, "width": 1, "dash": "dash"}
    return [
        {"type": "line", "x0": 0, "x1": 1, "y0": target, "y1": target, "xref": f"x{_id(place)} domain",
         "yref": f"y{_id(place)}", "line": line}
        for place in range(1, panels + 1)
    ]  # fmt: skip


def _line(place: int, labels: list[str], values: pd.Series, unit: str, choice: Choice) -> list[dict[str, object]]:
    """One unit's line, its end marked with its value."""
    language, indicator = choice.language, choice.indicator
    told = [None if pd.isna(each) else float(each) for each in values]
    said = [
        f"{label}: <b>{look.value_of(value, indicator, language)}</b>"
        for label, value in zip(labels, told, strict=True)
    ]
    at = {"type": "scatter", "xaxis": f"x{_id(place)}", "yaxis": f"y{_id(place)}"}
    last = max(place for place, each in enumerate(told) if each is not None)
    course = {
        "x": labels, "y": told, "mode": "lines", "hovertext": said, "customdata": [unit] * len(told),
        "hovertemplate": "%{hovertext}<extra></extra>", "line": {"color": look.ACCENT, "width": 2}, **at,
    }  # fmt: skip
    end = {
        "x": [labels[last]], "y": [told[last]], "mode": "markers+text", "textposition": "middle right",
        "hoverinfo": "skip", "text": [f" {written(told[last], language, indicator.digits)}"],
        "marker": {"size": 6, "color": look.ACCENT}, "textfont": {"size": 11, "color": look.INK},
        "cliponaxis": False, **at,
    }  # fmt: skip
    return [course, end]


def _short(name: str) -> str:
    """A unit's name above a narrow panel."""
    for long, short in _SHORT.items():
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name

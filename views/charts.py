"""What charts share: plain ground, one typeface, numbers as the language writes them."""

import math

import pandas as pd
import plotly.graph_objects as go

from language import Language
from views import look

FONT = '"Source Sans", sans-serif'  # the page's own
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "topojsonURL": "/app/static/topojson/",  # else the world's outline is fetched from outside
}


class Drawing:
    """A chart in the making: traces and layout in the library's own words, made into a figure in one piece.

    The library's figure looks over the whole of itself, and checks each word, for each thing that is added to it:
    twenty times the work of the rest. Here nothing is checked; tests/test_charts.py lets the library check every chart.
    """

    def __init__(self) -> None:
        self.traces: list[dict[str, object]] = []
        self.layout: dict[str, object] = {}

    def add(self, kind: str, **told: object) -> None:
        """A trace: "scatter", "bar", …"""
        columns = {key: each.to_numpy() for key, each in told.items() if isinstance(each, pd.Series | pd.Index)}
        self.traces.append({"type": kind, **told, **columns})

    def axis(self, name: str, **told: object) -> None:
        """Something more about "xaxis" or "yaxis"."""
        self.layout[name] = {**self.layout.get(name, {}), **told}

    def across(self, at: float, line: dict[str, object]) -> None:
        """A line at a height, through the whole width."""
        place = {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": at, "y1": at}
        self.layout.setdefault("shapes", []).append({"type": "line", **place, "line": line})

    def upright(self, at: float, line: dict[str, object]) -> None:
        """A line at a place, through the whole height."""
        place = {"xref": "x", "x0": at, "x1": at, "yref": "y domain", "y0": 0, "y1": 1}
        self.layout.setdefault("shapes", []).append({"type": "line", **place, "line": line})

    def note(self, text: str, **told: object) -> None:
        """Words in the chart, without an arrow."""
        self.layout.setdefault("annotations", []).append({"text": text, "showarrow": False, **told})

    def plain(self, language: Language, height: int, **more: object) -> go.Figure:
        """The figure without decoration, at a height in pixels; `more` of its layout goes before what all have."""
        ink = {"color": look.INK, "size": 13, "family": FONT}
        layout = {
            "height": height,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": ink,
            "separators": ",." if language == "vi" else ".,",
            "showlegend": False,
            "hoverlabel": {"bgcolor": look.GROUND, "bordercolor": look.LINE, "font": ink},
            "dragmode": False,
        }
        return go.Figure({"data": self.traces, "layout": {**self.layout, **layout, **more}}, _validate=False)


def nice(least: float, steps: tuple[float, ...] = (1, 2, 2.5, 5, 10)) -> float:
    """The smallest round step that is not below `least`: one of the steps, which end at 10, or a tenfold of it."""
    if not least > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in steps if each * power >= least * (1 - 1e-9))

"""What charts share: plain ground, one typeface, numbers as the language writes them."""

import math

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


def plain(figure: go.Figure, language: Language, height: int) -> go.Figure:
    """The figure without decoration, at a height in pixels."""
    ink = {"color": look.INK, "size": 13, "family": FONT}
    told = {
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
    for key, value in told.items():  # update_layout does the same in ten times the time
        figure.layout[key] = value
    return figure


def nice(least: float, steps: tuple[float, ...] = (1, 2, 2.5, 5, 10)) -> float:
    """The smallest round step that is not below `least`: one of the steps, which end at 10, or a tenfold of it."""
    if not least > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in steps if each * power >= least * (1 - 1e-9))

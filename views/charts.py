"""What charts share: plain ground, one typeface, numbers as the language writes them."""

import plotly.graph_objects as go

from language import Language
from views import look

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "topojsonURL": "/app/static/topojson/",  # else the world's outline is fetched from outside
}


def plain(figure: go.Figure, language: Language, height: int) -> go.Figure:
    """The figure without decoration, at a height in pixels."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": look.INK, "size": 13},
        separators=",." if language == "vi" else ".,",
        showlegend=False,
        hoverlabel={"bgcolor": look.GROUND, "bordercolor": look.LINE, "font": {"color": look.INK, "size": 13}},
        dragmode=False,
    )
    return figure


def sparkline(values: list[float | None], target: float | None, language: Language) -> go.Figure:
    """A small line of the last periods, its end marked, the target dashed."""
    places = list(range(len(values)))
    figure = go.Figure(go.Scatter(x=places, y=values, mode="lines", line={"color": look.ACCENT, "width": 2}))
    last = next((k for k in reversed(places) if values[k] is not None), None)
    if last is not None:
        dot = {"color": look.ACCENT, "size": 7}
        figure.add_scatter(x=[last], y=[values[last]], mode="markers", marker=dot)
    told = [each for each in values if each is not None]
    if target is not None and told:
        figure.add_hline(y=target, line={"color": look.SECOND_INK, "width": 1, "dash": "dot"})
        told.append(target)
    figure.update_xaxes(visible=False, fixedrange=True, range=[-0.3, len(values) - 0.5])
    figure.update_yaxes(visible=False, fixedrange=True, range=_range(told))
    figure.update_traces(hoverinfo="skip")
    return plain(figure, language, 44)


def _range(values: list[float]) -> list[float]:
    low, high = (min(values), max(values)) if values else (0, 1)
    room = (high - low or 1) * 0.15
    return [low - room, high + room]

"""Which units differ by more than chance: each against its size, with limits around the value of the whole."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from language import Text, word, written
from metrics.core.funnel import ALARM, WARNING, limits, placed
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.charts import Drawing
from views.compared import Compared, beside, compared, held_back, named
from views.shown import heading
from views.view import Choice, Column, View

SMALLEST = 10  # where even the largest unit counts fewer, limits say nothing
NAMED = 5  # units named in the chart on either side: those farthest outside
POINTS = 200  # of a drawn limit
_ROUND = [digit * 10**power for power in range(8) for digit in (1, 2, 5)]
_ROOM = {"l": 52, "r": 6, "t": 22, "b": 40}
PLACES = {  # of funnel.placed, in words
    "far_above": Text("Trên giới hạn 99,8 %", "Above the 99.8 % limit"),
    "above": Text("Trên giới hạn 95 %", "Above the 95 % limit"),
    "inside": Text("Trong giới hạn", "Within the limits"),
    "below": Text("Dưới giới hạn 95 %", "Below the 95 % limit"),
    "far_below": Text("Dưới giới hạn 99,8 %", "Below the 99.8 % limit"),
    "": Text("Không tính được", "Cannot be told"),
}


def funnel(choice: Choice, ledger: Ledger, height: int = 380) -> View:
    """The funnel; or, of what has no limits, why not, and where it can be, the count against the size of the unit."""
    found = compared(choice, ledger)
    if why := no_funnel(found):
        return _by_size(found, ledger, why, height)
    indicator, whole = choice.indicator, float(found.whole.value)
    n = found.units.denominator.astype(float)
    warning, alarm = (limits(indicator.interval, whole, n, each, indicator.scale) for each in (WARNING, ALARM))
    place = placed(found.units.value, warning, alarm)
    table = found.units.assign(
        low_95=warning[0], high_95=warning[1], low_998=alarm[0], high_998=alarm[1], place=place,
        place_said=[PLACES[each][choice.language] for each in place],
        off=np.abs(found.units.value.astype(float) - whole) / np.where(alarm[1] > alarm[0], alarm[1] - alarm[0], 1),
    )  # fmt: skip
    table = table.sort_values(["off", "unit"], ascending=[False, True], ignore_index=True)
    title = _finding(table, found)
    note = " ".join(each for each in (_note(table, found), held_back(found)) if each)
    return View("funnel", title, table, _columns(indicator), _drawn(table, found, height), f"{title}. {note}", note)


def no_funnel(found: Compared) -> str:
    """The word that says why there is no funnel; '' where there is one."""
    indicator = found.choice.indicator
    if indicator.denominator == "1":
        return "funnel_count"
    if not indicator.interval:
        return "funnel_not_counted"
    if len(found.units) < 2 or pd.isna(found.whole.value):
        return "funnel_nobody"
    if found.units.denominator.max() < SMALLEST:
        return "funnel_small"
    if found.whole.value <= 0 or (indicator.is_share and not found.whole.value < 100):
        return "funnel_all_same"
    return ""


def _finding(table: pd.DataFrame, found: Compared) -> str:
    language = found.choice.language
    above, below = (int((table.place == each).sum()) for each in ("far_above", "far_below"))
    told = {"what": found.what, "value": look.value_of(found.whole.value, found.choice.indicator, language)}
    told |= {"unit": found.whole.unit_name, "above": written(above, language), "below": written(below, language)}
    if not above + below:
        return word("funnel_none", language, **told)
    return word("funnel_finding", language, count=written(above + below, language), **told)


def _note(table: pd.DataFrame, found: Compared) -> str:
    language = found.choice.language
    outside = (table.place != "inside").mean()
    said = [word("funnel_how", language)]
    if outside > 0.5:
        said.append(word("funnel_spread", language, share=written(100 * outside, language)))
    return " ".join(said)


def _columns(indicator: Indicator) -> dict[str, Column]:
    digits = indicator.digits
    return {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=False),
        "value": Column(heading(indicator), "number", digits),
        "numerator": Column(Text("Tử số", "Numerator"), "number", on_screen=False),
        "denominator": Column(Text("Mẫu số", "Denominator"), "number"),
        "place_said": Column(Text("So với giới hạn", "Against the limits")),
        "low_95": Column(Text("Giới hạn dưới 95 %", "Lower limit 95 %"), "number", digits, on_screen=False),
        "high_95": Column(Text("Giới hạn trên 95 %", "Upper limit 95 %"), "number", digits, on_screen=False),
        "low_998": Column(Text("Giới hạn dưới 99,8 %", "Lower limit 99.8 %"), "number", digits, on_screen=False),
        "high_998": Column(Text("Giới hạn trên 99,8 %", "Upper limit 99.8 %"), "number", digits, on_screen=False),
    }


# The drawing


def _drawn(table: pd.DataFrame, found: Compared, height: int) -> go.Figure:
    choice, whole = found.choice, float(found.whole.value)
    n = table.denominator.astype(float)
    sizes = np.geomspace(max(1.0, n.min() * 0.85), n.max() * 1.04, POINTS)
    drawing = Drawing()
    for confidence, dash in ((ALARM, "solid"), (WARNING, "dot")):
        for line in limits(choice.indicator.interval, whole, sizes, confidence, choice.indicator.scale):
            drawing.add(
                "scatter", x=sizes, y=line, mode="lines", hoverinfo="skip",
                line={"color": look.SECOND_INK, "width": 1.2, "dash": dash},
            )  # fmt: skip
    drawing.across(whole, line={"color": look.ACCENT, "width": 1.5})
    _lines_named(drawing, found)
    _points(drawing, table, found)
    percent = "\u00a0%" if choice.indicator.is_share else ""
    room = (table.value.max() - table.value.min() or 1) * 0.12
    drawing.axis(
        "yaxis", fixedrange=True, zeroline=False, gridcolor=look.LINE, ticksuffix=percent,
        range=[float(table.value.min() - room), float(table.value.max() + room)],
    )  # fmt: skip
    ticks = [each for each in _ROUND if sizes[0] <= each <= sizes[-1]]
    ends = [float(np.log10(sizes[0])), float(np.log10(sizes[-1]))]
    drawing.axis(
        "xaxis", type="log", fixedrange=True, showgrid=False, tickvals=ticks,
        ticktext=[written(each, choice.language) for each in ticks],
        title={"text": word("funnel_size", choice.language), "font": {"size": 12}},
        range=[ends[0], ends[1] + 0.1 * (ends[1] - ends[0])],
    )  # fmt: skip
    return drawing.plain(choice.language, height, margin=_ROOM)


def _lines_named(drawing: Drawing, found: Compared) -> None:
    """How the limits are drawn, in the corner; the value of the whole with its number at the end of its line."""
    drawing.note(
        word("funnel_lines", found.choice.language), font={"size": 11.5, "color": look.SECOND_INK},
        x=1, xref="paper", y=1, yref="paper", xanchor="right", yanchor="bottom",
    )  # fmt: skip
    value = look.value_of(found.whole.value, found.choice.indicator, found.choice.language)
    drawing.note(
        f"<b>{value}</b>", x=1, xref="paper", y=float(found.whole.value), xanchor="right", yanchor="middle",
        font={"size": 12, "color": look.ACCENT}, bgcolor=look.GROUND,
    )  # fmt: skip


def _points(drawing: Drawing, table: pd.DataFrame, found: Compared) -> None:
    """Colour and form both say where a unit lies; those farthest outside bear their names."""
    good_is_up = found.choice.indicator.better == "higher"
    up, down = (look.STATUS_COLOUR[each] for each in (("met", "behind") if good_is_up else ("behind", "met")))
    kinds = {
        "inside": (look.SEQUENCE[2], "circle", 7),
        "above": (up, "triangle-up-open", 9), "below": (down, "triangle-down-open", 9),
        "far_above": (up, "triangle-up", 9), "far_below": (down, "triangle-down", 9),
    }  # fmt: skip
    far = [unit for each in ("far_above", "far_below") for unit in table[table.place == each].unit[:NAMED]]
    x = np.log10(table.denominator.astype(float))
    table = table.assign(
        label=named(table.assign(x=x, y=table.value), far, found.chosen), side=beside(x),
    )  # fmt: skip
    for kind, (colour, symbol, size) in kinds.items():
        rows = table[table.place == kind]
        drawing.add(
            "scatter", x=rows.denominator, y=rows.value, mode="markers+text", customdata=rows.unit,
            hovertext=rows.hover, hovertemplate="%{hovertext}<extra></extra>",
            marker={"color": colour, "symbol": symbol, "size": size}, text=rows.label,
            textposition=list(rows.side), textfont={"size": 11},
        )  # fmt: skip
    own = table[table.unit == found.chosen]
    drawing.add(
        "scatter", x=own.denominator, y=own.value, mode="markers", hoverinfo="skip",
        marker={"symbol": "circle-open", "size": 17, "color": look.INK, "line": {"width": 2}},
    )  # fmt: skip


# What has no limits


def _by_size(found: Compared, ledger: Ledger, why: str, height: int) -> View:
    """A count against the households of the unit, with the line of an equal share for every household."""
    language, indicator = found.choice.language, found.choice.indicator
    said = word(why, language)
    homes = ledger.units(found.choice.period).households_2019.astype(float)
    table = found.units.assign(homes=found.units.unit.map(homes)).dropna(subset="homes")
    whole = homes.get(found.whole.unit, float("nan"))
    if why != "funnel_count" or not indicator.additive or len(table) < 2 or not found.whole.value > 0 or not whole > 0:
        return View("funnel", said)
    each = float(found.whole.value) / whole
    table["even"] = table.homes * each
    table = table.sort_values("homes", ascending=False, ignore_index=True)
    above = int((table.value > table.even).sum())
    title = word(
        "size_finding", language, count=written(above, language), of=written(len(table), language), what=found.what
    )
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "value": Column(heading(indicator), "number", indicator.digits),
        "homes": Column(Text("Số hộ (tổng điều tra 2019)", "Households (2019 census)"), "number"),
        "even": Column(Text("Nếu chia đều theo số hộ", "If shared out by households"), "number", indicator.digits),
    }
    note = f"{said} {word('size_how', language)}"
    return View("funnel", title, table, columns, _against_size(table, found, each, height), f"{title}. {note}", note)


def _against_size(table: pd.DataFrame, found: Compared, each: float, height: int) -> go.Figure:
    language, end = found.choice.language, float(table.homes.max()) * 1.05
    drawing = Drawing()
    drawing.add(
        "scatter", x=[0, end], y=[0, end * each], mode="lines", hoverinfo="skip",
        line={"color": look.SECOND_INK, "width": 1.5, "dash": "dash"},
    )  # fmt: skip
    gap = (table.value.astype(float) - table.even).abs().sort_values(ascending=False)
    label = named(table.assign(x=table.homes, y=table.value), list(table.unit[gap.index[:NAMED]]), found.chosen)
    drawing.add(
        "scatter", x=table.homes, y=table.value, mode="markers+text", customdata=table.unit, hovertext=table.hover,
        hovertemplate="%{hovertext}<extra></extra>", textposition=beside(table.homes),
        textfont={"size": 11}, text=label,
        marker={"size": 8, "color": [look.INK if unit == found.chosen else look.SEQUENCE[2] for unit in table.unit]},
    )  # fmt: skip
    drawing.axis("yaxis", fixedrange=True, zeroline=False, gridcolor=look.LINE, rangemode="tozero", tickformat=",~g")
    title = {"text": word("size_axis", language), "font": {"size": 12}}
    drawing.axis("xaxis", fixedrange=True, showgrid=False, rangemode="tozero", tickformat=",d", title=title)
    return drawing.plain(language, height, margin=_ROOM)

"""Do two indicators go together? Each unit a point; what goes together is not said to cause one another."""

import pandas as pd
import plotly.graph_objects as go

from language import Text, word, written
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.charts import Drawing
from views.compared import beside, compared, named
from views.shown import heading
from views.view import Choice, Column, View
from warehouse.fields import LEVELS

FEWEST = 10  # of fewer units no connection is told
CLEAR, STRONG = 0.3, 0.6  # rank correlations from which it is called visible, and close
NAMED = 4  # units named: those that stray farthest from the common order


def two_indicators(choice: Choice, other: Indicator, ledger: Ledger, height: int = 380) -> View:
    """One point per unit that has enough reports for both; at the lowest level at which both can be said."""
    level = min(choice.level, choice.indicator.finest, other.finest, key=LEVELS.index)
    found = compared(choice.but(level=level), ledger)
    language, indicator = choice.language, choice.indicator
    second = ledger.near(found.choice.unit, (choice.period,), (other.id,), level == "hamlet")
    second = second[second.enough & second.value.notna()].set_index("unit").value.astype(float)
    table = found.units.assign(other=found.units.unit.map(second), value=found.units.value.astype(float))
    table = table.dropna(subset="other").reset_index(drop=True)
    told = {"first": indicator.short[language], "second": other.short[language]}
    if len(table) < 2:
        return View("two_indicators", word("two_nobody", language, what=found.what, **told))
    places = table[["value", "other"]].rank()
    table["astray"] = (places.value - places.other).abs() if _rho(table) >= 0 else (
        places.value + places.other - len(table) - 1
    ).abs()  # fmt: skip
    title = f"{_finding(table, found.what, told, language)}"
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=level != "district"),
        "value": Column(heading(indicator), "number", indicator.digits),
        "other": Column(heading(other), "number", other.digits),
    }
    note = word("two_how", language)
    figure = _drawn(table, (indicator, other), found.chosen, choice, height)
    return View("two_indicators", title, table, columns, figure, f"{title}. {note}", note)


def _rho(table: pd.DataFrame) -> float:
    """Spearman's rank correlation: from -1 to 1; NaN where one of the two is the same everywhere."""
    places = table[["value", "other"]].rank()
    if places.value.nunique() < 2 or places.other.nunique() < 2:
        return float("nan")
    return float(places.value.corr(places.other))


def _finding(table: pd.DataFrame, what: str, told: dict[str, str], language: str) -> str:
    rho = _rho(table)
    told |= {"what": what, "count": written(len(table), language), "rho": written(rho, language, 2)}
    if pd.isna(rho) or len(table) < FEWEST:
        return word("two_few", language, **told)
    if abs(rho) < CLEAR:
        return word("two_none", language, **told)
    close = "close" if abs(rho) >= STRONG else "visible"
    same = "same" if rho > 0 else "opposite"
    key = {
        ("close", "same"): "two_same_close", ("visible", "same"): "two_same",
        ("close", "opposite"): "two_opposite_close", ("visible", "opposite"): "two_opposite",
    }[close, same]  # fmt: skip
    return word(key, language, **told)


def _drawn(
    table: pd.DataFrame, both: tuple[Indicator, Indicator], chosen: str, choice: Choice, height: int
) -> go.Figure:
    language = choice.language
    astray = list(table.sort_values("astray", ascending=False).unit[:NAMED])
    label = named(table.assign(x=table.value, y=table.other), astray, chosen)
    said = [
        f"{row.hover}<br>{both[1].short[language]}: <b>{look.value_of(row.other, both[1], language)}</b>"
        for row in table.itertuples()
    ]
    drawing = Drawing()
    drawing.add(
        "scatter", x=table.value, y=table.other, mode="markers+text", customdata=table.unit, hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>", textposition=beside(table.value),
        textfont={"size": 11}, text=label,
        marker={
            "size": [12 if unit == chosen else 8 for unit in table.unit],
            "color": [look.INK if unit == chosen else look.SEQUENCE[2] for unit in table.unit],
            "symbol": ["diamond" if unit == chosen else "circle" for unit in table.unit], "opacity": 0.85,
        },
    )  # fmt: skip
    at_top = {"xref": "x", "xanchor": "left", "y": 1, "yref": "y domain", "yanchor": "top"}
    at_end = {"x": 1, "xref": "x domain", "xanchor": "right", "yref": "y", "yanchor": "bottom"}
    lines = (("x", both[0], drawing.upright, at_top), ("y", both[1], drawing.across, at_end))
    for axis, indicator, draw, place in lines:
        values = table["value" if axis == "x" else "other"]
        room = (float(values.max() - values.min()) or 1) * 0.1
        drawing.axis(
            f"{axis}axis", title={"text": heading(indicator)[language], "font": {"size": 12}}, fixedrange=True,
            zeroline=False, gridcolor=look.LINE, range=[float(values.min()) - room, float(values.max()) + room],
        )  # fmt: skip
        if indicator.target is not None and values.min() - room < indicator.target < values.max() + room:
            target = word("target_is", language, target=look.target_of(indicator, indicator.target, language))
            line = {"color": look.SECOND_INK, "width": 1.2, "dash": "dash"}
            draw(indicator.target, line=line)
            drawing.note(target, font={"size": 11}, **{**place, axis: indicator.target})
    return drawing.plain(language, height, margin={"l": 52, "r": 6, "t": 22, "b": 40})


def others(indicator: Indicator, indicators: dict[str, Indicator]) -> list[Indicator]:
    """What it may be held against: everything else that can be said of a district at least."""
    return [each for each in indicators.values() if each.id != indicator.id and each.finest != "province"]


PARTNERS = ("online_service_account_person_share", "e_wallet_household_share")


def partner(indicator: Indicator, indicators: dict[str, Indicator]) -> Indicator:
    """What it is held against when nothing is chosen."""
    return indicators[next(each for each in PARTNERS if each != indicator.id)]
